"""The screen in the room, and the switch that lets people check in by themselves."""

from __future__ import annotations

import base64
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core import clock
from core.db import db
from door import policies, room
from door.room_forms import SelfCheckInForm
from door.scanning import OPENS_BEFORE
from trainings.models import Event, EventSession
from trainings.policies import may_run_event

edge = Blueprint("room", __name__)


@edge.get("/sessions/<uid:event_session>/room")
@requires(policies.may_check_in, event_session=EventSession)
def show_room(event_session: EventSession) -> Any:
    """Opened once, it needs no network: it has the session's key, and makes the codes itself."""
    event = event_session.event
    opens_at = event_session.starts_at - OPENS_BEFORE
    is_used = event.allows_self_check_in and event.is_planned
    return render_template(
        "door/room.html",
        event_session=event_session,
        event=event,
        programme=event.programme,
        key=base64.b64encode(room.session_key(event_session)).decode() if is_used else None,
        mark=room.MARK,
        opens_at=opens_at,
        now=clock.milliseconds(clock.now()),
        opens=clock.milliseconds(opens_at),
        ends=clock.milliseconds(event_session.ends_at),
    )


@edge.post("/events/<uid:event>/self-check-in")
@requires(may_run_event, event=Event)
def switch_self_check_in(event: Event) -> Any:
    form = SelfCheckInForm()
    if not form.validate():
        abort(400)
    is_allowed = form.is_allowed.data == "yes"
    room.allow(event, is_allowed)
    audit.record(current_user, "allowed_self_check_in" if is_allowed else "stopped_self_check_in", event)
    db.session.commit()
    if any(session.uid == form.room.data for session in event.sessions):
        return redirect(url_for("room.show_room", event_session=form.room.data), 303)
    flash(_("People can check in by themselves now.") if is_allowed else _("Only staff check people in now."))
    return redirect(url_for("events.show_event", event=event.uid), 303)
