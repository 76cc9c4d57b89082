"""A programme as the tables of a file that loads again to the same programme, as far as this package owns it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from trainings import agenda
from trainings.models import Event, EventSession, EventStatus, Programme, Venue


def tables(programme: Programme, quizzes: dict[int, list[str]]) -> dict[str, Any]:
    """The programme, its partners, venues and events, those that were cancelled left out.

    `quizzes` are the keys of those used at an event, by its id.
    """
    venues = agenda.venues(programme)
    events = [event for event in agenda.events_of(programme) if event.status != EventStatus.CANCELLED]
    return {
        "key": programme.key,
        "title": dict(programme.title),
        "summary": dict(programme.summary),
        "country": programme.country,
        "time_zone": programme.time_zone,
        "language": programme.language,
        "starts_on": programme.starts_on,
        "ends_on": programme.ends_on,
        "contact": programme.contact,
        "completion_percent": programme.completion_percent,
        "pass_mark": programme.pass_mark,
        "show_names_offline": programme.show_names_offline,
        "partners": [{"role": partner.role.value, "name": dict(partner.name)} for partner in programme.partners],
        "venues": [_venue(venue) for venue in venues],
        "events": [_event(event, quizzes.get(event.id)) for event in events],
    }


def _venue(venue: Venue) -> dict[str, Any]:
    return {
        "key": _key(venue),
        "name": dict(venue.name),
        "town": dict(venue.town),
        "capacity": venue.capacity,
        "access": dict(venue.access) if venue.access else None,
    }


def _event(event: Event, quizzes: list[str] | None) -> dict[str, Any]:
    zone = ZoneInfo(event.programme.time_zone)
    return {
        "key": _key(event),
        "kind": event.kind.value,
        "title": dict(event.title),
        "inner_title": event.inner_title,
        "venue": _key(event.venue) if event.venue else None,
        "capacity": event.capacity,
        "privacy": event.privacy.value,
        "figure_source": event.figure_source.value,
        "quizzes": quizzes,
        "sessions": [_session(event_session, zone) for event_session in event.sessions],
    }


def _session(event_session: EventSession, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "starts": _local(event_session.starts_at, zone),
        "ends": _local(event_session.ends_at, zone),
        "title": dict(event_session.title) if event_session.title else None,
    }


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _key(row: Venue | Event) -> str:
    # What was made on screen has no key of its own; its outside id is unique and stays.
    return row.key or row.uid
