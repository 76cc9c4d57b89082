"""Materials for staff: what there is, what is said about it, its files in their versions, publishing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core import qr, stored_files
from core.db import db, release
from core.saving import refusals_in, saved
from core.web import takes_large_files
from materials import cleaning, counts, ledger, library, policies, storage, versions
from materials.forms import REMOVED_NAMES, FileForm, MaterialForm, PublishForm
from materials.models import Audience, Material, MaterialFile
from trainings.models import Programme

edge = Blueprint("materials", __name__)


@edge.get("/programmes/<uid:programme>/materials")
@requires(policies.may_see_materials, programme=Programme)
def list_materials(programme: Programme) -> Any:
    materials = library.of_programme(programme)
    balances = ledger.balances_of(materials)
    return render_template(
        "materials/materials.html",
        programme=programme,
        materials=materials,
        balances=balances,
        progress={material.id: ledger.progress_of(material, balances[material.id]) for material in materials},
        may_add=policies.may_add(current_user, programme),
    )


@edge.get("/programmes/<uid:programme>/materials/new")
@requires(policies.may_add, programme=Programme)
def show_new_material(programme: Programme) -> Any:
    return _form_page(programme, None, MaterialForm())


@edge.post("/programmes/<uid:programme>/materials")
@requires(policies.may_add, programme=Programme)
def add_material(programme: Programme) -> Any:
    form = MaterialForm()
    if not form.validate_on_submit():
        return _form_page(programme, None, form), 422
    material = library.add(programme, form.details)
    audit.record(current_user, "added", material)
    return saved(
        _("The material is there. Now upload its files."), url_for("materials.show_material", material=material.uid)
    )


@edge.get("/materials/<uid:material>")
@requires(policies.may_read, material=Material)
def show_material(material: Material) -> Any:
    return _material_page(material, FileForm())


@edge.get("/materials/<uid:material>/edit")
@requires(policies.may_edit, material=Material)
def show_material_form(material: Material) -> Any:
    form = MaterialForm()
    form.show(material)
    return _form_page(material.programme, material, form)


@edge.post("/materials/<uid:material>")
@requires(policies.may_edit, material=Material)
def revise_material(material: Material) -> Any:
    form = MaterialForm()
    if not form.validate_on_submit():
        return _form_page(material.programme, material, form), 422
    library.revise(material, form.details)
    audit.record(current_user, "revised", material, audience=material.audience.value)
    return saved(_("It is changed."), url_for("materials.show_material", material=material.uid))


@edge.post("/materials/<uid:material>/publication")
@requires(policies.may_edit, material=Material)
def publish_material(material: Material) -> Any:
    form = PublishForm()
    if form.validate_on_submit():
        library.publish(material, form.published_on.data)
        audit.record(current_user, "published", material)
        db.session.commit()
        flash(_("It is published."))
    return redirect(url_for("materials.show_material", material=material.uid), 303)


@edge.post("/materials/<uid:material>/files")
@requires(policies.may_edit, material=Material)
@takes_large_files
def add_file(material: Material) -> Any:
    form = FileForm()
    if form.validate_on_submit():
        with refusals_in(form):
            release()  # looking through a large file takes seconds, and nobody at a door waits for it
            megabytes = current_app.extensions["settings"].material_megabytes
            clean = cleaning.clean(form.file.data.read(), megabytes)
            version = versions.add(material, form.language.data, clean, by=current_user)
            audit.record(current_user, "added", version, material=material.uid)
            return saved(_said_of(clean), url_for("materials.show_material", material=material.uid))
    return _material_page(material, form), 422


@edge.get("/material-files/<uid:file>")
@requires(policies.may_read_file, file=MaterialFile)
def read_file(file: MaterialFile) -> Any:
    """Any version, for staff; not counted."""
    save = stored_files.wants_to_save()
    return stored_files.answer(
        storage.find(file.digest), file.kind.media_type, file.name, file.digest, as_download=save
    )


@edge.post("/material-files/<uid:file>/restoration")
@requires(policies.may_edit_file, file=MaterialFile)
def restore_file(file: MaterialFile) -> Any:
    versions.restore(file)
    audit.record(current_user, "restored", file)
    return saved(
        _("Version %(number)s is the one that people open now.", number=file.number),
        url_for("materials.show_material", material=file.material.uid),
    )


@edge.post("/material-files/<uid:file>/withdrawal")
@requires(policies.may_edit_file, file=MaterialFile)
def withdraw_file(file: MaterialFile) -> Any:
    versions.withdraw(file)
    audit.record(current_user, "withdrew", file)
    return saved(
        _("The file is taken back: only staff can open it now."),
        url_for("materials.show_material", material=file.material.uid),
    )


def _said_of(clean: cleaning.CleanFile) -> str:
    if not clean.removed:
        return _("The file is there. Names, dates and places that it carried inside are taken out.")
    what = ", ".join(str(REMOVED_NAMES[removed]) for removed in sorted(clean.removed))
    return _(
        "The file is there. Names, dates and places that it carried inside are taken out, and also: %(what)s.",
        what=what,
    )


def _form_page(programme: Programme, material: Material | None, form: MaterialForm) -> Any:
    return render_template("materials/material_form.html", programme=programme, material=material, form=form)


def _material_page(material: Material, form: FileForm) -> Any:
    balance = ledger.balance_of(material)
    link = None
    if policies.is_open_to_anyone(material):
        path = url_for("materials_public.show_material", material=material.uid)
        link = current_app.extensions["settings"].address + path
    return render_template(
        "materials/material.html",
        material=material,
        programme=material.programme,
        balance=balance,
        progress=ledger.progress_of(material, balance),
        uses=counts.of(material),
        link=link,
        code=qr.svg_path(link) if link else None,
        form=form,
        megabytes=current_app.extensions["settings"].material_megabytes,
        Audience=Audience,
        publish_form=PublishForm(published_on=material.programme.today()),
        may_edit=policies.may_edit(current_user, material),
    )
