"""Feedback for staff: asking months later, and when to stop."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.db import db
from feedback import evaluations, policies
from participants.models import PairingPurpose
from trainings.models import Event

edge = Blueprint("feedback", __name__)


@edge.post("/events/<uid:event>/follow-up")
@requires(policies.may_ask, event=Event)
def ask_follow_up(event: Event) -> Any:
    evaluations.ask_follow_up(event)
    audit.record(current_user, "asked_follow_up", event)
    db.session.commit()
    flash(_("Everybody of this event is asked now, through the same personal link."))
    return redirect(url_for("events.show_event", event=event.uid), 303)


@edge.post("/events/<uid:event>/follow-up/closing")
@requires(policies.may_ask, event=Event)
def close_follow_up(event: Event) -> Any:
    evaluations.close(event, PairingPurpose.FOLLOW_UP)
    audit.record(current_user, "closed_follow_up", event)
    db.session.commit()
    flash(_("The follow-up is closed."))
    return redirect(url_for("events.show_event", event=event.uid), 303)
