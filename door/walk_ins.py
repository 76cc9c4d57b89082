"""Walk-ins: people who are on no list. They get a place, a blank badge if there is one, and are in."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core.db import db
from core.errors import Refused
from door import look_alikes, turns
from door.models import Device, Outcome, Scan
from door.readings import Answer, Holder, Person, Reading
from door.scanning import Door
from participants import blanks, finding, identity, registration, roster
from participants.models import (
    Badge,
    Origin,
    Registration,
    RegistrationStatus,
    Sector,
    Sex,
)
from participants.names import PersonName
from participants.roster import PersonDetails
from privacy import codes, crypto, sealing
from trainings.models import EventSession

LONGEST = 200  # characters of one field; the page allows fewer


class Unreadable(Refused):
    code = "unreadable"
    sentence = _l("What this phone wrote down about a person cannot be opened here.")


def let_in_sealed(event_session: EventSession, sealed: str, reading: Reading, *, by: User | Device | None) -> Answer:
    """Let in somebody whose details a phone sealed for us. Refuses Unreadable."""
    try:
        details = _details(json.loads(sealing.open_sealed(sealed, reading.scan_id)))
    except (crypto.Unreadable, ValueError):
        raise Unreadable from None
    return let_in(event_session, details, reading, by=by)


def let_in(
    event_session: EventSession, details: PersonDetails, reading: Reading, *, by: User | Device | None
) -> Answer:
    """Give somebody new a place and let them in; the code that was read is a blank badge's, or empty.

    The same reading again is the same walk-in. A blank badge that somebody else has by now does not hold the person up:
    they are in, and get a badge of their own later. From a device that is trusted no more the person waits for review.
    """
    event = event_session.event
    turns.wait_for_turn(event.id)  # of two tries of one phone at the same moment the second finds the first
    answered = Door(event_session, by).answered_before(reading)
    if answered is not None:
        return answered
    if not identity.keeps_names(event):
        details = details.without_identity()
    person = roster.add(event.programme, details)
    if codes.is_badge_code(codes.normalised(reading.code)):
        _bind_if_free(reading.code, person)
    place = registration.register(person, event, Origin.WALK_IN)
    door = Door(event_session, by)
    if not door.is_trusted:
        place.status = RegistrationStatus.WAITLISTED
        db.session.flush()
    badge = db.session.scalars(
        sa.select(Badge.code).where(Badge.participant_id == person.id, Badge.revoked_at.is_(None), ~Badge.is_attached)
    ).one()
    answer = door.let_in(reading, Holder(place.id, place.status, badge, person=_shown(place)))
    look_alikes.file_look_alikes(_key(reading), person, event_session)
    return answer


def admit(event_session: EventSession, reading: Reading, *, by: User | Device | None) -> Answer:
    """Let in somebody of the programme whose place here is missing, cancelled or waiting: who is at the door says so.

    A code that is nobody's, and a device that is trusted no more, get the answer of any other reading.
    """
    door = Door(event_session, by)
    answered = door.answered_before(reading)
    if answered is not None:
        return answered
    person = finding.find_by_code(event_session.event.programme, reading.code)
    if person is None or not door.is_trusted:
        return door.answer([reading])[0]
    place = registration.register(person, event_session.event, Origin.WALK_IN)
    return door.let_in(reading, Holder(place.id, place.status, person.code, person=_shown(place)))


def _shown(place: Registration) -> Person:
    """Who has this place, as the door may say it: a code alone where names are not kept."""
    person = place.participant
    if not identity.keeps_names(place.event):
        return Person(person.code, None, None)
    organisation = person.organisation.name if person.organisation else None
    return Person(person.code, person.name.full if person.name else None, organisation)


def _key(reading: Reading) -> str:
    """The key of the scan that was kept of a reading."""
    query = sa.select(Scan.id).where(Scan.scan_id == reading.scan_id, Scan.outcome != Outcome.CONFLICT)
    return db.session.scalars(query).one()


def _bind_if_free(code: str, person: Any) -> None:
    try:
        blanks.bind(code, person)
    except Refused:
        return  # the person keeps the badge that was issued; the code on the table is somebody else's


def _details(values: Any) -> PersonDetails:
    """What a phone may say about a person; anything else it says is left out."""
    if not isinstance(values, dict):
        raise ValueError("not a person")

    def text(key: str) -> str:
        return " ".join(str(values.get(key) or "").split())[:LONGEST]

    def word(words: Any, key: str, otherwise: Any) -> Any:
        return words(values[key]) if values.get(key) in list(words) else otherwise

    family, given = text("family"), text("given")
    return PersonDetails(
        sector=word(Sector, "sector", Sector.OTHER),
        name=PersonName(family or given, given if family else "", text("patronymic")),
        sex=word(Sex, "sex", Sex.NOT_RECORDED),
        organisation=text("organisation"),
    )
