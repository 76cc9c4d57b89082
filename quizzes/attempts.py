"""Opening and closing a quiz at an event, and taking it: once per person and phase, however often it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from core import clock
from core.db import db
from core.errors import Refused
from door import attendance
from participants.models import Registration
from quizzes import marking, pairing
from quizzes.models import (
    Answer,
    Attempt,
    EventQuiz,
    Opening,
    PairingPurpose,
    Phase,
    Question,
    Quiz,
)
from trainings.models import Event


class NotOpen(Refused):
    code = "quiz_not_open"
    sentence = _l("This quiz is not open now. Your trainer opens and closes it.")


class PreFirst(Refused):
    code = "pre_first"
    sentence = _l("The quiz after the event is opened when the one before it is closed.")


class ForeignQuestion(Refused):
    code = "foreign_question"
    sentence = _l("One of these answers is to a question of another quiz. Load the page again; nothing was saved.")


class Unanswered(Refused):
    code = "unanswered"
    sentence = _l("Some questions are not answered yet.")

    def __init__(self, questions: list[Question]) -> None:
        super().__init__()
        self.questions = questions


@dataclass(frozen=True)
class OwnResult:
    """What a person learns of the own attempts once the quiz after the event is closed."""

    before: Attempt | None
    after: Attempt | None

    @property
    def gain(self) -> float | None:
        return self.after.percent - self.before.percent if self.before and self.after else None


def use(event: Event, quiz: Quiz) -> EventQuiz:
    """Use a quiz at an event; the same twice is once."""
    used = db.session.scalar(sa.select(EventQuiz).where(EventQuiz.event_id == event.id, EventQuiz.quiz_id == quiz.id))
    if used is None:
        used = EventQuiz(event=event, event_id=event.id, quiz=quiz, quiz_id=quiz.id)
        db.session.add(used)
        db.session.flush()
    return used


def of_event(event: Event) -> list[EventQuiz]:
    """The quizzes used at an event."""
    query = sa.select(EventQuiz).where(EventQuiz.event_id == event.id).order_by(EventQuiz.id)
    return list(db.session.scalars(query))


def open_phase(event_quiz: EventQuiz, phase: Phase) -> None:
    """Let people take a phase now, the first time or again. Refuses PreFirst, and KeyDestroyed after the event."""
    pairing.start(event_quiz.event, PairingPurpose.KNOWLEDGE)
    if phase == Phase.POST and event_quiz.is_open(Phase.PRE):
        raise PreFirst
    opening = event_quiz.opening(phase)
    if opening is None:
        event_quiz.openings.append(Opening(phase=phase, opened_at=clock.now()))
    else:
        opening.closed_at = None
    db.session.flush()


def close_phase(event_quiz: EventQuiz, phase: Phase) -> None:
    """Take no more attempts of a phase. Refuses NotOpen."""
    opening = event_quiz.opening(phase)
    if opening is None or opening.closed_at is not None:
        raise NotOpen
    opening.closed_at = clock.now()
    db.session.flush()


def open_to(place: Registration) -> list[tuple[EventQuiz, Phase]]:
    """The quizzes the person of a place can take now and has not taken."""
    return [
        (event_quiz, phase)
        for event_quiz in of_event(place.event)
        for phase in Phase
        if event_quiz.is_open(phase) and own(event_quiz, phase, place) is None
    ]


def own(event_quiz: EventQuiz, phase: Phase, place: Registration) -> Attempt | None:
    """The attempt of the person with this place; None when there is none or the key is destroyed."""
    key = pairing.find(event_quiz.event_id, PairingPurpose.KNOWLEDGE)
    if key is None or key.destroyed_at is not None:
        return None
    query = sa.select(Attempt).where(
        Attempt.event_quiz_id == event_quiz.id,
        Attempt.phase == phase,
        Attempt.pseudonym == pairing.pseudonym(key, place),
    )
    return db.session.scalar(query)


def own_result(event_quiz: EventQuiz, place: Registration) -> OwnResult | None:
    """A person's own marks, only once the quiz after the event is closed."""
    if not event_quiz.was_closed(Phase.POST):
        return None
    result = OwnResult(own(event_quiz, Phase.PRE, place), own(event_quiz, Phase.POST, place))
    return result if result.before or result.after else None


def submit(
    event_quiz: EventQuiz,
    phase: Phase,
    place: Registration,
    chosen: Mapping[str, Sequence[int]],
    *,
    language: str,
    attempt_uid: str | None = None,
    with_gaps: bool = False,
) -> Attempt:
    """Take an attempt: `chosen` holds option positions by question uid. A second one returns the first unchanged.

    Refuses NotOpen, ForeignQuestion, Unanswered unless `with_gaps`, and KeyDestroyed.
    """
    key = pairing.start(event_quiz.event, PairingPurpose.KNOWLEDGE)
    if not event_quiz.is_open(phase) or place.event_id != event_quiz.event_id:
        raise NotOpen
    before = own(event_quiz, phase, place)
    if before is not None:
        return before
    questions = event_quiz.quiz.questions
    if set(chosen) - {question.uid for question in questions}:
        raise ForeignQuestion
    gaps = [question for question in questions if not chosen.get(question.uid)]
    if gaps and not with_gaps:
        raise Unanswered(gaps)
    marks = {question.id: marking.is_right(question, chosen.get(question.uid, ())) for question in questions}
    attempt = Attempt(
        event_quiz_id=event_quiz.id,
        quiz_id=event_quiz.quiz_id,
        phase=phase,
        pseudonym=pairing.pseudonym(key, place),
        language=language,
        submitted_on=event_quiz.event.programme.today(),
        right_count=sum(marks.values()),
        question_count=len(questions),
        **({"uid": attempt_uid} if attempt_uid else {}),
    )
    attempt.answers = [
        Answer(
            question_id=question.id,
            quiz_id=question.quiz_id,
            chosen=sorted(set(chosen.get(question.uid, ()))),
            is_right=marks[question.id],
        )
        for question in questions
    ]
    try:
        with db.session.begin_nested():
            db.session.add(attempt)
    except IntegrityError:
        # The same attempt came by two ways at once: the first one counts.
        return db.session.scalars(
            sa.select(Attempt).where(
                Attempt.event_quiz_id == event_quiz.id,
                Attempt.phase == phase,
                Attempt.pseudonym == attempt.pseudonym,
            )
        ).one()
    return attempt


def seal(event: Event) -> None:
    """End an event's quizzes: close what is open, count what needs the key, destroy the key."""
    key = pairing.find(event.id, PairingPurpose.KNOWLEDGE)
    completed = completing_places(event)
    for event_quiz in of_event(event):
        for opening in event_quiz.openings:
            opening.closed_at = opening.closed_at or clock.now()
        event_quiz.completed_with_both = completed_with_both(event_quiz, completed)
    if key is not None:
        pairing.destroy(key)
    db.session.flush()


def completed_with_both(event_quiz: EventQuiz, places: list[Registration]) -> int:
    """How many of these people took both phases; as counted at the sealing when the key is gone."""
    key = pairing.find(event_quiz.event_id, PairingPurpose.KNOWLEDGE)
    if key is None or key.destroyed_at is not None:
        return event_quiz.completed_with_both or 0
    query = sa.select(Attempt.pseudonym).where(Attempt.event_quiz_id == event_quiz.id)
    before = set(db.session.scalars(query.where(Attempt.phase == Phase.PRE)))
    after = set(db.session.scalars(query.where(Attempt.phase == Phase.POST)))
    return len({pairing.pseudonym(key, place) for place in places} & before & after)


def completing_places(event: Event) -> list[Registration]:
    """The places whose people attended enough sessions to complete the event."""
    needed = len(event.sessions) * event.programme.completion_percent
    attended = attendance.sessions_attended(event.id)
    query = sa.select(Registration).where(Registration.event_id == event.id)
    return [place for place in db.session.scalars(query) if attended.get(place.id, 0) * 100 >= needed]
