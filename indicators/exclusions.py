"""How many were looked at and not counted, and why, by metric: counted by the database, no row of anybody is read.

What a trace shows to staff row by row stands here as numbers, for whoever reads the indicator. Left out are those that
the indicator does not ask for: other sectors, and events that were not held. Reasons that an indicator knows are there
with 0 too: that none was left out is something else than that nobody has looked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.db import db
from indicators import places_counted, tracing
from indicators.measures import completions
from indicators.models import Indicator
from indicators.places_counted import Outcome
from indicators.tracing import Reason
from participants.models import Participant
from quizzes.models import Attempt, EventQuiz, Phase
from trainings.models import Event, EventKind, EventStatus, Programme

Counting = Callable[..., dict[str, int]]
EXCLUSIONS: dict[str, Counting] = {}
EVENTS = (Reason.NOT_CLOSED, Reason.CANCELLED, Reason.SIDE_MISSING)
VISITS = (Reason.NOT_APPROVED, Reason.NOT_COMPLETE, Reason.NOT_DUE, Reason.AGAIN)


def leaves_out(*keys: str) -> Callable[[Counting], Counting]:
    """Register how it is counted what these metrics leave out; the function gets the key as `metric`."""

    def register(counting: Counting) -> Counting:
        EXCLUSIONS.update(dict.fromkeys(keys, counting))
        return counting

    return register


def of(programme: Programme, indicator: Indicator, until: date) -> dict[str, int]:
    """By reason, how many of what an indicator looks at were not counted until a day; nothing where it leaves nobody
    out."""
    counting = EXCLUSIONS.get(indicator.metric or "")
    return counting(programme, until, indicator.metric, **indicator.parameters) if counting else {}


@leaves_out("people.completed", "people.places")
def people(
    programme: Programme,
    until: date,
    metric: str,
    kinds: Sequence[str],
    sectors: Sequence[str] = (),
    threshold: int | None = None,
) -> dict[str, int]:
    """Places of people who did not come, or to too little; further completions of people who count once."""
    found = places_counted.of(programme, kinds, threshold)
    number = {outcome: found.number(outcome, until, sectors) for outcome in Outcome}
    left_out = {Reason.ABSENT.value: number[Outcome.ABSENT]}
    if threshold != 0:  # where being there at all is enough nobody comes too little
        left_out[Reason.BELOW_SHARE.value] = number[Outcome.BELOW_SHARE]
    if metric == "people.completed":
        left_out[Reason.AGAIN.value] = number[Outcome.COMPLETED] - number[Outcome.FIRST]
        left_out[Reason.MERGED.value] = _merged(programme, until, kinds, sectors, threshold)
    return left_out


@leaves_out("orgs.trained")
def organisations(
    programme: Programme,
    until: date,
    _metric: str,
    kinds: Sequence[str],
    sectors: Sequence[str] = (),
    threshold: int | None = None,
) -> dict[str, int]:
    """The same of organisations: the places of those who completed, but whose organisation counts already or is not
    known."""
    left_out = people(programme, until, "people.places", kinds, sectors, threshold)
    done = completions(programme, kinds, sectors, threshold).subquery()
    completed, known, distinct = db.session.execute(
        sa.select(
            sa.func.count(),
            sa.func.count(done.c.organisation_id),
            sa.func.count(sa.distinct(done.c.organisation_id)),
        ).where(done.c.ends_on <= until)
    ).one()
    again = {Reason.AGAIN.value: known - distinct, Reason.NO_ORGANISATION.value: completed - known}
    return left_out | again


@leaves_out("test.both")
def tested(programme: Programme, until: date, _metric: str, kinds: Sequence[str]) -> dict[str, int]:
    """Places at events with a quiz of people who did not complete the event."""
    with_quiz = sa.exists().where(EventQuiz.event_id == Event.id)
    place = places_counted.rows(programme, kinds, None, with_quiz, Event.ends_on <= until).subquery()
    query = sa.select(place.c.outcome, sa.func.count()).group_by(place.c.outcome)
    number = {Outcome(outcome): n for outcome, n in db.session.execute(query)}
    reasons = {Reason.ABSENT: Outcome.ABSENT, Reason.BELOW_SHARE: Outcome.BELOW_SHARE}
    return {reason.value: number.get(outcome, 0) for reason, outcome in reasons.items()}


@leaves_out("test.gain", "test.mastery")
def quizzes(programme: Programme, until: date, _metric: str, kinds: Sequence[str]) -> dict[str, int]:
    """People who took the quiz of a held event only once, or handed one in too late."""
    sitting = (
        sa.select(sa.func.count(sa.distinct(Attempt.phase)).label("phases"))
        .join(EventQuiz, EventQuiz.id == Attempt.event_quiz_id)
        .join(Event, Event.id == EventQuiz.event_id)
        .where(_held(programme, kinds, until), Attempt.counts(), Attempt.phase.in_((Phase.PRE, Phase.POST)))
        .group_by(Attempt.event_quiz_id, Attempt.pseudonym)
        .subquery()
    )
    once = sa.select(sa.func.count()).select_from(sitting).where(sitting.c.phases == 1)
    return {Reason.ONE_TEST.value: db.session.scalar(once) or 0}


@leaves_out("events.held", "events.dialogue", "events.mixed")
def events(programme: Programme, until: date, metric: str, **parameters: Any) -> dict[str, int]:
    """Events that are over: not closed yet, cancelled, or without one of the sides that it takes."""
    return _traced(programme, until, metric, parameters, EVENTS if metric != "events.held" else EVENTS[:2])


@leaves_out("units.observed", "orgs.observing", "visits.on_time")
def visits(programme: Programme, until: date, metric: str) -> dict[str, int]:
    """Visits without an approved protocol, without all it takes, or after the first."""
    known = {"units.observed": VISITS[::3], "orgs.observing": (*VISITS[:2], VISITS[3]), "visits.on_time": VISITS[2:3]}
    return _traced(programme, until, metric, {}, known[metric])


def _traced(
    programme: Programme, until: date, metric: str, parameters: dict[str, Any], reasons: Sequence[Reason]
) -> dict[str, int]:
    # Events and visits are few; what staff are shown row by row is what is counted here.
    left_out = tracing.TRACES[metric](programme, until, metric, **parameters).left_out
    return {reason.value: left_out.get(reason.value, 0) for reason in reasons}


def _merged(
    programme: Programme, until: date, kinds: Sequence[str], sectors: Sequence[str], threshold: int | None
) -> int:
    """How many second records of people who are counted here were made one with the first."""
    second = (
        sa.select(Participant.merged_into_id)
        .where(Participant.programme_id == programme.id, Participant.merged_into_id.is_not(None))
        .subquery()
    )
    if not db.session.scalar(sa.select(sa.exists().where(second.c.merged_into_id.is_not(None)))):
        return 0
    done = completions(programme, kinds, sectors, threshold).subquery()
    counted = sa.select(done.c.participant_id).where(done.c.ends_on <= until)
    query = sa.select(sa.func.count()).select_from(second).where(second.c.merged_into_id.in_(counted))
    return db.session.scalar(query) or 0


def _held(programme: Programme, kinds: Sequence[str], until: date) -> sa.ColumnElement[bool]:
    return sa.and_(
        Event.programme_id == programme.id,
        Event.kind.in_([EventKind(kind) for kind in kinds]),
        Event.status == EventStatus.HELD,
        Event.ends_on <= until,
    )
