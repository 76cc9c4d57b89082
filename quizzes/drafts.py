"""A quiz from its first draft to a published version: beginning, settings, publishing, correcting, throwing away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from core import clock
from core.db import db, insert_if_new, new_uid
from core.errors import Refused
from core.i18n import Texts
from quizzes import writing
from quizzes.models import Form, Option, Question, Quiz
from quizzes.plans import Fault, faults_of
from trainings.models import Programme


class Published(Refused):
    code = "quiz_published"
    sentence = _l("This version is published and never changes. Correct the quiz in a new version.")


class NoQuestions(Refused):
    code = "no_questions"
    sentence = _l("A quiz has one question at least. Write it first.")


class FaultyQuestions(Refused):
    code = "faulty_questions"
    sentence = _l("These questions cannot be answered as they are: %(numbers)s. Mend them first.")


@dataclass(frozen=True)
class QuizSettings:
    """What is said about a quiz as a whole."""

    title: Texts
    intro: Texts | None = None
    shuffles_questions: bool = False
    gives_part_marks: bool = False


def begin(programme: Programme, settings: QuizSettings) -> Quiz:
    """A new quiz: an empty draft."""
    # A random key, so that a quiz of a programme file that comes later keeps its own.
    quiz = Quiz(programme_id=programme.id, key=f"quiz-{new_uid()}", title=settings.title)
    db.session.add(quiz)
    settle(quiz, settings)
    return quiz


def settle(draft: Quiz, settings: QuizSettings) -> None:
    """Change what is said about the quiz as a whole. Refuses Published."""
    open_up(draft)
    draft.title, draft.intro = settings.title, settings.intro
    draft.shuffles_questions, draft.gives_part_marks = settings.shuffles_questions, settings.gives_part_marks
    db.session.flush()


def draft_of(quiz: Quiz) -> Quiz:
    """The draft in which a quiz is corrected: the one there is, or a new version with the same questions.

    The questions keep their origin, so that each can be followed through the versions.
    """
    found = find_draft(quiz)
    if found is not None:
        return found
    newest = writing.newest_published(quiz)
    draft = insert_if_new(
        Quiz,
        uid=new_uid(),
        programme_id=quiz.programme_id,
        key=quiz.key,
        version=newest.version + 1,
        title=newest.title,
        intro=newest.intro,
        shuffles_questions=newest.shuffles_questions,
        gives_part_marks=newest.gives_part_marks,
    )
    if draft is None:  # somebody else began at the same moment
        return db.session.scalars(_draft_of(quiz)).one()
    plans = [writing.plan_of(question) for question in questions_of(newest)]
    draft.questions = [writing.question_of(plan, place) for place, plan in enumerate(plans, 1)]
    db.session.flush()
    return draft


def find_draft(quiz: Quiz) -> Quiz | None:
    """The draft of this quiz, if there is one."""
    return db.session.scalar(_draft_of(quiz))


def of_programme(programme_id: int) -> list[Quiz]:
    """All drafts of a programme."""
    query = sa.select(Quiz).where(Quiz.programme_id == programme_id, Quiz.published_at.is_(None))
    return list(db.session.scalars(query.order_by(Quiz.id)))


def publish(draft: Quiz) -> None:
    """Make a draft the version that is given to people from now on; events that have begun keep theirs.

    Refuses Published, NoQuestions, and FaultyQuestions while a question cannot be answered.
    """
    open_up(draft)
    questions = questions_of(draft)
    if not questions:
        raise NoQuestions
    faults = faults_in(questions)
    faulty = [str(place) for place, found in enumerate(faults, 1) if any(fault.is_error for fault in found)]
    if faulty:
        raise FaultyQuestions(numbers=", ".join(faulty))
    draft.published_at = clock.now()
    db.session.flush()


def discard(draft: Quiz) -> None:
    """Throw a draft away; published versions stay. Refuses Published."""
    open_up(draft)
    own = sa.select(Question.id).where(Question.quiz_id == draft.id)
    db.session.execute(sa.delete(Option).where(Option.question_id.in_(own)))
    db.session.execute(sa.delete(Question).where(Question.quiz_id == draft.id))
    db.session.execute(sa.delete(Quiz).where(Quiz.id == draft.id))
    db.session.flush()


def faults_in(questions: Sequence[Question]) -> list[list[Fault]]:
    """What is wrong with each question, in their order."""
    return [faults_of(writing.plan_of(question)) for question in questions]


def questions_of(quiz: Quiz) -> Sequence[Question]:
    """The questions with their options, in few statements."""
    query = sa.select(Question).where(Question.quiz_id == quiz.id).options(selectinload(Question.options))
    return db.session.scalars(query.order_by(Question.position)).all()


def sizes_of_forms(questions: Sequence[Question]) -> tuple[int, int] | None:
    """How many questions people of form A and of form B get; None where there is one form."""
    if not any(question.form for question in questions):
        return None
    a, b = (sum(question.form in (None, form) for question in questions) for form in Form)
    return a, b


def refuse_published(draft: Quiz) -> None:
    """Show no editor for what cannot be edited. Refuses Published."""
    if draft.published_at is not None:
        raise Published


def open_up(draft: Quiz) -> None:
    """Make sure that a draft may be changed, and by one at a time. Refuses Published."""
    db.session.flush()
    query = sa.select(Quiz.published_at).where(Quiz.id == draft.id).with_for_update()
    if db.session.scalar(query) is not None:
        raise Published


def _draft_of(quiz: Quiz) -> sa.Select[Quiz]:
    return sa.select(Quiz).where(
        Quiz.programme_id == quiz.programme_id, Quiz.key == quiz.key, Quiz.published_at.is_(None)
    )
