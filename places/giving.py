"""How many places an event has left, and the one gate through which the last of them is given."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from core.db import db
from participants import registration
from participants.models import Participant, Registration, RegistrationStatus
from places.models import EventPlaces, Quota
from trainings.models import Event

TAKEN = (RegistrationStatus.REGISTERED, RegistrationStatus.INVITED)


@dataclass(frozen=True)
class Count:
    """The places of an event as they stand: who is asked and has not answered keeps a place."""

    capacity: int | None
    taken: int
    asked: int
    waiting: int

    @property
    def free(self) -> int | None:
        """None where the number of places is not limited."""
        return None if self.capacity is None else max(self.capacity - self.taken, 0)


def hold(event: Event) -> None:
    """Wait until nobody else gives or takes places of this event, and let nobody until the commit.

    Call it before anything else is written, so that no two wait for each other. On PostgreSQL the event's row is
    locked: every new place refers to it, so a door that lets somebody in at this moment is waited for too. On SQLite
    there is one writer at a time anyway.
    """
    db.session.refresh(event, ["capacity", "status", "ends_on"], with_for_update=True)


def rules_of(event: Event) -> EventPlaces:
    """How this event gives its places; a row not kept yet where nobody has decided anything."""
    return db.session.get(EventPlaces, event.id) or EventPlaces(event_id=event.id, fills_by_itself=False)


def count(event: Event) -> Count:
    query = (
        sa.select(Registration.status, sa.func.count())
        .where(Registration.event_id == event.id)
        .group_by(Registration.status)
    )
    by_status = dict(db.session.execute(query).tuples().all())
    asked = by_status.get(RegistrationStatus.INVITED, 0)
    taken = asked + by_status.get(RegistrationStatus.REGISTERED, 0)
    return Count(event.capacity, taken, asked, by_status.get(RegistrationStatus.WAITLISTED, 0))


def is_free_for(person: Participant, event: Event) -> bool:
    """Whether a place is left for this person by the event's capacity and their organisation's quota. hold() first."""
    if event.capacity is not None and registration.places_taken(event) >= event.capacity:
        return False
    return person.organisation_id not in full_organisations(event)


def taken_by_organisation(event: Event) -> dict[int, int]:
    """How many places people of each organisation have, by organisation id."""
    query = (
        sa.select(Participant.organisation_id, sa.func.count())
        .join(Registration, Registration.participant_id == Participant.id)
        .where(Registration.event_id == event.id, Registration.status.in_(TAKEN))
        .where(Participant.organisation_id.is_not(None))
        .group_by(Participant.organisation_id)
    )
    return {found: number for found, number in db.session.execute(query).tuples() if found is not None}


def full_organisations(event: Event) -> set[int]:
    """The ids of organisations whose quota is used up."""
    taken = taken_by_organisation(event)
    quotas = db.session.scalars(sa.select(Quota).where(Quota.event_id == event.id))
    return {quota.organisation_id for quota in quotas if taken.get(quota.organisation_id, 0) >= quota.places}
