"""What is on: lists of events, the month as a calendar, today."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

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
