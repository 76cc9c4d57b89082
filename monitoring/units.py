"""Police units under observation: an alias and a region for everybody, the real name for managers only."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core.db import db
from core.errors import Refused
from monitoring.models import PoliceUnit, Report, ReportVisit, Visit
from privacy import erasure
from trainings.models import Programme


class AliasTaken(Refused):
    code = "alias_taken"
    sentence = _l("Another unit has this alias already.")


def add(programme: Programme, alias: str, region: str, name: str = "") -> PoliceUnit:
    """A unit under observation. Refuses AliasTaken."""
    unit = PoliceUnit(programme_id=programme.id, alias=alias, region=region)
    _refuse_taken(unit, alias)
    unit.name = name or None
    db.session.add(unit)
    db.session.flush()
    return unit


def revise(unit: PoliceUnit, alias: str, region: str, name: str) -> None:
    """Change what a unit is called and where it is; an empty name forgets it. Refuses AliasTaken."""
    _refuse_taken(unit, alias)
    unit.alias, unit.region, unit.name = alias, region, name or None
    db.session.flush()


def of_programme(programme: Programme) -> list[PoliceUnit]:
    """The units of a programme by their alias."""
    query = sa.select(PoliceUnit).where(PoliceUnit.programme_id == programme.id)
    return list(db.session.scalars(query.order_by(PoliceUnit.alias)))


def visits_to(unit: PoliceUnit) -> list[Visit]:
    """The visits to a unit, the first one first."""
    query = sa.select(Visit).where(Visit.police_unit_id == unit.id).order_by(Visit.visited_on, Visit.id)
    return list(db.session.scalars(query))


def reports_about(unit: PoliceUnit) -> list[Report]:
    """The reports that rest on a visit to this unit, the newest first."""
    query = (
        sa.select(Report)
        .where(
            Report.id.in_(
                sa.select(ReportVisit.report_id)
                .join(Visit, Visit.id == ReportVisit.visit_id)
                .where(Visit.police_unit_id == unit.id)
            )
        )
        .order_by(Report.published_on.desc().nulls_first(), Report.id.desc())
    )
    return list(db.session.scalars(query))


def _refuse_taken(unit: PoliceUnit, alias: str) -> None:
    same = sa.select(PoliceUnit.uid).where(PoliceUnit.programme_id == unit.programme_id, PoliceUnit.alias == alias)
    taken = db.session.scalar(same)
    if taken is not None and taken != unit.uid:
        raise AliasTaken


@erasure.forgets(PoliceUnit)
def forget_name(unit: PoliceUnit) -> None:
    """Keep the alias only."""
    unit.name = None
