"""Heads counted where names are not taken, and which number an event goes by: never a mix of list and count."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.dialects import postgresql, sqlite

from accounts.models import User
from core import clock
from core.db import db, new_uid
from core.errors import Refused
from door.models import Attendance, CountingMethod, Headcount
from trainings.models import Event, EventSession, FigureSource

MOST_PEOPLE = 100_000


class CountedMeanwhile(Refused):
    code = "counted_meanwhile"
    sentence = _l(
        "Somebody has saved a count of this session meanwhile. Look at it; if yours is better, save it again."
    )


@dataclass(frozen=True)
class Figure:
    """How many people came to an event: by the list, by count, and which of the two the event goes by."""

    source: FigureSource
    listed: int
    counted: int | None = None
    uncounted: list[int] = field(default_factory=list)  # numbers of sessions nobody has counted

    @property
    def number(self) -> int | None:
        """The event's figure; None when heads are to be counted and nobody has. Never the other number instead."""
        return self.listed if self.source == FigureSource.LIST else self.counted


def count(
    event_session: EventSession, people: int, method: CountingMethod, by: User, *, replaces: str | None = None
) -> Headcount:
    """Keep a count of heads. It replaces the one with the uid `replaces`, which stays to be looked up.

    Refuses CountedMeanwhile when another count is in force than the one that is to be replaced.
    """
    now = clock.now()
    db.session.execute(
        sa.update(Headcount)
        .where(
            Headcount.event_session_id == event_session.id,
            Headcount.uid == (replaces or ""),
            Headcount.replaced_at.is_(None),
        )
        .values(replaced_at=now)
    )
    insert = postgresql.insert if db.session.connection().dialect.name == "postgresql" else sqlite.insert
    kept = db.session.scalar(
        insert(Headcount)
        .values(
            uid=new_uid(),
            event_session_id=event_session.id,
            people=people,
            method=method,
            counted_by_id=by.id,
            counted_at=now,
        )
        .on_conflict_do_nothing(index_elements=["event_session_id"], index_where=sa.text("replaced_at IS NULL"))
        .returning(Headcount.id)
    )
    if kept is None:
        raise CountedMeanwhile
    return db.session.get_one(Headcount, kept)


def in_force(event_session: EventSession) -> Headcount | None:
    """The count that stands."""
    return db.session.scalar(
        sa.select(Headcount).where(Headcount.event_session_id == event_session.id, Headcount.replaced_at.is_(None))
    )


def of_session(event_session: EventSession) -> list[Headcount]:
    """All counts of a session, the one that stands first."""
    query = sa.select(Headcount).where(Headcount.event_session_id == event_session.id)
    return list(db.session.scalars(query.order_by(Headcount.counted_at.desc(), Headcount.id.desc())))


def in_force_at(event: Event) -> dict[int, Headcount]:
    """The counts that stand at an event, by session id."""
    query = sa.select(Headcount).join(EventSession, EventSession.id == Headcount.event_session_id)
    standing = db.session.scalars(query.where(EventSession.event_id == event.id, Headcount.replaced_at.is_(None)))
    return {headcount.event_session_id: headcount for headcount in standing}


def figure(event: Event) -> Figure:
    """How many people came to an event, each number by itself.

    By the list: everybody who was present at one session at least. By count: the largest count of a session, as
    nobody can tell whether those of two sessions are the same people.
    """
    listed = db.session.scalar(
        sa.select(sa.func.count(sa.distinct(Attendance.registration_id))).where(
            Attendance.event_id == event.id, Attendance.annulled_at.is_(None)
        )
    )
    counts = in_force_at(event)
    return Figure(
        source=event.figure_source,
        listed=listed or 0,
        counted=max((headcount.people for headcount in counts.values()), default=None),
        uncounted=[session.number for session in event.sessions if session.id not in counts],
    )
