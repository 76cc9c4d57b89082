"""A programme as a file: its title, partners, dates, venues and planned events. Loading adds what is missing only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import sqlalchemy as sa

from core.db import db
from core.i18n import LANGUAGES, Texts
from core.sections import Section
from trainings import scheduling
from trainings.models import Event, EventKind, FigureSource, Partner, PartnerRole, PrivacyLevel, Programme, Venue
from trainings.scheduling import EventPlan, SessionPlan


@dataclass
class PlannedEvent:
    """An event as the file plans it."""

    key: str
    venue: str
    plan: EventPlan
    quizzes: list[str]


@dataclass
class ProgrammePlan:
    """What a programme file says about the programme itself."""

    values: dict[str, object]
    partners: list[tuple[PartnerRole, Texts]]
    venues: dict[str, dict[str, object]]
    events: list[PlannedEvent] = field(default_factory=list)

    @property
    def key(self) -> str:
        return str(self.values["key"])


def read(section: Section, shift: timedelta = timedelta(0)) -> ProgrammePlan:
    """Read the programme's own part of a file; `shift` moves every date, for a demo that lives today."""
    zone = section.text("time_zone")
    if zone not in available_timezones():
        section.note("time_zone", f"“{zone}” is not a time zone; Europe/Minsk is one")
        zone = "UTC"
    language = section.text("language")
    if language not in LANGUAGES:
        section.note("language", f"one of {', '.join(LANGUAGES)} is needed")
    plan = ProgrammePlan(
        values={
            "key": section.text("key", longest=60),
            "title": section.texts("title"),
            "summary": section.texts("summary"),
            "country": section.text("country", longest=2),
            "time_zone": zone,
            "language": language,
            "starts_on": section.day("starts_on") + shift,
            "ends_on": section.day("ends_on") + shift,
            "contact": section.text("contact", default=""),
            "completion_percent": section.integer("completion_percent", 1, 100, default=80),
            "pass_mark": section.integer("pass_mark", 1, 100, default=70),
            # Names on the phones at the door: only where losing such a phone endangers nobody.
            "show_names_offline": section.flag("show_names_offline", default=False),
        },
        partners=[(p.choice("role", PartnerRole), p.texts("name")) for p in section.tables("partners")],
        venues={v.text("key", longest=60): _venue(v) for v in section.tables("venues")},
    )
    if section.day("ends_on") <= section.day("starts_on"):
        section.note("ends_on", "the programme ends before it starts")
    for table in section.tables("events"):
        plan.events.append(_event(table, plan, zone, shift))
    return plan


def load(plan: ProgrammePlan) -> tuple[Programme, dict[str, Event]]:
    """The programme of a plan and its events by key; what exists already is left as people have made it."""
    programme = find(plan.key)
    if programme is None:
        programme = Programme(**plan.values)
        db.session.add(programme)
        db.session.flush()
        for position, (role, name) in enumerate(plan.partners):
            db.session.add(Partner(programme_id=programme.id, position=position, role=role, name=name))
    venues = {
        venue.key: venue for venue in db.session.scalars(sa.select(Venue).where(Venue.programme_id == programme.id))
    }
    for key, values in plan.venues.items():
        if key not in venues:
            venues[key] = Venue(programme_id=programme.id, key=key, **values)
            db.session.add(venues[key])
    db.session.flush()
    events = {
        event.key: event for event in db.session.scalars(sa.select(Event).where(Event.programme_id == programme.id))
    }
    for planned in plan.events:
        if planned.key not in events:
            planned.plan.venue = venues.get(planned.venue)
            events[planned.key] = scheduling.plan(programme, planned.plan, key=planned.key, despite_clashes=True)
    return programme, {key: event for key, event in events.items() if key}


def find(key: str) -> Programme | None:
    return db.session.scalar(sa.select(Programme).where(Programme.key == key))


def with_digest(digest: str) -> Programme | None:
    """The programme that was loaded from just these files."""
    return db.session.scalar(sa.select(Programme).where(Programme.file_digest == digest))


def first_day(section: Section, event_key: str) -> date:
    """The first day of an event of the file, to shift dates by."""
    for event in section.plain_tables("events"):
        if event.get("key") == event_key and event.get("sessions"):
            return event["sessions"][0]["starts"].date()
    raise KeyError(event_key)


def _venue(section: Section) -> dict[str, object]:
    return {
        "name": section.texts("name"),
        "town": section.texts("town"),
        "capacity": section.integer("capacity", 1, 100_000, default=None),
        "access": section.texts("access", default=None) or None,
    }


def _event(section: Section, plan: ProgrammePlan, zone: str, shift: timedelta) -> PlannedEvent:
    venue = section.text("venue", default="")
    if venue and venue not in plan.venues:
        section.note("venue", f"there is no venue “{venue}”")
    sessions = []
    for table in section.tables("sessions"):
        starts, ends = table.moment("starts"), table.moment("ends")
        if ends <= starts:
            table.note("ends", "a session ends after it starts")
            ends = starts + timedelta(hours=1)
        title = table.texts("title", default=None) or None
        sessions.append(SessionPlan(_placed(starts + shift, zone), _placed(ends + shift, zone), title))
    if not sessions:
        section.note("sessions", "an event has one session at least")
    return PlannedEvent(
        key=section.unique("key", [event.key for event in plan.events]),
        venue=venue,
        quizzes=section.names("quizzes", default=[]),
        plan=EventPlan(
            kind=section.choice("kind", EventKind),
            title=section.texts("title"),
            inner_title=section.text("inner_title", default="") or None,
            capacity=section.integer("capacity", 1, 100_000, default=None),
            privacy=section.choice("privacy", PrivacyLevel, default="named"),
            figure_source=section.choice("figure_source", FigureSource, default="list"),
            sessions=sessions,
        ),
    )


def _placed(local: datetime, zone: str) -> datetime:
    return local.replace(tzinfo=ZoneInfo(zone))
