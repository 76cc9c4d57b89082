"""Programmes and who works in them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

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


def assign(programme: Programme, user: User, role: Role | None = None) -> None:
    """Let a member of staff work in a programme, as what they usually are or as something else."""
    role = role or usual_role(user)
    membership = db.session.get(ProgrammeStaff, (programme.id, user.id))
    if membership is None:
        db.session.add(ProgrammeStaff(programme_id=programme.id, user_id=user.id, role=role))
    else:
        membership.role = role
    db.session.flush()


def withdraw(programme: Programme, user: User) -> None:
    """Let a member of staff work in a programme no longer."""
    membership = db.session.get(ProgrammeStaff, (programme.id, user.id))
    if membership is not None:
        db.session.delete(membership)
        db.session.flush()


def usual_role(user: User) -> Role:
    """What somebody becomes in a programme where nothing else is said; an administrator manages."""
    return Role.MANAGER if user.role == Role.ADMINISTRATOR else user.role


def roles_of(user: User) -> dict[str, Role]:
    """What somebody is in each programme they work in, by its outside id."""
    query = sa.select(Programme.uid, ProgrammeStaff.role).join(
        ProgrammeStaff, ProgrammeStaff.programme_id == Programme.id
    )
    return dict(db.session.execute(query.where(ProgrammeStaff.user_id == user.id)).tuples().all())


def roles_at_work() -> dict[int, list[ProgrammeStaff]]:
    """Who works where as what, by the number of the person."""
    query = sa.select(ProgrammeStaff).options(joinedload(ProgrammeStaff.programme))
    found: dict[int, list[ProgrammeStaff]] = {}
    for membership in db.session.scalars(query.order_by(ProgrammeStaff.programme_id)):
        found.setdefault(membership.user_id, []).append(membership)
    return found


def settle_roles(user: User, roles: dict[str, Role | None]) -> list[tuple[Programme, Role | None]]:
    """Let somebody be this in these programmes, by their outside ids, None for not working there; what has changed."""
    before = roles_of(user)
    changed = []
    for programme in db.session.scalars(sa.select(Programme).where(Programme.uid.in_(roles)).order_by(Programme.id)):
        role = roles[programme.uid]
        if role == before.get(programme.uid):
            continue
        withdraw(programme, user) if role is None else assign(programme, user, role)
        changed.append((programme, role))
    return changed


def team(programme: Programme) -> list[ProgrammeStaff]:
    """Who works in a programme and as what, by name."""
    query = sa.select(ProgrammeStaff).join(ProgrammeStaff.user).options(contains_eager(ProgrammeStaff.user))
    query = query.where(ProgrammeStaff.programme_id == programme.id, User.is_working)
    return sorted(db.session.scalars(query), key=lambda membership: (membership.user.name or "").casefold())


def trainers(programme: Programme) -> list[User]:
    """Who can lead events of a programme."""
    return [membership.user for membership in team(programme) if membership.role == Role.TRAINER]
