"""Who was there: every reading of a code is kept as a scan, and the first good one becomes the attendance."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core import clock
from core.db import db, insert_if_new, new_uid
from core.errors import Refused
from door.models import Attendance, Device, Outcome, Scan, Source
from door.readings import Answer, Holder, Reading
from door.scanning import Door
from participants.models import Registration
from trainings.models import Event, EventSession

UNDO_WITHIN = timedelta(minutes=15)
MOST_AT_ONCE = 100


class TooManyScans(Refused):
    code = "too_many_scans"
    sentence = _l("At most 100 scans at once, please.")


class NotPresent(Refused):
    code = "not_present"
    sentence = _l("This attendance has been taken back already.")


class TooLateToUndo(Refused):
    code = "too_late_to_undo"
    sentence = _l("After 15 minutes a manager takes an attendance back, with a reason.")


class SessionTaken(Refused):
    code = "session_taken"
    sentence = _l("People have checked in to a session that this plan drops. Keep it, or cancel the event.")


def check_in(event_session: EventSession, readings: Sequence[Reading], *, by: User | Device | None) -> list[Answer]:
    """Keep readings of badge codes and let the good ones in; one answer per reading, in order.

    The same scan id with the same content gets the same answer and is one scan; with other content it is kept as a
    conflict. Nothing is refused but more than MOST_AT_ONCE: what was read is kept, whatever came of it.
    """
    if len(readings) > MOST_AT_ONCE:
        raise TooManyScans
    return Door(event_session, by).answer(readings) if readings else []


def mark(
    event_session: EventSession,
    registration: Registration,
    *,
    by: User | Device | None,
    source: Source = Source.MANUAL,
) -> Answer:
    """Note by hand that somebody with a place is here."""
    reading = Reading(str(uuid.uuid4()), registration.participant.code, clock.now(), source)
    return Door(event_session, by).let_in(reading, Holder(registration.id, registration.status, reading.code))


def annul(attendance: Attendance, *, by: User, reason: str, manages: bool) -> None:
    """Take an attendance back; the scan stays. Refuses NotPresent, and TooLateToUndo unless `by` manages."""
    if attendance.annulled_at is not None:
        raise NotPresent
    if not manages and clock.now() - attendance.scan.received_at > UNDO_WITHIN:
        raise TooLateToUndo
    attendance.annulled_at, attendance.annulled_by_id, attendance.annul_reason = clock.now(), by.id, reason
    db.session.flush()


def take_back(event_session: EventSession, scan_id: str, happened_at: datetime, *, by: User | Device | None) -> bool:
    """Undo, at the door, what a scan of the same device did; whether it is undone now. The scan stays.

    Only within UNDO_WITHIN of that scan by the phone's own clock, which both moments are of; saying it twice does no
    harm. A presence that another scan made is not touched, and who was read by another phone too stays present.
    """
    device_id = by.id if isinstance(by, Device) else None
    read = sa.select(Scan).where(
        Scan.scan_id == scan_id,
        Scan.outcome.in_((Outcome.IN, Outcome.LATE, Outcome.ALREADY_IN)),
        Scan.event_session_id == event_session.id,
        Scan.device_id == device_id,
    )
    scan = db.session.scalar(read)
    if scan is None or abs(happened_at - scan.happened_at) > UNDO_WITHIN:
        return False
    presence = db.session.scalar(sa.select(Attendance).where(Attendance.scan_id == scan.id).order_by(Attendance.id))
    if presence is None:
        # In by another reading: noted as taken back, so that nobody is ever present because of this one.
        place = {"registration_id": scan.registration_id, "event_session_id": scan.event_session_id}
        presence = Attendance(scan_id=scan.id, event_id=event_session.event_id, **place)
        db.session.add(presence)
    if presence.annulled_at is None:
        presence.annulled_at, presence.annulled_by_device_id = clock.now(), device_id
        presence.annulled_by_id = by.id if isinstance(by, User) else None
        presence.annul_reason = "undone at the door"
        db.session.flush()
        _stand_by_another(presence)
    return True


def _stand_by_another(presence: Attendance) -> None:
    """Whoever was read elsewhere as well, and was in already then, is present because of that reading.

    Whoever took this person back at this session, a phone or one of the staff, has no other reading that counts.
    """
    at_session = (
        Attendance.registration_id == presence.registration_id,
        Attendance.event_session_id == presence.event_session_id,
    )
    took_back = sa.or_(Attendance.annulled_by_device_id == Scan.device_id, Attendance.annulled_by_id == Scan.user_id)
    seen = sa.select(Scan.id).where(
        Scan.registration_id == presence.registration_id,
        Scan.event_session_id == presence.event_session_id,
        Scan.outcome == Outcome.ALREADY_IN,
        sa.not_(sa.exists().where(*at_session, took_back)),
    )
    scan_id = db.session.scalar(seen.order_by(Scan.happened_at).limit(1))
    if scan_id is not None:
        place = {"registration_id": presence.registration_id, "event_session_id": presence.event_session_id}
        insert_if_new(Attendance, uid=new_uid(), scan_id=scan_id, event_id=presence.event_id, **place)


def present_at(event_session: EventSession) -> dict[int, Attendance]:
    """Who is present at a session: attendance by registration id."""
    query = sa.select(Attendance).where(
        Attendance.event_session_id == event_session.id, Attendance.annulled_at.is_(None)
    )
    return {attendance.registration_id: attendance for attendance in db.session.scalars(query)}


def counts_of(event_sessions: Sequence[EventSession]) -> dict[int, int]:
    """How many are present, by session id."""
    wanted = [event_session.id for event_session in event_sessions]
    query = (
        sa.select(Attendance.event_session_id, sa.func.count())
        .where(Attendance.event_session_id.in_(wanted), Attendance.annulled_at.is_(None))
        .group_by(Attendance.event_session_id)
    )
    counted = dict(db.session.execute(query).all())
    return {number: counted.get(number, 0) for number in wanted}


def sources_of(event_session: EventSession) -> dict[Source, int]:
    """How those present at a session were let in: how many by each way, the ways that let nobody in left out."""
    query = (
        sa.select(Scan.source, sa.func.count())
        .join(Attendance, Attendance.scan_id == Scan.id)
        .where(Attendance.event_session_id == event_session.id, Attendance.annulled_at.is_(None))
        .group_by(Scan.source)
    )
    return dict(db.session.execute(query).all())


def sessions_attended(event_id: int) -> dict[int, int]:
    """How many sessions of an event each registration attended."""
    query = (
        sa.select(Attendance.registration_id, sa.func.count())
        .where(Attendance.event_id == event_id, Attendance.annulled_at.is_(None))
        .group_by(Attendance.registration_id)
    )
    return dict(db.session.execute(query).all())


def refuse_dropping(event: Event, sessions_left: int) -> None:
    """Refuse SessionTaken when a plan of so many sessions would drop one at which a code was read already."""
    query = (
        sa.select(sa.func.max(EventSession.number))
        .join(Scan, Scan.event_session_id == EventSession.id)
        .where(EventSession.event_id == event.id)
    )
    if (db.session.scalar(query) or 0) > sessions_left:
        raise SessionTaken
