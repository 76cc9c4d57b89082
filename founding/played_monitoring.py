"""How the demo's monitoring went: units, visits, reports, and what became of the recommendations."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from accounts.models import User
from core import clock
from core.i18n import Texts
from founding import invented, played_recommendations
from monitoring import protocol, reports, units, visits
from monitoring.models import Announcement, Judgement, PoliceUnit, ProtocolItem, Report, Visit
from monitoring.visits import VisitRecord
from participants import roster
from participants.models import Sector
from trainings.models import Programme

UNITS = 50
PACE = timedelta(days=13)  # between two visits
JUDGEMENTS = {Judgement.MET: 45, Judgement.PARTLY: 30, Judgement.NOT_MET: 18, Judgement.NOT_SEEN: 7}
REPEATED = 5  # every fifth visit goes to a unit that was seen before
NOTE = "Заметка придумана для показа. Журнал учёта вели на двух столах, время в них расходится."


def play(programme: Programme, monitors: list[User], manager: User, chance: Random) -> None:
    """Units visited one after the other since the half of the first year, and a report every five months."""
    made = [units.add(programme, f"Отделение {n:02}", invented.REGIONS[n % 5]) for n in range(1, UNITS + 1)]
    first = programme.starts_on + timedelta(days=150)
    day, number = first, 0
    before = Random(1)  # of its own, so that what comes after is as it was
    while day < programme.today() and number < UNITS:
        _visit(programme, made[number], day, monitors[number % len(monitors)], manager, chance)
        if number % REPEATED == REPEATED - 1:
            _see_again(made[number // 2], day, monitors[number % len(monitors)], manager, before)
        number += 1
        day += PACE
    _leave_some_open(made[number : number + 3], monitors)
    for count, published_on in enumerate(_every(first + timedelta(days=120), 110, programme.today()), 1):
        _report(programme, count, published_on, manager, chance)
    _draft(programme)
    played_recommendations.take_in_from_outside(programme, manager)


def _visit(programme: Programme, unit: PoliceUnit, day: date, monitor: User, manager: User, chance: Random) -> None:
    organisation = roster.find_organisation(programme, chance.choice(invented.ORGANISATIONS[Sector.CSO]))
    findings = {
        item.key: chance.choices(list(JUDGEMENTS), list(JUDGEMENTS.values()))[0] for item in protocol.items(programme)
    }
    if chance.random() < 0.08:
        findings.popitem()
    seen = VisitRecord(day, organisation, chance.choice((2, 2, 2, 3, 1)), findings)
    seen.announcement = Announcement.ANNOUNCED if day.toordinal() % 3 else Announcement.UNANNOUNCED
    _hand_in(unit, seen, monitor, manager, day + timedelta(days=chance.choice((4, 7, 9, 12, 20))))


def _see_again(unit: PoliceUnit, day: date, monitor: User, manager: User, chance: Random) -> None:
    """A unit seen before, where some points are better now and a few worse."""
    first = units.visits_to(unit)[0]
    better = {Judgement.NOT_MET: Judgement.PARTLY, Judgement.PARTLY: Judgement.MET}
    findings = dict(first.judgements)
    for key, word in first.judgements.items():
        if chance.random() < 0.4:
            findings[key] = better.get(word, word)
        elif chance.random() < 0.1:
            findings[key] = Judgement.NOT_MET
    seen = VisitRecord(day, first.organisation, 2, findings, announcement=Announcement.UNANNOUNCED)
    _hand_in(unit, seen, monitor, manager, day + timedelta(days=6))


def _hand_in(unit: PoliceUnit, seen: VisitRecord, monitor: User, manager: User, approved_on: date) -> None:
    programme = unit.programme
    with _at_noon(programme, seen.visited_on):
        visit = visits.record(unit, seen, monitor)
        visits.hand_in(visit)
    if approved_on <= programme.today():
        with _at_noon(programme, approved_on):
            visits.approve(visit, manager)


def _leave_some_open(where: list[PoliceUnit], monitors: list[User]) -> None:
    """A visit that waits, one that came back with a note, and one that is half written down."""
    if len(where) < 3:
        return
    items = protocol.items(where[0].programme)
    _recent(where[0], 5, items, monitors[0])
    returned = _recent(where[1], 9, items[:-2], monitors[0])
    visits.send_back(returned, "Два последних пункта без ответа: если их не удалось увидеть, отметьте это.")
    half = _recent(where[2], 1, items[: len(items) // 2], monitors[0], is_handed_in=False)
    visits.jot(half, visits.Jotting(notes=NOTE))


def _recent(
    unit: PoliceUnit, days: int, items: list[ProtocolItem], monitor: User, *, is_handed_in: bool = True
) -> Visit:
    day = unit.programme.today() - timedelta(days=days)
    organisation = roster.find_organisation(unit.programme, invented.ORGANISATIONS[Sector.CSO][days % 5])
    findings = {item.key: list(JUDGEMENTS)[place % 3] for place, item in enumerate(items)}
    with _at_noon(unit.programme, day):
        visit = visits.record(unit, VisitRecord(day, organisation, 2, findings, NOTE, Announcement.ANNOUNCED), monitor)
        if is_handed_in:
            visits.hand_in(visit)
    return visit


def _report(programme: Programme, count: int, published_on: date, manager: User, chance: Random) -> None:
    title = Texts(
        en=f"Monitoring report {count}: rights of detainees in police units",
        ru=f"Мониторинговый доклад {count}: права задержанных в отделениях милиции",
        be=f"Маніторынгавы даклад {count}: правы затрыманых у аддзяленнях міліцыі",
    )
    with _at_noon(programme, published_on):
        report = reports.begin(programme, title, _summary())
        reports.rest_on(report, _approved_before(programme, published_on))
        for number in range(9):
            reports.recommend(
                report,
                invented.ADDRESSEES[number % 3],
                invented.RECOMMENDATIONS[(number + 4 * count) % len(invented.RECOMMENDATIONS)],
                theme=invented.THEMES[number % 6],
                due_on=published_on + timedelta(days=180),
            )
        reports.publish(report, published_on)
    played_recommendations.become(report, published_on, manager, chance)


def _approved_before(programme: Programme, day: date) -> list[Visit]:
    """What a report may rest on by then: the demo knows the later visits already."""
    found = reports.approved(programme, until=day)
    return [visit for visit in found if visit.approved_on is not None and visit.approved_on <= day]


def _draft(programme: Programme) -> Report:
    """The report that is being written."""
    title = Texts(
        en="Monitoring report: what repeat visits showed",
        ru="Мониторинговый доклад: что показали повторные посещения",
        be="Маніторынгавы даклад: што паказалі паўторныя наведванні",
    )
    report = reports.begin(programme, title)
    reports.rest_on(report, reports.approved(programme, since=programme.today() - timedelta(days=120)))
    reports.recommend(report, invented.ADDRESSEES[0], invented.RECOMMENDATIONS[1], theme=invented.THEMES[2])
    return report


def _summary() -> Texts:
    return Texts(
        en="Invented for the demo. Custody records are kept, but not at once; lawyers come late; doctors are called "
        "when somebody asks.",
        ru="Текст придуман для показа. Журналы учёта ведутся, но не сразу; адвокат приходит поздно; врача зовут, "
        "когда об этом просят.",
        be="Тэкст прыдуманы для паказу. Журналы ўліку вядуцца, але не адразу; адвакат прыходзіць позна; доктара "
        "клічуць, калі пра гэта просяць.",
    )


def _every(first: date, days: int, until: date) -> list[date]:
    found: list[date] = []
    while first < until and len(found) < 4:
        found.append(first)
        first += timedelta(days=days)
    return found


def _at_noon(programme: Programme, day: date) -> AbstractContextManager[None]:
    return clock.standing_at(datetime.combine(day, time(12), ZoneInfo(programme.time_zone)))
