"""Materials for staff: reading them, the ledger of copies, publishing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import load_or_404, requires
from core.db import db
from core.errors import Refused
from core.web import answer_file
from materials import ledger, library, policies, storage
from materials.forms import CopiesForm, PublishForm
from materials.models import CopiesKind, Material, MaterialFile
from trainings import agenda
from trainings.models import Event, Programme

edge = Blueprint("materials", __name__)


@edge.get("/programmes/<uid:programme>/materials")
@requires(policies.may_see_materials, programme=Programme)
def list_materials(programme: Programme) -> Any:
    materials = library.of_programme(programme)
    return render_template(
        "materials/materials.html",
        programme=programme,
        materials=materials,
        balances={material.id: ledger.balance_of(material) for material in materials},
    )


@edge.get("/materials/<uid:material>")
@requires(policies.may_read, material=Material)
def show_material(material: Material) -> Any:
    return _material_page(material, _copies_form(material))


@edge.get("/material-files/<uid:file>")
@requires(policies.may_read_file, file=MaterialFile)
def read_file(file: MaterialFile) -> Any:
    return answer_file(storage.fetch(file.digest), "application/pdf", f"{file.material.kind}-{file.language}.pdf")


@edge.post("/materials/<uid:material>/copies")
@requires(policies.may_keep_ledger, material=Material)
def record_copies(material: Material) -> Any:
    form = _copies_form(material)
    if form.validate_on_submit():
        try:
            event = load_or_404(Event, form.event.data) if form.event.data else None
            kind = CopiesKind(form.kind.data)
            note = form.note.data or ""
            ledger.record(material, kind, form.number.data, form.on_day.data, event=event, note=note, by=current_user)
            db.session.commit()
            flash(_("It stands in the ledger."))
            return redirect(url_for("materials.show_material", material=material.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _material_page(material, form), 422


@edge.post("/materials/<uid:material>/publication")
@requires(policies.may_publish, material=Material)
def publish_material(material: Material) -> Any:
    form = PublishForm()
    if form.validate_on_submit():
        library.publish(material, form.published_on.data)
        audit.record(current_user, "published", material)
        db.session.commit()
        flash(_("It is published."))
    return redirect(url_for("materials.show_material", material=material.uid), 303)


def _copies_form(material: Material) -> CopiesForm:
    form = CopiesForm()
    events = agenda.events_of(material.programme)
    form.event.choices = [
        ("", _("None of them")),
        *((event.uid, f"{event.starts_on} · {event.title}") for event in events),
    ]
    if not form.is_submitted():
        form.on_day.data = material.programme.today()
    return form


def _material_page(material: Material, form: CopiesForm) -> Any:
    return render_template(
        "materials/material.html",
        material=material,
        programme=material.programme,
        balance=ledger.balance_of(material),
        entries=ledger.entries(material),
        form=form,
        publish_form=PublishForm(published_on=material.programme.today()),
        may_keep_ledger=policies.may_keep_ledger(current_user, material),
        may_publish=policies.may_publish(current_user, material),
    )
