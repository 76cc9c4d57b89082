"""The door of a session as staff have it on a screen: marking by hand, walk-ins, the paper sheet."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core import clock, web
from core.db import db
from core.web import answer_file
from door import attendance, policies, sheets, walk_ins
from door.forms import SOURCE_NAMES, AnnulForm, MarkForm, WalkInForm
from door.models import Attendance, Source
from door.readings import Reading
from participants import finding, identity, registration, roster
from trainings.models import EventSession
from trainings.policies import manages

edge = Blueprint("door", __name__)


@edge.get("/sessions/<uid:event_session>/door")
@requires(policies.may_check_in, event_session=EventSession)
def show_door(event_session: EventSession) -> Any:
    return _door_page(event_session, WalkInForm(sector=roster.usual_sector(event_session.event).value))


@edge.post("/sessions/<uid:event_session>/marks")
@requires(policies.may_check_in, event_session=EventSession)
def mark_present(event_session: EventSession) -> Any:
    form = MarkForm()
    place = registration.find_at(event_session.event, form.registration.data or "")
    if not form.validate_on_submit() or place is None:
        return web.answer_problem(422, _("This cannot be done"), _("This person is not on this list."))
    attendance.mark(event_session, place, by=current_user)
    db.session.commit()
    return redirect(url_for("door.show_door", event_session=event_session.uid), 303)


@edge.post("/attendances/<uid:presence>/annulment")
@requires(policies.may_undo, presence=Attendance)
def annul_attendance(presence: Attendance) -> Any:
    event_session = presence.event_session
    reason = AnnulForm().reason.data or _("marked by mistake")
    is_manager = manages(current_user, event_session.event.programme_id)
    attendance.annul(presence, by=current_user, reason=reason, manages=is_manager)
    audit.record(current_user, "annulled", presence)
    db.session.commit()
    return redirect(url_for("door.show_door", event_session=event_session.uid), 303)


@edge.post("/sessions/<uid:event_session>/walk-ins")
@requires(policies.may_check_in, event_session=EventSession)
def add_walk_in(event_session: EventSession) -> Any:
    form = WalkInForm()
    form.keeps_names = identity.keeps_names(event_session.event)
    if not form.validate_on_submit():
        return _door_page(event_session, form), 422
    reading = Reading(str(uuid.uuid4()), form.badge.data or "", clock.now(), Source.MANUAL)
    answer = walk_ins.let_in(event_session, form.details(), reading, by=current_user)
    assert answer.person is not None
    audit.record(current_user, "let_in", event_session)
    db.session.commit()
    flash(
        _("%(person)s is in. Code: %(code)s", person=answer.person.name or answer.person.code, code=answer.person.code)
    )
    let_in = finding.find_by_code(event_session.event.programme, answer.person.code)
    return redirect(
        url_for("door.show_door", event_session=event_session.uid, let_in=let_in.uid if let_in else None), 303
    )


@edge.get("/sessions/<uid:event_session>/sign-in-sheet.pdf")
@requires(policies.may_check_in, event_session=EventSession)
def print_sheet(event_session: EventSession) -> Any:
    audit.record_at_once(current_user, "printed_sheet", event_session)
    return answer_file(sheets.draw(event_session), "application/pdf", "sign-in-sheet.pdf")


def _door_page(event_session: EventSession, form: WalkInForm) -> Any:
    event = event_session.event
    form.keeps_names = identity.keeps_names(event)
    return render_template(
        "door/door.html",
        event_session=event_session,
        event=event,
        programme=event.programme,
        places=roster.expected_at(event),
        let_in=request.args.get("let_in"),
        present=attendance.present_at(event_session),
        sources=attendance.sources_of(event_session),
        source_names=SOURCE_NAMES,
        form=form,
        mark_form=MarkForm(),
        organisations=roster.organisations(event.programme),
    )
