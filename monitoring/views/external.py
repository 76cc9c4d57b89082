"""Lists of recommendations from outside: upload, look at the fate of every row, say yes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from accounts.policies import is_staff
from core import parcels
from core.db import db
from core.errors import Refused
from core.web import answer_file
from monitoring import external, external_rows, policies, register_files
from monitoring.external_rows import Fate, Row
from monitoring.register_forms import ListForm, TakingForm
from trainings.models import Programme

edge = Blueprint("external", __name__)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@edge.get("/programmes/<uid:programme>/recommendation-lists/new")
@requires(policies.may_import, programme=Programme)
def show_upload(programme: Programme) -> Any:
    return _upload_page(programme, ListForm(as_of=programme.today()))


@edge.post("/programmes/<uid:programme>/recommendation-lists")
@requires(policies.may_import, programme=Programme)
def look_into_list(programme: Programme) -> Any:
    """What will become of every row. Nothing is kept: the page carries the file until somebody says yes."""
    form = ListForm()
    if form.validate_on_submit():
        content = form.file.data.read()
        try:
            rows = external.look(programme, form.plan(), external_rows.read(content))
            return _preview_page(programme, form, rows, parcels.pack(content))
        except Refused as refusal:
            form.refuse(refusal)
    return _upload_page(programme, form), 422


@edge.post("/programmes/<uid:programme>/recommendation-lists/taking")
@requires(policies.may_import, programme=Programme)
def take_list(programme: Programme) -> Any:
    form = TakingForm()
    if not form.validate_on_submit():
        return _upload_page(programme, ListForm(formdata=None)), 422
    rows = external_rows.read(parcels.unpack(form.file.data or ""))
    counts = external.take(programme, form.plan(), rows, current_user)
    audit.record(current_user, "imported", programme, **{fate.value: number for fate, number in counts.items()})
    db.session.commit()
    flash(
        _(
            "Rows in the list: %(rows)s. New: %(new)s, followed up: %(followed)s, left out: %(left_out)s.",
            rows=sum(counts.values()),
            new=counts[Fate.NEW],
            followed=counts[Fate.FOLLOWED_UP],
            left_out=counts[Fate.LEFT_OUT],
        )
    )
    return redirect(url_for("recommendations.list_recommendations", programme=programme.uid, source="outside"), 303)


@edge.get("/recommendation-lists/template.xlsx")
@requires(is_staff)
def export_template() -> Any:
    return answer_file(register_files.template(), WORKBOOK, "recommendations-template.xlsx", as_download=True)


def _upload_page(programme: Programme, form: ListForm) -> str:
    return render_template("monitoring/list_upload.html", programme=programme, form=form)


def _preview_page(programme: Programme, form: ListForm, rows: list[Row], parcel: str) -> str:
    return render_template(
        "monitoring/list_preview.html",
        programme=programme,
        form=form,
        rows=rows,
        counts=external_rows.counts(rows),
        Fate=Fate,
        parcel=parcel,
    )
