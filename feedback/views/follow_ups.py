"""Asking months later: what is due, beginning to ask, and when to stop."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.saving import saved
from feedback import evaluations, follow_ups, policies, reviewing
from feedback.follow_ups import Moment
from feedback.forms import MOMENT_NAMES
from participants.models import PairingPurpose
from trainings.models import Event, Programme

edge = Blueprint("follow_ups", __name__)


@edge.get("/programmes/<uid:programme>/follow-ups")
@requires(policies.may_see_follow_ups, programme=Programme)
def list_follow_ups(programme: Programme) -> Any:
    found = follow_ups.of_programme(programme, lambda event: policies.may_ask(current_user, event))
    return render_template(
        "feedback/follow_ups.html",
        programme=programme,
        by_moment={moment: [one for one in found if one.moment == moment] for moment in Moment},
        moment_names=MOMENT_NAMES,
        Moment=Moment,
        today=programme.today(),
        may_manage=policies.may_manage_feedback(current_user, programme),
        unread=reviewing.unread_count(programme),
    )


@edge.post("/events/<uid:event>/follow-up")
@requires(policies.may_ask, event=Event)
def ask_follow_up(event: Event) -> Any:
    evaluations.ask_follow_up(event)
    audit.record(current_user, "asked_follow_up", event)
    return saved(
        _("Everybody of this event is asked now, through the same personal link."),
        url_for("feedback.show_event_results", event=event.uid),
    )


@edge.post("/events/<uid:event>/follow-up/closing")
@requires(policies.may_ask, event=Event)
def close_follow_up(event: Event) -> Any:
    evaluations.close(event, PairingPurpose.FOLLOW_UP)
    audit.record(current_user, "closed_follow_up", event)
    return saved(_("The follow-up is closed."), url_for("feedback.show_event_results", event=event.uid))
