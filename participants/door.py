"""The door of one session: what the register knows of a code, what comes of its reading, and keeping both."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

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
)
from participants.names import PersonName
from privacy import codes
from privacy.crypto import Unreadable, key_ring
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


class Door:
    """Answers readings of codes at one session, one after the other."""

    def __init__(self, event_session: EventSession, by: User | None) -> None:
        self.event_session = event_session
        self.by = by
        self._holders: dict[str, Holder] = {}
        self._before: dict[str, Before] = {}

    def look_up(self, readings: Sequence[Reading]) -> None:
        """Ask the register everything needed to answer these, in two questions whatever their number."""
        scans = db.session.execute(
            sa.select(Scan.scan_id, Scan.fingerprint, Scan.outcome).where(
                Scan.scan_id.in_([reading.scan_id for reading in readings]), Scan.outcome != Outcome.CONFLICT
            )
        )
        self._before = {scan_id: Before(fingerprint, outcome) for scan_id, fingerprint, outcome in scans}
        badges = db.session.execute(
            _holders_at(self.event_session).where(
                Badge.code.in_([codes.normalised(reading.code) for reading in readings])
            )
        )
        self._holders = {
            row[0]: Holder(row[6], row[7], row[1], row[8], Person(row[3], _name(row[2], row[4]), row[5]))
            for row in badges
        }

    def answer(self, reading: Reading) -> Answer:
        """Keep a reading and answer it."""
        before = self._before.get(reading.scan_id)
        if before is not None:
            return self._answer_again(reading, before)
        holder = self._holders.get(codes.normalised(reading.code))
        if holder is None:
            return self._keep(reading, Outcome.UNKNOWN, None)
        outcome = _refusal(holder) or self._judge_time(reading)
        if outcome in PRESENT:
            if holder.present_since is None:
                return self.let_in(reading, holder, outcome)
            outcome = Outcome.ALREADY_IN
        return self._keep(reading, outcome, holder)

    def let_in(self, reading: Reading, holder: Holder, outcome: Outcome = Outcome.IN) -> Answer:
        """Insert the attendance; the unique index decides who was first."""
        scan_key = new_uid()
        statement = _insert(Attendance).values(
            uid=new_uid(),
            registration_id=holder.registration_id,
            event_session_id=self.event_session.id,
            event_id=self.event_session.event_id,
            scan_id=scan_key,
        )
        once = {
            "index_elements": ["registration_id", "event_session_id"],
            "index_where": sa.text("annulled_at IS NULL"),
        }
        inserted = db.session.execute(statement.on_conflict_do_nothing(**once).returning(Attendance.id)).first()
        if inserted is None:
            return self._keep(reading, Outcome.ALREADY_IN, replace(holder, present_since=self._present_since(holder)))
        answer = self._keep(reading, outcome, holder, scan_key)
        if answer.outcome not in PRESENT:  # another scan took this id in between
            db.session.execute(sa.delete(Attendance).where(Attendance.id == inserted.id))
        self._holders[codes.normalised(reading.code)] = replace(holder, present_since=reading.happened_at)
        return answer

    def _judge_time(self, reading: Reading) -> Outcome:
        """In, unless the code was read outside the session's hours: then whose hours were it?"""
        if reading.source in BY_PEOPLE or _is_within(self.event_session, reading.happened_at):
            return Outcome.IN
        if any(_is_within(other, reading.happened_at) for other in self.event_session.event.sessions):
            return Outcome.WRONG_SESSION
        return Outcome.NOT_OPEN if reading.happened_at < self.event_session.starts_at else Outcome.LATE

    def _keep(self, reading: Reading, outcome: Outcome, holder: Holder | None, scan_key: str | None = None) -> Answer:
        """Keep the scan and answer; if its id is taken meanwhile, answer as for a repetition."""
        if self._store(reading, outcome, holder, scan_key):
            self._before[reading.scan_id] = Before(self._fingerprint(reading), outcome)
            return _answer(reading, outcome, holder)
        before = db.session.execute(
            sa.select(Scan.fingerprint, Scan.outcome).where(
                Scan.scan_id == reading.scan_id, Scan.outcome != Outcome.CONFLICT
            )
        ).one()
        return self._answer_again(reading, Before(*before))

    def _answer_again(self, reading: Reading, before: Before) -> Answer:
        """The same scan again gets its answer again; another one under the same id is kept as a conflict."""
        if before.fingerprint == self._fingerprint(reading):
            return _answer(reading, before.outcome, self._holders.get(codes.normalised(reading.code)))
        self._store(reading, Outcome.CONFLICT, None)
        return Answer(reading.scan_id, Outcome.CONFLICT)

    def _store(self, reading: Reading, outcome: Outcome, holder: Holder | None, scan_key: str | None = None) -> bool:
        """Insert one scan; False when its id is taken. A code nobody has is kept as a digest only."""
        code = codes.normalised(reading.code)
        statement = _insert(Scan).values(
            id=scan_key or new_uid(),
            scan_id=reading.scan_id,
            fingerprint=self._fingerprint(reading),
            event_session_id=self.event_session.id,
            code=code if holder is not None else codes.code_digest(code),
            registration_id=holder.registration_id if holder else None,
            happened_at=reading.happened_at,
            received_at=clock.now(),
            skew_seconds=reading.skew_seconds,
            source=reading.source,
            outcome=outcome,
            user_id=self.by.id if self.by else None,
        )
        return db.session.execute(statement.on_conflict_do_nothing().returning(Scan.id)).first() is not None

    def _present_since(self, holder: Holder) -> datetime | None:
        """When somebody quicker let this person in."""
        return db.session.scalar(
            sa.select(Scan.happened_at)
            .join(Attendance, Attendance.scan_id == Scan.id)
            .where(
                Attendance.registration_id == holder.registration_id,
                Attendance.event_session_id == self.event_session.id,
                Attendance.annulled_at.is_(None),
            )
        )

    def _fingerprint(self, reading: Reading) -> str:
        """Equal when the same reading comes again, whatever the way it took."""
        content = f"{self.event_session.id}|{codes.normalised(reading.code)}|{reading.source}"
        return hashlib.sha256(content.encode()).hexdigest()[:32]


def _holders_at(event_session: EventSession) -> sa.Select[*tuple[Any, ...]]:
    """Badge codes with their people, and with their place and presence at a session."""
    first = aliased(Scan)
    return (
        sa.select(
            Badge.code,
            Badge.revoked_at,
            Participant.uid,
            Participant.code,
            Participant.name_sealed,
            Organisation.name,
            Registration.id,
            Registration.status,
            first.happened_at,
        )
        .join(Participant, Participant.id == Badge.participant_id)
        .outerjoin(Organisation, Organisation.id == Participant.organisation_id)
        .outerjoin(
            Registration,
            sa.and_(Registration.participant_id == Participant.id, Registration.event_id == event_session.event_id),
        )
        .outerjoin(
            Attendance,
            sa.and_(
                Attendance.registration_id == Registration.id,
                Attendance.event_session_id == event_session.id,
                Attendance.annulled_at.is_(None),
            ),
        )
        .outerjoin(first, first.id == Attendance.scan_id)
    )


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
    if sealed is None:
        return None
    try:
        return PersonName.from_line(key_ring().unseal(sealed, f"participants.name_sealed:{uid}")).full
    except Unreadable:
        return None  # a door does not stand still for a damaged field


def _insert(model: Any) -> Any:
    """An INSERT that can leave the decision to a unique index; both databases speak it, each in its own module."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    return dialect.insert(model)
