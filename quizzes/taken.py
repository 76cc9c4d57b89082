"""What is known of attempts while the key of an event lives: who has taken what, and what came of one's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from core.db import db
from participants import pairing
from participants.models import Registration
from quizzes import openings
from quizzes.models import Attempt, EventQuiz, Phase, Results
from trainings.models import Event


@dataclass(frozen=True)
class OwnResult:
    """What a person learns of the own attempts once the quiz after the event is closed."""

    before: Attempt | None
    after: Attempt | None

    @property
    def gain(self) -> float | None:
        return self.after.percent - self.before.percent if self.before and self.after else None


def open_to(place: Registration, quizzes: Sequence[EventQuiz]) -> list[tuple[EventQuiz, Phase]]:
    """Those of an event's quizzes that the person of a place can take now and has not taken."""
    return [
        (event_quiz, phase)
        for event_quiz in quizzes
        for phase in Phase
        if event_quiz.is_open(phase) and not has_taken(event_quiz, phase, place)
    ]


def own(event_quiz: EventQuiz, phase: Phase, place: Registration) -> Attempt | None:
    """The attempt of the person with this place, sent or not; None when there is none or the key is destroyed."""
    key = pairing.find(event_quiz.event_id, openings.purpose_of(phase))
    if key is None or key.destroyed_at is not None:
        return None
    return of_pseudonym(event_quiz, phase, pairing.pseudonym(key, place))


def has_taken(event_quiz: EventQuiz, phase: Phase, place: Registration) -> bool:
    """Whether this person's answers are in."""
    attempt = own(event_quiz, phase, place)
    return attempt is not None and attempt.submitted_on is not None


def who_has_taken(event: Event, phase: Phase, places: Sequence[Registration]) -> set[int]:
    """The ids of those of these places whose answers are in to every quiz that was opened in a phase.

    Empty where none was opened, and once the key is destroyed: then nobody can tell any more.
    """
    key = pairing.find(event.id, openings.purpose_of(phase))
    asked = [event_quiz.id for event_quiz in openings.of_event(event) if event_quiz.opening(phase)]
    if key is None or key.destroyed_at is not None or not asked:
        return set()
    query = sa.select(Attempt.event_quiz_id, Attempt.pseudonym).where(
        Attempt.event_quiz_id.in_(asked), Attempt.phase == phase, Attempt.submitted_on.is_not(None)
    )
    taken = {(event_quiz_id, bytes(pseudonym)) for event_quiz_id, pseudonym in db.session.execute(query)}
    own_names = {place.id: pairing.pseudonym(key, place) for place in places}
    return {place_id for place_id, own in own_names.items() if all((asked_id, own) in taken for asked_id in asked)}


def own_result(event_quiz: EventQuiz, place: Registration) -> OwnResult | None:
    """A person's own marks, only once the quiz after the event is closed, and if the trainer shows them."""
    if not event_quiz.was_closed(Phase.POST) or event_quiz.results == Results.NOTHING:
        return None
    taken = [own(event_quiz, phase, place) for phase in (Phase.PRE, Phase.POST)]
    before, after = (attempt if attempt and attempt.submitted_on else None for attempt in taken)
    return OwnResult(before, after) if before or after else None


def progress(event_quiz: EventQuiz) -> dict[Phase, tuple[int, int, int]]:
    """(in, begun and not sent, too late) for each phase, in numbers."""
    query = sa.select(Attempt.phase, Attempt.submitted_on.is_not(None), Attempt.late_by_minutes.is_not(None))
    rows = db.session.execute(query.where(Attempt.event_quiz_id == event_quiz.id)).all()
    kinds = Counter((phase, "late" if is_late else "in" if is_sent else "begun") for phase, is_sent, is_late in rows)
    return {phase: (kinds[phase, "in"], kinds[phase, "begun"], kinds[phase, "late"]) for phase in Phase}


def of_pseudonym(event_quiz: EventQuiz, phase: Phase, pseudonym: bytes) -> Attempt | None:
    """The attempt of a pseudonym, sent or not."""
    return db.session.scalar(where(event_quiz, phase, pseudonym))


def where(event_quiz: EventQuiz, phase: Phase, pseudonym: bytes) -> sa.Select[Attempt]:
    """The query for it: a unique index finds one at most."""
    return sa.select(Attempt).where(
        Attempt.event_quiz_id == event_quiz.id, Attempt.phase == phase, Attempt.pseudonym == pseudonym
    )
