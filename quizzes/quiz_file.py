"""Quizzes as a programme file holds them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core import clock
from core.db import db
from core.i18n import Texts
from core.sections import Section
from quizzes import writing
from quizzes.models import EventQuiz, Form, Option, Question, QuestionKind, Quiz
from quizzes.plans import OptionPlan, QuestionPlan, faults_of
from trainings.models import Programme


@dataclass
class QuizPlan:
    key: str
    title: Texts
    intro: Texts | None
    shuffles_questions: bool
    gives_part_marks: bool
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
            shuffles_questions=section.flag("shuffle_questions", default=False),
            gives_part_marks=section.flag("part_marks", default=False),
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
            programme_id=programme.id,
            key=plan.key,
            title=plan.title,
            intro=plan.intro,
            published_at=clock.now(),
            shuffles_questions=plan.shuffles_questions,
            gives_part_marks=plan.gives_part_marks,
        )
        for number, planned in enumerate(plan.questions, 1):
            quiz.questions.append(writing.question_of(planned, number))
        db.session.add(quiz)
        quizzes[plan.key] = quiz
    db.session.flush()
    return quizzes


def tables(programme: Programme) -> list[dict[str, Any]]:
    """What people are given now, written as read() reads it; drafts are left out."""
    return [_quiz_table(quiz) for quiz in _published(programme)]


def used_at_events(programme: Programme) -> dict[int, list[str]]:
    """The keys of the quizzes used at every event, by its id."""
    query = sa.select(EventQuiz.event_id, Quiz.key).join(Quiz, Quiz.id == EventQuiz.quiz_id)
    used: dict[int, list[str]] = defaultdict(list)
    of_it = query.where(Quiz.programme_id == programme.id).order_by(EventQuiz.id)
    for event_id, key in db.session.execute(of_it).tuples():
        used[event_id].append(key)
    return dict(used)


def _published(programme: Programme) -> list[Quiz]:
    """The newest published version of every quiz, in the order in which the quizzes came."""
    query = sa.select(Quiz).where(Quiz.programme_id == programme.id, Quiz.published_at.is_not(None))
    newest = {quiz.key: quiz for quiz in db.session.scalars(query.order_by(Quiz.version, Quiz.id))}
    first = sa.select(Quiz.key, sa.func.min(Quiz.id)).where(Quiz.programme_id == programme.id).group_by(Quiz.key)
    came = dict(db.session.execute(first).tuples().all())
    return sorted(newest.values(), key=lambda quiz: came[quiz.key])


def _quiz_table(quiz: Quiz) -> dict[str, Any]:
    return {
        "key": quiz.key,
        "title": dict(quiz.title),
        "intro": dict(quiz.intro) if quiz.intro else None,
        "shuffle_questions": quiz.shuffles_questions or None,
        "part_marks": quiz.gives_part_marks or None,
        "questions": [_question_table(question) for question in quiz.questions],
    }


def _question_table(question: Question) -> dict[str, Any]:
    return {
        "kind": question.kind.value,
        "form": question.form.value if question.form else None,
        "text": dict(question.text),
        "explanation": dict(question.explanation) if question.explanation else None,
        "standard": dict(question.standard) if question.standard else None,
        "keep_order": question.keeps_order or None,
        "options": [_option_table(option) for option in question.options],
    }


def _option_table(option: Option) -> dict[str, Any]:
    return {
        "text": dict(option.text) or None,
        "right": option.is_right or None,
        "last": option.is_last or None,
        "points": option.points,
        "match": dict(option.match) if option.match else None,
        "low": option.low,
        "high": option.high,
        "feedback": dict(option.feedback) if option.feedback else None,
    }


def _option(section: Section) -> OptionPlan:
    return OptionPlan(
        section.texts("text", default=None),
        section.flag("right", default=False),
        section.flag("last", default=False),
        points=section.integer("points", -1_000_000, 1_000_000, default=None),
        match=section.texts("match", default=None) or None,
        low=section.text("low", default=None, longest=40) or None,
        high=section.text("high", default=None, longest=40) or None,
        feedback=section.texts("feedback", default=None) or None,
    )


def _question(section: Section) -> QuestionPlan:
    options = [_option(option) for option in section.tables("options")]
    kind = section.choice("kind", QuestionKind, default="single")
    plan = QuestionPlan(
        kind=kind,
        text=section.texts("text"),
        options=options,
        explanation=section.texts("explanation", default=None) or None,
        standard=section.texts("standard", default=None) or None,
        form=section.choice("form", Form) if section.has("form") else None,
        keeps_order=section.flag("keep_order", default=False),
    )
    for fault in faults_of(plan, languages=()):
        if fault.is_error:
            section.note("options", str(fault.sentence))
    return plan
