"""The ledger of copies, for those who have them printed and hand them out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts.access import load_or_404, requires
from core.saving import refusals_in, saved
from materials import ledger, policies
from materials.forms import CorrectionForm, HandedOutForm, PrintedForm
from materials.models import CopiesEntry, CopiesKind, Material, PlaceKind
from trainings import agenda
from trainings.models import Event

edge = Blueprint("copies", __name__)


@edge.get("/materials/<uid:material>/copies")
@requires(policies.may_read, material=Material)
def show_ledger(material: Material) -> Any:
    return _ledger_page(material)


@edge.post("/materials/<uid:material>/copies/printed")
@requires(policies.may_keep_ledger, material=Material)
def record_printed(material: Material) -> Any:
    form = PrintedForm(prefix="printed")
    if not form.validate_on_submit():
        return _ledger_page(material, printed=form), 422
    number, day, batch, note = form.number.data, form.on_day.data, form.batch.data or "", form.note.data or ""
    ledger.record(material, CopiesKind.PRINTED, number, day, batch=batch, note=note, by=current_user)
    return _written(material)


@edge.post("/materials/<uid:material>/copies/handed-out")
@requires(policies.may_keep_ledger, material=Material)
def record_handed_out(material: Material) -> Any:
    form = _handed_out_form(material)
    if form.validate_on_submit():
        with refusals_in(form):
            number, day, place, note = form.number.data, form.on_day.data, form.place, form.note.data or ""
            event = None if place else load_or_404(Event, form.where.data)
            ledger.record(
                material, CopiesKind.HANDED_OUT, number, day, event=event, place=place, note=note, by=current_user
            )
            return _written(material)
    return _ledger_page(material, handed_out=form), 422


@edge.get("/copies/<uid:entry>/correction")
@requires(policies.may_correct, entry=CopiesEntry)
def show_correction(entry: CopiesEntry) -> Any:
    return _correction_page(entry, CorrectionForm(on_day=entry.on_day))


@edge.post("/copies/<uid:entry>/correction")
@requires(policies.may_correct, entry=CopiesEntry)
def correct_copies(entry: CopiesEntry) -> Any:
    form = CorrectionForm()
    if form.validate_on_submit():
        with refusals_in(form):
            ledger.correct(entry, form.number.data, form.on_day.data, form.reason.data, by=current_user)
            return _written(entry.material)
    return _correction_page(entry, form), 422


def _written(material: Material) -> Any:
    return saved(_("It stands in the ledger."), url_for("copies.show_ledger", material=material.uid))


def _handed_out_form(material: Material) -> HandedOutForm:
    """Most copies go at the event that was last or is on."""
    form = HandedOutForm(prefix="handed")
    events = agenda.events_of(material.programme)
    form.offer(events)
    if not form.is_submitted():
        begun = [event for event in events if event.starts_on <= material.programme.today()]
        form.where.data = max(begun, key=lambda event: event.starts_on).uid if begun else PlaceKind.ELSEWHERE.value
    return form


def _ledger_page(
    material: Material, *, printed: PrintedForm | None = None, handed_out: HandedOutForm | None = None
) -> Any:
    balance = ledger.balance_of(material)
    today = material.programme.today()
    if printed is None:
        printed = PrintedForm(None, prefix="printed", on_day=today)
    if handed_out is None:
        handed_out = _handed_out_form(material)
        handed_out.on_day.data = today
    return render_template(
        "materials/ledger.html",
        material=material,
        programme=material.programme,
        balance=balance,
        progress=ledger.progress_of(material, balance),
        entries=ledger.entries(material),
        printed=printed,
        handed_out=handed_out,
        may_keep=policies.may_keep_ledger(current_user, material),
    )


def _correction_page(entry: CopiesEntry, form: CorrectionForm) -> Any:
    return render_template(
        "materials/correction.html",
        entry=entry,
        standing=ledger.standing(entry),
        material=entry.material,
        programme=entry.material.programme,
        form=form,
    )
