"""Police units and visits: recording what was seen by the protocol, approving it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core import clock
from core.db import db
from core.errors import Refused
from core.i18n import Texts
from core.sections import Section
from monitoring.models import Judgement, PoliceUnit, ProtocolItem, Visit
from participants.models import Organisation
from privacy import erasure
from trainings.models import Programme

FEWEST_MONITORS = 2
APPROVED_WITHIN = timedelta(days=14)


class AliasTaken(Refused):
    code = "alias_taken"
    sentence = _l("Another unit has this alias already.")


class AlreadyApproved(Refused):
    code = "already_approved"
    sentence = _l("This visit is approved; its protocol stays as it is.")


class NotYet(Refused):
    code = "not_yet"
    sentence = _l("This visit is in the future.")


class OwnVisit(Refused):
    code = "own_visit"
    sentence = _l("A visit is approved by somebody other than the person who recorded it.")


@dataclass
class ItemPlan:
    """A point of the checklist as a programme file holds it."""

    key: str
    theme: Texts
    text: Texts


@dataclass
class VisitRecord:
    """What a monitor writes down."""

    visited_on: date
    organisation: Organisation
    monitor_count: int
    findings: dict[str, Judgement] = field(default_factory=dict)
    notes: str = ""


def read_protocol(root: Section) -> list[ItemPlan]:
    """The checklist of a programme file."""
    plans: dict[str, ItemPlan] = {}
    for section in root.tables("protocol"):
        key = section.unique("key", plans)
        plans[key] = ItemPlan(key, section.texts("theme"), section.texts("text"))
    return list(plans.values())


def load_protocol(programme: Programme, plans: list[ItemPlan]) -> None:
    """Add the points of a checklist that are not there yet."""
    known = {item.key for item in protocol(programme)}
    for position, plan in enumerate(plans, 1):
        if plan.key not in known:
            db.session.add(
                ProtocolItem(
                    programme_id=programme.id, position=position, key=plan.key, theme=plan.theme, text=plan.text
                )
            )
    db.session.flush()


def protocol(programme: Programme) -> list[ProtocolItem]:
    query = sa.select(ProtocolItem).where(ProtocolItem.programme_id == programme.id).order_by(ProtocolItem.position)
    return list(db.session.scalars(query))


def add_unit(programme: Programme, alias: str, region: str, name: str = "") -> PoliceUnit:
    """A unit under observation. Refuses AliasTaken."""
    taken = sa.select(PoliceUnit.id).where(PoliceUnit.programme_id == programme.id, PoliceUnit.alias == alias)
    if db.session.scalar(taken) is not None:
        raise AliasTaken
    unit = PoliceUnit(programme_id=programme.id, alias=alias, region=region)
    unit.name = name
    db.session.add(unit)
    db.session.flush()
    return unit


def units(programme: Programme) -> list[PoliceUnit]:
    query = sa.select(PoliceUnit).where(PoliceUnit.programme_id == programme.id)
    return list(db.session.scalars(query.order_by(PoliceUnit.alias)))


def of_programme(programme: Programme) -> list[Visit]:
    """The visits of a programme, the newest first."""
    query = sa.select(Visit).join(Visit.police_unit).where(PoliceUnit.programme_id == programme.id)
    return list(db.session.scalars(query.order_by(Visit.visited_on.desc(), Visit.id.desc())))


def record(unit: PoliceUnit, seen: VisitRecord, by: User) -> Visit:
    """Write down a visit as a draft. Refuses NotYet."""
    visit = Visit(police_unit=unit, police_unit_id=unit.id, user_id=by.id)
    revise(visit, seen)
    db.session.add(visit)
    db.session.flush()
    return visit


def revise(visit: Visit, seen: VisitRecord) -> None:
    """Change a draft. Refuses AlreadyApproved and NotYet."""
    if visit.is_approved:
        raise AlreadyApproved
    if seen.visited_on > visit.police_unit.programme.today():
        raise NotYet
    visit.visited_on, visit.monitor_count = seen.visited_on, seen.monitor_count
    visit.organisation, visit.organisation_id = seen.organisation, seen.organisation.id
    visit.findings = {key: judgement.value for key, judgement in seen.findings.items()}
    visit.notes = seen.notes
    visit.is_complete = meets_method(visit)


def approve(visit: Visit, by: User) -> None:
    """Accept a visit's protocol; from now on it counts. Refuses AlreadyApproved and OwnVisit."""
    if visit.is_approved:
        raise AlreadyApproved
    if visit.user_id == by.id:
        raise OwnVisit
    visit.approved_at, visit.approved_by_id = clock.now(), by.id
    visit.approved_on = visit.police_unit.programme.today()
    db.session.flush()


def meets_method(visit: Visit) -> bool:
    """The quality criteria of the method: two monitors or more, and every point of the protocol answered."""
    asked = {item.key for item in protocol(visit.police_unit.programme)}
    return visit.monitor_count >= FEWEST_MONITORS and asked <= visit.findings.keys()


@erasure.forgets(PoliceUnit)
def forget_unit_name(unit: PoliceUnit) -> None:
    """Keep the alias only."""
    unit.name = None


@erasure.forgets(Visit)
def forget_notes(visit: Visit) -> None:
    """Keep the judgements only."""
    visit.notes = None
