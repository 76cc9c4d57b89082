"""What a device keeps for a day without a network: codes as digests, and nothing that names a person or the event."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import sqlalchemy as sa

from core.db import db
from door.models import Attendance, Device
from participants.finding import Wanted
from participants.identity import keeps_names
from participants.models import (
    Badge,
    Participant,
    Registration,
    RegistrationStatus,
    open_name,
)
from privacy import sealing
from privacy.crypto import key_ring
from trainings.models import EventSession

DIGEST_LENGTH = 24  # hexadecimal digits of a code's digest
REVOKED, BLANK = "revoked", "blank"
FOUND_AT_ONCE = 8


def take(device: Device) -> dict[str, Any]:
    """What one device may keep. `codes`: digest of a badge code → [participant's code, how their place stands].

    The digest is salted for each device: what is on two phones cannot be laid side by side. Names are in it only where
    the programme allows that.
    """
    event = device.event
    salt = hmac.digest(key_ring().secret("device snapshot"), device.uid.encode(), "sha256")[:16].hex()
    snapshot: dict[str, Any] = {
        "salt": salt,
        "seal_with": sealing.public_key(),
        "ends_at": device.expires_at.isoformat(),
        "keeps_names": keeps_names(event),
        "expected": 0,
        "codes": {},
        "sessions": [
            {
                "uid": session.uid,
                "number": session.number,
                "starts_at": session.starts_at.isoformat(),
                "ends_at": session.ends_at.isoformat(),
            }
            for session in event.sessions
        ],
    }
    names: dict[str, str] = {}
    expected = set()
    for code, revoked_at, own_code, uid, sealed, status in _badges(event.id):
        snapshot["codes"][digest(salt, code)] = [own_code, REVOKED if revoked_at else status]
        if status in (RegistrationStatus.REGISTERED, RegistrationStatus.INVITED):
            expected.add(own_code)
        if event.programme.show_names_offline and keeps_names(event):
            name = open_name(sealed, uid)
            names |= {own_code: name.full} if name else {}
    for code in _blanks(event.programme_id):
        snapshot["codes"][digest(salt, code)] = ["", BLANK]
    return snapshot | {"expected": len(expected), **({"names": names} if names else {})}


def digest(salt: str, code: str) -> str:
    """What stands for a code on a phone. A code has 55 random bits: trying all of them takes longer than an event."""
    return hashlib.sha256(f"{salt}:{code}".encode()).hexdigest()[:DIGEST_LENGTH]


def present_at(event_session: EventSession) -> list[str]:
    """The codes of those who are present."""
    query = (
        sa.select(Participant.code)
        .join(Registration, Registration.participant_id == Participant.id)
        .join(Attendance, Attendance.registration_id == Registration.id)
        .where(Attendance.event_session_id == event_session.id, Attendance.annulled_at.is_(None))
    )
    return sorted(db.session.scalars(query))


def search(event_session: EventSession, text: str) -> list[dict[str, Any]]:
    """A few people of the event whose name, code or organisation holds a text of two letters or more.

    Never the whole list: a device finds somebody who stands before it.
    """
    if len(text.strip()) < 2:
        return []
    wanted, found = Wanted(text), []
    has_names = keeps_names(event_session.event)
    present = set(present_at(event_session))
    query = (
        sa.select(Registration)
        .join(Registration.participant)
        .where(Registration.event_id == event_session.event_id, Registration.status != RegistrationStatus.CANCELLED)
    )
    for place in db.session.scalars(query):
        person = place.participant
        organisation = person.organisation.name if person.organisation and has_names else None
        name = person.name if has_names else None
        if wanted.is_in(name, person.code, organisation):
            found.append(
                {
                    "code": person.code,
                    "name": name.full if name else None,
                    "organisation": organisation,
                    "is_present": person.code in present,
                }
            )
    return sorted(found, key=lambda one: (one["name"] or "", one["code"]))[:FOUND_AT_ONCE]


def _badges(event_id: int) -> Any:
    """Badge codes of everybody with a place, replaced ones too, with what stands for the person."""
    return db.session.execute(
        sa.select(
            Badge.code,
            Badge.revoked_at,
            Participant.code,
            Participant.uid,
            Participant.name_sealed,
            Registration.status,
        )
        .join(Participant, Participant.id == Badge.participant_id)
        .join(Registration, Registration.participant_id == Participant.id)
        .where(Registration.event_id == event_id, Badge.is_attached.is_(False))
    )


def _blanks(programme_id: int) -> Any:
    query = sa.select(Badge.code).where(Badge.programme_id == programme_id, Badge.participant_id.is_(None))
    return db.session.scalars(query.where(Badge.revoked_at.is_(None)))
