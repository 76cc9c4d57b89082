"""Places at held events, looked at once: who was absent, who came too little, who completed, and whose first it was.

Counts of people, completions, organisations and of whoever was not counted all rest on this one reading, so that they
cannot disagree, and a million attendances are read once after a change and not once for each indicator.
"""

from __future__ import annotations

from collections import Counter
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


def rows(
    programme: Programme,
    kinds: Sequence[str],
    threshold: int | None,
    *more: Any,
    among: sa.ColumnElement[bool] | None = None,
) -> sa.Select[Any]:
    """Every place at a held event, or presence of whoever had none: who, where, until when, and its outcome.

    `more` are conditions on events, `among` is one on places.
    """
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
        .where(*held, sa.true() if among is None else among)
        .cte("seen")
        .prefix_with("MATERIALIZED")  # or SQLite asks for the attendances of a place wherever their number is used
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
    place = rows(programme, kinds, threshold).subquery("place")
    keys = (place.c.ends_on, place.c.sex, place.c.sector)
    found = db.session.execute(sa.select(*keys, place.c.outcome, sa.func.count()).group_by(*keys, place.c.outcome))
    groups = [Group(on, Outcome(outcome), str(sex), str(sector), n) for on, sex, sector, outcome, n in found]
    return Places([*groups, *_firsts(groups, _further(programme, kinds, threshold))])


def _firsts(groups: Sequence[Group], further: Counter[tuple[date, str, str]]) -> Iterator[Group]:
    """The first completions: all of them but the further ones."""
    for found in groups:
        first = found.number - further[found.on, found.sex, found.sector]
        if found.outcome == Outcome.COMPLETED and first:
            yield Group(found.on, Outcome.FIRST, found.sex, found.sector, first)


def _further(programme: Programme, kinds: Sequence[str], threshold: int | None) -> Counter[tuple[date, str, str]]:
    """How many completions were not their person's first, by day, sex and sector; looked for only among people with
    several places, whom an index finds."""
    place = rows(programme, kinds, threshold, among=_with_several_places()).subquery("place")
    completed = sa.select(place).where(place.c.outcome == Outcome.COMPLETED.value)
    number = sa.func.row_number().over(partition_by=place.c.participant_id, order_by=place.c.ends_on)
    ranked = completed.add_columns(number.label("number")).subquery("ranked")
    keys = (ranked.c.ends_on, ranked.c.sex, ranked.c.sector)
    found = db.session.execute(sa.select(*keys, sa.func.count()).where(ranked.c.number > 1).group_by(*keys))
    return Counter({(on, str(sex), str(sector)): n for on, sex, sector, n in found})


def _with_several_places() -> sa.ColumnElement[bool]:
    several = sa.select(Registration.participant_id).group_by(Registration.participant_id).having(sa.func.count() > 1)
    return Registration.participant_id.in_(several)
