"""How events, people, knowledge and copies are counted: one function per metric, pure queries, every number dated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from core.db import db
from door.models import Attendance
from feedback.models import Evaluation
from indicators import places_counted
from indicators.metrics import metric
from indicators.models import Accumulation
from indicators.places_counted import Outcome
from indicators.series import Answered, Fact, Gain, Mastery, Series, Share, Tally
from materials.models import CopiesEntry, CopiesKind, Material
from participants.models import Pairing, PairingPurpose, Participant, Registration, Sector
from quizzes import analysis
from quizzes.models import EventQuiz
from trainings.models import Event, EventKind, EventStatus, Programme

# Events and people.


@metric("events.held", Accumulation.SUM)
def events_held(programme: Programme, kinds: Sequence[str]) -> Series:
    """Events of these kinds that were held, dated by their last day."""
    return _events(_held(programme, kinds, Event.ends_on, sa.func.count()))


@metric("events.dialogue", Accumulation.SUM)
def dialogue_events(programme: Programme, kinds: Sequence[str]) -> Series:
    """Held events at which somebody of civil society and somebody of the police or an authority were present."""
    both = attended_by(Sector.CSO) & attended_by(Sector.POLICE, Sector.AUTHORITY)
    return _events(_held(programme, kinds, Event.ends_on, sa.func.count()).where(both))


@metric("events.mixed", Accumulation.SUM)
def mixed_events(programme: Programme, kinds: Sequence[str], sectors: Sequence[str]) -> Series:
    """Held events at which somebody of every one of these sectors was present."""
    every = sa.and_(sa.true(), *(attended_by(Sector(sector)) for sector in sectors))
    return _events(_held(programme, kinds, Event.ends_on, sa.func.count()).where(every))


def attended_by(*sectors: Sector) -> sa.ColumnElement[bool]:
    """Somebody of one of these sectors was present at an event."""
    return sa.exists(
        sa.select(1)
        .select_from(Attendance)
        .join(Registration, Registration.id == Attendance.registration_id)
        .join(Participant, Participant.id == Registration.participant_id)
        .where(Attendance.event_id == Event.id, Attendance.annulled_at.is_(None), Participant.sector.in_(sectors))
    )


@metric("people.completed", Accumulation.DISTINCT, counts_people=True)
def people_completed(
    programme: Programme, kinds: Sequence[str], sectors: Sequence[str] = (), threshold: int | None = None
) -> Series:
    """People, each once, who completed an event of these kinds, dated by their first completion.

    Completed: present at `threshold` percent of its sessions (the programme's rule by default; 0 means at any).
    """
    found = places_counted.of(programme, kinds, threshold)
    return Tally(found.facts(Outcome.FIRST, sectors), counts_people=True)


@metric("people.places", Accumulation.SUM, counts_people=True)
def places_completed(
    programme: Programme, kinds: Sequence[str], sectors: Sequence[str] = (), threshold: int | None = None
) -> Series:
    """Every completion: somebody who completed two events counts twice. Stands beside people.completed."""
    found = places_counted.of(programme, kinds, threshold)
    return Tally(found.facts(Outcome.COMPLETED, sectors), counts_people=True)


@metric("orgs.trained", Accumulation.DISTINCT)
def organisations_trained(
    programme: Programme, kinds: Sequence[str], sectors: Sequence[str] = (), threshold: int | None = None
) -> Series:
    """Organisations, each once, of which somebody completed an event, dated by the first."""
    done = completions(programme, kinds, sectors, threshold).subquery()
    first = sa.func.min(done.c.ends_on)
    query = sa.select(first).where(done.c.organisation_id.is_not(None)).group_by(done.c.organisation_id)
    return Tally([Fact(on) for on in db.session.scalars(query) if on])


# Knowledge and feedback.


@metric("test.gain", Accumulation.LATEST)
def knowledge_gain(programme: Programme, kinds: Sequence[str]) -> Series:
    """Mean gain in points from the quiz before to the quiz after, matched pairs of held events only."""
    return Gain(analysis.pairs(_event_quizzes(programme, kinds)))


@metric("test.mastery", Accumulation.RATIO)
def pass_mark_reached(programme: Programme, kinds: Sequence[str]) -> Series:
    """Matched people at or above the pass mark after the event; the baseline is their share before it."""
    return Mastery(analysis.pairs(_event_quizzes(programme, kinds)), programme.pass_mark)


@metric("test.both", Accumulation.RATIO)
def tested_twice(programme: Programme, kinds: Sequence[str]) -> Series:
    """Completing participants who took the quiz both times, of those who completed a held event with a quiz."""
    with_quiz = sa.exists().where(EventQuiz.event_id == Event.id)
    done = completions(programme, kinds, (), None, with_quiz).subquery()
    completed = sa.select(done.c.event_id, sa.func.count().label("number")).group_by(done.c.event_id).subquery()
    rows = db.session.execute(
        sa.select(Event.ends_on, EventQuiz.completed_with_both, sa.func.coalesce(completed.c.number, 0))
        .join(EventQuiz, EventQuiz.event_id == Event.id)
        .outerjoin(completed, completed.c.event_id == Event.id)
        .where(Event.programme_id == programme.id, Event.kind.in_(_kinds(kinds)), Event.status == EventStatus.HELD)
    )
    return Share([Fact(on, both or 0, completing) for on, both, completing in rows])


@metric("feedback.useful", Accumulation.RATIO)
def found_useful(programme: Programme, kinds: Sequence[str]) -> Series:
    """Answers of 4 or 5 of 5 to “how useful was it”, of all answers; beside it, of how many who were there."""
    is_good = sa.case((Evaluation.usefulness >= 4, 1), else_=0)
    voices = _voices(programme, kinds, PairingPurpose.EVALUATION, is_good)
    return Answered(voices, list(places_counted.of(programme, kinds).present()))


@metric("followup.applied", Accumulation.RATIO)
def applied_later(programme: Programme, kinds: Sequence[str]) -> Series:
    """Answers “applied at least one practice” months after the event, of all answers; beside it, of how many asked.

    Asked: whoever was there, once the questions of an event were opened.
    """
    has_applied = sa.case((Evaluation.has_applied.is_(True), 1), else_=0)
    voices = _voices(programme, kinds, PairingPurpose.FOLLOW_UP, has_applied)
    was_there = sa.exists().where(Attendance.registration_id == Registration.id, Attendance.annulled_at.is_(None))
    asked = (
        _held(programme, kinds, Event.ends_on, sa.func.count())
        .join(Registration, Registration.event_id == Event.id)
        .join(Pairing, sa.and_(Pairing.event_id == Event.id, Pairing.purpose == PairingPurpose.FOLLOW_UP))
        .where(was_there)
        .group_by(Event.ends_on)
    )
    return Answered(voices, list(db.session.execute(asked).tuples()))


# Materials.


@metric("copies.printed", Accumulation.SUM)
def copies_printed(programme: Programme, materials: Sequence[str]) -> Series:
    """Copies printed, by the ledger."""
    return Tally(_copies(programme, materials, CopiesKind.PRINTED))


@metric("copies.distributed", Accumulation.SUM)
def copies_distributed(programme: Programme, materials: Sequence[str]) -> Series:
    """Copies handed out, by the ledger."""
    return Tally(_copies(programme, materials, CopiesKind.HANDED_OUT))


@metric("materials.published", Accumulation.SUM)
def materials_published(programme: Programme, materials: Sequence[str]) -> Series:
    """Materials that are out, dated by their publication."""
    query = sa.select(Material.published_on).where(
        Material.programme_id == programme.id, Material.key.in_(materials), Material.published_on.is_not(None)
    )
    return Tally([Fact(on) for on in db.session.scalars(query) if on])


# Pieces of the questions above.


def _kinds(kinds: Sequence[str]) -> list[EventKind]:
    return [EventKind(kind) for kind in kinds]


def _held(programme: Programme, kinds: Sequence[str], *columns: Any) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*columns).where(
        Event.programme_id == programme.id, Event.kind.in_(_kinds(kinds)), Event.status == EventStatus.HELD
    )


def _events(held: sa.Select[*tuple[Any, ...]]) -> Series:
    """(last day, how many) of events."""
    return Tally([Fact(on, n) for on, n in db.session.execute(held.group_by(Event.ends_on))])


def completions(
    programme: Programme, kinds: Sequence[str], sectors: Sequence[str], threshold: int | None, *more: Any
) -> sa.Select[*tuple[Any, ...]]:
    """(participant, organisation, event, last day) of every completion of a held event."""
    place = places_counted.rows(programme, kinds, threshold, *more).subquery()
    query = sa.select(place.c.participant_id, place.c.organisation_id, place.c.event_id, place.c.ends_on).where(
        place.c.outcome == Outcome.COMPLETED.value
    )
    return query.where(place.c.sector.in_([Sector(sector) for sector in sectors])) if sectors else query


def _event_quizzes(programme: Programme, kinds: Sequence[str]) -> sa.Select[int]:
    return _held(programme, kinds, EventQuiz.id).select_from(Event).join(EventQuiz, EventQuiz.event_id == Event.id)


def _voices(programme: Programme, kinds: Sequence[str], purpose: PairingPurpose, is_good: Any) -> list[Fact]:
    query = _held(programme, kinds, Evaluation.given_on, sa.func.sum(is_good), sa.func.count())
    query = (
        query.select_from(Event).join(Evaluation, Evaluation.event_id == Event.id).where(Evaluation.purpose == purpose)
    )
    return [Fact(on, int(good), n) for on, good, n in db.session.execute(query.group_by(Evaluation.given_on))]


def _copies(programme: Programme, materials: Sequence[str], kind: CopiesKind) -> list[Fact]:
    rows = db.session.execute(
        sa.select(CopiesEntry.on_day, sa.func.sum(CopiesEntry.number))
        .join(Material, Material.id == CopiesEntry.material_id)
        .where(Material.programme_id == programme.id, Material.key.in_(materials), CopiesEntry.kind == kind)
        .group_by(CopiesEntry.on_day)
    )
    return [Fact(on, int(n)) for on, n in rows]
