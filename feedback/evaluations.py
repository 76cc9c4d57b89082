"""Feedback after an event and months later: one voice per person, tied to no name."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager

from core import clock
from core.db import db
from core.errors import Refused
from feedback import answers, questionnaires
from feedback.models import Evaluation, FeedbackAnswer, FreeText, ReviewState
from participants import pairing
from participants.models import Pairing, PairingPurpose, Participant, Registration, RegistrationStatus
from privacy import erasure
from trainings.models import Event, EventStatus

REMEMBERED_FOR = timedelta(days=400)  # an event asks the people who still keep its link
_IS_ASKING = sa.exists(
    sa.select(1).where(
        Pairing.event_id == Event.id,
        Pairing.purpose == PairingPurpose.FOLLOW_UP,
        Pairing.destroyed_at.is_(None),
    )
)
# Built once: each participant's page asks it.
_PLACES_THAT_MAY_BE_ASKED = (
    sa.select(Registration)
    .join(Registration.event)
    .options(contains_eager(Registration.event))
    .where(
        Registration.participant_id == sa.bindparam("person"),
        Registration.status != RegistrationStatus.CANCELLED,
        Event.starts_on <= sa.bindparam("today"),
        Event.ends_on >= sa.bindparam("remembered"),
        sa.or_(Event.status == EventStatus.PLANNED, _IS_ASKING),
    )
    .order_by(Event.starts_on)
)


class NotAsked(Refused):
    code = "not_asked"
    sentence = _l("This question is not being asked now.")


class FirstUnanswered(Refused):
    code = "first_unanswered"
    sentence = _l("Please answer the first question. The others may stay empty.")


def is_asked(event: Event, purpose: PairingPurpose) -> bool:
    """After the event: from the start of its last session until it is closed. Follow-up: while a manager asks."""
    return _is_asked(event, purpose, pairing.find(event.id, purpose))


def _is_asked(event: Event, purpose: PairingPurpose, key: Pairing | None) -> bool:
    if key is not None and key.destroyed_at is not None:
        return False
    if purpose == PairingPurpose.EVALUATION:
        return event.status == EventStatus.PLANNED and event.sessions[-1].starts_at <= clock.now()
    return key is not None


def has_answered(event: Event, purpose: PairingPurpose, place: Registration) -> bool:
    return _has_answered(event, purpose, place, pairing.find(event.id, purpose))


def _has_answered(event: Event, purpose: PairingPurpose, place: Registration, key: Pairing | None) -> bool:
    if key is None or key.destroyed_at is not None:
        return False
    query = sa.select(Evaluation.id).where(
        Evaluation.event_id == event.id,
        Evaluation.purpose == purpose,
        Evaluation.pseudonym == pairing.pseudonym(key, place),
    )
    return db.session.scalar(query) is not None


def asks(event: Event, place: Registration, purpose: PairingPurpose) -> bool:
    """Whether this person is asked now and has not answered."""
    key = pairing.find(event.id, purpose)
    return _is_asked(event, purpose, key) and not _has_answered(event, purpose, place, key)


def awaited_of(person: Participant) -> list[tuple[Event, PairingPurpose]]:
    """What a person is asked now, the oldest event first: a later event hides no follow-up of an earlier one."""
    today = person.programme.today()
    days = {"today": today, "remembered": today - REMEMBERED_FOR}
    places = db.session.scalars(_PLACES_THAT_MAY_BE_ASKED, {"person": person.id, **days}).all()
    return [
        (place.event, purpose)
        for place in places
        for purpose in questionnaires.PURPOSES
        if asks(place.event, place, purpose)
    ]


def give(
    event: Event,
    purpose: PairingPurpose,
    place: Registration,
    given: answers.Given,
    *,
    version: int | None = None,
) -> None:
    """Answer the questions of an event, by their keys; a second time changes nothing.

    Refuses NotAsked, FirstUnanswered, and ChangedMeanwhile when the questions are not those of `version`.
    """
    if not is_asked(event, purpose) or place.event_id != event.id:
        raise NotAsked
    if has_answered(event, purpose, place):
        return
    questionnaire = questionnaires.settle(event, purpose, version)
    filled = answers.read(questionnaire, given)
    if filled.first is None:
        raise FirstUnanswered
    is_evaluation = purpose == PairingPurpose.EVALUATION
    voice = Evaluation(
        event_id=event.id,
        purpose=purpose,
        questionnaire_id=questionnaire.id,
        pseudonym=pairing.pseudonym(pairing.start(event, purpose), place),
        given_on=event.programme.today(),
        usefulness=filled.first if is_evaluation else None,
        has_applied=None if is_evaluation else bool(filled.first),
    )
    try:
        with db.session.begin_nested():
            db.session.add(voice)
    except IntegrityError:
        return
    _add_further(voice, filled)


def rate(event: Event, place: Registration, usefulness: int) -> None:
    """Say how useful the event was, from 1 to 5, and leave the rest. Refuses as give()."""
    give(event, PairingPurpose.EVALUATION, place, {"usefulness": [str(usefulness)]})


def say_whether_applied(event: Event, place: Registration, has_applied: bool) -> None:
    """Say months later whether at least one practice was applied, and leave the rest. Refuses as give()."""
    give(event, PairingPurpose.FOLLOW_UP, place, {"applied": [str(int(has_applied))]})


def ask_follow_up(event: Event) -> None:
    """Begin to ask the people of a held event whether they applied what they learned. Refuses NotAsked."""
    if event.status != EventStatus.HELD:
        raise NotAsked
    pairing.start(event, PairingPurpose.FOLLOW_UP)


def close(event: Event, purpose: PairingPurpose) -> None:
    """Ask no longer, and make the answers anonymous for good."""
    key = pairing.find(event.id, purpose)
    if key is not None:
        pairing.destroy(key)


def _add_further(voice: Evaluation, filled: answers.Filled) -> None:
    own = {"evaluation_id": voice.id, "questionnaire_id": voice.questionnaire_id}
    for question, values in filled.values.items():
        for value in values:
            db.session.add(FeedbackAnswer(question_id=question.id, kind=question.kind, value=value, **own))
    for question, words in filled.texts.items():
        free = FreeText(question_id=question.id, **own)
        free.text = words
        db.session.add(free)
    db.session.flush()


@erasure.forgets(FreeText)
def forget_text(free: FreeText) -> None:
    """Drop what somebody wrote freely; the marks stay."""
    free.text = None
    if free.redacted is not None:
        free.state, free.redacted = ReviewState.INSIDE, None
