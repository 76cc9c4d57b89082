"""Before the day somebody cannot come, and somebody of the same institution takes the place."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core.db import db
from core.errors import Refused
from participants import registration
from participants.models import Origin, Participant, Registration, RegistrationStatus
from participants.people_models import Substitution
from trainings.models import Event


class DayHasCome(Refused):
    code = "day_has_come"
    sentence = _l("The event has begun: add whoever came as a walk-in, and leave the other place as it is.")


class OtherInstitution(Refused):
    code = "other_institution"
    sentence = _l("Only somebody of the same institution can take this place.")


class PlaceGone(Refused):
    code = "place_gone"
    sentence = _l("This place was given back already.")


class HasPlace(Refused):
    code = "has_place"
    sentence = _l("This person has a place at the event already.")


def substitute(place: Registration, person: Participant, by: User) -> Registration:
    """Give the place to another person of the same institution; who went instead of whom is kept.

    Refuses DayHasCome, PlaceGone, OtherInstitution, HasPlace and registration.OtherProgramme.
    """
    event = place.event
    if event.starts_on <= event.programme.today():
        raise DayHasCome
    if place.status == RegistrationStatus.CANCELLED:
        raise PlaceGone
    if place.participant.organisation_id is None or person.organisation_id != place.participant.organisation_id:
        raise OtherInstitution
    own = registration.find(person, event)
    if own is not None and own.status != RegistrationStatus.CANCELLED:
        raise HasPlace
    registration.cancel(place)
    taken = registration.register(person, event, Origin.BY_HAND)
    db.session.add(Substitution(given_up_id=place.id, taken_id=taken.id, made_by_id=by.id))
    db.session.flush()
    return taken


def colleagues_of(place: Registration) -> list[Participant]:
    """Who could take the place: people of the same institution without a place at the event, by name."""
    here = sa.select(Registration.participant_id).where(
        Registration.event_id == place.event_id, Registration.status != RegistrationStatus.CANCELLED
    )
    if place.participant.organisation_id is None:
        return []
    query = sa.select(Participant).where(
        Participant.organisation_id == place.participant.organisation_id,
        Participant.merged_into_id.is_(None),
        Participant.erased_at.is_(None),
        Participant.id.not_in(here),
    )
    return sorted(db.session.scalars(query), key=lambda person: person.called.casefold())


def of_event(event: Event) -> list[Substitution]:
    """Who went instead of whom at an event, in order."""
    query = sa.select(Substitution).join(Registration, Registration.id == Substitution.taken_id)
    return list(db.session.scalars(query.where(Registration.event_id == event.id).order_by(Substitution.id)))
