"""What the demo's office has written: an invitation in the outbox, a reminder for later; and what was written by itself
to whoever moved up. Nothing leaves: there is no mail server."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app

from accounts.models import User
from core import clock
from core.i18n import Texts
from founding.played_places import next_workshop
from messages import moving_up, stops, wording, writing
from messages.models import MessageKind, Recipients, StopReason
from participants import registration
from trainings.models import Programme


def write(programme: Programme, manager: User) -> None:
    """To those of the next workshop who have not answered, and to all of it two days before."""
    event = next_workshop(programme)
    if event is None:
        return
    wording.settle(programme, is_on=True, subject=Texts(), tells_who_moves_up=True)
    moving_up.write_letters(current_app.extensions["settings"].address)
    reachable = [place for place in registration.of_event(event) if place.participant.email_sealed is not None]
    if reachable:
        stops.note(reachable[0].participant, StopReason.CAME_BACK)
    invitation = MessageKind.INVITATION
    asked = writing.write(event, invitation, Recipients.ALL, wording.text_of(programme, invitation), by=manager)
    writing.spread(asked, current_app.extensions["settings"].address)
    early = max(event.sessions[0].starts_at - timedelta(days=2), clock.now() + timedelta(hours=1))
    reminder = MessageKind.REMINDER
    text = wording.text_of(programme, reminder)
    writing.write(event, reminder, Recipients.ALL, text, by=manager, goes_out_at=early)
