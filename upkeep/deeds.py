"""The audit searched: who, what, when, in which programme; a page at a time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa

from accounts.models import AuditEntry, User
from core.db import db
from trainings.models import Programme

PER_PAGE = 50


@dataclass(frozen=True)
class Leaf:
    """One page of what was found, the newest first."""

    entries: list[AuditEntry]
    number: int
    leaves: int
    total: int


def find(
    number: int,
    *,
    who: User | None = None,
    verb: str | None = None,
    since: date | None = None,
    until: date | None = None,
    programme: Programme | None = None,
) -> Leaf:
    """What was done; days are UTC's, both included. A number beyond the last page is the last page."""
    found = sa.select(AuditEntry)
    if who is not None:
        found = found.where(AuditEntry.user_id == who.id)
    if verb:
        found = found.where(AuditEntry.verb == verb)
    if since:
        found = found.where(AuditEntry.at >= datetime.combine(since, time(), UTC))
    if until:
        found = found.where(AuditEntry.at < datetime.combine(until, time(), UTC) + timedelta(days=1))
    if programme is not None:
        found = found.where(_concerns(programme))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(found.subquery())) or 0
    leaves = max(1, -(-total // PER_PAGE))
    number = min(max(1, number), leaves)
    page = found.order_by(AuditEntry.id.desc()).limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    return Leaf(list(db.session.scalars(page)), number, leaves, total)


def verbs() -> list[str]:
    """Every deed that was ever written down."""
    return list(db.session.scalars(sa.select(AuditEntry.verb).distinct().order_by(AuditEntry.verb)))


def _concerns(programme: Programme) -> sa.ColumnElement[bool]:
    """Whether a deed's subject belongs to a programme: is it, or leads to it by its references."""
    kinds = db.session.scalars(sa.select(AuditEntry.subject_kind).distinct())
    tables = [db.metadata.tables[kind] for kind in kinds if kind in db.metadata.tables]
    belonging = [
        sa.and_(AuditEntry.subject_kind == table.name, AuditEntry.subject_uid.in_(owned))
        for table in tables
        if (owned := _owned_by(programme, table)) is not None
    ]
    return sa.or_(sa.false(), *belonging)


def _owned_by(programme: Programme, table: sa.Table) -> sa.Select | None:
    """The uids of the rows of a table that belong to a programme, by the shortest way of references to it."""
    if "uid" not in table.c:
        return None
    ways: deque[tuple[sa.Table, sa.FromClause]] = deque([(table, table)])
    seen = {table.name}
    while ways:
        last, joined = ways.popleft()
        if last.name == "programmes":
            return sa.select(table.c.uid).select_from(joined).where(last.c.id == programme.id)
        for key in sorted(last.foreign_keys, key=lambda key: key.parent.name):
            target = key.column.table
            if target.name not in seen:
                seen.add(target.name)
                ways.append((target, joined.join(target, key.parent == key.column)))
    return None
