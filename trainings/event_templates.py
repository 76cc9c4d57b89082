"""What an event of a kind usually is: its days and hours, places, quiz, and what its certificate asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core.db import db
from core.errors import Refused
from trainings.models import EventKind, PrivacyLevel, Programme
from trainings.scheduling import SessionPlan
from trainings.template_models import EventTemplate

MORNING, AFTERNOON = (time(9, 30), time(12, 30)), (time(13, 30), time(16, 30))


@dataclass(frozen=True)
class Sitting:
    """A session of a template: on which day of the event, the first being 1, from when to when."""

    day: int
    starts: time
    ends: time


@dataclass(frozen=True)
class Pattern:
    """A template as plain values, kept or as it comes with the product."""

    sittings: tuple[Sitting, ...]
    capacity: int | None = None
    privacy: PrivacyLevel = PrivacyLevel.NAMED
    quiz_key: str | None = None
    certificate_percent: int | None = None
    certificate_needs_quiz: bool = False


class SittingsOverlap(Refused):
    code = "sittings_overlap"
    sentence = _l("Sessions of one event follow each other; two of these overlap.")


class NoSittings(Refused):
    code = "no_sittings"
    sentence = _l("A template has one session at least.")


def _whole_days(number: int) -> tuple[Sitting, ...]:
    return tuple(Sitting(day, *half) for day in range(1, number + 1) for half in (MORNING, AFTERNOON))


SHIPPED = {
    EventKind.WORKSHOP: Pattern(_whole_days(2), 25),
    EventKind.CSO_TRAINING: Pattern(_whole_days(2), 20),
    EventKind.FORUM: Pattern(_whole_days(1), 80),
    EventKind.DISCUSSION: Pattern((Sitting(1, time(14), time(17)),), 40),
    EventKind.SEMINAR: Pattern(_whole_days(1), 30),
    EventKind.STUDY_VISIT: Pattern(tuple(Sitting(day, time(9), time(17)) for day in (1, 2, 3)), 12),
}


def of(programme: Programme, kind: EventKind) -> Pattern:
    """The template of a kind: the programme's own, else the one that comes with the product."""
    kept = db.session.scalar(_kept(programme, kind))
    return _read(kept) if kept else SHIPPED[kind]


def all_of(programme: Programme) -> dict[EventKind, tuple[Pattern, bool]]:
    """Every kind with its template, and whether it is the programme's own."""
    query = sa.select(EventTemplate).where(EventTemplate.programme_id == programme.id)
    kept = {template.kind: template for template in db.session.scalars(query)}
    return {kind: (_read(kept[kind]) if kind in kept else SHIPPED[kind], kind in kept) for kind in EventKind}


def keep(programme: Programme, kind: EventKind, pattern: Pattern) -> None:
    """Make this the programme's template of a kind. Refuses NoSittings and SittingsOverlap."""
    sittings = sorted(pattern.sittings, key=lambda s: (s.day, s.starts))
    if not sittings:
        raise NoSittings
    for before, after in pairwise(sittings):
        if before.day == after.day and before.ends > after.starts:
            raise SittingsOverlap
    kept = db.session.scalar(_kept(programme, kind)) or EventTemplate(programme_id=programme.id, kind=kind)
    kept.capacity, kept.privacy, kept.quiz_key = pattern.capacity, pattern.privacy, pattern.quiz_key
    kept.certificate_percent = pattern.certificate_percent
    kept.certificate_needs_quiz = pattern.certificate_needs_quiz
    kept.sessions = [
        {"day": s.day, "starts": s.starts.isoformat("minutes"), "ends": s.ends.isoformat("minutes")} for s in sittings
    ]
    db.session.add(kept)
    db.session.flush()


def drop(programme: Programme, kind: EventKind) -> None:
    """Back to the template that comes with the product; events that were planned stay as they are."""
    kept = db.session.scalar(_kept(programme, kind))
    if kept is not None:
        db.session.delete(kept)
        db.session.flush()


def sessions_from(pattern: Pattern, first: date, zone: str) -> list[SessionPlan]:
    """The sessions of a template from a first day on, by the wall clock of a zone."""
    place = ZoneInfo(zone)

    def at(sitting: Sitting, hour: time) -> datetime:
        return datetime.combine(first + timedelta(days=sitting.day - 1), hour, place)

    return [SessionPlan(at(sitting, sitting.starts), at(sitting, sitting.ends)) for sitting in pattern.sittings]


def _kept(programme: Programme, kind: EventKind) -> sa.Select[EventTemplate]:
    return sa.select(EventTemplate).where(EventTemplate.programme_id == programme.id, EventTemplate.kind == kind)


def _read(kept: EventTemplate) -> Pattern:
    sittings = (
        Sitting(s["day"], time.fromisoformat(s["starts"]), time.fromisoformat(s["ends"])) for s in kept.sessions
    )
    return Pattern(
        tuple(sittings),
        kept.capacity,
        kept.privacy,
        kept.quiz_key,
        kept.certificate_percent,
        kept.certificate_needs_quiz,
    )
