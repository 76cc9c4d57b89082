"""The door of one session: what the register knows of a code, what comes of its reading, and keeping both."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from accounts.models import User
from core import clock
from core.db import db, new_uid
from participants.models import (
    Attendance,
    Badge,
    Organisation,
    Outcome,
    Participant,
    Registration,
    RegistrationStatus,
    Scan,
    Source,
    open_name,
)
from privacy import codes
from privacy.crypto import Unreadable
from trainings.models import EventSession

OPENS_BEFORE = timedelta(hours=2)
LATE_AFTER = timedelta(hours=1)
BY_PEOPLE = (Source.MANUAL, Source.PAPER, Source.IMPORT)
PRESENT = (Outcome.IN, Outcome.LATE)


@dataclass(frozen=True)
class Reading:
    """A code as a phone read it. `scan_id` is a UUID made there; `happened_at` is that phone's clock, put right."""

    scan_id: str
    code: str
    happened_at: datetime
    source: Source = Source.CAMERA
    skew_seconds: int | None = None


@dataclass(frozen=True)
class Person:
    """Who a badge belongs to, as far as the asking device may know."""

    code: str
    name: str | None
    organisation: str | None


@dataclass(frozen=True)
class Answer:
    """What came of one reading."""

    scan_id: str
    outcome: Outcome
    first_at: datetime | None = None
    person: Person | None = None


@dataclass(frozen=True)
class Holder:
    """Whose a badge code is, and how things stand between this person and this session."""

    registration_id: int | None
    status: RegistrationStatus | None = None
    revoked_at: datetime | None = None
    present_since: datetime | None = None
    person: Person | None = None


@dataclass(frozen=True)
class Before:
    """A scan that came before under the same id."""

    fingerprint: str
    outcome: Outcome


@dataclass
class Visit:
    """A reading on its way through the door, under the key its scan will have."""

    reading: Reading
    holder: Holder | None
    outcome: Outcome
    before: Before | None = None
    key: str = field(default_factory=new_uid)


class Door:
    """Answers readings of codes at one session.

    First everything is decided by what the register knows; then the attendances and the scans are inserted, and the
    unique indexes say who was quicker or was here before. So a batch costs four statements, whatever its length.
    """

    def __init__(self, event_session: EventSession, by: User | None) -> None:
        self.event_session = event_session
        self.by = by

    def answer(self, readings: Sequence[Reading]) -> list[Answer]:
        """Keep readings of badge codes; one answer each, in order."""
        holders = self._holders(readings)
        # One reading needs no look back: if its id is known, the insert says so.
        before = self._before([reading.scan_id for reading in readings]) if len(readings) > 1 else {}
        visits = self._decide(readings, holders, before)
        self._insert([visit for visit in visits if visit.before is None])
        return [self._answered(visit) for visit in visits]

    def let_in(self, reading: Reading, holder: Holder) -> Answer:
        """Let in somebody whose place is known."""
        visit = Visit(reading, holder, Outcome.IN)
        self._insert([visit])
        return self._answered(visit)

    def _holders(self, readings: Sequence[Reading]) -> dict[str, Holder]:
        values = {
            "codes": [codes.normalised(reading.code) for reading in readings],
            "event": self.event_session.event_id,
            "session": self.event_session.id,
        }
        rows = db.session.connection().execute(_HOLDERS, values)
        return {
            row[0]: Holder(row[6], row[7], row[1], row[8], Person(row[3], _name(row[2], row[4]), row[5]))
            for row in rows
        }

    def _before(self, scan_ids: Sequence[str]) -> dict[str, Before]:
        rows = db.session.connection().execute(_BEFORE, {"scan_ids": list(scan_ids)})
        return {row[0]: Before(row[1], Outcome(row[2])) for row in rows}

    def _decide(
        self, readings: Sequence[Reading], holders: dict[str, Holder], before: dict[str, Before]
    ) -> list[Visit]:
        """What should come of each reading, as if nobody else were at work."""
        visits: list[Visit] = []
        for reading in readings:
            code = codes.normalised(reading.code)
            holder = holders.get(code)
            visit = Visit(reading, holder, self._judge(reading, holder), before.get(reading.scan_id))
            if visit.before is None:
                # Later ones of this batch come after this one.
                before[reading.scan_id] = Before(self._fingerprint(reading), visit.outcome)
                if holder is not None and visit.outcome in PRESENT:
                    holders[code] = replace(holder, present_since=reading.happened_at)
            visits.append(visit)
        return visits

    def _judge(self, reading: Reading, holder: Holder | None) -> Outcome:
        if holder is None:
            return Outcome.UNKNOWN
        outcome = _refusal(holder) or self._judge_time(reading)
        return Outcome.ALREADY_IN if outcome in PRESENT and holder.present_since is not None else outcome

    def _judge_time(self, reading: Reading) -> Outcome:
        """In, unless the code was read outside the session's hours: then whose hours were it?"""
        if reading.source in BY_PEOPLE or _is_within(self.event_session, reading.happened_at):
            return Outcome.IN
        if any(_is_within(other, reading.happened_at) for other in self.event_session.event.sessions):
            return Outcome.WRONG_SESSION
        return Outcome.NOT_OPEN if reading.happened_at < self.event_session.starts_at else Outcome.LATE

    def _insert(self, visits: Sequence[Visit]) -> None:
        """Insert attendances and scans; where an index objects, put the visit right."""
        connection = db.session.connection()
        let_in = [visit for visit in visits if visit.outcome in PRESENT]
        if let_in:
            rows = connection.execute(_statements(connection.dialect.name).attend, [self._presence(v) for v in let_in])
            first = set(rows.scalars())
            for visit in let_in:
                if visit.key not in first:
                    visit.outcome, visit.holder = Outcome.ALREADY_IN, self._now_present(visit.holder)
        if visits:
            rows = connection.execute(_statements(connection.dialect.name).scan, [self._scan(v) for v in visits])
            kept = set(rows.scalars())
            again = [visit for visit in visits if visit.key not in kept]
            if again:
                self._put_right(again)

    def _put_right(self, again: Sequence[Visit]) -> None:
        """These ids were taken: their first answer stands, and what was inserted for them goes."""
        keys = [visit.key for visit in again]
        db.session.connection().execute(sa.delete(Attendance).where(Attendance.scan_id.in_(keys)))
        stored = self._before([visit.reading.scan_id for visit in again])
        for visit in again:
            visit.before = stored[visit.reading.scan_id]

    def _answered(self, visit: Visit) -> Answer:
        """The answer of a visit: the first one again for a repetition, a conflict for another scan under its id."""
        if visit.before is None:
            return _answer(visit.reading, visit.outcome, visit.holder)
        if visit.before.fingerprint == self._fingerprint(visit.reading):
            return _answer(visit.reading, visit.before.outcome, visit.holder)
        connection = db.session.connection()
        visit.outcome, visit.holder = Outcome.CONFLICT, None
        connection.execute(_statements(connection.dialect.name).scan, [self._scan(visit)])
        return Answer(visit.reading.scan_id, Outcome.CONFLICT)

    def _presence(self, visit: Visit) -> dict[str, Any]:
        assert visit.holder is not None
        return {
            "uid": new_uid(),
            "registration_id": visit.holder.registration_id,
            "event_session_id": self.event_session.id,
            "event_id": self.event_session.event_id,
            "scan_id": visit.key,
        }

    def _scan(self, visit: Visit) -> dict[str, Any]:
        reading, code = visit.reading, codes.normalised(visit.reading.code)
        return {
            "id": visit.key,
            "scan_id": reading.scan_id,
            "fingerprint": self._fingerprint(reading),
            "event_session_id": self.event_session.id,
            # A code nobody has is kept as a digest only.
            "code": code if visit.holder is not None else codes.code_digest(code),
            "registration_id": visit.holder.registration_id if visit.holder else None,
            "happened_at": reading.happened_at,
            "received_at": clock.now(),
            "skew_seconds": reading.skew_seconds,
            "source": reading.source,
            "outcome": visit.outcome,
            "user_id": self.by.id if self.by else None,
        }

    def _now_present(self, holder: Holder | None) -> Holder | None:
        """The holder, present since somebody quicker let them in."""
        if holder is None:
            return None
        since = db.session.scalar(
            sa.select(Scan.happened_at)
            .join(Attendance, Attendance.scan_id == Scan.id)
            .where(
                Attendance.registration_id == holder.registration_id,
                Attendance.event_session_id == self.event_session.id,
                Attendance.annulled_at.is_(None),
            )
        )
        return replace(holder, present_since=since)

    def _fingerprint(self, reading: Reading) -> str:
        """Equal when the same reading comes again, whatever the way it took."""
        content = f"{self.event_session.id}|{codes.normalised(reading.code)}|{reading.source}"
        return hashlib.sha256(content.encode()).hexdigest()[:32]


def _refusal(holder: Holder) -> Outcome | None:
    if holder.revoked_at is not None:
        return Outcome.REVOKED
    if holder.registration_id is None or holder.status is None:
        return Outcome.WRONG_EVENT
    refused = {RegistrationStatus.CANCELLED: Outcome.CANCELLED, RegistrationStatus.WAITLISTED: Outcome.WAITLISTED}
    return refused.get(holder.status)


def _is_within(event_session: EventSession, moment: datetime) -> bool:
    return event_session.starts_at - OPENS_BEFORE <= moment <= event_session.ends_at + LATE_AFTER


def _answer(reading: Reading, outcome: Outcome, holder: Holder | None) -> Answer:
    if holder is None:
        return Answer(reading.scan_id, outcome)
    first_at = holder.present_since if outcome == Outcome.ALREADY_IN else None
    return Answer(reading.scan_id, outcome, first_at, holder.person)


def _name(uid: str, sealed: bytes | None) -> str | None:
    try:
        name = open_name(sealed, uid)
        return name.full if name else None
    except Unreadable:
        return None  # a door does not stand still for a damaged field


# The statements of the door, built once: making them costs more than asking them.


def _holders() -> sa.Select[*tuple[Any, ...]]:
    """Badge codes with their people, and with their place and presence at a session."""
    badge, person, organisation = Badge.__table__.c, Participant.__table__.c, Organisation.__table__.c
    place, presence = Registration.__table__.c, Attendance.__table__.c
    first = Scan.__table__.alias("first_scans")
    at_event = sa.and_(place.participant_id == person.id, place.event_id == sa.bindparam("event"))
    at_session = sa.and_(
        presence.registration_id == place.id,
        presence.event_session_id == sa.bindparam("session"),
        presence.annulled_at.is_(None),
    )
    joined = (
        Badge.__table__.join(Participant.__table__, person.id == badge.participant_id)
        .outerjoin(Organisation.__table__, organisation.id == person.organisation_id)
        .outerjoin(Registration.__table__, at_event)
        .outerjoin(Attendance.__table__, at_session)
        .outerjoin(first, first.c.id == presence.scan_id)
    )
    columns = (badge.code, badge.revoked_at, person.uid, person.code, person.name_sealed, organisation.name)
    wanted = badge.code.in_(sa.bindparam("codes", expanding=True))
    return sa.select(*columns, place.id, place.status, first.c.happened_at).select_from(joined).where(wanted)


_HOLDERS = _holders()
_BEFORE = sa.select(Scan.__table__.c.scan_id, Scan.__table__.c.fingerprint, Scan.__table__.c.outcome).where(
    Scan.__table__.c.scan_id.in_(sa.bindparam("scan_ids", expanding=True)), Scan.__table__.c.outcome != Outcome.CONFLICT
)


@dataclass(frozen=True)
class Statements:
    """Inserts that leave the decision to a unique index."""

    attend: Any
    scan: Any


@cache
def _statements(dialect: str) -> Statements:
    """Both databases speak ON CONFLICT, each in a module of its own."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    attendances: Any = Attendance.__table__
    scans: Any = Scan.__table__
    once: dict[str, Any] = {
        "index_elements": ["registration_id", "event_session_id"],
        "index_where": sa.text("annulled_at IS NULL"),
    }
    return Statements(
        attend=insert(attendances).on_conflict_do_nothing(**once).returning(attendances.c.scan_id),
        scan=insert(scans).on_conflict_do_nothing().returning(scans.c.id),
    )
