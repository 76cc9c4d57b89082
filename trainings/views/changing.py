"""Moving, cancelling and copying an event: what it would do is said first, by each owner of what hangs on it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from certificates import rules
from core.db import db
from core.errors import Refused
from door import attendance, devices
from messages import outbox
from messages.models import MessageKind
from participants import audience
from participants.models import RegistrationStatus
from places import applying, giving
from quizzes import analysis, openings
from trainings import policies, scheduling
from trainings.forms import CancelForm, CopyForm, MoveForm, MovePreview
from trainings.models import Event

edge = Blueprint("changing", __name__)


@edge.get("/events/<uid:event>/move")
@requires(policies.may_plan, event=Event)
def show_move(event: Event) -> Any:
    """What moving to a day would do; without a day in the address, which day."""
    asked = MovePreview(request.args)
    to = asked.to.data if request.args and asked.validate() else None
    return _move_page(event, asked, MoveForm(to=to))


@edge.post("/events/<uid:event>/move")
@requires(policies.may_plan, event=Event)
def move_event(event: Event) -> Any:
    form = MoveForm()
    if form.validate_on_submit():
        try:
            scheduling.move(event, form.to.data, despite_clashes=form.despite_clashes.data)
            audience.refuse_clashes(event, despite=form.despite_clashes.data)
            audit.record(current_user, "moved", event, to=form.to.data.isoformat())
            db.session.commit()
            flash(_("The event is moved, with all its sessions."))
            return redirect(_after_moving(event), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _move_page(event, MovePreview(to=form.to.data), form), 422


@edge.get("/events/<uid:event>/cancellation")
@requires(policies.may_plan, event=Event)
def show_cancellation(event: Event) -> Any:
    return _cancellation_page(event, CancelForm())


@edge.post("/events/<uid:event>/cancellation")
@requires(policies.may_plan, event=Event)
def cancel_event(event: Event) -> Any:
    """Cancel, and close what would stay open: quizzes, the registration page, the phones at the door."""
    form = CancelForm()
    if not form.validate_on_submit():
        return _cancellation_page(event, form), 422
    scheduling.cancel(event, form.reason.data)
    _end_what_is_open(event)
    audit.record(current_user, "cancelled", event)
    db.session.commit()
    flash(_("The event is cancelled. Tell its people: that is not done by itself."))
    return redirect(url_for("events.show_event", event=event.uid), 303)


@edge.get("/events/<uid:event>/copy")
@requires(policies.may_plan, event=Event)
def show_copy(event: Event) -> Any:
    return render_template("trainings/copy.html", event=event, programme=event.programme, form=CopyForm())


@edge.post("/events/<uid:event>/copy")
@requires(policies.may_plan, event=Event)
def copy_event(event: Event) -> Any:
    form = CopyForm()
    if form.validate_on_submit():
        try:
            copied = scheduling.copy(event, form.to.data, despite_clashes=form.despite_clashes.data)
            _copy_what_hangs_on(event, copied)
            audit.record(current_user, "planned", copied)
            db.session.commit()
            flash(_("The event is planned. Look through it: title, trainers and times are those of the other one."))
            return redirect(url_for("events.show_event_form", event=copied.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return render_template("trainings/copy.html", event=event, programme=event.programme, form=form), 422


def _after_moving(event: Event) -> str:
    if "then" in request.form:
        return url_for("messages.show_new_message", event=event.uid, letter=MessageKind.CHANGE.value)
    return url_for("events.show_event", event=event.uid)


def _copy_what_hangs_on(event: Event, copied: Event) -> None:
    for used in openings.of_event(event):
        openings.use(copied, used.quiz)
    rule = rules.of(event)
    if rule.is_own:
        rules.keep(copied.programme, rule, copied)


def _end_what_is_open(event: Event) -> None:
    for used in openings.of_event(event):
        for opening in used.openings:
            if opening.ended_at is None:
                openings.close_phase(used, opening.phase)
    for device in devices.of_event(event):
        if device.is_trusted:
            devices.revoke(device)
    if giving.rules_of(event).page_token:
        applying.close_page(event)


def _move_page(event: Event, asked: MovePreview, form: MoveForm) -> Any:
    to = form.to.data
    moved = scheduling.moved_to(event, to) if to else []
    found = [*scheduling.clashes(event, event.venue, event.trainers, moved), *audience.clashes(event, moved)]
    return render_template(
        "trainings/move.html",
        event=event,
        programme=event.programme,
        asked=asked,
        form=form,
        moved=moved,
        clashes=found,
        effects=_people_told(event),
    )


def _cancellation_page(event: Event, form: CancelForm) -> Any:
    return render_template(
        "trainings/cancellation.html",
        event=event,
        programme=event.programme,
        form=form,
        effects=[*_people_told(event), *_work_done(event), *_what_ends(event)],
    )


def _people_told(event: Event) -> list[str]:
    """Whom a change concerns, and which letters wait for them."""
    counted = audience.counts(event)
    registered, invited = counted[RegistrationStatus.REGISTERED], counted[RegistrationStatus.INVITED]
    waiting = counted[RegistrationStatus.WAITLISTED]
    letters = sum(1 for m in outbox.of_event(event) if m.spread_at is None and m.withdrawn_at is None)
    said = [
        registered and ngettext("%(num)s person is registered.", "%(num)s people are registered.", registered),
        invited and ngettext("%(num)s person is invited.", "%(num)s people are invited.", invited),
        waiting and ngettext("%(num)s person waits for a place.", "%(num)s people wait for a place.", waiting),
        letters
        and ngettext(
            "%(num)s message about it has not gone out yet. Read it again, or withdraw it.",
            "%(num)s messages about it have not gone out yet. Read them again, or withdraw them.",
            letters,
        ),
    ]
    return [sentence for sentence in said if sentence]


def _work_done(event: Event) -> list[str]:
    """What has happened already: it stays, and counts nowhere."""
    present = sum(attendance.counts_of(event.sessions).values())
    answers = sum(sum(analysis.phase_counts(used).values()) for used in openings.of_event(event))
    said = [
        present
        and ngettext(
            "%(num)s attendance is noted. It stays, and counts no more.",
            "%(num)s attendances are noted. They stay, and count no more.",
            present,
        ),
        answers
        and ngettext(
            "%(num)s quiz has been taken. It stays, and counts no more.",
            "%(num)s quizzes have been taken. They stay, and count no more.",
            answers,
        ),
    ]
    return [sentence for sentence in said if sentence]


def _what_ends(event: Event) -> list[str]:
    """What would stay open, and is closed."""
    is_open = any(opening.ended_at is None for used in openings.of_event(event) for opening in used.openings)
    phones = sum(device.is_trusted for device in devices.of_event(event))
    said = [
        is_open and _("The quiz that is open now is closed."),
        phones and ngettext("%(num)s phone at the door is ended.", "%(num)s phones at the door are ended.", phones),
        giving.rules_of(event).page_token and _("Its registration page is closed for good."),
        _("Nobody gets a certificate of it."),
        _("In calendars it is shown as cancelled."),
    ]
    return [sentence for sentence in said if sentence]
