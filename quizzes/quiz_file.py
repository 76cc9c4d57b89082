"""Quizzes as a programme file holds them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from core.db import db
from core.i18n import Texts
from core.sections import Section
from quizzes.models import Option, Question, QuestionKind, Quiz
from trainings.models import Programme


@dataclass
class QuestionPlan:
    kind: QuestionKind
    text: Texts
    options: list[tuple[Texts, bool]]
    explanation: Texts | None
    standard: Texts | None


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
    """The quizzes by key; those that exist are left as they are."""
    quizzes = {quiz.key: quiz for quiz in of_programme(programme)}
    for plan in plans:
        if plan.key in quizzes:
            continue
        quiz = Quiz(programme_id=programme.id, key=plan.key, title=plan.title, intro=plan.intro)
        for number, planned in enumerate(plan.questions, 1):
            question = Question(
                position=number,
                kind=planned.kind,
                text=planned.text,
                explanation=planned.explanation,
                standard=planned.standard,
            )
            question.options = [
                Option(position=position, text=text, is_right=is_right)
                for position, (text, is_right) in enumerate(planned.options, 1)
            ]
            quiz.questions.append(question)
        db.session.add(quiz)
        quizzes[plan.key] = quiz
    db.session.flush()
    return quizzes


def of_programme(programme: Programme) -> list[Quiz]:
    query = sa.select(Quiz).where(Quiz.programme_id == programme.id).order_by(Quiz.id)
    return list(db.session.scalars(query))


def _question(section: Section) -> QuestionPlan:
    options = [(o.texts("text"), o.flag("right", default=False)) for o in section.tables("options")]
    kind = section.choice("kind", QuestionKind, default="single")
    right = sum(is_right for _text, is_right in options)
    if len(options) < 2:
        section.note("options", "a question has two options at least")
    elif right == 0:
        section.note("options", "no option is right")
    elif right > 1 and kind != QuestionKind.MULTIPLE:
        section.note("options", f"{right} options are right; say kind = “multiple” or leave one")
    if len({str(sorted(text.items())) for text, _right in options}) < len(options):
        section.note("options", "two options are equal")
    return QuestionPlan(
        kind=kind,
        text=section.texts("text"),
        options=options,
        explanation=section.texts("explanation", default=None) or None,
        standard=section.texts("standard", default=None) or None,
    )
