"""Lists of people: upload, say what the columns are, look at every row, say yes, take back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.db import db
from core.errors import Refused
from core.forms import BaseForm
from core.queue import queue
from core.web import answer_file
from participants import failed_rows, finding, identity, importing, policies, previewing, reading, roster, undoing
from participants.forms import COLUMN_NAMES, ColumnsForm, UploadForm, YesForm
from participants.list_rows import Fate
from participants.models import ImportState, KnownPeople, RosterImport, Sector
from trainings.models import Event

edge = Blueprint("imports", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@edge.get("/events/<uid:event>/imports")
@requires(policies.may_see_people, event=Event)
def list_imports(event: Event) -> Any:
    lists = importing.of_event(event)
    return render_template("participants/imports.html", event=event, programme=event.programme, lists=lists)


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
            staged = importing.stage(event, form.file.data.read(), Sector(form.sector.data), current_user)
            return _go_on(staged)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _upload_page(event, form), 422


@edge.get("/imports/<uid:staged>")
@requires(policies.may_settle_import, staged=RosterImport)
def show_preview(staged: RosterImport) -> Any:
    if staged.state != ImportState.WAITING:
        return _progress_page(staged)
    return _preview_page(staged, YesForm(known=staged.known.value))


@edge.get("/imports/<uid:staged>/columns")
@requires(policies.may_settle_import, staged=RosterImport)
def show_columns(staged: RosterImport) -> Any:
    arranged = previewing.header_of(staged, like_before=request.args.get("like") == "before")
    return _columns_page(staged, ColumnsForm(header_row=arranged.first + 1), arranged.columns)


@edge.post("/imports/<uid:staged>/columns")
@requires(policies.may_settle_import, staged=RosterImport)
def arrange_columns(staged: RosterImport) -> Any:
    form, columns = ColumnsForm(), ColumnsForm.columns_in(request.form)
    if form.validate_on_submit():
        try:
            importing.arrange(staged, form.header_row.data, columns, remember=form.remember.data)
            return _go_on(staged)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _columns_page(staged, form, columns), 422


@edge.post("/imports/<uid:staged>/sheet")
@requires(policies.may_settle_import, staged=RosterImport)
def choose_sheet(staged: RosterImport) -> Any:
    try:
        importing.choose_sheet(staged, request.form.get("sheet", 0, type=int))
    except Refused as refusal:
        db.session.rollback()
        flash(refusal.message)
        return redirect(url_for("imports.show_preview", staged=staged.uid), 303)
    return _go_on(staged)


@edge.post("/imports/<uid:staged>/answers")
@requires(policies.may_settle_import, staged=RosterImport)
def keep_answers(staged: RosterImport) -> Any:
    importing.answer(staged, _answers())
    db.session.commit()
    show, page = request.args.get("show"), request.args.get("page")
    return redirect(url_for("imports.show_preview", staged=staged.uid, show=show, page=page), 303)


@edge.post("/imports/<uid:staged>/application")
@requires(policies.may_settle_import, staged=RosterImport)
def apply_import(staged: RosterImport) -> Any:
    form = YesForm(known=staged.known.value)
    if not form.validate_on_submit():
        return _preview_page(staged, form), 422
    importing.answer(staged, _answers())
    is_done = importing.ask(staged, KnownPeople(form.known.data))
    audit.record(current_user, "imported", staged, **staged.counts)
    db.session.commit()
    if not is_done:
        queue.ask("apply_list", staged.uid)
        return redirect(url_for("imports.show_preview", staged=staged.uid), 303)
    flash(ngettext("%(num)s person has a place now.", "%(num)s people have a place now.", previewing.placed(staged)))
    return redirect(url_for("people.list_people", event=staged.event.uid), 303)


@edge.get("/imports/<uid:staged>/rows-to-correct.xlsx")
@requires(policies.may_settle_import, staged=RosterImport)
def read_failed_rows(staged: RosterImport) -> Any:
    content = failed_rows.workbook(staged)
    audit.record_at_once(current_user, "took_rows_to_correct", staged)
    return answer_file(content, XLSX, "rows-to-correct.xlsx", as_download=True)


@edge.post("/imports/<uid:staged>/withdrawal")
@requires(policies.may_settle_import, staged=RosterImport)
def withdraw_import(staged: RosterImport) -> Any:
    importing.abandon(staged)
    db.session.commit()
    flash(_("The list is forgotten; nobody was added."))
    return redirect(url_for("people.list_people", event=staged.event.uid), 303)


@edge.post("/imports/<uid:staged>/undoing")
@requires(policies.may_settle_import, staged=RosterImport)
def undo_import(staged: RosterImport) -> Any:
    effect = undoing.undo(staged, current_user)
    audit.record(current_user, "undid_import", staged, rows=effect.rows, kept=len(effect.kept))
    db.session.commit()
    flash(previewing.undone_in_words(effect))
    return redirect(url_for("imports.show_preview", staged=staged.uid), 303)


def _go_on(staged: RosterImport) -> Any:
    """To the list, once it is kept; the worker is asked to read it if it is large."""
    db.session.commit()
    if staged.state == ImportState.READING:
        queue.ask("read_list", staged.uid)
    return redirect(url_for("imports.show_preview", staged=staged.uid), 303)


def _answers() -> dict[int, str]:
    return {
        int(key[4:]): value
        for key, value in request.form.items()
        if key.startswith("row-") and key[4:].isdecimal() and len(key) < 12
    }


def _upload_page(event: Event, form: UploadForm) -> Any:
    return render_template(
        "participants/upload.html",
        event=event,
        programme=event.programme,
        form=form,
        keeps_names=identity.keeps_names(event),
    )


def _preview_page(staged: RosterImport, form: YesForm) -> Any:
    leaf = previewing.leaf(staged, request.args.get("show", ""), request.args.get("page", 1, type=int))
    return render_template(
        "participants/preview.html",
        staged=staged,
        event=staged.event,
        programme=staged.event.programme,
        leaf=leaf,
        called=finding.called(staged.event.programme, [row.match for row in leaf.rows if row.match]),
        keeps_names=identity.keeps_names(staged.event),
        Fate=Fate,
        form=form,
    )


def _columns_page(staged: RosterImport, form: ColumnsForm, columns: dict[int, Any]) -> Any:
    return render_template(
        "participants/columns.html",
        staged=staged,
        event=staged.event,
        programme=staged.event.programme,
        form=form,
        columns=columns,
        sample=previewing.sample(staged, form.header_row.data or 0),
        column_names=COLUMN_NAMES,
        looks_like_before=previewing.looks_like_before(staged),
    )


def _progress_page(staged: RosterImport) -> Any:
    """A list that is read, being applied, applied, taken back, refused or forgotten."""
    refusal = reading.REFUSALS.get(staged.problem or "")
    return render_template(
        "participants/import.html",
        staged=staged,
        event=staged.event,
        programme=staged.event.programme,
        problem=refusal(limit=importing.most_rows()).message if refusal else None,
        failed=failed_rows.number_of(staged),
        effect=undoing.effect_of(staged) if staged.state == ImportState.APPLIED else None,
        placed=previewing.placed(staged),
        form=BaseForm(),
    )
