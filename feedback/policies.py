"""Who may ask people for feedback, read it, review what was written, and change the questions."""

from __future__ import annotations

from accounts.models import Role, User
from feedback import reviewing
from feedback.models import FreeText
from trainings.models import Event, Programme
from trainings.policies import manages, may_run_event, role_in


def may_ask(user: User, event: Event) -> bool:
    """Ask, stop asking and see the results of an event: managers and the event's own trainers."""
    return may_run_event(user, event)


def may_manage_feedback(user: User, programme: Programme) -> bool:
    """All results, all texts and the questions: managers of the programme."""
    return manages(user, programme.id)


def may_review(user: User, free: FreeText) -> bool:
    """Read a text before anybody else does: managers of its programme."""
    return manages(user, reviewing.event_of(free).programme_id)


def may_see_follow_ups(user: User, programme: Programme) -> bool:
    """Managers; trainers, who see their own events there."""
    return manages(user, programme.id) or role_in(user, programme.id) == Role.TRAINER
