"""A quiz at an event: using it, opening and closing its phases, and ending it for good."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import clock
from core.db import db
from core.errors import Refused
from door import attendance
from participants import pairing
from participants.models import PairingPurpose, Registration
from quizzes import writing
from quizzes.models import Attempt, EventQuiz, Opening, Phase, Quiz
from trainings.models import Event, EventStatus

# Built once: each participant's page asks it.
_OF_EVENT = sa.select(EventQuiz).where(EventQuiz.event_id == sa.bindparam("event")).order_by(EventQuiz.id)


class NotOpen(Refused):
    code = "quiz_not_open"
    sentence = _l("This quiz is not open now. Your trainer opens and closes it.")


class PreFirst(Refused):
    code = "pre_first"
    sentence = _l("The quiz after the event is opened when the one before it is closed.")


class NotHeld(Refused):
    code = "not_held"
    sentence = _l("The quiz months later is opened when the event is closed.")


class EndsBefore(Refused):
    code = "ends_before"
    sentence = _l("It would close before it opens. Choose a later time.")


class NotPublished(Refused):
    code = "quiz_not_published"
    sentence = _l("This quiz is a draft. Publish it first.")


def use(event: Event, quiz: Quiz) -> EventQuiz:
    """Use a quiz at an event, whatever version of it; the same twice is once. Refuses NotPublished."""
    if quiz.published_at is None:
        raise NotPublished
    same = sa.select(EventQuiz).join(Quiz).where(EventQuiz.event_id == event.id, Quiz.key == quiz.key)
    used = db.session.scalar(same)
    if used is None:
        used = EventQuiz(event=event, event_id=event.id, quiz=quiz, quiz_id=quiz.id)
        db.session.add(used)
        db.session.flush()
    return used


def of_event(event: Event) -> list[EventQuiz]:
    """The quizzes used at an event."""
    return list(db.session.scalars(_OF_EVENT, {"event": event.id}))


def at_hand(event: Event) -> list[tuple[EventQuiz, Phase]]:
    """What a trainer opens or closes next at an event: the phase that is open, else the first that never was."""
    found = []
    for used in of_event(event):
        phases = (Phase.PRE, Phase.POST)
        still_open = next((phase for phase in phases if used.is_open(phase)), None)
        phase = still_open or next((phase for phase in phases if used.opening(phase) is None), None)
        if phase is not None:
            found.append((used, phase))
    return found


def purpose_of(phase: Phase) -> PairingPurpose:
    """Before and after are paired; months later the key of then is destroyed, and nobody is paired."""
    return PairingPurpose.KNOWLEDGE_FOLLOW_UP if phase == Phase.FOLLOW_UP else PairingPurpose.KNOWLEDGE


def open_phase(event_quiz: EventQuiz, phase: Phase, closes_at: datetime | None = None) -> None:
    """Let people take a phase now, the first time or again, until it is closed or until `closes_at`.

    The first opening settles which version of the quiz everybody here gets, before and after: the newest published one.
    Refuses PreFirst, NotHeld, EndsBefore, and KeyDestroyed after the event.
    """
    if phase == Phase.FOLLOW_UP and event_quiz.event.status != EventStatus.HELD:
        raise NotHeld
    pairing.start(event_quiz.event, purpose_of(phase))
    if phase == Phase.POST and event_quiz.is_open(Phase.PRE):
        raise PreFirst
    if closes_at is not None and closes_at <= clock.now():
        raise EndsBefore
    if not event_quiz.openings:
        event_quiz.quiz = writing.newest_published(event_quiz.quiz)
    opening = event_quiz.opening(phase)
    if opening is None:
        event_quiz.openings.append(Opening(phase=phase, opened_at=clock.now(), closes_at=closes_at))
    else:
        opening.closed_at, opening.closes_at = None, closes_at
    db.session.flush()


def close_phase(event_quiz: EventQuiz, phase: Phase) -> None:
    """Take no more attempts of a phase. Months later nobody can tell then whose answers are whose. Refuses NotOpen."""
    opening = event_quiz.opening(phase)
    if opening is None or opening.ended_at is not None:
        raise NotOpen
    opening.closed_at = clock.now()
    if phase == Phase.FOLLOW_UP and not any(used.is_open(phase) for used in of_event(event_quiz.event)):
        key = pairing.find(event_quiz.event_id, purpose_of(phase))
        if key is not None:
            pairing.destroy(key)
    db.session.flush()


def seal(event: Event) -> None:
    """End an event's quizzes: close what is open, count what needs the key, destroy the key."""
    key = pairing.find(event.id, PairingPurpose.KNOWLEDGE)
    completed = completing_places(event)
    for event_quiz in of_event(event):
        for opening in event_quiz.openings:
            opening.closed_at = opening.ended_at or clock.now()
        event_quiz.completed_with_both = completed_with_both(event_quiz, completed)
    if key is not None:
        pairing.destroy(key)
    db.session.flush()


def completed_with_both(event_quiz: EventQuiz, places: list[Registration]) -> int:
    """How many of these people took both phases; as counted at the sealing when the key is gone."""
    key = pairing.find(event_quiz.event_id, PairingPurpose.KNOWLEDGE)
    if key is None or key.destroyed_at is not None:
        return event_quiz.completed_with_both or 0
    before, after = (set(db.session.scalars(_pseudonyms(event_quiz, phase))) for phase in (Phase.PRE, Phase.POST))
    return len({pairing.pseudonym(key, place) for place in places} & before & after)


def completing_places(event: Event) -> list[Registration]:
    """The places whose people attended enough sessions to complete the event."""
    needed = len(event.sessions) * event.programme.completion_percent
    attended = attendance.sessions_attended(event.id)
    query = sa.select(Registration).where(Registration.event_id == event.id)
    return [place for place in db.session.scalars(query) if attended.get(place.id, 0) * 100 >= needed]


def _pseudonyms(event_quiz: EventQuiz, phase: Phase) -> sa.Select[bytes]:
    return sa.select(Attempt.pseudonym).where(
        Attempt.event_quiz_id == event_quiz.id, Attempt.phase == phase, Attempt.counts()
    )
