"""Asking three to six months later: which events are due, which are being asked, which were missed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import sqlalchemy as sa

from core.db import db
from feedback import results
from feedback.results import Response
from participants import pairing
from participants.models import Pairing, PairingPurpose
from trainings.models import Event, EventKind, EventStatus, Programme

FROM_DAYS, TO_DAYS = 90, 180
# Forums and discussions teach no practice to apply; they may be asked, but nobody is reminded to.
TEACHING = (EventKind.WORKSHOP, EventKind.CSO_TRAINING, EventKind.SEMINAR, EventKind.STUDY_VISIT)


class Moment(StrEnum):
    """Where an event stands with its follow-up."""

    DUE = "due"
    ASKING = "asking"
    COMING = "coming"
    MISSED = "missed"
    DONE = "done"


@dataclass(frozen=True)
class Window:
    """From when to when after its last day an event is best asked."""

    opens_on: date
    closes_on: date

    def days_early(self, today: date) -> int:
        return max((self.opens_on - today).days, 0)

    def days_late(self, today: date) -> int:
        return max((today - self.closes_on).days, 0)


@dataclass(frozen=True)
class FollowUp:
    """An event and its follow-up; `response.silent` people have not answered, and nobody can say who they are."""

    event: Event
    window: Window
    moment: Moment
    response: Response


def window_of(event: Event) -> Window:
    """From 90 to 180 days after the event's last day."""
    return Window(event.ends_on + timedelta(days=FROM_DAYS), event.ends_on + timedelta(days=TO_DAYS))


def of_programme(programme: Programme, among: Callable[[Event], bool] = lambda _event: True) -> list[FollowUp]:
    """Every held event that teaches, and every other that was asked, by the end of its window."""
    query = (
        sa.select(Event, Pairing)
        .outerjoin(Pairing, sa.and_(Pairing.event_id == Event.id, Pairing.purpose == PairingPurpose.FOLLOW_UP))
        .where(Event.programme_id == programme.id, Event.status == EventStatus.HELD)
        .where(sa.or_(Event.kind.in_(TEACHING), Pairing.id.is_not(None)))
        .order_by(Event.ends_on, Event.id)
    )
    rows = [(event, key) for event, key in db.session.execute(query).tuples() if among(event)]
    responses = results.responses_of([event for event, _key in rows], PairingPurpose.FOLLOW_UP)
    today = programme.today()
    return [FollowUp(event, window_of(event), _moment(event, key, today), responses[event.id]) for event, key in rows]


def of_event(event: Event) -> FollowUp:
    """A held event and where it stands."""
    key = pairing.find(event.id, PairingPurpose.FOLLOW_UP)
    response = results.responses_of([event], PairingPurpose.FOLLOW_UP)[event.id]
    return FollowUp(event, window_of(event), _moment(event, key, event.programme.today()), response)


def due_count(programme: Programme, among: Callable[[Event], bool] = lambda _event: True) -> int:
    """How many events should be asked now and have not been."""
    today = programme.today()
    asked = sa.exists().where(Pairing.event_id == Event.id, Pairing.purpose == PairingPurpose.FOLLOW_UP)
    query = sa.select(Event).where(
        Event.programme_id == programme.id,
        Event.status == EventStatus.HELD,
        Event.kind.in_(TEACHING),
        Event.ends_on.between(today - timedelta(days=TO_DAYS), today - timedelta(days=FROM_DAYS)),
        ~asked,
    )
    return sum(among(event) for event in db.session.scalars(query))


def _moment(event: Event, key: Pairing | None, today: date) -> Moment:
    if key is not None:
        return Moment.ASKING if key.destroyed_at is None else Moment.DONE
    window = window_of(event)
    if window.days_early(today):
        return Moment.COMING
    return Moment.MISSED if window.days_late(today) else Moment.DUE
