"""How the demo's monitoring went: units, visits, reports, and what became of the recommendations."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from accounts.models import User
from core import clock
from core.i18n import Texts
from founding import invented
from monitoring import reports, visits
from monitoring.models import Implementation, Judgement, PoliceUnit, Report, ResponseKind, Voice
from monitoring.visits import VisitRecord
from participants import roster
from participants.models import Sector
from trainings.models import Programme

UNITS = 40
PACE = timedelta(days=13)  # between two visits
JUDGEMENTS = {Judgement.MET: 45, Judgement.PARTLY: 30, Judgement.NOT_MET: 18, Judgement.NOT_SEEN: 7}


def play(programme: Programme, monitors: list[User], manager: User, chance: Random) -> None:
    """Units visited one after the other since the half of the first year, and a report every five months."""
    units = [visits.add_unit(programme, f"Отделение {n:02}", invented.REGIONS[n % 5]) for n in range(1, UNITS + 1)]
    first = programme.starts_on + timedelta(days=150)
    day, number = first, 0
    while day < programme.today() and number < UNITS:
        _visit(programme, units[number], day, monitors[number % len(monitors)], manager, chance)
        number += 1
        day += PACE
    for count, published_on in enumerate(_every(first + timedelta(days=120), 110, programme.today()), 1):
        _report(programme, count, published_on, manager, chance)


def _visit(programme: Programme, unit: PoliceUnit, day: date, monitor: User, manager: User, chance: Random) -> None:
    organisation = roster.find_organisation(programme, chance.choice(invented.ORGANISATIONS[Sector.CSO]))
    assert organisation is not None
    findings = {
        item.key: chance.choices(list(JUDGEMENTS), list(JUDGEMENTS.values()))[0] for item in visits.protocol(programme)
    }
    if chance.random() < 0.08:
        findings.popitem()
    with _at_noon(programme, day):
        visit = visits.record(unit, VisitRecord(day, organisation, chance.choice((2, 2, 2, 3, 1)), findings), monitor)
    approved_on = day + timedelta(days=chance.choice((4, 7, 9, 12, 20)))
    if approved_on <= programme.today():
        with _at_noon(programme, approved_on):
            visits.approve(visit, manager)


def _report(programme: Programme, count: int, published_on: date, manager: User, chance: Random) -> None:
    title = Texts(
        en=f"Monitoring report {count}: rights of detainees in police units",
        ru=f"Мониторинговый доклад {count}: права задержанных в отделениях милиции",
        be=f"Маніторынгавы даклад {count}: правы затрыманых у аддзяленнях міліцыі",
    )
    with _at_noon(programme, published_on):
        report = reports.begin(programme, title)
        for number in range(9):
            reports.recommend(
                report,
                invented.ADDRESSEES[number % 3],
                invented.RECOMMENDATIONS[(number + 4 * count) % len(invented.RECOMMENDATIONS)],
                theme=invented.THEMES[number % 6],
                due_on=published_on + timedelta(days=180),
            )
        reports.publish(report, published_on)
    _become(programme, report, published_on, manager, chance)


def _become(programme: Programme, report: Report, published_on: date, manager: User, chance: Random) -> None:
    for recommendation in report.recommendations:
        answered_on = published_on + timedelta(days=chance.randrange(20, 90))
        if chance.random() < 0.6 and answered_on <= programme.today():
            kind = chance.choice(
                (ResponseKind.ACCEPTED, ResponseKind.PARTLY, ResponseKind.NOTED, ResponseKind.REJECTED)
            )
            with _at_noon(programme, answered_on):
                reports.note_response(recommendation, kind, answered_on, is_written=True, note="", by=manager)
        assessed_on = published_on + timedelta(days=100)
        if chance.random() < 0.75 and assessed_on <= programme.today():
            how = chance.choices(
                (
                    Implementation.NOT_IMPLEMENTED,
                    Implementation.IN_PROGRESS,
                    Implementation.PARTIALLY,
                    Implementation.IMPLEMENTED,
                ),
                (45, 25, 20, 10),
            )[0]
            with _at_noon(programme, assessed_on):
                reports.assess(recommendation, how, Voice.OWN, assessed_on, by=manager)


def _every(first: date, days: int, until: date) -> list[date]:
    found: list[date] = []
    while first < until and len(found) < 4:
        found.append(first)
        first += timedelta(days=days)
    return found


def _at_noon(programme: Programme, day: date) -> AbstractContextManager[None]:
    return clock.standing_at(datetime.combine(day, time(12), ZoneInfo(programme.time_zone)))
