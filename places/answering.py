"""Asking people whether they come, and what they answer on their own page."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager

from core import clock
from core.db import db, insert_of
from core.errors import Refused
from participants import registration
from participants.models import Participant, Registration, RegistrationStatus
from places import giving, waiting
from places.models import Reply, Said
from trainings.models import Event, EventStatus

# Built once: each participant's page asks it.
_OWN = (
    sa.select(Registration, Reply.said)
    .join(Event, Event.id == Registration.event_id)
    .outerjoin(Reply, Reply.registration_id == Registration.id)
    .options(contains_eager(Registration.event))
    .where(Registration.participant_id == sa.bindparam("person"), Event.status == EventStatus.PLANNED)
    .where(Event.ends_on >= sa.bindparam("today"))
    .where(sa.or_(Registration.status != RegistrationStatus.CANCELLED, Reply.said == Said.NOT_COMING))
    .order_by(Event.starts_on, Event.id)
)


class TooLateToAnswer(Refused):
    code = "too_late_to_answer"
    sentence = _l("This event is over or was cancelled; there is nothing to answer any more.")


class PlaceTakenAway(Refused):
    code = "place_taken_away"
    sentence = _l("Your place was cancelled by the organisers. Ask them if you want to come.")


@dataclass(frozen=True)
class OwnPlace:
    """A place as its person sees it: what they said, and which turn they have if they wait."""

    place: Registration
    said: Said | None
    turn: int | None


def ask(event: Event) -> int:
    """Ask everybody who has a place and has not said anything whether they come; how many are asked now.

    Their places are kept for them until they answer. Refuses TooLateToAnswer.
    """
    giving.hold(event)
    _refuse_unless_ahead(event)
    answered = sa.select(Reply.registration_id).where(Reply.event_id == event.id)
    asked = db.session.scalars(
        sa.select(Registration).where(
            Registration.event_id == event.id,
            Registration.status == RegistrationStatus.REGISTERED,
            Registration.id.not_in(answered),
        )
    ).all()
    for place in asked:
        place.status = RegistrationStatus.INVITED
    db.session.flush()
    return len(asked)


def accept(place: Registration) -> None:
    """Say that one comes. Who had said no gets a place if one is left, else a turn on the waiting list.

    Refuses TooLateToAnswer, and PlaceTakenAway where others cancelled the place.
    """
    giving.hold(place.event)
    _refuse_unless_ahead(place.event)
    db.session.refresh(place, ["status"])
    if place.status == RegistrationStatus.INVITED:
        place.status = RegistrationStatus.REGISTERED
    elif place.status == RegistrationStatus.CANCELLED:
        if said_of(place) != Said.NOT_COMING:
            raise PlaceTakenAway
        if giving.is_free_for(place.participant, place.event):
            registration.restore(place)
        else:
            waiting.put(place)
    _note(place, Said.COMING)


def decline(place: Registration) -> list[Registration]:
    """Say that one does not come: the place, or the turn on the list, is given back; who moved up.

    Refuses TooLateToAnswer and PlaceTakenAway.
    """
    giving.hold(place.event)
    _refuse_unless_ahead(place.event)
    db.session.refresh(place, ["status"])
    if place.status == RegistrationStatus.CANCELLED and said_of(place) != Said.NOT_COMING:
        raise PlaceTakenAway
    registration.cancel(place)
    _note(place, Said.NOT_COMING)
    return waiting.fill(place.event)


def said_of(place: Registration) -> Said | None:
    return db.session.scalar(sa.select(Reply.said).where(Reply.registration_id == place.id))


def said_at(event: Event) -> dict[int, Said]:
    """What people of an event said, by registration id."""
    query = sa.select(Reply.registration_id, Reply.said).where(Reply.event_id == event.id)
    return dict(db.session.execute(query).tuples().all())


def own_places(person: Participant) -> list[OwnPlace]:
    """A person's places at events ahead, those they gave back themselves too; the next event first."""
    return [
        OwnPlace(place, said, waiting.position(place) if place.status == RegistrationStatus.WAITLISTED else None)
        for place, said in db.session.execute(_OWN, {"person": person.id, "today": person.programme.today()}).tuples()
    ]


def _note(place: Registration, said: Said) -> None:
    values = {"said": said, "said_at": clock.now()}
    insert = insert_of(db.engine.dialect.name)(Reply).values(
        registration_id=place.id, event_id=place.event_id, **values
    )
    db.session.execute(insert.on_conflict_do_update(index_elements=[Reply.registration_id], set_=values))
    db.session.flush()


def _refuse_unless_ahead(event: Event) -> None:
    if not event.is_planned or event.ends_on < event.programme.today():
        raise TooLateToAnswer
