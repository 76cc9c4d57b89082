"""Writing quizzes: questions out of plans and back, and which version is given to people."""

from __future__ import annotations

import sqlalchemy as sa

from core.db import db
from core.i18n import Texts
from quizzes.models import Option, Question, Quiz
from quizzes.plans import OptionPlan, QuestionPlan


def question_of(plan: QuestionPlan, position: int) -> Question:
    """A question as it was planned, at a place in a quiz."""
    question = Question(
        position=position,
        kind=plan.kind,
        text=plan.text,
        explanation=plan.explanation,
        standard=plan.standard,
        form=plan.form,
        keeps_order=plan.keeps_order,
    )
    question.origin = plan.origin or question.uid
    question.options = [
        Option(
            position=place,
            text=_written(option.text),
            is_right=option.is_right,
            is_last=option.is_last,
            points=option.points,
            match=_written(option.match) if option.match else None,
            low=option.low,
            high=option.high,
            feedback=option.feedback,
        )
        for place, option in enumerate(plan.options, 1)
    ]
    return question


def _written(texts: Texts) -> Texts:
    """Only the languages in which something is written."""
    return Texts({language: text for language, text in texts.items() if text})


def plan_of(question: Question) -> QuestionPlan:
    """A question of a quiz as a plan: what it says, without its place."""
    return QuestionPlan(
        kind=question.kind,
        text=question.text,
        options=[
            OptionPlan(
                text=option.text,
                is_right=option.is_right,
                is_last=option.is_last,
                points=option.points,
                match=option.match,
                low=option.low,
                high=option.high,
                feedback=option.feedback,
            )
            for option in question.options
        ],
        explanation=question.explanation,
        standard=question.standard,
        form=question.form,
        keeps_order=question.keeps_order,
        origin=question.origin,
    )


def of_programme(programme_id: int) -> list[Quiz]:
    """The quizzes of a programme that can be used: of each the newest published version."""
    newest = (
        sa.select(Quiz.key, sa.func.max(Quiz.version).label("version"))
        .where(Quiz.programme_id == programme_id, Quiz.published_at.is_not(None))
        .group_by(Quiz.key)
        .subquery()
    )
    query = (
        sa.select(Quiz)
        .join(newest, sa.and_(newest.c.key == Quiz.key, newest.c.version == Quiz.version))
        .where(Quiz.programme_id == programme_id)
    )
    return list(db.session.scalars(query.order_by(Quiz.id)))


def newest_published(quiz: Quiz) -> Quiz:
    """The version of this quiz that is given to people now; there is one."""
    return db.session.scalars(_published_of(quiz)).one()


def find_newest(quiz: Quiz) -> Quiz | None:
    """The version that is given to people now; None for a quiz that was never published."""
    return db.session.scalar(_published_of(quiz))


def _published_of(quiz: Quiz) -> sa.Select[Quiz]:
    query = sa.select(Quiz).where(
        Quiz.programme_id == quiz.programme_id, Quiz.key == quiz.key, Quiz.published_at.is_not(None)
    )
    return query.order_by(Quiz.version.desc()).limit(1)
