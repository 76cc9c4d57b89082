"""Who may see and run a programme and its events."""

from __future__ import annotations

from accounts.models import Role, User
from core.db import db
from trainings.models import Event, EventSession, Programme, ProgrammeStaff, Venue

Part = Programme | Event | EventSession | Venue


def role_in(user: User, programme_id: int) -> Role | None:
    """What somebody is in a programme: an administrator everywhere, None who does not work in it."""
    if not user.is_authenticated:
        return None
    if user.role == Role.ADMINISTRATOR:
        return Role.ADMINISTRATOR
    membership = db.session.get(ProgrammeStaff, (programme_id, user.id))
    if membership is None:
        return None
    # Held by whoever it is about, so that guard, menu and page of one request ask the database once.
    user.__dict__.setdefault("memberships_held", set()).add(membership)
    return membership.role


def works_in(user: User, programme_id: int) -> bool:
    """Whether this member of staff belongs to the programme; administrators belong to all."""
    return role_in(user, programme_id) is not None


def manages(user: User, programme_id: int) -> bool:
    return role_in(user, programme_id) in (Role.ADMINISTRATOR, Role.MANAGER)


def leads(user: User, event: Event) -> bool:
    """Whether this trainer is one of the event's own."""
    is_trainer = role_in(user, event.programme_id) == Role.TRAINER
    return is_trainer and any(user.id == other.id for other in event.trainers)


def may_see_programme(user: User, programme: Programme) -> bool:
    return works_in(user, programme.id)


def may_plan(user: User, part: Part) -> bool:
    """Plan, change, move and cancel: managers of the programme."""
    if isinstance(part, EventSession):
        part = part.event
    return manages(user, part.id if isinstance(part, Programme) else part.programme_id)


def may_plan_with(user: User, programme: Programme, _colleague: User) -> bool:
    """Say who works in a programme: its managers."""
    return manages(user, programme.id)


def may_see_event(user: User, event: Event) -> bool:
    """The plan of an event, without its people: staff of the programme."""
    return works_in(user, event.programme_id)


def may_run_event(user: User, event: Event) -> bool:
    """Its people, door, quiz and closing: managers and the event's own trainers."""
    return manages(user, event.programme_id) or leads(user, event)
