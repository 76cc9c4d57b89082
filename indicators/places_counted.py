"""Places at held events, looked at once: who was absent, who came too little, who completed, and whose first it was.

Counts of people, completions, organisations and of whoever was not counted all rest on this one reading, so that they
cannot disagree, and a million attendances are read once after a change and not once for each indicator.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from core.db import db
from door.models import Attendance
from indicators import memory
from indicators.series import Fact
from participants.models import Participant, Registration, RegistrationStatus
from trainings.models import Event, EventKind, EventSession, EventStatus, Programme


class Outcome(StrEnum):
    """What became of a place; FIRST is a person's first completion, and counted under COMPLETED too."""

    ABSENT = "absent"
    BELOW_SHARE = "below_share"
    COMPLETED = "completed"
    FIRST = "first"


@dataclass(frozen=True)
class Group:
    """So many places of an outcome on the last day of events, of people of a sex and a sector."""

    on: date
    outcome: Outcome
    sex: str
    sector: str
    number: int


@dataclass(frozen=True)
class Places:
    """All places at held events of some kinds, in groups."""

    groups: Sequence[Group]

    def facts(self, outcome: Outcome, sectors: Sequence[str] = ()) -> list[Fact]:
        """The places of an outcome as dated facts, cell by cell."""
        return [
            Fact(found.on, found.number, cells={"sex": found.sex, "sector": found.sector})
            for found in self._of(sectors)
            if found.outcome == outcome
        ]

    def number(self, outcome: Outcome, until: date, sectors: Sequence[str] = ()) -> int:
        return sum(found.number for found in self._of(sectors) if found.outcome == outcome and found.on <= until)

    def present(self) -> Iterator[tuple[date, int]]:
        """How many people were present at any session, by the last day of their event."""
        for found in self.groups:
            if found.outcome in (Outcome.BELOW_SHARE, Outcome.COMPLETED):
                yield found.on, found.number

    def _of(self, sectors: Sequence[str]) -> Iterator[Group]:
        return (found for found in self.groups if not sectors or found.sector in sectors)


def of(programme: Programme, kinds: Sequence[str], threshold: int | None = None) -> Places:
    """The places at held events of these kinds, remembered until the register changes.

    Completed: present at `threshold` percent of the sessions (the programme's rule by default; 0 means at any).
    """
    asked = {"kinds": sorted(kinds), "threshold": threshold}
    found: Places = memory.keep(programme, "places", asked, lambda: _count(programme, kinds, threshold))
    return found


def rows(programme: Programme, kinds: Sequence[str], threshold: int | None, *more: Any) -> sa.Select[Any]:
    """Every place at a held event, or presence of whoever had none: who, where, until when, and its outcome."""
    needed = programme.completion_percent if threshold is None else threshold
    held = (
        Event.programme_id == programme.id,
        Event.kind.in_([EventKind(kind) for kind in kinds]),
        Event.status == EventStatus.HELD,
        *more,
    )
    sessions = (
        sa.select(EventSession.event_id, sa.func.count().label("number"))
        .where(EventSession.event_id.in_(sa.select(Event.id).where(*held)))
        .group_by(EventSession.event_id)
        .subquery()
    )
    # Asked place by place, of the index of attendances: what other events hold is never read.
    number = (
        sa.select(sa.func.count())
        .where(Attendance.registration_id == Registration.id, Attendance.annulled_at.is_(None))
        .scalar_subquery()
    )
    place = (
        sa.select(
            Event.id.label("event_id"),
            Event.ends_on,
            Registration.participant_id,
            Registration.status,
            number.label("attended"),
            sa.func.coalesce(sessions.c.number, 0).label("sessions"),
        )
        .select_from(Event)
        .join(Registration, Registration.event_id == Event.id)
        .outerjoin(sessions, sessions.c.event_id == Event.id)
        .where(*held)
        .subquery()
    )
    outcome = sa.case(
        (place.c.attended == 0, Outcome.ABSENT.value),
        (place.c.attended * 100 < place.c.sessions * needed, Outcome.BELOW_SHARE.value),
        else_=Outcome.COMPLETED.value,
    )
    return (
        sa.select(
            place.c.event_id,
            place.c.ends_on,
            place.c.participant_id,
            Participant.organisation_id,
            Participant.sex,
            Participant.sector,
            outcome.label("outcome"),
        )
        .join(Participant, Participant.id == place.c.participant_id)
        .where((place.c.attended > 0) | (place.c.status == RegistrationStatus.REGISTERED))
    )


def _count(programme: Programme, kinds: Sequence[str], threshold: int | None) -> Places:
    place = rows(programme, kinds, threshold).cte("place")
    by_outcome = sa.select(place.c.ends_on, place.c.outcome, place.c.sex, place.c.sector, sa.func.count()).group_by(
        place.c.ends_on, place.c.outcome, place.c.sex, place.c.sector
    )
    first = (
        sa.select(
            sa.func.min(place.c.ends_on).label("ends_on"),
            sa.func.min(place.c.sex).label("sex"),
            sa.func.min(place.c.sector).label("sector"),
        )
        .where(place.c.outcome == Outcome.COMPLETED.value)
        .group_by(place.c.participant_id)
        .subquery()
    )
    firsts = sa.select(
        first.c.ends_on, sa.literal(Outcome.FIRST.value), first.c.sex, first.c.sector, sa.func.count()
    ).group_by(first.c.ends_on, first.c.sex, first.c.sector)
    found = db.session.execute(sa.union_all(by_outcome, firsts))
    return Places([Group(on, Outcome(outcome), str(sex), str(sector), n) for on, outcome, sex, sector, n in found])
