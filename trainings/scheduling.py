"""Planning events: when, where, with whom; clashes named; moving, cancelling and closing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core import clock
from core.db import db
from core.errors import Refused
from core.i18n import Texts, short_day
from trainings.models import (
    Event,
    EventKind,
    EventSession,
    EventStatus,
    EventTrainer,
    FigureSource,
    PrivacyLevel,
    Programme,
    Venue,
)


@dataclass
class SessionPlan:
    """A sitting as planned; the times are aware."""

    starts_at: datetime
    ends_at: datetime
    title: Texts | None = None


@dataclass
class EventPlan:
    """Everything a manager decides about an event."""

    kind: EventKind
    title: Texts
    sessions: list[SessionPlan]
    venue: Venue | None = None
    capacity: int | None = None
    privacy: PrivacyLevel = PrivacyLevel.NAMED
    figure_source: FigureSource = FigureSource.LIST
    trainers: list[User] = field(default_factory=list)
    inner_title: str | None = None


@dataclass
class Clash:
    """A trainer or a venue that is taken by another event at the same time."""

    who: str
    other: Event
    on: date

    def __str__(self) -> str:
        return _(
            "%(who)s: taken by “%(event)s” on %(day)s", who=self.who, event=self.other.name, day=short_day(self.on)
        )


class Clashing(Refused):
    code = "clashing"
    sentence = _l("This clashes with another event. %(clashes)s")


class SessionsOverlap(Refused):
    code = "sessions_overlap"
    sentence = _l("Sessions of one event follow each other; two of these overlap.")


class NoSessions(Refused):
    code = "no_sessions"
    sentence = _l("An event has one session at least. Give it a day, a start and an end.")


class NotPlanned(Refused):
    code = "not_planned"
    sentence = _l("This event is not planned any more: it was held or cancelled.")


class NotBegun(Refused):
    code = "not_begun"
    sentence = _l("The last session has not begun. Close the event when it is over, or change its sessions first.")


class PrivacyLowered(Refused):
    code = "privacy_lowered"
    sentence = _l("An event planned without names stays without names: people came because of it.")


class VenueTooSmall(Refused):
    code = "venue_too_small"
    sentence = _l("The venue has %(room)s places, the event is planned for %(places)s.")


def plan(programme: Programme, plan: EventPlan, *, key: str | None = None, despite_clashes: bool = False) -> Event:
    """Plan a new event. Refuses NoSessions, SessionsOverlap, and Clashing unless told to."""
    event = Event(programme=programme, programme_id=programme.id, key=key, kind=plan.kind)
    _apply(event, plan, despite_clashes)
    db.session.add(event)
    db.session.flush()
    return event


def revise(event: Event, plan: EventPlan, *, despite_clashes: bool = False) -> None:
    """Change a planned event. Refuses as plan(), NotPlanned, and PrivacyLowered."""
    _refuse_unless_planned(event)
    if event.privacy == PrivacyLevel.CODED and plan.privacy == PrivacyLevel.NAMED:
        raise PrivacyLowered
    _apply(event, plan, despite_clashes)
    _count_change(event)
    db.session.flush()


def move(event: Event, to: date, *, despite_clashes: bool = False) -> None:
    """Move all sessions so that the first is on `to`, at the same local times. Refuses NotPlanned, Clashing."""
    _refuse_unless_planned(event)
    moved = moved_to(event, to)
    _refuse_clashes(event, event.venue, event.trainers, moved, despite_clashes)
    for event_session, planned in zip(event.sessions, moved, strict=True):
        event_session.starts_at, event_session.ends_at = planned.starts_at, planned.ends_at
    _date(event)
    _count_change(event)
    db.session.flush()


def moved_to(event: Event, to: date) -> list[SessionPlan]:
    """The sessions of an event as they would be if its first day were `to`, at the same local times."""
    days = (to - event.starts_on).days
    zone = ZoneInfo(event.programme.time_zone)
    return [
        SessionPlan(_days_later(s.starts_at, days, zone), _days_later(s.ends_at, days, zone), s.title)
        for s in event.sessions
    ]


def copy(event: Event, to: date, *, despite_clashes: bool = False) -> Event:
    """Plan the same event once more, with `to` as its first day; people are not copied. Refuses Clashing."""
    same = EventPlan(
        kind=event.kind,
        title=Texts(event.title),
        sessions=moved_to(event, to),
        venue=event.venue,
        capacity=event.capacity,
        privacy=event.privacy,
        figure_source=event.figure_source,
        trainers=list(event.trainers),
        inner_title=event.inner_title,
    )
    return plan(event.programme, same, despite_clashes=despite_clashes)


def cancel(event: Event, reason: str) -> None:
    """Cancel a planned event; what was registered and scanned stays. Refuses NotPlanned."""
    _refuse_unless_planned(event)
    event.status, event.cancelled_at, event.cancel_reason = EventStatus.CANCELLED, clock.now(), reason
    _count_change(event)
    db.session.flush()


def close(event: Event) -> None:
    """Say that an event was held: from now on it counts. Refuses NotPlanned and NotBegun."""
    _refuse_unless_planned(event)
    if event.sessions[-1].starts_at > clock.now():
        raise NotBegun
    event.status, event.held_at = EventStatus.HELD, clock.now()
    db.session.flush()


def clashes(event: Event | None, venue: Venue | None, trainers: list[User], sessions: list[SessionPlan]) -> list[Clash]:
    """Other events, not cancelled, that need the same venue or trainer at the same time."""
    found: list[Clash] = []
    for planned in sessions:
        same_time = (
            sa.select(EventSession)
            .join(Event)
            .where(
                EventSession.starts_at < planned.ends_at,
                EventSession.ends_at > planned.starts_at,
                Event.status != EventStatus.CANCELLED,
                Event.id != (event.id if event and event.id else -1),
            )
        )
        wanted = [trainer.id for trainer in trainers]
        taken = sa.or_(
            Event.venue_id == (venue.id if venue else -1),
            Event.id.in_(sa.select(EventTrainer.event_id).where(EventTrainer.user_id.in_(wanted))),
        )
        for other in db.session.scalars(same_time.where(taken)):
            found += _named(other.event, venue, trainers, planned)
    return list({(clash.who, clash.other.id): clash for clash in found}.values())


def _named(other: Event, venue: Venue | None, trainers: list[User], planned: SessionPlan) -> Iterable[Clash]:
    on = planned.starts_at.astimezone(ZoneInfo(other.programme.time_zone)).date()
    if venue is not None and other.venue_id == venue.id:
        yield Clash(str(venue.name), other, on)
    for trainer in trainers:
        if trainer in other.trainers:
            yield Clash(trainer.name, other, on)


def _apply(event: Event, plan: EventPlan, despite_clashes: bool) -> None:
    if not plan.sessions:
        raise NoSessions
    sessions = sorted(plan.sessions, key=lambda s: s.starts_at)
    if any(before.ends_at > after.starts_at for before, after in pairwise(sessions)):
        raise SessionsOverlap
    _refuse_small_venue(plan, despite_clashes)
    _refuse_clashes(event, plan.venue, plan.trainers, sessions, despite_clashes)
    event.kind, event.title, event.capacity, event.privacy = plan.kind, plan.title, plan.capacity, plan.privacy
    event.figure_source, event.venue, event.trainers = plan.figure_source, plan.venue, plan.trainers
    event.inner_title = plan.inner_title
    for number, planned in enumerate(sessions, 1):
        if number > len(event.sessions):
            event.sessions.append(EventSession(number=number))
        event_session = event.sessions[number - 1]
        event_session.starts_at, event_session.ends_at = planned.starts_at, planned.ends_at
        event_session.title = planned.title
    del event.sessions[len(sessions) :]
    _date(event)


def _refuse_small_venue(plan: EventPlan, despite: bool) -> None:
    room = plan.venue.capacity if plan.venue else None
    if room and plan.capacity and plan.capacity > room and not despite:
        raise VenueTooSmall(room=room, places=plan.capacity)


def _count_change(event: Event) -> None:
    # By the database, so that of two changes at once both are counted.
    event.calendar_sequence = Event.calendar_sequence + 1
    event.changed_at = clock.now()


def _date(event: Event) -> None:
    zone = ZoneInfo(event.programme.time_zone)
    event.starts_on = event.sessions[0].starts_at.astimezone(zone).date()
    event.ends_on = event.sessions[-1].ends_at.astimezone(zone).date()


def _days_later(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    # By the wall clock: a session at 9:30 stays at 9:30 when summer time begins in between.
    local = moment.astimezone(zone)
    return (local.replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=zone)


def _refuse_unless_planned(event: Event) -> None:
    if not event.is_planned:
        raise NotPlanned


def _refuse_clashes(
    event: Event, venue: Venue | None, trainers: list[User], sessions: list[SessionPlan], despite: bool
) -> None:
    if despite:
        return
    with db.session.no_autoflush:
        found = clashes(event, venue, trainers, sessions)
    if found:
        raise Clashing(clashes="; ".join(str(clash) for clash in found))
