"""The live board: how today's sessions fill, and through which phones. A handful of statements, however much is on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from accounts.models import Role, User
from core import clock
from core.db import UtcDateTime, db
from door import phones
from door.models import Attendance, Device, Scan, ScanReview, Source
from door.phones import SILENT_AFTER, Phone
from participants import registration
from participants.models import Registration, RegistrationStatus
from trainings.models import Event, EventSession, EventStatus, EventTrainer, Programme
from trainings.policies import role_in

EXPECTED = (RegistrationStatus.REGISTERED, RegistrationStatus.INVITED)


class Stage(StrEnum):
    """Where in its time a session is, in the order in which a board shows them."""

    ON = "on"
    COMING = "coming"
    OVER = "over"


@dataclass
class Sitting:
    """A session of today in figures."""

    event_session: EventSession
    expected: int = 0
    present: int = 0
    missing: int = 0
    by_source: dict[Source, int] = field(default_factory=dict)
    last_at: datetime | None = None
    to_review: int = 0
    by_staff: int = 0

    @property
    def stage(self) -> Stage:
        return stage_of(self.event_session.starts_at, self.event_session.ends_at)


@dataclass(frozen=True)
class Scene:
    """An event of today: its sessions of the day and its phones."""

    event: Event
    sittings: list[Sitting]
    phones: list[Phone]

    @property
    def order(self) -> tuple[int, datetime]:
        """What is on comes first, then what comes next."""
        return min((list(Stage).index(sitting.stage), sitting.event_session.starts_at) for sitting in self.sittings)


def stage_of(starts_at: datetime, ends_at: datetime) -> Stage:
    if clock.now() < starts_at:
        return Stage.COMING
    return Stage.ON if clock.now() <= ends_at else Stage.OVER


def state(programme: Programme, user: User) -> list[Scene]:
    """Today's events of a programme, the own ones for a trainer, each with its sessions of today in figures."""
    query = (
        sa.select(EventSession)
        .join(EventSession.event)
        .options(contains_eager(EventSession.event).joinedload(Event.venue))
        .where(*_of_today(is_trainer=role_in(user, programme.id) == Role.TRAINER))
        .order_by(EventSession.starts_at, EventSession.id)
    )
    sittings = [Sitting(event_session) for event_session in db.session.scalars(query, _values(programme, user))]
    _count(sittings)
    at_work, by_staff = phones.at_work([sitting.event_session for sitting in sittings])
    by_event: dict[int, list[Sitting]] = {}
    for sitting in sittings:
        sitting.by_staff = by_staff.get(sitting.event_session.id, 0)
        by_event.setdefault(sitting.event_session.event_id, []).append(sitting)
    scenes = [Scene(own[0].event_session.event, own, at_work[number]) for number, own in by_event.items()]
    return sorted(scenes, key=lambda scene: scene.order)


def version(programme: Programme, user: User) -> str:
    """Changes whenever `state` would: one small statement of counts and newest moments, and where the clock stands."""
    values = _values(programme, user)
    is_trainer = role_in(user, programme.id) == Role.TRAINER
    rows = db.session.connection().execute(_version_query(is_trainer=is_trainer), values)
    seen = [(*row, stage_of(row.starts_at, row.ends_at)) for row in rows]
    return hashlib.blake2s(repr((values["begins"], seen)).encode(), digest_size=9).hexdigest()


def _count(sittings: Sequence[Sitting]) -> None:
    """Fill in who is present, by what means and since when, who is missing, and what waits for a decision."""
    by_id = {sitting.event_session.id: sitting for sitting in sittings}
    expected = registration.places_taken_at([sitting.event_session.event for sitting in sittings])
    has_place = sa.func.sum(sa.case((Registration.status.in_(EXPECTED), 1), else_=0))
    present = (
        sa.select(Attendance.event_session_id, Scan.source, sa.func.count(), has_place, sa.func.max(Scan.happened_at))
        .join(Scan, Scan.id == Attendance.scan_id)
        .join(Registration, Registration.id == Attendance.registration_id)
        .where(Attendance.event_session_id.in_(by_id), Attendance.annulled_at.is_(None))
        .group_by(Attendance.event_session_id, Scan.source)
        .order_by(sa.func.count().desc(), Scan.source)
    )
    for sitting in sittings:
        sitting.expected = sitting.missing = expected[sitting.event_session.event_id]
    for session_id, source, number, with_place, last_at in db.session.execute(present):
        sitting = by_id[session_id]
        sitting.by_source[source] = number
        sitting.present += number
        sitting.missing -= with_place
        sitting.last_at = max(sitting.last_at or last_at, last_at)
    to_review = (
        sa.select(Scan.event_session_id, sa.func.count())
        .join(ScanReview, ScanReview.scan_id == Scan.id)
        .where(ScanReview.event_id.in_({sitting.event_session.event_id for sitting in sittings}))
        .where(ScanReview.decision.is_(None), Scan.event_session_id.in_(by_id))
        .group_by(Scan.event_session_id)
    )
    for session_id, number in db.session.execute(to_review):
        by_id[session_id].to_review = number


def _of_today(*, is_trainer: bool) -> tuple[sa.ColumnElement[bool], ...]:
    """Which sessions a board shows: those that touch the day, of events that were not cancelled."""
    everybodys = (
        Event.programme_id == sa.bindparam("programme"),
        Event.status != EventStatus.CANCELLED,
        EventSession.starts_at < sa.bindparam("ends", type_=UtcDateTime),
        EventSession.ends_at > sa.bindparam("begins", type_=UtcDateTime),
    )
    led = sa.select(EventTrainer.event_id).where(EventTrainer.user_id == sa.bindparam("user"))
    return (*everybodys, Event.id.in_(led)) if is_trainer else everybodys


def _values(programme: Programme, user: User) -> dict[str, Any]:
    begins = datetime.combine(programme.today(), time(), ZoneInfo(programme.time_zone))
    now = clock.now()
    values = {"programme": programme.id, "begins": begins, "ends": begins + timedelta(days=1), "user": user.id}
    return values | {"now": now, "heard_after": now - SILENT_AFTER}


@cache
def _version_query(*, is_trainer: bool) -> sa.Select[*tuple[Any, ...]]:
    """Per session what its figures follow from, at a cost that does not grow with who came. Built once."""

    def asked(column: Any, *where: Any) -> sa.ScalarSelect[Any]:
        return sa.select(column).where(*where).scalar_subquery()

    def asked_once(column: Any, *where: Any) -> sa.Case[Any]:
        """Of the event: with its first session of the day only."""
        return sa.case((is_first, asked(column, *where)))

    def times(condition: Any) -> Any:
        return sa.func.sum(sa.case((condition, 1), else_=0))

    now, heard_after = (sa.bindparam(name, type_=UtcDateTime) for name in ("now", "heard_after"))
    begins = sa.bindparam("begins", type_=UtcDateTime)
    of_session, of_event = EventSession.id, Event.id
    other = aliased(EventSession)
    is_first = EventSession.number == asked(
        sa.func.min(other.number), other.event_id == of_event, other.ends_at > begins
    )
    is_trusted = sa.and_(Device.revoked_at.is_(None), Device.expires_at > now)
    is_annulled = sa.and_(Attendance.event_session_id == of_session, Attendance.annulled_at.is_not(None))
    return (
        sa.select(
            EventSession.id,
            EventSession.starts_at,
            EventSession.ends_at,
            asked(sa.func.max(Attendance.id), Attendance.event_session_id == of_session),
            asked(sa.func.count(Attendance.annulled_at), is_annulled),
            asked(sa.func.max(Attendance.annulled_at), is_annulled),
            asked_once(
                sa.func.sum(Registration.id), Registration.event_id == of_event, Registration.status.in_(EXPECTED)
            ),
            asked_once(sa.func.sum(ScanReview.id), ScanReview.event_id == of_event, ScanReview.decision.is_(None)),
            asked_once(sa.func.max(Device.last_seen_at), Device.event_id == of_event),
            asked_once(times(is_trusted), Device.event_id == of_event),
            asked_once(times(sa.and_(is_trusted, Device.last_seen_at > heard_after)), Device.event_id == of_event),
        )
        .join(EventSession.event)
        .where(*_of_today(is_trainer=is_trainer))
        .order_by(EventSession.id)
    )
