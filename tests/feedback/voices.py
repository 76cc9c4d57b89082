"""An event with people who came and have something to say."""

from __future__ import annotations

from datetime import timedelta

from core import clock
from door import attendance
from feedback import evaluations
from participants.models import PairingPurpose, Registration
from tests import make
from trainings import scheduling
from trainings.models import Event

AFTER, LATER = PairingPurpose.EVALUATION, PairingPurpose.FOLLOW_UP


def event_with(people: int, kind: str = "workshop", **plan) -> tuple[Event, list[Registration]]:
    event = make.event(kind=kind, **plan)
    places = [make.registration(event) for _ in range(people)]
    for place in places:
        attendance.mark(event.sessions[0], place, by=None)
    return event, places


def rated(marks: list[int], kind: str = "workshop", people: int = 0, **plan) -> Event:
    """An event that is still open, with these marks for its usefulness."""
    event, places = event_with(max(people, len(marks)), kind, **plan)
    for place, mark in zip(places, marks, strict=False):
        evaluations.rate(event, place, mark)
    return event


def close(event: Event) -> Event:
    scheduling.close(event)
    evaluations.close(event, AFTER)
    return event


def held_days_ago(days: int, kind: str = "workshop", people: int = 0) -> Event:
    begun = clock.now() - timedelta(days=days, hours=1)
    with clock.standing_at(begun + timedelta(minutes=5)):
        event, _places = event_with(people, kind, sessions=make.sessions(begun))
    with clock.standing_at(begun + timedelta(hours=4)):
        return close(event)
