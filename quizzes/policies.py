"""Who may write, open, close and read quizzes."""

from __future__ import annotations

from accounts.models import User
from core.db import db
from quizzes.models import EventQuiz, Question, Quiz
from trainings.models import Event, Programme
from trainings.policies import manages, may_run_event, works_in


def may_see_quizzes(user: User, programme: Programme) -> bool:
    return works_in(user, programme.id)


def may_see_quiz(user: User, quiz: Quiz) -> bool:
    return works_in(user, quiz.programme_id)


def may_write_quizzes(user: User, programme: Programme) -> bool:
    """Write quizzes and take questions in: managers of the programme. Everybody else there reads them."""
    return manages(user, programme.id)


def may_write_quiz(user: User, quiz: Quiz) -> bool:
    return manages(user, quiz.programme_id)


def may_write_question(user: User, question: Question) -> bool:
    return may_write_quiz(user, question.quiz)


def may_run_quizzes(user: User, event: Event) -> bool:
    """Choose quizzes for an event and see its results: managers and the event's own trainers."""
    return may_run_event(user, event)


def may_run_quiz(user: User, event_quiz: EventQuiz) -> bool:
    return may_run_event(user, event_quiz.event)


def may_read_report(user: User, event_quiz: EventQuiz) -> bool:
    """What people learned, without saying who: staff of the programme."""
    return works_in(user, event_quiz.event.programme_id)


def programme_of(quiz: Quiz) -> Programme:
    return db.session.get_one(Programme, quiz.programme_id)
