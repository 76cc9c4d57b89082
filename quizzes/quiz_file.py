"""Quizzes as a programme file holds them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from core import clock
from core.db import db
from core.i18n import Texts
from core.sections import Section
from quizzes import writing
from quizzes.models import QuestionKind, Quiz
from quizzes.plans import OptionPlan, QuestionPlan, faults_of
from trainings.models import Programme


@dataclass
class QuizPlan:
    key: str
    title: Texts
    intro: Texts | None
    questions: list[QuestionPlan]


def read(root: Section) -> list[QuizPlan]:
    """The quizzes of a programme file; each may stand in a file of its own."""
    plans: list[QuizPlan] = []
    for table in root.tables("quizzes"):
        section = table.included("file")
        plan = QuizPlan(
            key=section.unique("key", [plan.key for plan in plans]),
            title=section.texts("title"),
            intro=section.texts("intro", default=None) or None,
            questions=[_question(question) for question in section.tables("questions")],
        )
        if not plan.questions:
            section.note("questions", "a quiz has one question at least")
        plans.append(plan)
    return plans


def load(programme: Programme, plans: list[QuizPlan]) -> dict[str, Quiz]:
    """The quizzes by key; those that exist are left as they are, in their newest published version."""
    known = sa.select(Quiz).where(Quiz.programme_id == programme.id, Quiz.published_at.is_not(None))
    known = known.order_by(Quiz.version)
    quizzes = {quiz.key: quiz for quiz in db.session.scalars(known)}
    for plan in plans:
        if plan.key in quizzes:
            continue
        quiz = Quiz(
            programme_id=programme.id, key=plan.key, title=plan.title, intro=plan.intro, published_at=clock.now()
        )
        for number, planned in enumerate(plan.questions, 1):
            quiz.questions.append(writing.question_of(planned, number))
        db.session.add(quiz)
        quizzes[plan.key] = quiz
    db.session.flush()
    return quizzes


def _question(section: Section) -> QuestionPlan:
    options = [
        OptionPlan(o.texts("text"), o.flag("right", default=False), o.flag("last", default=False))
        for o in section.tables("options")
    ]
    kind = section.choice("kind", QuestionKind, default="single")
    plan = QuestionPlan(
        kind=kind,
        text=section.texts("text"),
        options=options,
        explanation=section.texts("explanation", default=None) or None,
        standard=section.texts("standard", default=None) or None,
        keeps_order=section.flag("keep_order", default=False),
    )
    for fault in faults_of(plan, languages=()):
        if fault.is_error:
            section.note("options", str(fault.sentence))
    return plan
