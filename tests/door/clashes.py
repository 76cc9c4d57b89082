"""Clashes at a door, each made as phones make them: by readings that waited in a queue."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core import clock
from core.db import db
from door import attendance, devices, walk_ins
from door.models import Attendance, Device, ReviewReason, ScanReview, Source
from door.readings import Reading
from participants import registration, roster
from participants.models import (
    Badge,
    Origin,
    Participant,
    Registration,
    RegistrationStatus,
    Sector,
)
from participants.names import PersonName
from privacy import codes
from tests import make
from trainings.models import EventSession


def queued(code: str, at: datetime | None = None, scan_id: str = "", source: Source = Source.CAMERA) -> Reading:
    """A reading that waited: nobody saw its answer."""
    return Reading(scan_id or str(uuid.uuid4()), code, at or clock.now(), source, is_live=False)


def scan(session: EventSession, code: str, by: Any = None, **more: Any) -> None:
    attendance.check_in(session, [queued(code, **more)], by=by)


def device(at: EventSession, name: str = "Door") -> Device:
    made, _token = devices.pair(devices.offer(at.event, make.user("trainer", at.event.programme)), name)
    return made


def foreign_code() -> str:
    """A code that is nobody's and looks like one of ours."""
    return codes.badge_code()


def blank_badge(of: EventSession, number: int = 1) -> str:
    """A badge of a roll, printed ahead and bound to nobody."""
    badge = Badge(code=codes.badge_code(), programme_id=of.event.programme_id, roll="R1", number=number)
    db.session.add(badge)
    db.session.flush()
    return badge.code


def unknown(session: EventSession) -> None:
    scan(session, foreign_code())


def wrong_event(session: EventSession) -> None:
    scan(session, make.badge_code(make.person(session.event.programme, "Кот Мария")))


def wrong_session(session: EventSession) -> None:
    place = make.registration(session.event, "Кот Мария")
    scan(session, make.badge_code(place), at=session.event.sessions[1].starts_at)


def cancelled(session: EventSession) -> None:
    place = make.registration(session.event, "Кот Мария")
    registration.cancel(place)
    scan(session, make.badge_code(place))


def waitlisted(session: EventSession) -> None:
    place = make.registration(session.event, "Кот Мария")
    place.status = RegistrationStatus.WAITLISTED
    db.session.flush()
    scan(session, make.badge_code(place))


def revoked(session: EventSession) -> None:
    place = make.registration(session.event, "Кот Мария")
    old = make.badge_code(place)
    roster.issue_badge(place.participant)
    scan(session, old)


def not_open(session: EventSession) -> None:
    place = make.registration(session.event, "Кот Мария")
    scan(session, make.badge_code(place), at=session.starts_at - timedelta(hours=5))


def late(session: EventSession) -> None:
    place = make.registration(session.event, "Кот Мария")
    scan(session, make.badge_code(place), at=session.ends_at + timedelta(hours=5))


def conflict(session: EventSession) -> None:
    first, second = (make.badge_code(make.registration(session.event)) for _ in range(2))
    same_id = str(uuid.uuid4())
    scan(session, first, scan_id=same_id)
    scan(session, second, scan_id=same_id)


def two_rooms(session: EventSession) -> None:
    elsewhere = make.event(session.event.programme, sessions=make.sessions(session.starts_at))
    place = make.registration(session.event, "Кот Мария")
    registration.register(place.participant, elsewhere, Origin.BY_HAND)
    scan(elsewhere.sessions[0], make.badge_code(place))
    scan(session, make.badge_code(place))


def device_ended(session: EventSession) -> None:
    place = make.registration(session.event, "Кот Мария")
    phone = device(session)
    devices.revoke(phone)
    scan(session, make.badge_code(place), by=phone)


def look_alike(session: EventSession) -> None:
    make.person(session.event.programme, "Кот Мария")
    walk_in(session, "Kot Maria")


def walk_in(session: EventSession, name: str, code: str = "", by: Any = None) -> Participant:
    """Somebody who is on no list is let in."""
    family, _, given = name.partition(" ")
    details = roster.PersonDetails(Sector.POLICE, PersonName(family, given))
    answer = walk_ins.let_in(session, details, queued(code), by=by)
    assert answer.person is not None or by is not None
    return db.session.scalars(sa.select(Participant).order_by(Participant.id.desc()).limit(1)).one()


CLASHES: dict[ReviewReason, Callable[[EventSession], None]] = {
    ReviewReason.UNKNOWN: unknown,
    ReviewReason.WRONG_EVENT: wrong_event,
    ReviewReason.WRONG_SESSION: wrong_session,
    ReviewReason.CANCELLED: cancelled,
    ReviewReason.WAITLISTED: waitlisted,
    ReviewReason.REVOKED: revoked,
    ReviewReason.NOT_OPEN: not_open,
    ReviewReason.LATE: late,
    ReviewReason.CONFLICT: conflict,
    ReviewReason.TWO_ROOMS: two_rooms,
    ReviewReason.DEVICE_ENDED: device_ended,
    ReviewReason.LOOK_ALIKE: look_alike,
}


def clash(reason: ReviewReason, session: EventSession) -> ScanReview:
    """One clash of a kind at a session; its review."""
    CLASHES[reason](session)
    return db.session.scalars(sa.select(ScanReview).where(ScanReview.reason == reason)).one()


def person(name: str) -> Participant:
    return next(one for one in db.session.scalars(sa.select(Participant)) if one.called == name)


def register_as_it_stands() -> dict[str, set[Any]]:
    """Everything a decision may change, as content."""
    db.session.flush()
    db.session.expire_all()
    places = sa.select(Registration.participant_id, Registration.event_id, Registration.status)
    in_force = (
        sa.select(Registration.participant_id, Attendance.event_session_id, Attendance.scan_id)
        .join(Registration, Registration.id == Attendance.registration_id)
        .where(Attendance.annulled_at.is_(None))
    )
    badges = sa.select(Badge.code, Badge.participant_id, Badge.is_attached, Badge.revoked_at)
    waiting = sa.select(ScanReview.scan_id, ScanReview.reason, ScanReview.decision)
    return {
        "places": {tuple(row) for row in db.session.execute(places)},
        "present": {tuple(row) for row in db.session.execute(in_force)},
        "badges": {tuple(row) for row in db.session.execute(badges)},
        "people": set(db.session.scalars(sa.select(Participant.id))),
        "reviews": {tuple(row) for row in db.session.execute(waiting)},
    }
