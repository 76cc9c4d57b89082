"""What is missing at events: presences, closings, what people are, tests in pairs, languages, copies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from core.db import db
from door.models import Attendance
from indicators.gaps import Gap, called, check
from indicators.models import Period
from materials.models import CopiesEntry, CopiesKind, Material
from participants.models import Participant, Registration, RegistrationStatus, Sex
from quizzes.models import Attempt, EventQuiz, Phase, Question, Quiz
from trainings.models import Event, EventKind, EventStatus, Programme

TAUGHT = (EventKind.WORKSHOP, EventKind.CSO_TRAINING)


@check("not_closed", _l("Over, but not closed"), "events.show_event", "event")
def events_not_closed(programme: Programme, period: Period) -> Iterator[Gap]:
    """An event counts once it is closed."""
    for event in _past(programme, period, Event.status == EventStatus.PLANNED):
        yield _of(event)


@check("no_attendance", _l("Events at which nobody is noted as present"), "events.show_event", "event")
def events_without_attendance(programme: Programme, period: Period) -> Iterator[Gap]:
    """An event that is over and has no attendance at all."""
    present = sa.exists().where(Attendance.event_id == Event.id, Attendance.annulled_at.is_(None))
    for event in _past(programme, period, ~present):
        yield _of(event)


@check("no_sex", _l("People whose sex is not recorded"), "people.list_people", "event")
def people_without_sex(programme: Programme, period: Period) -> Iterator[Gap]:
    """Breakdowns by sex hold only what was recorded."""
    counted = (
        sa.select(Registration.event_id, sa.func.count())
        .join(Participant, Participant.id == Registration.participant_id)
        .where(Participant.programme_id == programme.id, Participant.sex == Sex.NOT_RECORDED)
        .where(Registration.status == RegistrationStatus.REGISTERED)
        .group_by(Registration.event_id)
    )
    numbers: dict[int, int] = dict(db.session.execute(counted).all())
    for event in _past(programme, period, Event.id.in_(numbers)):
        yield _of(event, numbers[event.id])


@check("tests_unmatched", _l("Tests taken only once"), "events.show_event", "event")
def tests_unmatched(programme: Programme, period: Period) -> Iterator[Gap]:
    """Knowledge is compared for people tested both before and after only."""
    once = (
        sa.select(EventQuiz.event_id)
        .join(Attempt, Attempt.event_quiz_id == EventQuiz.id)
        .where(Attempt.phase.in_((Phase.PRE, Phase.POST)), Attempt.counts())
        .group_by(EventQuiz.event_id, EventQuiz.id, Attempt.pseudonym)
        .having(sa.func.count() == 1)
        .subquery()
    )
    counted = sa.select(once.c.event_id, sa.func.count()).group_by(once.c.event_id)
    numbers: dict[int, int] = dict(db.session.execute(counted).all())
    for event in _past(programme, period, Event.id.in_(numbers)):
        yield _of(event, numbers[event.id])


@check("not_translated", _l("Quizzes that are not in every language"), "quizzes.show_quiz", "quiz")
def quizzes_without_translations(programme: Programme, _period: Period) -> Iterator[Gap]:
    """How many questions of a quiz in use are missing in a language of ours."""
    query = (
        sa.select(Quiz)
        .where(Quiz.programme_id == programme.id, Quiz.id.in_(sa.select(EventQuiz.quiz_id)))
        .options(selectinload(Quiz.questions).selectinload(Question.options))
    )
    for quiz in db.session.scalars(query):
        number = sum(_is_partial(question) for question in quiz.questions)
        if number:
            yield Gap(quiz.title, quiz.uid, number=number)


@check("no_copies", _l("Trainings without handed-out copies"), "materials.list_materials", "programme")
def copies_not_recorded(programme: Programme, period: Period) -> Iterator[Gap]:
    """A workshop or training that was held, of a programme with printed copies, without a line in the ledger."""
    printed = sa.select(CopiesEntry.id).join(Material, Material.id == CopiesEntry.material_id)
    printed = printed.where(Material.programme_id == programme.id, CopiesEntry.kind == CopiesKind.PRINTED)
    if db.session.scalar(printed.limit(1)) is None:
        return
    handed_out = sa.exists().where(CopiesEntry.event_id == Event.id, CopiesEntry.kind == CopiesKind.HANDED_OUT)
    held = Event.status == EventStatus.HELD
    for event in _past(programme, period, held, Event.kind.in_(TAUGHT), ~handed_out):
        yield Gap(event.title, programme.uid, called(event.trainers), since=event.ends_on)


def _is_partial(question: Question) -> bool:
    texts = [question.text, *(option.text for option in question.options if option.text)]
    return any(text.missing() for text in texts)


def _past(programme: Programme, period: Period, *conditions: Any) -> list[Event]:
    """Events of a period that are over and were not cancelled; older ones too, as nobody has mended them yet."""
    until = min(period.ends_on, programme.today())
    query = (
        sa.select(Event)
        .where(Event.programme_id == programme.id, Event.ends_on <= until, Event.ends_on < programme.today())
        .where(Event.status != EventStatus.CANCELLED, *conditions)
        .options(selectinload(Event.trainers))
    )
    return list(db.session.scalars(query.order_by(Event.ends_on)))


def _of(event: Event, number: int | None = None) -> Gap:
    return Gap(event.title, event.uid, called(event.trainers), since=event.ends_on, number=number)
