"""A whole sheet at once: who signed on paper or stands on a list, noted in one go and taken back in one go."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from accounts.models import User
from core import clock
from core.db import db
from door.attendance import UNDO_WITHIN, TooLateToUndo
from door.models import Attendance, Scan, Source
from door.readings import Reading
from door.scanning import Door
from participants.models import Registration, RegistrationStatus
from trainings.models import EventSession

_SHEETS = uuid.UUID("5b1a3f0e-3c57-4c0e-9d55-0f8f6f0c7a51")


@dataclass(frozen=True)
class Noted:
    """What became of the ticks: how many are here because of them, were here already, or have no place any more."""

    noted: int
    already: int
    cancelled: int


def note(event_session: EventSession, places: Sequence[Registration], source: Source, by: User) -> Noted:
    """Note that the people of these places were here, in one batch; doing it twice changes nothing.

    The places are of the session's event. Those who are present already stay as they are. A cancelled place is left
    out and counted apart: somebody has to give it back first.
    """
    wanted = sorted({place.id: place for place in places}.values(), key=lambda place: place.id)
    expected = [place for place in wanted if place.status != RegistrationStatus.CANCELLED]
    happened_at = _moment(event_session, source)
    turns = _turns(event_session)
    readings = [
        Reading(_scan_id(event_session, place, source, turns), place.participant.code, happened_at, source)
        for place in expected
    ]
    noted = Door(event_session, by).note(readings) if readings else 0
    return Noted(noted, len(expected) - noted, len(wanted) - len(expected))


def take_back(
    event_session: EventSession, presences: Sequence[Attendance], *, by: User, reason: str, manages: bool
) -> int:
    """Annul these presences of a session together; how many were in force until now. Their scans stay.

    All or none: refuses TooLateToUndo when `by` does not manage and one of them is older than UNDO_WITHIN.
    """
    if not manages and not all(may_be_undone(presence) for presence in presences if presence.annulled_at is None):
        raise TooLateToUndo
    taken_back = db.session.execute(
        sa.update(Attendance)
        .where(
            Attendance.id.in_([presence.id for presence in presences]),
            Attendance.event_session_id == event_session.id,
            Attendance.annulled_at.is_(None),
        )
        .values(annulled_at=clock.now(), annulled_by_id=by.id, annul_reason=reason)
        .returning(Attendance.id)
    )
    return len(taken_back.scalars().all())


def may_be_undone(presence: Attendance) -> bool:
    """Whether a trainer may still take this presence back."""
    return clock.now() - presence.scan.received_at <= UNDO_WITHIN


def first_scans(event_session: EventSession) -> dict[int, Scan]:
    """The scan behind each presence in force at a session, by registration id."""
    query = (
        sa.select(Attendance.registration_id, Scan)
        .join(Scan, Scan.id == Attendance.scan_id)
        .where(Attendance.event_session_id == event_session.id, Attendance.annulled_at.is_(None))
    )
    return dict(db.session.execute(query).tuples().all())


def last_annulled(event_session: EventSession) -> dict[int, Attendance]:
    """The latest presence that was taken back, by registration id."""
    query = (
        sa.select(Attendance)
        .where(Attendance.event_session_id == event_session.id, Attendance.annulled_at.is_not(None))
        .order_by(Attendance.annulled_at)
    )
    return {presence.registration_id: presence for presence in db.session.scalars(query)}


def _moment(event_session: EventSession, source: Source) -> datetime:
    """When it happened. A sheet entered the day after tells of the session, not of the day after."""
    return min(clock.now(), event_session.ends_at) if source == Source.PAPER else clock.now()


def _turns(event_session: EventSession) -> dict[int, int]:
    """How often each place was read at this session before."""
    query = (
        sa.select(Scan.registration_id, sa.func.count())
        .where(Scan.event_session_id == event_session.id)
        .group_by(Scan.registration_id)
    )
    return {place_id: count for place_id, count in db.session.execute(query).tuples() if place_id}


def _scan_id(event_session: EventSession, place: Registration, source: Source, turns: dict[int, int]) -> str:
    """The same id for two who enter the same line of the same sheet at once: so it is one scan, whoever was quicker."""
    line = f"{event_session.uid}|{place.uid}|{source}|{turns.get(place.id, 0)}"
    return str(uuid.uuid5(_SHEETS, line))
