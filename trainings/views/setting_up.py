"""A programme on screen: founding it, changing what it says of itself, and taking it away as a file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from accounts.policies import may_manage_staff
from core.db import db
from core.errors import Refused
from core.web import answer_file
from founding import exporting
from trainings import policies, setting_up
from trainings.models import Programme
from trainings.setting_up_forms import NewProgrammeForm, ProgrammeForm

edge = Blueprint("setting_up", __name__)


@edge.get("/programmes/new")
@requires(may_manage_staff)
def show_new_programme() -> Any:
    return _page(NewProgrammeForm())


@edge.post("/programmes")
@requires(may_manage_staff)
def found_programme() -> Any:
    form = NewProgrammeForm()
    if "more_partners" not in request.form and form.validate_on_submit():
        try:
            programme = setting_up.found(form.key.data, form.details)
            audit.record(current_user, "founded", programme)
            db.session.commit()
            flash(_("The programme is there. Add its team next."))
            return redirect(url_for("programmes.show_team", programme=programme.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _page(form), 422


@edge.get("/programmes/<uid:programme>/settings")
@requires(policies.may_plan, programme=Programme)
def show_settings(programme: Programme) -> Any:
    form = ProgrammeForm()
    form.show(programme)
    return _page(form, programme)


@edge.post("/programmes/<uid:programme>/settings")
@requires(policies.may_plan, programme=Programme)
def revise_programme(programme: Programme) -> Any:
    form = ProgrammeForm()
    if "more_partners" not in request.form and form.validate_on_submit():
        try:
            setting_up.revise(programme, form.details)
            audit.record(current_user, "revised", programme)
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for("setting_up.show_settings", programme=programme.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _page(form, programme), 422


@edge.get("/programmes/<uid:programme>/programme.toml")
@requires(policies.may_plan, programme=Programme)
def export_programme(programme: Programme) -> Any:
    content = exporting.written(programme).encode()
    return answer_file(content, "application/toml", "programme.toml", as_download=True)


def _page(form: ProgrammeForm, programme: Programme | None = None) -> Any:
    if "more_partners" in request.form:
        form.partners.append_entry()
    inside = {"programme": programme} if programme else {}
    return render_template(
        "trainings/settings.html", form=form, founded=programme, left_out=exporting.not_exported(), **inside
    )
