"""A session on paper: the whole sheet entered or taken back at once, and heads counted instead of names."""

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
from door import attendance, attendance_sheet, headcounts, policies
from door.attendance_sheet import Noted
from door.models import CountingMethod, Source
from door.paper_forms import HeadcountForm, NoteForm, TakeBackForm
from participants import registration, roster
from trainings.models import EventSession
from trainings.policies import manages

edge = Blueprint("sheet", __name__)


@edge.get("/sessions/<uid:event_session>/presences")
@requires(policies.may_check_in, event_session=EventSession)
def show_presences(event_session: EventSession) -> Any:
    is_paper = request.args.get("from") == Source.PAPER
    ticks = request.args.get("tick") or ("all" if is_paper else "none")
    return _presences_page(event_session, TakeBackForm(formdata=None), is_paper=is_paper, ticks_all=ticks == "all")


@edge.post("/sessions/<uid:event_session>/presences")
@requires(policies.may_check_in, event_session=EventSession)
def note_presences(event_session: EventSession) -> Any:
    form = NoteForm()
    ticked = set(form.place.data or [])
    places = [place for place in registration.of_event(event_session.event) if place.uid in ticked]
    noted = attendance_sheet.note(event_session, places, form.came_from, current_user)
    audit.record(current_user, "noted_sheet", event_session, noted=noted.noted, already=noted.already)
    db.session.commit()
    flash(_in_words(noted))
    return redirect(url_for("sheet.show_presences", event_session=event_session.uid), 303)


@edge.post("/sessions/<uid:event_session>/presences/annulment")
@requires(policies.may_check_in, event_session=EventSession)
def take_back_presences(event_session: EventSession) -> Any:
    form = TakeBackForm()
    ticked = set(form.presence.data or [])
    presences = [presence for presence in attendance.present_at(event_session).values() if presence.uid in ticked]
    if not form.validate_on_submit():
        return _presences_page(event_session, form), 422
    is_manager = manages(current_user, event_session.event.programme_id)
    count = attendance_sheet.take_back(
        event_session, presences, by=current_user, reason=form.reason.data, manages=is_manager
    )
    audit.record(current_user, "annulled_many", event_session, annulled=count)
    db.session.commit()
    flash(ngettext("%(num)s presence taken back.", "%(num)s presences taken back.", count))
    return redirect(url_for("sheet.show_presences", event_session=event_session.uid), 303)


@edge.get("/sessions/<uid:event_session>/headcount")
@requires(policies.may_check_in, event_session=EventSession)
def show_headcount(event_session: EventSession) -> Any:
    return _headcount_page(event_session, HeadcountForm())


@edge.post("/sessions/<uid:event_session>/headcount")
@requires(policies.may_check_in, event_session=EventSession)
def count_heads(event_session: EventSession) -> Any:
    form = HeadcountForm()
    if form.validate_on_submit():
        try:
            method, seen = CountingMethod(form.method.data), form.replaces.data
            counted = headcounts.count(event_session, form.people.data, method, current_user, replaces=seen)
            audit.record(current_user, "counted_heads", counted)
            db.session.commit()
            flash(_("The headcount is kept."))
            return redirect(url_for("sheet.show_headcount", event_session=event_session.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _headcount_page(event_session, form), 422


def _presences_page(
    event_session: EventSession, form: TakeBackForm, *, is_paper: bool = False, ticks_all: bool = False
) -> Any:
    event = event_session.event
    present = attendance.present_at(event_session)
    is_manager = manages(current_user, event.programme_id)
    return render_template(
        "door/presences.html",
        event_session=event_session,
        event=event,
        programme=event.programme,
        places=roster.expected_at(event),
        present=present,
        scans=attendance_sheet.first_scans(event_session),
        annulled=attendance_sheet.last_annulled(event_session),
        undoable=[p.id for p in present.values() if is_manager or attendance_sheet.may_be_undone(p)],
        is_manager=is_manager,
        is_paper=is_paper,
        ticks_all=ticks_all,
        takes_back_all=request.args.get("take-back") == "all",
        form=form,
    )


def _headcount_page(event_session: EventSession, form: HeadcountForm) -> Any:
    counts = headcounts.of_session(event_session)
    standing = next((count for count in counts if count.replaced_at is None), None)
    form.replaces.data = standing.uid if standing else ""
    event = event_session.event
    return render_template(
        "door/headcount.html",
        event_session=event_session,
        event=event,
        programme=event.programme,
        counts=counts,
        present=attendance.counts_of([event_session])[event_session.id],
        figure=headcounts.figure(event),
        form=form,
    )


def _in_words(noted: Noted) -> str:
    """“23 noted, 2 were present already.”"""
    if not (noted.noted or noted.already or noted.cancelled):
        return _("Nobody was ticked; nothing was noted.")
    parts = [ngettext("%(num)s noted", "%(num)s noted", noted.noted)]
    if noted.already:
        parts.append(ngettext("%(num)s was present already", "%(num)s were present already", noted.already))
    said = ", ".join(parts) + "."
    if noted.cancelled:
        said += " " + ngettext(
            "%(num)s place was cancelled and nothing was noted for it: give it back first.",
            "%(num)s places were cancelled and nothing was noted for them: give them back first.",
            noted.cancelled,
        )
    return said
