"""Programmes and who works in them."""

from __future__ import annotations

import sqlalchemy as sa

from accounts.models import Role, User
from core.db import db
from trainings.models import Programme, ProgrammeStaff


def visible_to(user: User) -> list[Programme]:
    """The programmes a member of staff works in; all of them for an administrator."""
    query = sa.select(Programme).order_by(Programme.id)
    if user.role != Role.ADMINISTRATOR:
        query = query.join(ProgrammeStaff, ProgrammeStaff.programme_id == Programme.id)
        query = query.where(ProgrammeStaff.user_id == user.id)
    return list(db.session.scalars(query))


def assign(programme: Programme, user: User) -> None:
    """Let a member of staff work in a programme; twice is once."""
    if db.session.get(ProgrammeStaff, (programme.id, user.id)) is None:
        db.session.add(ProgrammeStaff(programme_id=programme.id, user_id=user.id))
        db.session.flush()


def withdraw(programme: Programme, user: User) -> None:
    """Let a member of staff work in a programme no longer."""
    membership = db.session.get(ProgrammeStaff, (programme.id, user.id))
    if membership is not None:
        db.session.delete(membership)
        db.session.flush()


def team(programme: Programme) -> list[User]:
    """Who works in a programme, by name."""
    query = sa.select(User).join(ProgrammeStaff, ProgrammeStaff.user_id == User.id)
    query = query.where(ProgrammeStaff.programme_id == programme.id, User.is_working)
    return sorted(db.session.scalars(query), key=lambda user: (user.name or "").casefold())


def trainers(programme: Programme) -> list[User]:
    """Who can lead events of a programme."""
    return [user for user in team(programme) if user.role == Role.TRAINER]
