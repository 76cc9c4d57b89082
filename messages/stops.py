"""Who gets no letters: the address was refused, a letter came back, or the person wants none."""

from __future__ import annotations

import sqlalchemy as sa

from core import clock
from core.db import db, insert_of
from messages import wording
from messages.models import LetterStop, StopReason
from participants.models import Participant, Registration
from trainings.models import Event


def note(person: Participant, reason: StopReason, code: int | None = None) -> None:
    """Write to this person no more. What they said themselves is not overwritten by what a server says."""
    if reason != StopReason.UNWANTED and reason_of(person) == StopReason.UNWANTED:
        return
    values = {"reason": reason, "code": code, "email_index": person.email_index, "since": clock.now()}
    insert = insert_of(db.engine.dialect.name)(LetterStop).values(participant_id=person.id, **values)
    db.session.execute(insert.on_conflict_do_update(index_elements=[LetterStop.participant_id], set_=values))


def lift(person: Participant) -> None:
    """Write to this person again."""
    db.session.execute(sa.delete(LetterStop).where(LetterStop.participant_id == person.id))


def reason_of(person: Participant) -> StopReason | None:
    return reasons_of([person]).get(person.id)


def reasons_of(people: list[Participant]) -> dict[int, StopReason]:
    """Why these people get none, by id. Who has another address than the one refused is written to again."""
    query = sa.select(LetterStop).where(LetterStop.participant_id.in_([person.id for person in people]))
    stops = {stop.participant_id: stop for stop in db.session.scalars(query)}
    return {
        person.id: stop.reason
        for person in people
        if (stop := stops.get(person.id))
        and (stop.reason == StopReason.UNWANTED or stop.email_index == person.email_index)
    }


def at(event: Event) -> list[LetterStop]:
    """The stops of people of an event whose address does not work."""
    query = (
        sa.select(LetterStop)
        .join(Registration, Registration.participant_id == LetterStop.participant_id)
        .join(Participant, Participant.id == LetterStop.participant_id)
        .where(Registration.event_id == event.id, LetterStop.reason != StopReason.UNWANTED)
        .where(LetterStop.email_index == Participant.email_index)
        .order_by(LetterStop.since.desc())
    )
    return list(db.session.scalars(query))


def asks(person: Participant) -> bool | None:
    """Whether a person gets letters, for their own page; None where there is nothing to decide."""
    if person.email_sealed is None or not wording.settings_of(person.programme).is_on:
        return None
    return reason_of(person) != StopReason.UNWANTED
