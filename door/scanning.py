"""The door of one session: what the register knows of a code, what comes of its reading, and keeping both."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from accounts.models import User
from core import clock
from core.db import db, new_uid
from door import filing
from door.models import Attendance, Device, Outcome, Scan, Source
from door.queries import BEFORE, BY_BADGE, BY_CODE, inserts
from door.readings import (
    PRESENT,
    Answer,
    Before,
    Holder,
    Person,
    Reading,
    Visit,
)
from participants.models import RegistrationStatus, open_name
from privacy import codes
from privacy.crypto import Unreadable
from trainings.models import EventSession, PrivacyLevel

OPENS_BEFORE = timedelta(hours=2)
LATE_AFTER = timedelta(hours=1)
BY_PEOPLE = (Source.MANUAL, Source.PAPER, Source.IMPORT)


class Door:
    """Answers readings of codes at one session.

    First everything is decided by what the register knows; then the attendances and the scans are inserted, and the
    unique indexes say who was quicker or was here before. So a batch costs four statements, whatever its length. What a
    device hands in that is trusted no more is kept and filed, and decides nothing.
    """

    def __init__(self, event_session: EventSession, by: User | Device | None) -> None:
        self.event_session = event_session
        self.user_id = by.id if isinstance(by, User) else None
        self.device_id = by.id if isinstance(by, Device) else None
        self.is_trusted = not isinstance(by, Device) or by.is_trusted

    def answer(self, readings: Sequence[Reading]) -> list[Answer]:
        """Keep readings of badge codes; one answer each, in order."""
        holders = self._holders(readings)
        # One reading needs no look back: if its id is known, the insert says so.
        before = self._before([reading.scan_id for reading in readings]) if len(readings) > 1 else {}
        visits = self._decide(readings, holders, before)
        self._keep([visit for visit in visits if visit.before is None])
        return [self._answered(visit) for visit in visits]

    def let_in(self, reading: Reading, holder: Holder) -> Answer:
        """Let in somebody whose place is known."""
        visit = Visit(reading, holder, Outcome.IN if self.is_trusted else Outcome.UNDER_REVIEW)
        self._keep([visit])
        return self._answered(visit)

    def turn_away(self, reading: Reading, holder: Holder, outcome: Outcome) -> None:
        """Keep the reading of somebody who is known and is not let in."""
        self._keep([Visit(reading, holder, outcome)])

    def answered_before(self, reading: Reading) -> Answer | None:
        """The answer this reading's id got before, whatever it says now; None when it is new."""
        before = self._before([reading.scan_id]).get(reading.scan_id)
        return Answer(reading.scan_id, before.outcome) if before else None

    def note(self, readings: Sequence[Reading]) -> int:
        """Let in everybody on this event's list whose own code this is, whatever their place's status.

        How many are here because of that; those who were here already stay, and nothing is written for them.
        """
        holders = {holder.code: holder for holder in self._asked(BY_CODE, [reading.code for reading in readings])}
        visits = [
            Visit(reading, holder, Outcome.IN)
            for reading in readings
            if (holder := holders[reading.code]).registration_id is not None and holder.present_since is None
        ]
        self._keep(visits)
        return sum(visit.before is None and visit.outcome == Outcome.IN for visit in visits)

    def _holders(self, readings: Sequence[Reading]) -> dict[str, Holder]:
        """Who is behind the codes of these readings, by normalised code."""
        wanted = {codes.normalised(reading.code) for reading in readings}
        badges = {code: code for code in wanted if len(code) == codes.BADGE_LENGTH}
        # A code that was nobody's and was given to somebody later is known by its digest.
        badges |= {codes.code_digest(code): code for code in wanted}
        found = {badges[holder.code]: holder for holder in self._asked(BY_BADGE, list(badges))}
        spoken = [code for code in wanted if len(code) == codes.SHORT_LENGTH]
        if spoken:
            found |= {holder.code: holder for holder in self._asked(BY_CODE, spoken)}
        return found

    def _asked(self, query: Any, wanted: list[str]) -> list[Holder]:
        values = {
            "codes": wanted,
            "event": self.event_session.event_id,
            "session": self.event_session.id,
            "starts": self.event_session.starts_at,
            "ends": self.event_session.ends_at,
        }
        return [_holder(row) for row in db.session.connection().execute(query, values)]

    def _before(self, scan_ids: Sequence[str]) -> dict[str, Before]:
        rows = db.session.connection().execute(BEFORE, {"scan_ids": list(scan_ids)})
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
        if not self.is_trusted:
            return Outcome.UNDER_REVIEW
        if holder is None or not holder.is_somebody:
            return Outcome.UNKNOWN
        outcome = _refusal(holder) or self._judge_time(reading)
        return Outcome.ALREADY_IN if outcome in PRESENT and holder.present_since is not None else outcome

    def _judge_time(self, reading: Reading) -> Outcome:
        """In, unless the code was read outside the session's hours: then whose hours were it?"""
        if reading.source in BY_PEOPLE or is_within(self.event_session, reading.happened_at):
            return Outcome.IN
        if any(is_within(other, reading.happened_at) for other in self.event_session.event.sessions):
            return Outcome.WRONG_SESSION
        return Outcome.NOT_OPEN if reading.happened_at < self.event_session.starts_at else Outcome.LATE

    def _keep(self, visits: Sequence[Visit]) -> None:
        """Insert attendances and scans; where an index objects, put the visit right; file what clashed."""
        if not visits:
            return
        connection = db.session.connection()
        let_in = [visit for visit in visits if visit.outcome in PRESENT]
        # Always in the same order, so that two who let the same people in wait for each other and not both for ever.
        let_in.sort(key=lambda visit: (visit.holder and visit.holder.registration_id) or 0)
        if let_in:
            rows = connection.execute(inserts(connection.dialect.name).attend, [self._presence(v) for v in let_in])
            first = set(rows.scalars())
            for visit in let_in:
                if visit.key not in first:
                    visit.outcome, visit.holder = Outcome.ALREADY_IN, self._now_present(visit.holder)
        rows = connection.execute(inserts(connection.dialect.name).scan, [self._scan(v) for v in visits])
        kept = set(rows.scalars())
        again = [visit for visit in visits if visit.key not in kept]
        if again:
            self._put_right(again)
        filing.file([visit for visit in visits if visit.key in kept], self.event_session)

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
        return self._conflicting(visit)

    def _conflicting(self, visit: Visit) -> Answer:
        """Another scan under an id that is taken: kept beside the first, once, and filed."""
        connection = db.session.connection()
        visit.outcome, visit.holder = Outcome.CONFLICT, None
        kept = connection.execute(inserts(connection.dialect.name).scan, [self._scan(visit)]).scalars().all()
        filing.file([visit] if kept else [], self.event_session)
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
        reading, holder = visit.reading, visit.holder
        return {
            "id": visit.key,
            "scan_id": reading.scan_id,
            "fingerprint": self._fingerprint(reading),
            "event_session_id": self.event_session.id,
            # A code nobody has is kept as a digest only.
            "code": holder.code if holder else codes.code_digest(codes.normalised(reading.code)),
            "registration_id": holder.registration_id if holder else None,
            "happened_at": reading.happened_at,
            "received_at": clock.now(),
            "skew_seconds": reading.skew_seconds,
            "source": reading.source,
            "outcome": visit.outcome,
            "user_id": self.user_id,
            "device_id": self.device_id,
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


def _holder(row: Any) -> Holder:
    """A row of the door's question as whom it is about; a code and nothing else where names are not kept."""
    code, revoked_at, privacy, uid, own_code, sealed, organisation, place_id, status, present_since, elsewhere = row
    shown = (_name(uid, sealed), organisation) if privacy == PrivacyLevel.NAMED else (None, None)
    person = Person(own_code, *shown) if uid else None
    return Holder(place_id, status, code, revoked_at, present_since, bool(elsewhere), person)


def _refusal(holder: Holder) -> Outcome | None:
    if holder.revoked_at is not None:
        return Outcome.REVOKED
    if holder.registration_id is None or holder.status is None:
        return Outcome.WRONG_EVENT
    refused = {RegistrationStatus.CANCELLED: Outcome.CANCELLED, RegistrationStatus.WAITLISTED: Outcome.WAITLISTED}
    return refused.get(holder.status)


def is_within(event_session: EventSession, moment: datetime) -> bool:
    """Whether a code read at a moment counts for a session without a word."""
    return event_session.starts_at - OPENS_BEFORE <= moment <= event_session.ends_at + LATE_AFTER


def _answer(reading: Reading, outcome: Outcome, holder: Holder | None) -> Answer:
    if holder is None or outcome == Outcome.UNDER_REVIEW:
        return Answer(reading.scan_id, outcome)
    first_at = holder.present_since if outcome == Outcome.ALREADY_IN else None
    return Answer(reading.scan_id, outcome, first_at, holder.person)


def _name(uid: str, sealed: bytes | None) -> str | None:
    try:
        name = open_name(sealed, uid)
        return name.full if name else None
    except Unreadable:
        return None  # a door does not stand still for a damaged field
