"""What came back from an event, a kind of events, a programme: response rates, marks, reviewed texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from core.db import db
from door.models import Attendance
from feedback import questionnaires
from feedback.models import Evaluation, EventQuestionnaire, FeedbackAnswer, FreeText, QuestionKind, ReviewState
from feedback.tallies import Asked, K, Tally, added, may_be_seen, tally, together
from participants import registration
from participants.models import Pairing, PairingPurpose
from trainings.models import Event, EventKind, EventStatus, Programme


@dataclass(frozen=True)
class Response:
    """How many of the people of an event answered; `people` were present, or have a place where nobody was taken in."""

    answers: int
    people: int
    by_presence: bool

    @property
    def percent(self) -> float | None:
        return 100 * self.answers / self.people if self.people else None

    @property
    def silent(self) -> int:
        return max(self.people - self.answers, 0)


@dataclass(frozen=True)
class EventResult:
    """One event's feedback. `shown` holds the voices that may be seen; while it is open they come K at a time."""

    event: Event
    response: Response
    is_open: bool
    tallies: list[Tally]
    shown: frozenset[int]

    @property
    def first(self) -> Tally | None:
        """The question the indicators rest on, if it may be shown."""
        return self.tallies[0] if self.tallies and self.tallies[0].is_shown else None


@dataclass(frozen=True)
class Overview:
    """Several events: each by itself and all together."""

    events: list[EventResult]
    tallies: list[Tally]
    left_out: int

    @property
    def answers(self) -> int:
        return sum(result.response.answers for result in self.events)

    @property
    def people(self) -> int:
        return sum(result.response.people for result in self.events)


@dataclass
class _Voices:
    ids: list[int] = field(default_factory=list)
    firsts: dict[int, set[int]] = field(default_factory=dict)
    further: dict[Asked, dict[int, set[int]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))


def of_event(event: Event, purpose: PairingPurpose) -> EventResult:
    return of_events([event], purpose)[0]


def of_programme(programme: Programme, purpose: PairingPurpose, kind: EventKind | None = None) -> Overview:
    """The events of a programme, or of one kind in it, that have answers or are over."""
    query = sa.select(Event).where(Event.programme_id == programme.id, Event.status != EventStatus.CANCELLED)
    if kind is not None:
        query = query.where(Event.kind == kind)
    results = of_events(list(db.session.scalars(query.order_by(Event.starts_on, Event.id))), purpose)
    found = [result for result in results if result.response.answers or _was_asked(result, purpose)]
    by_kind: dict[EventKind, list[Tally]] = defaultdict(list)
    for result in found:
        by_kind[result.event.kind] += result.tallies
    # Kind by kind, so that a kind by itself and the whole programme leave out the same answers.
    pooled = [together(tallies) for tallies in by_kind.values()]
    return Overview(found, added(one for tallies, _out in pooled for one in tallies), sum(out for _all, out in pooled))


def of_events(events: Sequence[Event], purpose: PairingPurpose) -> list[EventResult]:
    """The feedback of these events, in a few queries however many they are."""
    ids = [event.id for event in events]
    voices, responses = _voices(ids, purpose), responses_of(events, purpose)
    closed = _closed(ids, purpose)
    return [_result(event, purpose, voices[event.id], responses[event.id], event.id not in closed) for event in events]


def responses_of(events: Sequence[Event], purpose: PairingPurpose) -> dict[int, Response]:
    """How many answered, of how many, by event id."""
    ids = [event.id for event in events]
    given = sa.select(Evaluation.event_id, sa.func.count()).where(Evaluation.purpose == purpose)
    came = sa.select(Attendance.event_id, sa.func.count(sa.distinct(Attendance.registration_id)))
    came = came.where(Attendance.annulled_at.is_(None))
    answers = dict(
        db.session.execute(given.where(Evaluation.event_id.in_(ids)).group_by(Evaluation.event_id)).tuples().all()
    )
    present = dict(
        db.session.execute(came.where(Attendance.event_id.in_(ids)).group_by(Attendance.event_id)).tuples().all()
    )
    places = registration.places_taken_at(list(events))
    return {
        event_id: Response(answers.get(event_id, 0), present.get(event_id) or places[event_id], event_id in present)
        for event_id in ids
    }


def reviewed_texts(results: Sequence[EventResult], purpose: PairingPurpose) -> list[tuple[Asked | None, list[str]]]:
    """What people wrote, as reviewed, of events with enough answers: by question, in no order of time.

    A question of None stands for remarks of before there were questionnaires.
    """
    shown = {result.event.id for result in results if len(result.shown) >= K}
    query = (
        sa.select(FreeText)
        .join(Evaluation, Evaluation.id == FreeText.evaluation_id)
        .where(
            Evaluation.event_id.in_(shown),
            Evaluation.purpose == purpose,
            FreeText.state.in_((ReviewState.SHAREABLE, ReviewState.REDACTED)),
        )
        .order_by(FreeText.uid)
    )
    by_question: dict[Asked | None, list[str]] = defaultdict(list)
    for free in db.session.scalars(query):
        if free.shared:
            by_question[Asked.of(free.question) if free.question else None].append(free.shared)
    return list(by_question.items())


def _was_asked(result: EventResult, purpose: PairingPurpose) -> bool:
    return purpose == PairingPurpose.EVALUATION and result.event.status == EventStatus.HELD


def _closed(ids: Sequence[int], purpose: PairingPurpose) -> set[int]:
    query = sa.select(Pairing.event_id).where(
        Pairing.event_id.in_(ids), Pairing.purpose == purpose, Pairing.destroyed_at.is_not(None)
    )
    return set(db.session.scalars(query))


def _voices(ids: Sequence[int], purpose: PairingPurpose) -> dict[int, _Voices]:
    found: dict[int, _Voices] = defaultdict(_Voices)
    given = (
        sa.select(Evaluation.id, Evaluation.event_id, Evaluation.usefulness, Evaluation.has_applied)
        .where(Evaluation.event_id.in_(ids), Evaluation.purpose == purpose)
        .order_by(Evaluation.id)
    )
    for voice, event_id, usefulness, has_applied in db.session.execute(given):
        found[event_id].ids.append(voice)
        found[event_id].firsts[voice] = {usefulness if usefulness is not None else int(bool(has_applied))}
    asked = {
        question.id: Asked.of(question)
        for settled in _settled(ids, purpose)
        for question in settled.questionnaire.questions
    }
    further = (
        sa.select(FeedbackAnswer.evaluation_id, FeedbackAnswer.question_id, FeedbackAnswer.value, Evaluation.event_id)
        .join(Evaluation, Evaluation.id == FeedbackAnswer.evaluation_id)
        .where(Evaluation.event_id.in_(ids), Evaluation.purpose == purpose)
    )
    for voice, question_id, value, event_id in db.session.execute(further):
        found[event_id].further[asked[question_id]][voice].add(value)
    return found


def _settled(ids: Sequence[int], purpose: PairingPurpose) -> list[EventQuestionnaire]:
    query = sa.select(EventQuestionnaire).where(
        EventQuestionnaire.event_id.in_(ids), EventQuestionnaire.purpose == purpose
    )
    return list(db.session.scalars(query).unique())


def _result(event: Event, purpose: PairingPurpose, voices: _Voices, response: Response, is_open: bool) -> EventResult:
    shown = frozenset(may_be_seen(voices.ids, is_open))
    if not voices.ids:
        return EventResult(event, response, is_open, [], shown)
    questions = questionnaires.of_event(event, purpose).questions
    first = tally(Asked.of(questions[0]), voices.firsts, shown.__contains__)
    others = [Asked.of(question) for question in questions[1:] if question.kind != QuestionKind.TEXT]
    tallies = [first, *(tally(asked, voices.further.get(asked, {}), shown.__contains__) for asked in others)]
    return EventResult(event, response, is_open, tallies, shown)
