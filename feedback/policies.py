"""Who may ask people for feedback and read it."""

from __future__ import annotations

from accounts.models import User
from trainings.models import Event
from trainings.policies import may_run_event


def may_ask(user: User, event: Event) -> bool:
    """Managers and the event's own trainers."""
    return may_run_event(user, event)
