"""The versions of a quiz: what stands on the shelf of a programme, what each version changed, where it was used."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from core.db import db
from quizzes import writing
from quizzes.models import EventQuiz, Question, Quiz
from quizzes.plans import QuestionPlan


@dataclass
class Title:
    """One quiz on the shelf: the version given to people, the draft, and at how many events it was used."""

    published: Quiz | None = None
    draft: Quiz | None = None
    events: int = 0

    @property
    def shown(self) -> Quiz:
        quiz = self.published or self.draft
        assert quiz is not None
        return quiz


@dataclass
class Version:
    """One version with what it changed since the one before and where it was used."""

    quiz: Quiz
    used: list[EventQuiz] = field(default_factory=list)
    added: int = 0
    changed: int = 0
    removed: int = 0


def shelf(programme_id: int) -> list[Title]:
    """The quizzes of a programme, each once, in the order they were begun."""
    query = sa.select(Quiz).where(Quiz.programme_id == programme_id).options(selectinload(Quiz.questions))
    titles: dict[str, Title] = defaultdict(Title)
    for quiz in db.session.scalars(query.order_by(Quiz.version, Quiz.id)):
        title = titles[quiz.key]
        if quiz.published_at is None:
            title.draft = quiz
        else:
            title.published = quiz
    counts = (
        sa.select(Quiz.key, sa.func.count()).join(EventQuiz, EventQuiz.quiz_id == Quiz.id).group_by(Quiz.key)
    ).where(Quiz.programme_id == programme_id)
    for key, events in db.session.execute(counts):
        titles[key].events = events
    return list(titles.values())


def history(quiz: Quiz) -> list[Version]:
    """All versions of a quiz, the newest first."""
    query = (
        sa.select(Quiz)
        .where(Quiz.programme_id == quiz.programme_id, Quiz.key == quiz.key)
        .options(selectinload(Quiz.questions).selectinload(Question.options))
    )
    versions = [Version(one) for one in db.session.scalars(query.order_by(Quiz.version))]
    used = sa.select(EventQuiz).where(EventQuiz.quiz_id.in_([version.quiz.id for version in versions]))
    for event_quiz in db.session.scalars(used.options(joinedload(EventQuiz.event)).order_by(EventQuiz.id)):
        next(version for version in versions if version.quiz.id == event_quiz.quiz_id).used.append(event_quiz)
    for before, after in pairwise(versions):
        _compare(before.quiz, after)
    return versions[::-1]


def _compare(before: Quiz, after: Version) -> None:
    old, new = _by_origin(before), _by_origin(after.quiz)
    after.added, after.removed = len(new.keys() - old.keys()), len(old.keys() - new.keys())
    after.changed = sum(old[origin] != new[origin] for origin in old.keys() & new.keys())


def _by_origin(quiz: Quiz) -> dict[str, QuestionPlan]:
    return {question.origin: writing.plan_of(question) for question in quiz.questions}
