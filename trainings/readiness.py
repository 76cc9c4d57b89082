"""What an event still lacks before it can be held."""

from __future__ import annotations

from enum import StrEnum

from trainings.models import Event


class Missing(StrEnum):
    """A gap that its people should mend before the day."""

    VENUE = "venue"
    TRAINERS = "trainers"
    PEOPLE = "people"
    QUIZ = "quiz"
    CLOSING = "closing"


def missing(event: Event, places_taken: int, has_quiz: bool) -> list[Missing]:
    """The gaps of a planned event, in the order in which they are mended; nothing for one that is not planned."""
    if not event.is_planned:
        return []
    gaps = {
        Missing.VENUE: event.venue is None,
        Missing.TRAINERS: not event.trainers,
        Missing.PEOPLE: places_taken == 0,
        Missing.QUIZ: not has_quiz and event.kind in ("workshop", "cso_training"),
        Missing.CLOSING: event.ends_on < event.programme.today(),
    }
    return [gap for gap, is_there in gaps.items() if is_there]
