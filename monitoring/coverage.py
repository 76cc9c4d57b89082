"""Coverage: how many of a programme's units were observed, which never, and which are due for a repeat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from core.db import db
from monitoring import units
from monitoring.models import PoliceUnit, Visit, VisitState
from trainings.models import Programme

MONTH = timedelta(days=30.4375)


@dataclass(frozen=True)
class Observed:
    """A unit and its approved visits: how many, and the last day."""

    unit: PoliceUnit
    times: int
    last_on: date | None
    waiting: int  # visits that are not approved yet

    def is_due(self, today: date, months: int) -> bool:
        """Whether its last approved visit is so many months ago or more."""
        return self.last_on is not None and self.last_on + MONTH * months <= today


@dataclass(frozen=True)
class Region:
    """How far the units of a region were observed."""

    name: str
    observed: int
    units: int


def of_programme(programme: Programme) -> list[Observed]:
    """Every unit of a programme by its alias, with what approved visits say of it."""
    is_approved = Visit.state == VisitState.APPROVED
    rows = db.session.execute(
        sa.select(
            Visit.police_unit_id,
            sa.func.count().filter(is_approved),
            sa.func.max(Visit.visited_on).filter(is_approved),
            sa.func.count().filter(~is_approved),
        )
        .join(Visit.police_unit)
        .where(PoliceUnit.programme_id == programme.id)
        .group_by(Visit.police_unit_id)
    )
    found = {unit_id: (times, last_on, waiting) for unit_id, times, last_on, waiting in rows}
    return [Observed(unit, *found.get(unit.id, (0, None, 0))) for unit in units.of_programme(programme)]


def by_region(observed: Sequence[Observed]) -> list[Region]:
    """The same by region; the regions add up to the whole."""
    names = sorted({row.unit.region for row in observed})
    of_region = {name: [row for row in observed if row.unit.region == name] for name in names}
    return [Region(name, sum(row.times > 0 for row in rows), len(rows)) for name, rows in of_region.items()]
