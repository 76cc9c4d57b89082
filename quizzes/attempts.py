"""Taking a quiz: once per person and phase, saved answer by answer, on whatever phone and however often it is sent."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import clock
from core.db import db, insert_if_new, new_uid
from core.errors import Refused
from participants import pairing
from participants.models import Pairing, Registration
from privacy import erasure
from quizzes import marking, openings, orders, published, taken
from quizzes.models import Answer, Attempt, EventQuiz, Form, Phase, Question
from quizzes.openings import NotOpen
from quizzes.plans import TYPED
from trainings.models import Event

GRACE = timedelta(minutes=2)  # between the last answer and the end, for slow networks

Given = Mapping[str, Sequence[str]]


class ForeignQuestion(Refused):
    code = "foreign_question"
    sentence = _l("One of these answers is to a question of another quiz. Load the page again; nothing was saved.")


class Taken(Refused):
    code = "quiz_taken"
    sentence = _l("Your answers to this quiz are in already. Nothing was changed.")


class Unanswered(Refused):
    code = "unanswered"
    sentence = _l("Some questions are not answered yet.")

    def __init__(self, questions: list[Question]) -> None:
        super().__init__()
        self.questions = questions


@dataclass(frozen=True)
class Sitting:
    """What a person has in front of them: the questions in their order, and what was answered before."""

    attempt: Attempt | None
    form: Form | None
    seed: int
    questions: list[Question]
    given: dict[str, list[str]]


def sit(event_quiz: EventQuiz, phase: Phase, place: Registration) -> Sitting:
    """What this person is asked, as it stands now. Refuses NotOpen, KeyDestroyed, Taken."""
    if not event_quiz.is_open(phase) or place.event_id != event_quiz.event_id:
        raise NotOpen
    key = pairing.start(event_quiz.event, openings.purpose_of(phase))
    pseudonym = pairing.pseudonym(key, place)
    attempt = taken.of_pseudonym(event_quiz, phase, pseudonym)
    if attempt is not None and attempt.submitted_on is not None:
        raise Taken
    form, seed = orders.form_for(event_quiz.quiz, pseudonym, phase), orders.seed_of(pseudonym)
    questions = orders.questions_of(event_quiz.quiz, form, seed)
    return Sitting(attempt, form, seed, questions, _given(attempt))


def asked_of(event_quiz: EventQuiz, phase: Phase, place: Registration) -> list[Question]:
    """The questions this person gets, in the order in which they were written. Refuses KeyDestroyed."""
    key = pairing.start(event_quiz.event, openings.purpose_of(phase))
    return orders.of_form(event_quiz.quiz, orders.form_for(event_quiz.quiz, pairing.pseudonym(key, place), phase))


def gather(event: Event) -> None:
    """Before an event is closed: take in what was answered whole and never sent."""
    for event_quiz in openings.of_event(event):
        for phase in (Phase.PRE, Phase.POST):
            submit_complete(event_quiz, phase)


def save(
    event_quiz: EventQuiz,
    phase: Phase,
    place: Registration,
    given: Given,
    *,
    language: str,
    attempt_uid: str | None = None,
) -> Attempt:
    """Keep answers that are not sent yet, so that another phone can go on; the newest answer to a question counts.

    Refuses NotOpen, ForeignQuestion, KeyDestroyed, Taken.
    """
    sitting = sit(event_quiz, phase, place)
    _refuse_foreign(sitting.questions, given)
    key = pairing.start(event_quiz.event, openings.purpose_of(phase))
    attempt = _begun(event_quiz, phase, pairing.pseudonym(key, place), language, attempt_uid)
    if attempt.submitted_on is not None:
        raise Taken
    known = _given(attempt) | {uid: _short(texts) for uid, texts in given.items()}
    attempt.texts = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
    attempt.language = language
    db.session.flush()
    return attempt


def submit(
    event_quiz: EventQuiz,
    phase: Phase,
    place: Registration,
    given: Given,
    *,
    language: str,
    attempt_uid: str | None = None,
    with_gaps: bool = False,
    finished_at: datetime | None = None,
    is_on_paper: bool = False,
) -> Attempt:
    """Take an attempt: what was given by question uid, over what was saved before. Another one returns the first.

    `finished_at` is the phone's clock put right, for answers that had to wait for a network. Nothing is thrown away:
    what was finished after the end is kept and does not count, and neither does what comes after the key is destroyed.
    Refuses NotOpen before the first opening, ForeignQuestion, and Unanswered unless `with_gaps`.
    """
    opening = event_quiz.opening(phase)
    if opening is None or place.event_id != event_quiz.event_id:
        raise NotOpen
    now = clock.now()
    finished = finished_at if finished_at and opening.opened_at <= finished_at <= now else now
    key = pairing.find(event_quiz.event_id, openings.purpose_of(phase))
    is_anonymous = key is None or key.destroyed_at is not None
    if is_anonymous and (sent_before := _sent_as(attempt_uid, event_quiz, phase)):
        return sent_before
    pseudonym = secrets.token_bytes(16) if is_anonymous else pairing.pseudonym(_alive(key), place)
    attempt = _begun(event_quiz, phase, pseudonym, language, attempt_uid)
    if attempt.submitted_on is not None:
        return attempt
    asked = orders.questions_of(event_quiz.quiz, attempt.form, attempt.seed)
    _refuse_foreign(published.questions_of(event_quiz.quiz) if is_anonymous else asked, given)
    known = _given(attempt) | {uid: _short(texts) for uid, texts in given.items()}
    gaps = [question for question in asked if not marking.is_given(question, known.get(question.uid, []))]
    if gaps and not with_gaps:
        raise Unanswered(gaps)
    _answer(attempt, asked, known, in_parts=event_quiz.quiz.gives_part_marks)
    ended_at = None if is_on_paper else opening.ended_at
    if is_anonymous or (ended_at is not None and finished > ended_at + GRACE):
        attempt.late_by_minutes = max(int((finished - (ended_at or finished)) / timedelta(minutes=1)), 0)
    zone = event_quiz.event.programme.time_zone
    attempt.language, attempt.is_on_paper = language, is_on_paper
    attempt.finished_on, attempt.submitted_on = clock.day_of(finished, zone), clock.day_of(now, zone)
    db.session.flush()
    return attempt


def submit_complete(event_quiz: EventQuiz, phase: Phase) -> int:
    """When a phase has ended: whoever answered everything and did not press the last button has finished; how many.

    What was begun and is not complete stays as it is, and counts for nothing.
    """
    query = sa.select(Attempt).where(
        Attempt.event_quiz_id == event_quiz.id, Attempt.phase == phase, Attempt.submitted_on.is_(None)
    )
    today = event_quiz.event.programme.today()
    submitted = 0
    for attempt in db.session.scalars(query):
        asked, given = orders.questions_of(event_quiz.quiz, attempt.form, attempt.seed), _given(attempt)
        if all(marking.is_given(question, given.get(question.uid, [])) for question in asked):
            _answer(attempt, asked, given, in_parts=event_quiz.quiz.gives_part_marks)
            attempt.finished_on = attempt.submitted_on = today
            submitted += 1
    db.session.flush()
    return submitted


@erasure.forgets(Attempt)
def forget_texts(attempt: Attempt) -> None:
    """Drop what somebody typed; the marks stay."""
    attempt.texts = None


def _begun(event_quiz: EventQuiz, phase: Phase, pseudonym: bytes, language: str, uid: str | None) -> Attempt:
    """The attempt of a pseudonym, begun if there was none; held until the commit."""
    form = orders.form_for(event_quiz.quiz, pseudonym, phase)
    is_free = uid is None or db.session.scalar(sa.select(Attempt.id).where(Attempt.uid == uid)) is None
    begun = insert_if_new(
        Attempt,
        uid=(uid if is_free else None) or new_uid(),
        event_quiz_id=event_quiz.id,
        quiz_id=event_quiz.quiz_id,
        phase=phase,
        pseudonym=pseudonym,
        language=language,
        form=form,
        seed=orders.seed_of(pseudonym),
    )
    if begun is not None:
        return begun
    # Two tabs or two phones at once take turns.
    query = taken.where(event_quiz, phase, pseudonym).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def _answer(attempt: Attempt, asked: Sequence[Question], given: Given, *, in_parts: bool) -> None:
    marks = {question.id: marking.mark(question, given.get(question.uid, ()), in_parts=in_parts) for question in asked}
    # Before the attempt is in: from then on it is final, and its answers with it.
    rows = [
        {"attempt_id": attempt.id, "question_id": number, "quiz_id": attempt.quiz_id, "chosen": found.chosen}
        | {"points": found.points}
        for number, found in marks.items()
    ]
    db.session.execute(sa.insert(Answer), rows)
    points = [found.points for found in marks.values() if found.points is not None]
    attempt.points, attempt.question_count = sum(points), len(points)
    typed = {q.uid: list(given[q.uid]) for q in asked if q.kind in TYPED and given.get(q.uid)}
    attempt.texts = json.dumps(typed, ensure_ascii=False) if typed else None


def _given(attempt: Attempt | None) -> dict[str, list[str]]:
    return json.loads(attempt.texts) if attempt and attempt.texts else {}


def _short(texts: Sequence[str]) -> list[str]:
    return [text[: marking.LONGEST] for text in texts[:100]]


def _refuse_foreign(questions: Sequence[Question], given: Given) -> None:
    if set(given) - {question.uid for question in questions}:
        raise ForeignQuestion


def _alive(key: Pairing | None) -> Pairing:
    assert key is not None
    return key


def _sent_as(uid: str | None, event_quiz: EventQuiz, phase: Phase) -> Attempt | None:
    """What was sent under the id that a phone gave it: all that tells it apart once the key is destroyed."""
    sent = sa.select(Attempt).where(Attempt.uid == uid, Attempt.submitted_on.is_not(None))
    return (
        db.session.scalar(sent.where(Attempt.event_quiz_id == event_quiz.id, Attempt.phase == phase)) if uid else None
    )
