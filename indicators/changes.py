"""The change log of a logframe: who changed which field when, from what to what, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.models import User
from core.db import db
from indicators.models import Indicator, Period
from indicators.period_models import Snapshot
from indicators.record_models import LogframeChange, Subject
from trainings.models import Programme

LEAF = 50


@dataclass(frozen=True)
class Changed:
    """A row of the logframe as the log names it."""

    programme_id: int
    subject: Subject
    code: str
    indicator: Indicator | None = None


@dataclass(frozen=True)
class Lock:
    """The locking of a period: from then on a change is one of what was reported already."""

    uid: str
    period: str
    at: datetime


@dataclass(frozen=True)
class Wanted:
    """Which lines of the log are asked for; what is None is not asked."""

    subject: Subject | None = None
    code: str | None = None
    user_id: int | None = None
    since: date | None = None
    until: date | None = None
    after: Lock | None = None


@dataclass(frozen=True)
class Leaf:
    changes: list[LogframeChange]
    number: int
    leaves: int
    total: int


def note(what: Changed, field: str, before: Any, after: Any, by: User | None, reason: str | None = None) -> None:
    """Write one changed field down."""
    db.session.add(
        LogframeChange(
            programme_id=what.programme_id,
            indicator_id=what.indicator.id if what.indicator else None,
            subject=what.subject,
            code=what.code,
            field=field,
            before=plain(before),
            after=plain(after),
            reason=reason or None,
            user_id=by.id if by else None,
        )
    )


def apply(row: Any, values: Mapping[str, Any], what: Changed, by: User | None, reason: str | None = None) -> list[str]:
    """Set these fields of a row and write down those that are another now. Returns their names."""
    changed = [name for name, value in values.items() if plain(getattr(row, name)) != plain(value)]
    for name in changed:
        note(what, name, getattr(row, name), values[name], by, reason)
        setattr(row, name, values[name])
    db.session.flush()
    return changed


def plain(value: Any) -> Any:
    """A value as JSON holds it; nothing written is no value."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items() if inner} or None
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value if value != "" else None


def leaf(programme: Programme, wanted: Wanted, number: int) -> Leaf:
    """A page of the log, the newest first."""
    query = _asked(programme, wanted)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    leaves = max(-(-total // LEAF), 1)
    number = min(max(number, 1), leaves)
    rows = query.options(joinedload(LogframeChange.user)).order_by(LogframeChange.id.desc())
    return Leaf(list(db.session.scalars(rows.limit(LEAF).offset((number - 1) * LEAF))), number, leaves, total)


def people(programme: Programme) -> list[User]:
    """Who has changed something."""
    who = sa.select(LogframeChange.user_id).where(LogframeChange.programme_id == programme.id)
    return list(db.session.scalars(sa.select(User).where(User.id.in_(who)).order_by(User.id)))


def locks_of(programme: Programme) -> list[Lock]:
    """The lockings of a programme's periods, in the order in which they came."""
    query = (
        sa.select(Period.uid, Period.key, Snapshot.locked_at)
        .join(Snapshot, Snapshot.period_id == Period.id)
        .where(Period.programme_id == programme.id)
        .order_by(Snapshot.locked_at, Snapshot.id)
    )
    return [Lock(*row) for row in db.session.execute(query)]


def lock_before(change: LogframeChange, locks: Sequence[Lock]) -> Lock | None:
    """After which lock something was changed: for a target that of its own period, otherwise the last one before."""
    before = [lock for lock in locks if lock.at < change.changed_at]
    own = next((lock for lock in before if change.field == f"target {lock.period}"), None)
    return own or (before[-1] if before else None)


def since(programme: Programme, lock: Lock, indicator_id: int | None = None) -> int:
    """How many fields of a logframe, or of one indicator, were changed after a lock."""
    query = sa.select(sa.func.count()).where(
        LogframeChange.programme_id == programme.id, LogframeChange.changed_at > lock.at
    )
    if indicator_id is not None:
        query = query.where(LogframeChange.indicator_id == indicator_id)
    return db.session.scalar(query) or 0


def since_last_lock(programme: Programme, indicator: Indicator) -> tuple[Lock, int] | None:
    """The last lock and how many fields of an indicator were changed after it; None where none was."""
    locks = locks_of(programme)
    number = since(programme, locks[-1], indicator.id) if locks else 0
    return (locks[-1], number) if number else None


def _asked(programme: Programme, wanted: Wanted) -> sa.Select[LogframeChange]:
    query = sa.select(LogframeChange).where(LogframeChange.programme_id == programme.id)
    if wanted.subject:
        query = query.where(LogframeChange.subject == wanted.subject)
    if wanted.code:
        query = query.where(sa.func.lower(LogframeChange.code).contains(wanted.code.lower(), autoescape=True))
    if wanted.user_id is not None:
        query = query.where(LogframeChange.user_id == wanted.user_id)
    if wanted.after:
        query = query.where(LogframeChange.changed_at > wanted.after.at)
    zone = ZoneInfo(programme.time_zone)
    if wanted.since:
        query = query.where(LogframeChange.changed_at >= datetime.combine(wanted.since, time(0), zone))
    if wanted.until:
        query = query.where(
            LogframeChange.changed_at < datetime.combine(wanted.until + timedelta(days=1), time(0), zone)
        )
    return query
