"""The gain from before to after in short, for the event's page and the indicators; the whole report is `reporting`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.db import db
from quizzes import statistics
from quizzes.models import WHOLE, Attempt, EventQuiz, Phase
from trainings.models import Event


@dataclass(frozen=True)
class Pair:
    """One person's percentages before and after, exact; the day the event ended, and the quiz at it."""

    before: Fraction
    after: Fraction
    on: date
    event_quiz_id: int = 0

    @property
    def gain(self) -> Fraction:
        return self.after - self.before


@dataclass(frozen=True)
class Knowledge:
    """Knowledge before and after in percent of the questions. What is not sure enough to say is None.

    `gain` is the mean difference in points; `low` and `high` its 95 % t interval (from 5 pairs on); `d_z` the mean
    difference over its standard deviation; `hake` the class normalised gain (Hake 1998), none when all was known.
    """

    n: int
    before: float | None = None
    after: float | None = None
    gain: float | None = None
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    d_z: float | None = None
    hake: float | None = None


def pairs_at(event_quiz: EventQuiz) -> list[Pair]:
    """The matched pairs of one quiz at one event."""
    return pairs(sa.select(EventQuiz.id).where(EventQuiz.id == event_quiz.id))


def pairs(event_quiz_ids: sa.Select[int]) -> list[Pair]:
    """The matched pairs of quizzes at events: people who took it before and after, under one pseudonym."""
    before, after = aliased(Attempt), aliased(Attempt)
    rows = db.session.execute(
        sa.select(
            before.points,
            before.question_count,
            after.points,
            after.question_count,
            Event.ends_on,
            EventQuiz.id,
        )
        .select_from(before)
        .join(after, sa.and_(after.event_quiz_id == before.event_quiz_id, after.pseudonym == before.pseudonym))
        .join(EventQuiz, EventQuiz.id == before.event_quiz_id)
        .join(Event, Event.id == EventQuiz.event_id)
        .where(before.phase == Phase.PRE, after.phase == Phase.POST, before.event_quiz_id.in_(event_quiz_ids))
        .where(before.submitted_on.is_not(None), before.late_by_minutes.is_(None))
        .where(after.submitted_on.is_not(None), after.late_by_minutes.is_(None))
    )
    return [
        Pair(Fraction(100 * a, b * WHOLE), Fraction(100 * c, d * WHOLE), on, where)
        for a, b, c, d, on, where in rows
        if b and d
    ]


def phase_counts(event_quiz: EventQuiz) -> dict[Phase, int]:
    """How many took each phase."""
    query = sa.select(Attempt.phase, sa.func.count()).where(Attempt.event_quiz_id == event_quiz.id, Attempt.counts())
    counted = dict(db.session.execute(query.group_by(Attempt.phase)).all())
    return {phase: counted.get(phase, 0) for phase in Phase}


def knowledge(matched: Sequence[Pair]) -> Knowledge:
    """The figures of a set of matched pairs, guarded: nothing is computed that so few people cannot carry."""
    found = statistics.compare([(pair.before, pair.after) for pair in matched], in_depth=False)
    return Knowledge(
        found.n,
        before=found.before.mean,
        after=found.after.mean,
        gain=found.gain,
        sd=found.sd,
        low=found.interval.low if found.interval else None,
        high=found.interval.high if found.interval else None,
        d_z=found.d_z,
        hake=found.hake,
    )


def mastery(matched: Sequence[Pair], pass_mark: int) -> tuple[int, int, int]:
    """(pairs at or above the pass mark before, after, all pairs)."""
    return (
        sum(pair.before >= pass_mark for pair in matched),
        sum(pair.after >= pass_mark for pair in matched),
        len(matched),
    )
