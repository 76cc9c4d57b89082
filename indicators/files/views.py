"""The files for staff, and how the programme is known in IATI."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.saving import refusals_in, saved
from indicators import dashboard, policies, publishing
from indicators.files import catalogue
from indicators.iati import checking, entry
from indicators.iati.forms import IatiForm
from indicators.models import Visibility
from indicators.publication import Dashboard
from trainings.models import Programme

edge = Blueprint("files", __name__)


@edge.get("/programmes/<uid:programme>/files")
@requires(policies.may_see_indicators, programme=Programme)
def list_files(programme: Programme) -> Any:
    return render_template(
        "indicators/files.html",
        programme=programme,
        files=catalogue.FILES.values(),
        has_problems=bool(checking.problems_of(_to_publish(programme))),
        may_mend=policies.may_share(current_user, programme),
    )


@edge.get(f"/programmes/<uid:programme>/{catalogue.ADDRESS}")
@requires(policies.may_see_indicators, programme=Programme)
def download(programme: Programme, file_name: str) -> Any:
    is_to_publish = catalogue.FILES[file_name].is_to_publish
    board = _to_publish(programme) if is_to_publish else dashboard.compute(programme, in_full=True)
    return catalogue.answer(file_name, board)


@edge.get("/programmes/<uid:programme>/iati")
@requires(policies.may_share, programme=Programme)
def show_iati(programme: Programme) -> Any:
    return _iati_page(programme, IatiForm(obj=entry.of(programme)))


@edge.post("/programmes/<uid:programme>/iati")
@requires(policies.may_share, programme=Programme)
def record_iati(programme: Programme) -> Any:
    form = IatiForm()
    if form.validate_on_submit():
        with refusals_in(form):
            entry.record(programme, form.head)
            audit.record(current_user, "iati_recorded", programme)
            return saved(_("Saved."), url_for("files.show_iati", programme=programme.uid))
    return _iati_page(programme, form), 422


def _to_publish(programme: Programme) -> Dashboard:
    """What is made to be published is made of what donors see, with groups withheld as for the public."""
    return publishing.for_audience(programme, Visibility.DONOR, current_app.extensions["settings"].public_k)


def _iati_page(programme: Programme, form: IatiForm) -> Any:
    return render_template(
        "indicators/iati.html", programme=programme, form=form, problems=checking.problems_of(_to_publish(programme))
    )
