"""What stands behind a number, for staff: adjustments, evidence, narratives, and the rows that were counted."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core import stored_files
from core.db import db, release
from core.saving import refusals_in, saved
from core.web import answer_file, takes_large_files
from indicators import (
    dashboard,
    documents,
    periods,
    policies,
    substantiating,
    tracing,
    wording,
)
from indicators.forms import AdjustmentForm, EvidenceForm, NarrativeForm
from indicators.models import Indicator
from indicators.record_models import EvidenceFile
from indicators.tracing_words import REASON_NAMES
from materials import cleaning
from monitoring.policies import may_see_register
from trainings.models import Programme

edge = Blueprint("actuals", __name__)


@edge.get("/indicators/<uid:indicator>/record")
@requires(policies.may_enter, indicator=Indicator)
def show_record(indicator: Indicator) -> Any:
    return _record_page(indicator)


@edge.post("/indicators/<uid:indicator>/adjustments")
@requires(policies.may_enter, indicator=Indicator)
def adjust(indicator: Indicator) -> Any:
    form = AdjustmentForm(prefix="adjustment-")
    if form.validate_on_submit():
        with refusals_in(form):
            words = form.delta.data, form.reason.data, form.evidence.data
            programme = policies.programme_of(indicator)
            row = substantiating.adjust(programme, indicator, form.on_day.data, *words, by=current_user)
            audit.record(current_user, "adjusted", row, indicator=indicator.uid)
            return saved(_("The adjustment counts. The computed value stays beside it."), _record_of(indicator))
    return _record_page(indicator, adjustment=form), 422


@edge.post("/indicators/<uid:indicator>/evidence")
@requires(policies.may_enter, indicator=Indicator)
@takes_large_files
def add_evidence(indicator: Indicator) -> Any:
    form = EvidenceForm(prefix="evidence-")
    if form.validate_on_submit():
        with refusals_in(form):
            programme = policies.programme_of(indicator)
            release()  # looking through a large file takes seconds, and nobody at a door waits for it
            clean = cleaning.clean(form.file.data.read(), current_app.extensions["settings"].material_megabytes)
            title, on_day = form.title.data, form.on_day.data
            row = documents.add(programme, indicator, title, on_day, clean, current_user)
            audit.record(current_user, "added", row, indicator=indicator.uid)
            return saved(_("The document is there, sealed. Only staff can open it."), _record_of(indicator))
    return _record_page(indicator, evidence=form), 422


@edge.get("/evidence/<uid:evidence>")
@requires(policies.may_open_evidence, evidence=EvidenceFile)
def open_evidence(evidence: EvidenceFile) -> Any:
    content = documents.read(evidence)
    save = stored_files.wants_to_save()
    return answer_file(content, evidence.kind.media_type, evidence.name, as_download=save)


@edge.post("/evidence/<uid:evidence>/removal")
@requires(policies.may_remove_evidence, evidence=EvidenceFile)
def remove_evidence(evidence: EvidenceFile) -> Any:
    indicator = db.session.get_one(Indicator, evidence.indicator_id)
    documents.remove(evidence, current_user)
    audit.record(current_user, "removed", evidence)
    answer = saved(_("The document is removed. That it was there stays written."), _record_of(indicator))
    with suppress(OSError):  # what cannot be deleted now is deleted by the hourly job, whose failures are seen
        documents.delete_removed()
    return answer


@edge.post("/indicators/<uid:indicator>/narratives")
@requires(policies.may_enter, indicator=Indicator)
def narrate(indicator: Indicator) -> Any:
    form = NarrativeForm(prefix="narrative-")
    asked = {period.uid: period for period in periods.of_programme(policies.programme_of(indicator))}
    form.offer(list(asked.values()))
    if form.validate_on_submit():
        with refusals_in(form):
            row = substantiating.narrate(indicator, asked[form.period.data], form.text.texts, current_user)
            audit.record(current_user, "narrated", row, indicator=indicator.uid)
            return saved(_("Saved."), _record_of(indicator))
    return _record_page(indicator, narrative=form), 422


@edge.get("/indicators/<uid:indicator>/rows")
@requires(policies.may_see_indicator, indicator=Indicator)
def show_rows(indicator: Indicator) -> Any:
    programme = policies.programme_of(indicator)
    found = tracing.trace(programme, indicator, programme.today())
    return render_template(
        "indicators/rows.html",
        programme=programme,
        indicator=indicator,
        line=dashboard.compute_line(programme, indicator),
        trace=found,
        leaf=tracing.leaf(found, request.args.get("page", 1, int)),
        may_open=_who_may_open(programme),
        words=wording,
        reasons=REASON_NAMES,
    )


def _who_may_open(programme: Programme) -> dict[str, bool]:
    """Which kinds of rows this reader may open: people and visits are not everybody's."""
    sees_register = may_see_register(current_user, programme)
    return {
        "events": True,
        "materials": True,
        "people": policies.may_define(current_user, programme),
        "visits": policies.may_define(current_user, programme),
        "reports": sees_register,
        "recommendations": sees_register,
    }


def _record_of(indicator: Indicator) -> str:
    return url_for("actuals.show_record", indicator=indicator.uid)


def _record_page(indicator: Indicator, **forms: Any) -> str:
    programme = policies.programme_of(indicator)
    today = {"on_day": programme.today()}
    next_one = periods.next_of(programme)
    asked = {"period": next_one.uid if next_one else ""}
    narrative = forms.get("narrative") or NarrativeForm(prefix="narrative-", formdata=None, data=asked)
    narrative.offer(periods.of_programme(programme))
    return render_template(
        "indicators/record.html",
        programme=programme,
        indicator=indicator,
        line=dashboard.compute_line(programme, indicator),
        adjustments=substantiating.adjustments_of(indicator),
        documents=documents.of_indicator(indicator),
        narratives=substantiating.narratives_of(indicator),
        adjustment=forms.get("adjustment") or AdjustmentForm(prefix="adjustment-", formdata=None, data=today),
        evidence=forms.get("evidence") or EvidenceForm(prefix="evidence-", formdata=None, data=today),
        narrative=narrative,
        megabytes=current_app.extensions["settings"].material_megabytes,
        words=wording,
    )
