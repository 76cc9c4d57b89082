"""What is on: lists of events, the month as a calendar, today."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import User
from core import clock
from core.db import db
from trainings.models import Event, EventKind, EventSession, EventStatus, EventTrainer, Programme, Venue


@dataclass(frozen=True)
class Day:
    """A square of the calendar."""

    on: date
    is_in_month: bool
    events: list[Event]


def events_of(programme: Programme, kind: EventKind | None = None, status: EventStatus | None = None) -> list[Event]:
    """The events of a programme by date."""
    query = (
        sa.select(Event)
        .where(Event.programme_id == programme.id)
        .options(selectinload(Event.trainers), joinedload(Event.venue))
    )
    if kind is not None:
        query = query.where(Event.kind == kind)
    if status is not None:
        query = query.where(Event.status == status)
    return list(db.session.scalars(query.order_by(Event.starts_on, Event.id)))


def month(programme: Programme, year: int, number: int) -> list[list[Day]]:
    """A month as weeks from Monday, every day with its events."""
    weeks = calendar.Calendar().monthdatescalendar(year, number)
    first, last = weeks[0][0], weeks[-1][-1]
    query = sa.select(Event).where(Event.programme_id == programme.id, Event.starts_on <= last, Event.ends_on >= first)
    events = list(db.session.scalars(query.order_by(Event.starts_on)))
    return [
        [
            Day(on, on.month == number, [event for event in events if event.starts_on <= on <= event.ends_on])
            for on in week
        ]
        for week in weeks
    ]


class Lane(StrEnum):
    """What the lines of a timeline stand for."""

    KIND = "kind"
    TRAINER = "trainer"
    VENUE = "venue"


@dataclass(frozen=True)
class Line:
    """A line of the timeline: a kind, a trainer or a venue, and what is on with it, month by month."""

    label: EventKind | str
    months: list[list[Event]]


def half_year(year: int, month_number: int) -> list[date]:
    """The first days of six months."""
    counted = [year * 12 + month_number - 1 + step for step in range(6)]
    return [date(months // 12, months % 12 + 1, 1) for months in counted]


def timeline(programme: Programme, months: list[date], by: Lane) -> list[Line]:
    """The events of these months, line by line; an event of two trainers stands on both lines."""
    last = (months[-1] + timedelta(days=31)).replace(day=1)
    events = [e for e in events_of(programme) if e.starts_on < last and e.ends_on >= months[0]]
    lines: dict[EventKind | str, list[Event]] = {}
    for event in events:
        for label in _labels(event, by):
            lines.setdefault(label, []).append(event)
    by_name = sorted(lines.items(), key=lambda line: (not line[0], line[0]))
    return [Line(label, _by_month(there, months)) for label, there in by_name]


def _by_month(events: list[Event], months: list[date]) -> list[list[Event]]:
    """The events by the month in which they begin; what began before stands in the first."""
    begins = [max(event.starts_on, months[0]).replace(day=1) for event in events]
    return [[event for event, begin in zip(events, begins, strict=True) if begin == first] for first in months]


def _labels(event: Event, by: Lane) -> list[EventKind | str]:
    if by == Lane.TRAINER:
        return [trainer.name or "" for trainer in event.trainers] or [""]
    if by == Lane.VENUE:
        return [f"{event.venue.name}, {event.venue.town}" if event.venue else ""]
    return [event.kind]


def on_now(programme: Programme, user: User | None = None) -> list[Event]:
    """Planned events of today; only those a trainer leads when `user` is given."""
    today = programme.today()
    query = sa.select(Event).where(
        Event.programme_id == programme.id,
        Event.status == EventStatus.PLANNED,
        Event.starts_on <= today,
        Event.ends_on >= today,
    )
    if user is not None:
        query = query.where(Event.id.in_(sa.select(EventTrainer.event_id).where(EventTrainer.user_id == user.id)))
    return list(db.session.scalars(query.order_by(Event.starts_on).options(joinedload(Event.venue))))


def coming(programme: Programme, days: int = 60) -> list[Event]:
    """Planned events that begin in the next `days` days."""
    today = programme.today()
    query = sa.select(Event).where(
        Event.programme_id == programme.id,
        Event.status == EventStatus.PLANNED,
        Event.starts_on > today,
        Event.starts_on <= today + timedelta(days=days),
    )
    return list(db.session.scalars(query.order_by(Event.starts_on).options(joinedload(Event.venue))))


def led_next(programme: Programme, user: User, most: int = 5) -> list[Event]:
    """The next planned events that a trainer leads, those of today apart."""
    query = sa.select(Event).where(
        Event.programme_id == programme.id,
        Event.status == EventStatus.PLANNED,
        Event.starts_on > programme.today(),
        Event.id.in_(sa.select(EventTrainer.event_id).where(EventTrainer.user_id == user.id)),
    )
    query = query.options(joinedload(Event.venue), selectinload(Event.sessions))
    return list(db.session.scalars(query.order_by(Event.starts_on).limit(most)))


def not_closed(programme: Programme) -> list[Event]:
    """Planned events that are over: they count once their trainer closes them."""
    query = sa.select(Event).where(
        Event.programme_id == programme.id, Event.status == EventStatus.PLANNED, Event.ends_on < programme.today()
    )
    return list(db.session.scalars(query.order_by(Event.starts_on).options(joinedload(Event.venue))))


def venues(programme: Programme) -> list[Venue]:
    return list(db.session.scalars(sa.select(Venue).where(Venue.programme_id == programme.id).order_by(Venue.id)))


def current_session(event: Event) -> EventSession:
    """The session whose door matters now: the one on, else the next, else the last."""
    now = clock.now()
    return next((s for s in event.sessions if s.ends_at >= now), event.sessions[-1])
