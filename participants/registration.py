"""Places at events: registering, cancelling, and how many are taken."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core.db import db, insert_if_new, new_uid
from core.errors import Refused
from participants import identity
from participants.models import Origin, Participant, Registration, RegistrationStatus
from trainings.models import Event


class OtherProgramme(Refused):
    code = "other_programme"
    sentence = _l("This person belongs to another programme.")


def register(person: Participant, event: Event, origin: Origin, *, import_id: int | None = None) -> Registration:
    """Give a person a place; somebody who has one keeps it, a cancelled one is taken up again.

    The capacity is a plan, not a wall: who stands at the door gets a place. At an event without names, what names a
    person is dropped unless another event keeps it. Refuses OtherProgramme.
    """
    if person.programme_id != event.programme_id:
        raise OtherProgramme
    place = find(person, event)
    if place is None:
        values = {"uid": new_uid(), "participant_id": person.id, "event_id": event.id}
        # Two doors may let in the same person at the same moment.
        place = insert_if_new(Registration, **values, origin=origin, import_id=import_id) or find(person, event)
    assert place is not None
    if place.status != RegistrationStatus.REGISTERED:
        place.status = RegistrationStatus.REGISTERED
    db.session.flush()
    identity.drop_unless_kept(person, event)
    return place


def cancel(place: Registration) -> None:
    """Give a place back; what was scanned stays."""
    place.status = RegistrationStatus.CANCELLED
    db.session.flush()


def restore(place: Registration) -> None:
    """Take a cancelled place up again."""
    place.status = RegistrationStatus.REGISTERED
    db.session.flush()


def find(person: Participant, event: Event) -> Registration | None:
    return db.session.scalar(
        sa.select(Registration).where(Registration.participant_id == person.id, Registration.event_id == event.id)
    )


def has_place(person: Participant) -> bool:
    """Whether a person has a place, not given back, at any event of the programme."""
    place = sa.exists().where(
        Registration.participant_id == person.id, Registration.status != RegistrationStatus.CANCELLED
    )
    return bool(db.session.scalar(sa.select(place)))


def find_at(event: Event, uid: str) -> Registration | None:
    """The place with this uid, if it is at this event."""
    return db.session.scalar(sa.select(Registration).where(Registration.event_id == event.id, Registration.uid == uid))


def of_event(event: Event) -> list[Registration]:
    return list(db.session.scalars(sa.select(Registration).where(Registration.event_id == event.id)))


def of_person(person: Participant) -> list[Registration]:
    """A person's places, the newest event first."""
    query = sa.select(Registration).join(Event).where(Registration.participant_id == person.id)
    return list(db.session.scalars(query.order_by(Event.starts_on.desc())))


def places_taken(event: Event) -> int:
    """How many people have a place at an event."""
    return places_taken_at([event])[event.id]


def places_taken_at(events: list[Event]) -> dict[int, int]:
    """How many people have a place, by event id."""
    counted = sa.select(Registration.event_id, sa.func.count()).where(
        Registration.event_id.in_([event.id for event in events]),
        Registration.status.in_((RegistrationStatus.REGISTERED, RegistrationStatus.INVITED)),
    )
    taken = dict(db.session.execute(counted.group_by(Registration.event_id)).all())
    return {event.id: taken.get(event.id, 0) for event in events}
