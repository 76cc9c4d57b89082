"""The questions of a draft: adding, changing, copying, removing, putting into order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from core.db import db
from quizzes import drafts, writing
from quizzes.models import Option, Question, Quiz
from quizzes.plans import QuestionPlan


def add(draft: Quiz, plans: Sequence[QuestionPlan]) -> list[Question]:
    """Put questions at the end of a draft. Refuses Published."""
    drafts.open_up(draft)
    last = db.session.scalar(sa.select(sa.func.max(Question.position)).where(Question.quiz_id == draft.id)) or 0
    questions = [writing.question_of(plan, place) for place, plan in enumerate(plans, last + 1)]
    for question in questions:
        question.quiz_id = draft.id
        db.session.add(question)
    db.session.flush()
    db.session.expire(draft, ["questions"])
    return questions


def revise(question: Question, plan: QuestionPlan) -> None:
    """Write a question of a draft anew; its place and its origin stay. Refuses Published."""
    drafts.open_up(question.quiz)
    db.session.execute(sa.delete(Option).where(Option.question_id == question.id))
    db.session.expire(question, ["options"])
    written = writing.question_of(plan, question.position)
    for name in ("kind", "text", "explanation", "standard", "form", "keeps_order"):
        setattr(question, name, getattr(written, name))
    options, written.options = list(written.options), []
    question.options = options
    db.session.flush()


def copy(question: Question) -> Question:
    """The same question once more, right behind it, as a question of its own. Refuses Published."""
    copied = add(question.quiz, [replace(writing.plan_of(question), origin=None)])[0]
    move(copied, question.position + 1)
    return copied


def remove(question: Question) -> None:
    """Take a question out of a draft. Refuses Published."""
    quiz = question.quiz
    drafts.open_up(quiz)
    db.session.execute(sa.delete(Option).where(Option.question_id == question.id))
    db.session.execute(sa.delete(Question).where(Question.id == question.id))
    db.session.expunge(question)
    _number(drafts.questions_of(quiz))
    db.session.expire(quiz, ["questions"])


def move(question: Question, place: int) -> None:
    """Put a question at a place, counted from one; the others make room. Refuses Published."""
    drafts.open_up(question.quiz)
    order = [one for one in drafts.questions_of(question.quiz) if one.id != question.id]
    order.insert(max(place - 1, 0), question)
    _number(order)
    db.session.expire(question.quiz, ["questions"])


def _number(order: Sequence[Question]) -> None:
    # By way of the negative numbers, as no two may stand at one place even for a moment.
    moved = [(question, place) for place, question in enumerate(order, 1) if question.position != place]
    for sign in (-1, 1):
        for question, place in moved:
            question.position = sign * place
        db.session.flush()
