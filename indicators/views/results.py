"""The logframe for staff: dashboard, one indicator, entered values, files."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.db import release
from core.saving import refusals_in, saved
from core.web import takes_large_files
from indicators import (
    change_words,
    changes,
    dashboard,
    documents,
    drawing,
    entering,
    heads,
    metric_words,
    policies,
    wording,
)
from indicators.forms import ABSENCE_NAMES, ValueForm
from indicators.models import Indicator
from indicators.record_models import Absence
from materials import cleaning
from materials.cleaning import CleanFile
from trainings.models import Programme

edge = Blueprint("indicators", __name__)
TITLE = 200  # as long as the title of a document may be


@edge.get("/programmes/<uid:programme>/indicators")
@requires(policies.may_see_indicators, programme=Programme)
def show_dashboard(programme: Programme) -> Any:
    board = dashboard.compute(programme)
    return render_template(
        "indicators/dashboard.html", programme=programme, board=board, words=wording, chart=drawing.overview(board)
    )


@edge.get("/indicators/<uid:indicator>")
@requires(policies.may_see_indicator, indicator=Indicator)
def show_indicator(indicator: Indicator) -> Any:
    today = {"on_day": policies.programme_of(indicator).today()}
    return _indicator_page(indicator, ValueForm(formdata=None, data=today))


@edge.post("/indicators/<uid:indicator>/values")
@requires(policies.may_enter, indicator=Indicator)
@takes_large_files
def enter_value(indicator: Indicator) -> Any:
    form = ValueForm()
    programme = policies.programme_of(indicator)
    if form.validate_on_submit():
        with refusals_in(form):
            paper = _paper(form)
            row = entering.enter(
                programme,
                indicator,
                form.on_day.data,
                value=form.value.data,
                text=form.text.texts or None,
                absence=Absence(form.absence.data) if form.absence.data else None,
                evidence=form.evidence.data,
                by=current_user,
            )
            if paper is not None:
                documents.add(programme, indicator, row.evidence[:TITLE], row.on_day, paper, current_user)
            audit.record(current_user, "entered", row, indicator=indicator.uid)
            return saved(_("Saved."), url_for("indicators.show_indicator", indicator=indicator.uid))
    return _indicator_page(indicator, form), 422


def _paper(form: ValueForm) -> CleanFile | None:
    """The document that came with a value, cleaned."""
    if not form.file.data:
        return None
    release()  # looking through a large file takes seconds, and nobody at a door waits for it
    return cleaning.clean(form.file.data.read(), current_app.extensions["settings"].material_megabytes)


def _indicator_page(indicator: Indicator, form: ValueForm) -> Any:
    programme = policies.programme_of(indicator)
    line = dashboard.compute_line(programme, indicator)
    return render_template(
        "indicators/indicator.html",
        programme=programme,
        line=line,
        words=wording,
        metric_name=metric_words.name_of,
        parameters_in_words=change_words.parameters_in_words,
        chart=drawing.history(heads.of_programme(programme), line),
        entered=entering.of_indicator(indicator),
        megabytes=current_app.extensions["settings"].material_megabytes,
        form=form,
        absence_names=ABSENCE_NAMES,
        since_lock=changes.since_last_lock(programme, indicator),
        may_define=policies.may_define(current_user, programme),
        may_enter=indicator.is_entered and policies.may_enter(current_user, indicator),
    )
