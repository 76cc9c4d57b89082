"""What was answered, as a report needs it: read in a few statements, however many answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, selectinload

from core.db import db
from participants import registration
from quizzes.models import WHOLE, Answer, Attempt, EventQuiz, Form, Opening, Phase, Question, Quiz
from trainings.models import Event, EventStatus


class Sitting(NamedTuple):
    """One attempt that is in: its score in percent of the points, None where nothing was scored."""

    event_quiz_id: int
    phase: Phase
    pseudonym: bytes
    points: int
    question_count: int
    is_late: bool
    is_on_paper: bool

    @property
    def score(self) -> Fraction | None:
        return Fraction(100 * self.points, self.question_count * WHOLE) if self.question_count else None


class Cell(NamedTuple):
    """Equal answers to a question by people with equal scores: how many, and whether they were tested both times."""

    question_id: int
    phase: Phase
    form: Form | None
    chosen: tuple[int, ...]
    points: int
    all_points: int
    question_count: int
    is_matched: bool
    n: int

    @property
    def rest(self) -> Fraction:
        """The score in the other questions."""
        others = self.question_count - 1
        return Fraction(self.all_points - self.points, others) if others else Fraction(0)


class Turn(NamedTuple):
    """How many had a question right or wrong before, and right or wrong after."""

    question_id: int
    was_right: bool
    is_right: bool
    n: int


@dataclass(frozen=True)
class Evidence:
    """Everything that a report of these quizzes at events rests on."""

    used: list[EventQuiz]
    invited: dict[int, int]
    sittings: list[Sitting]
    questions: list[Question]
    cells: list[Cell]
    turns: list[Turn]


def opened(quiz: Quiz) -> list[EventQuiz]:
    """Where a quiz, whatever version of it, was opened: the events that were not cancelled, the first one first."""
    query = (
        sa.select(EventQuiz)
        .join(Quiz, Quiz.id == EventQuiz.quiz_id)
        .join(Event, Event.id == EventQuiz.event_id)
        .where(Quiz.programme_id == quiz.programme_id, Quiz.key == quiz.key, Event.status != EventStatus.CANCELLED)
        .where(sa.exists().where(Opening.event_quiz_id == EventQuiz.id))
        .options(selectinload(EventQuiz.event), selectinload(EventQuiz.openings))
    )
    return list(db.session.scalars(query.order_by(Event.starts_on, Event.id)))


def gather(used: Sequence[EventQuiz]) -> Evidence:
    """What was answered in these quizzes at events, of any versions of one quiz."""
    ids = [event_quiz.id for event_quiz in used]
    return Evidence(
        list(used),
        registration.places_taken_at([event_quiz.event for event_quiz in used]),
        _sittings(ids),
        _questions({event_quiz.quiz_id for event_quiz in used}),
        _cells(ids),
        _turns(ids),
    )


def _sittings(ids: list[int]) -> list[Sitting]:
    query = sa.select(
        Attempt.event_quiz_id,
        Attempt.phase,
        Attempt.pseudonym,
        Attempt.points,
        Attempt.question_count,
        Attempt.late_by_minutes.is_not(None),
        Attempt.is_on_paper,
    ).where(Attempt.event_quiz_id.in_(ids), Attempt.submitted_on.is_not(None))
    return [Sitting(*row) for row in db.session.execute(query)]


def _questions(quiz_ids: set[int]) -> list[Question]:
    """The questions of these versions; of the newest one first."""
    query = (
        sa.select(Question)
        .join(Quiz, Quiz.id == Question.quiz_id)
        .where(Question.quiz_id.in_(quiz_ids))
        .options(selectinload(Question.options))
    )
    return list(db.session.scalars(query.order_by(Quiz.version.desc(), Question.position)))


def _cells(ids: list[int]) -> list[Cell]:
    """Counted by the database: 250,000 answers come to some hundred cells."""
    other = aliased(Attempt)
    before, after = (sa.literal(phase, Attempt.phase.type) for phase in (Phase.PRE, Phase.POST))
    chosen = sa.cast(Answer.chosen, sa.Text)
    kinds = (
        Answer.question_id,
        Attempt.phase,
        Attempt.form,
        chosen,
        Answer.points,
        Attempt.points,
        Attempt.question_count,
        other.id.is_not(None),
    )
    query = (
        sa.select(*kinds, sa.func.count())
        .select_from(Attempt)
        .outerjoin(
            other,
            sa.and_(
                other.event_quiz_id == Attempt.event_quiz_id,
                other.pseudonym == Attempt.pseudonym,
                other.phase == sa.case((Attempt.phase == Phase.PRE, after), else_=before),
                other.counts(),
            ),
        )
        .join(Answer, Answer.attempt_id == Attempt.id)
        .where(Attempt.event_quiz_id.in_(ids), Attempt.phase.in_((Phase.PRE, Phase.POST)), Attempt.counts())
        .where(Answer.points.is_not(None))
        .group_by(*kinds)
    )
    return [
        Cell(question, phase, form, tuple(json.loads(picked)), points or 0, everything, count, bool(is_matched), n)
        for question, phase, form, picked, points, everything, count, is_matched, n in db.session.execute(query)
    ]


def _turns(ids: list[int]) -> list[Turn]:
    before, after, first, second = aliased(Attempt), aliased(Attempt), aliased(Answer), aliased(Answer)
    kinds = (first.question_id, first.points == WHOLE, second.points == WHOLE)
    query = (
        sa.select(*kinds, sa.func.count())
        .select_from(before)
        .join(after, sa.and_(after.event_quiz_id == before.event_quiz_id, after.pseudonym == before.pseudonym))
        .join(first, first.attempt_id == before.id)
        .join(second, sa.and_(second.attempt_id == after.id, second.question_id == first.question_id))
        .where(before.event_quiz_id.in_(ids), before.phase == Phase.PRE, before.counts())
        .where(after.phase == Phase.POST, after.counts(), first.points.is_not(None))
        .group_by(*kinds)
    )
    return [Turn(question, bool(was), bool(now), n) for question, was, now, n in db.session.execute(query)]
