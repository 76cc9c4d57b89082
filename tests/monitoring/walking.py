"""A programme with a short protocol and a unit, and what a monitor wrote down there."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import User
from core import clock
from monitoring import protocol, units, visits
from monitoring.models import Judgement, PoliceUnit, Visit
from monitoring.protocol import ItemPlan
from monitoring.visits import VisitRecord
from participants import roster
from tests import make
from tests.make import Texts

POINTS = 4


def unit(alias: str = "Unit 1", region: str = "North") -> PoliceUnit:
    programme = make.programme()
    plans = [
        ItemPlan(f"point{n}", Texts(en="Custody" if n < 3 else "Doctors"), Texts(en=f"Point {n}"))
        for n in range(1, POINTS + 1)
    ]
    protocol.load(programme, plans)
    return units.add(programme, alias, region, "Речной РОВД")


def seen(monitors: int = 2, points: int = POINTS, word: Judgement = Judgement.MET, **more) -> VisitRecord:
    organisation = roster.find_organisation(make.programme(), "Group")
    findings = {f"point{n}": word for n in range(1, points + 1)}
    return VisitRecord(make.programme().today(), organisation, monitors, findings, **more)


def approved(at: PoliceUnit, record: VisitRecord, days_ago: int = 0, by: User | None = None) -> Visit:
    """A visit so many days ago that somebody else approved the same day."""
    with clock.standing_at(clock.now() - timedelta(days=days_ago)):
        record.visited_on = make.programme().today()
        visit = visits.record(at, record, by or make.user("monitor"))
        visits.hand_in(visit)
        visits.approve(visit, make.user("manager"))
    return visit
