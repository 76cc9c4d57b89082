"""Who may write to participants, and who decides what letters say."""

from __future__ import annotations

from accounts.models import User
from messages.models import Message
from trainings.models import Event, Programme
from trainings.policies import manages, may_run_event


def may_write(user: User, event: Event) -> bool:
    """Write to the people of an event: managers and the event's own trainers."""
    return may_run_event(user, event)


def may_see_message(user: User, message: Message) -> bool:
    return may_run_event(user, message.event)


def may_settle_mail(user: User, programme: Programme) -> bool:
    """Switch e-mail on, and change what letters say: managers of the programme."""
    return manages(user, programme.id)
