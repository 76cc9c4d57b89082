"""The waiting list of an event: who stands on it, in which order, and who moves up when a place is free."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import clock
from core.db import db, insert_of
from core.errors import Refused
from participants import registration
from participants.models import Origin, Participant, Registration, RegistrationStatus
from places import giving
from places.models import MoveUp, WaitingTurn
from trainings.models import Event


class NotWaiting(Refused):
    code = "not_waiting"
    sentence = _l("This person does not wait for a place any more.")


def of(event: Event) -> list[Registration]:
    """Who waits, in order. Who came onto the list without a turn (at a door) stands behind those with one."""
    query = (
        sa.select(Registration)
        .outerjoin(WaitingTurn, WaitingTurn.registration_id == Registration.id)
        .where(Registration.event_id == event.id, Registration.status == RegistrationStatus.WAITLISTED)
        .order_by(WaitingTurn.number.is_(None), WaitingTurn.number, Registration.id)
    )
    return list(db.session.scalars(query))


def position(place: Registration) -> int:
    """How many stand in front of this person, and they themselves. Refuses NotWaiting."""
    order = [waiting.id for waiting in of(place.event)]
    if place.id not in order:
        raise NotWaiting
    return order.index(place.id) + 1


def put(place: Registration) -> None:
    """Put somebody at the end of the list. The event is held: giving.hold()."""
    last = db.session.scalar(sa.select(sa.func.max(WaitingTurn.number)).where(WaitingTurn.event_id == place.event_id))
    db.session.execute(sa.delete(WaitingTurn).where(WaitingTurn.registration_id == place.id))
    db.session.execute(sa.delete(MoveUp).where(MoveUp.registration_id == place.id))
    db.session.add(WaitingTurn(registration_id=place.id, event_id=place.event_id, number=(last or 0) + 1))
    place.status = RegistrationStatus.WAITLISTED
    db.session.flush()


def register(person: Participant, event: Event, origin: Origin) -> Registration:
    """Put somebody onto the waiting list who has no place at the event yet; who has one keeps it."""
    giving.hold(event)
    had = registration.find(person, event)
    if had is not None and had.status != RegistrationStatus.CANCELLED:
        return had
    place = registration.register(person, event, origin)
    put(place)
    return place


def give(place: Registration) -> None:
    """Give somebody who waits a place by hand, also beyond the capacity and before their turn. Refuses NotWaiting."""
    giving.hold(place.event)
    db.session.refresh(place, ["status"])
    if place.status != RegistrationStatus.WAITLISTED:
        raise NotWaiting
    _move_up(place)
    db.session.flush()


def give_back(place: Registration) -> list[Registration]:
    """Cancel a place and let the next one move up, if this event's places fill by themselves; who moved up."""
    giving.hold(place.event)
    registration.cancel(place)
    return fill(place.event)


def fill(event: Event) -> list[Registration]:
    """Give free places to those who wait, in order, where the event does so by itself; who moved up.

    Whose organisation has used up its quota is passed over and keeps the turn.
    """
    giving.hold(event)
    if not giving.rules_of(event).fills_by_itself or not event.is_planned:
        return []
    moved = []
    for place in of(event):
        if giving.is_free_for(place.participant, event):
            _move_up(place)
            db.session.flush()
            moved.append(place)
    return moved


def moved_up(event: Event) -> set[int]:
    """The ids of the places that were got by waiting."""
    return set(db.session.scalars(sa.select(MoveUp.registration_id).where(MoveUp.event_id == event.id)))


def take_untold() -> list[Registration]:
    """The places that somebody moved up to and was not told, by event: whoever asks tells them, nobody else will.

    Who moves up again is to be told again.
    """
    told = sa.update(MoveUp).where(MoveUp.told_at.is_(None)).values(told_at=clock.now())
    returned = told.returning(MoveUp.registration_id)
    ids = db.session.scalars(returned, execution_options={"synchronize_session": False}).all()
    query = sa.select(Registration).where(Registration.id.in_(ids)).order_by(Registration.event_id, Registration.id)
    return list(db.session.scalars(query)) if ids else []


def _move_up(place: Registration) -> None:
    place.status = RegistrationStatus.REGISTERED
    db.session.execute(sa.delete(WaitingTurn).where(WaitingTurn.registration_id == place.id))
    values = {"event_id": place.event_id, "moved_at": clock.now(), "told_at": None}
    insert = insert_of(db.engine.dialect.name)(MoveUp).values(registration_id=place.id, **values)
    db.session.execute(insert.on_conflict_do_update(index_elements=[MoveUp.registration_id], set_=values))
