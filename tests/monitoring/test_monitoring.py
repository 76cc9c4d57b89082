"""The monitoring register: units under an alias, visits approved by somebody else, recommendations followed up."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from core.db import db
from core.errors import Refused
from monitoring import reports, visits
from monitoring.models import Implementation, Judgement, PoliceUnit, ResponseKind, Visit, Voice
from monitoring.visits import ItemPlan, VisitRecord
from participants import roster
from tests import make
from tests.make import Texts
from tests.pages import Visitor


@pytest.fixture
def unit(app: Flask) -> PoliceUnit:
    programme = make.programme()
    plans = [
        ItemPlan(f"point{n}", Texts(en="Custody" if n < 3 else "Doctors"), Texts(en=f"Point {n}")) for n in range(1, 5)
    ]
    visits.load_protocol(programme, plans)
    return visits.add_unit(programme, "Unit 1", "North", "Речной РОВД")


def seen(programme, monitors: int = 2, points: int = 4, **more) -> VisitRecord:
    organisation = roster.find_organisation(programme, "Group")
    assert organisation
    findings = {f"point{n}": Judgement.MET for n in range(1, points + 1)}
    return VisitRecord(programme.today(), organisation, monitors, findings, **more)


def test_a_visit_is_a_draft_until_somebody_else_approves_it(unit: PoliceUnit) -> None:
    monitor, manager = make.user("monitor"), make.user("manager")
    visit = visits.record(unit, seen(unit.programme), monitor)
    visits.revise(visit, seen(unit.programme, monitors=3))
    with pytest.raises(Refused, match="own_visit"):
        visits.approve(visit, monitor)
    visits.approve(visit, manager)
    for change in (lambda: visits.approve(visit, manager), lambda: visits.revise(visit, seen(unit.programme))):
        with pytest.raises(Refused, match="already_approved"):
            change()


@pytest.mark.parametrize(("monitors", "points", "fine"), [(2, 4, True), (1, 4, False), (2, 3, False)])
def test_the_method_wants_two_monitors_and_every_point(
    unit: PoliceUnit, monitors: int, points: int, fine: bool
) -> None:
    visit = visits.record(unit, seen(unit.programme, monitors, points), make.user("monitor"))
    assert visit.is_complete == fine


def test_a_visit_is_not_in_the_future_and_an_alias_not_taken_twice(unit: PoliceUnit) -> None:
    tomorrow = seen(unit.programme)
    tomorrow.visited_on += timedelta(days=1)
    with pytest.raises(Refused, match="not_yet"):
        visits.record(unit, tomorrow, make.user("monitor"))
    with pytest.raises(Refused, match="alias_taken"):
        visits.add_unit(unit.programme, "Unit 1", "South")


def test_the_real_name_and_the_notes_are_encrypted(unit: PoliceUnit) -> None:
    visits.record(unit, seen(unit.programme, notes="Камера 3 без света"), make.user("monitor"))
    db.session.commit()
    for table in ("police_units", "visits"):
        row = db.session.execute(sa.text(f"SELECT * FROM {table}")).mappings().one()
        held = (
            b"".join(bytes(value) for value in row.values() if isinstance(value, bytes | memoryview))
            + repr(dict(row)).encode()
        )
        assert "Речной".encode() not in held and "Камера".encode() not in held


def test_a_published_report_stays_as_it_is(unit: PoliceUnit) -> None:
    today = unit.programme.today()
    report = reports.begin(unit.programme, Texts(en="Report"))
    with pytest.raises(Refused, match="nothing_to_publish"):
        reports.publish(report, today)
    reports.recommend(report, "Ministry", "Do it", theme="Doctors")
    with pytest.raises(Refused, match="in_the_future"):
        reports.publish(report, today + timedelta(days=1))
    reports.publish(report, today)
    with pytest.raises(Refused, match="already_published"):
        reports.recommend(report, "Ministry", "And this", theme="Doctors")


def test_both_axes_are_only_added_to(unit: PoliceUnit) -> None:
    today = unit.programme.today()
    report = reports.begin(unit.programme, Texts(en="Report"))
    asked = reports.recommend(report, "Ministry", "Do it", theme="Doctors")
    reports.note_response(asked, ResponseKind.NOTED, today, is_written=False, note="", by=None)
    assert not asked.is_answered_in_writing
    reports.note_response(asked, ResponseKind.ACCEPTED, today, is_written=True, note="", by=None)
    for voice, how in ((Voice.OWN, Implementation.IN_PROGRESS), (Voice.AUTHORITY, Implementation.IMPLEMENTED)):
        reports.assess(asked, how, voice, today, by=None)
    assert asked.is_answered_in_writing and len(asked.responses) == 2
    assert [(a.voice, a.implementation) for a in asked.assessments] == [
        (Voice.OWN, Implementation.IN_PROGRESS),
        (Voice.AUTHORITY, Implementation.IMPLEMENTED),
    ]


def test_from_the_visit_to_the_recommendation_on_the_pages(app: Flask, unit: PoliceUnit) -> None:
    monitor, manager = make.user("monitor", unit.programme), make.user("manager", unit.programme)
    today = unit.programme.today().isoformat()
    page = Visitor(app).sign_in(monitor).get("/").link("Monitoring").link("Record a visit")
    assert [h.text_content() for h in page.all("main h2")] == ["Custody", "Doctors"]
    draft = page.submit("Save the draft", visited_on=today, organisation="Group", **{"item-point1": "not_met"})
    assert "draft" in draft.text(".head")
    assert draft.one("#organisation").get("value") == "Group"
    wrong = draft.submit("Save the draft", visited_on="", organisation="Group")
    assert wrong.status == 422 and wrong.one("[name=item-point1][value=not_met]").get("checked") is not None
    page = (
        Visitor(app).sign_in(manager).get(f"/visits/{db.session.scalars(sa.select(Visit)).one().uid}").submit("Approve")
    )
    assert "approved and counts" in page.text(".notice") and not page.all("main form button")
    page = page.link("Monitoring").link("Reports and recommendations").submit("Begin", **{"title-ru": "Доклад 1"})
    page = page.submit("Add", addressee="Министерство", theme="Врачи", text="Звать врача")
    page = page.submit("Publish", on_day=today).link("Звать врача")
    page = page.submit("Note the response", response="accepted", answered_on=today)
    page = page.submit("Note the assessment", implementation="partially_implemented", voice="own", assessed_on=today)
    assert "accepted, in writing" in page.text() and "partially implemented" in page.text("li b")
