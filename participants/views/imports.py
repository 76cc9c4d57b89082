"""Lists of people: upload, look at every row, say yes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.db import db
from core.errors import Refused
from core.forms import BaseForm
from participants import identity, importing, policies, roster
from participants.forms import UploadForm
from participants.list_rows import Fate
from participants.models import RosterImport, Sector
from trainings.models import Event

edge = Blueprint("imports", __name__)


@edge.get("/events/<uid:event>/imports/new")
@requires(policies.may_see_people, event=Event)
def show_upload(event: Event) -> Any:
    form = UploadForm(sector=roster.usual_sector(event).value)
    return _upload_page(event, form)


@edge.post("/events/<uid:event>/imports")
@requires(policies.may_see_people, event=Event)
def upload(event: Event) -> Any:
    form = UploadForm()
    if form.validate_on_submit():
        try:
            limit = current_app.extensions["settings"].import_rows
            staged = importing.stage(event, form.file.data.read(), Sector(form.sector.data), current_user, limit)
            db.session.commit()
            return redirect(url_for("imports.show_preview", staged=staged.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _upload_page(event, form), 422


@edge.get("/imports/<uid:staged>")
@requires(policies.may_settle_import, staged=RosterImport)
def show_preview(staged: RosterImport) -> Any:
    rows = importing.preview(staged)
    event = staged.event
    return render_template(
        "participants/preview.html",
        staged=staged,
        event=event,
        programme=event.programme,
        rows=rows,
        keeps_names=identity.keeps_names(event),
        Fate=Fate,
        form=BaseForm(),
    )


@edge.post("/imports/<uid:staged>/application")
@requires(policies.may_settle_import, staged=RosterImport)
def apply_import(staged: RosterImport) -> Any:
    choices = {
        int(key[4:]): value for key, value in request.form.items() if key.startswith("row-") and key[4:].isdecimal()
    }
    counts = importing.apply(staged, choices)
    audit.record(current_user, "imported", staged, **{fate.value: count for fate, count in counts.items() if count})
    db.session.commit()
    people = counts[Fate.NEW] + counts[Fate.EXISTING] + counts[Fate.SIMILAR]
    flash(ngettext("%(num)s person has a place now.", "%(num)s people have a place now.", people))
    return redirect(url_for("people.list_people", event=staged.event.uid), 303)


@edge.post("/imports/<uid:staged>/withdrawal")
@requires(policies.may_settle_import, staged=RosterImport)
def withdraw_import(staged: RosterImport) -> Any:
    importing.withdraw(staged)
    db.session.commit()
    flash(_("The list is forgotten; nobody was added."))
    return redirect(url_for("people.list_people", event=staged.event.uid), 303)


def _upload_page(event: Event, form: UploadForm) -> Any:
    return render_template(
        "participants/upload.html",
        event=event,
        programme=event.programme,
        form=form,
        keeps_names=identity.keeps_names(event),
    )
