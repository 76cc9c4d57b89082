"""What is missing for the next report is found, with whose it is and a way to mend it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from core import clock
from indicators import entering, event_gaps, gaps, periods, report_gaps
from indicators.models import Accumulation
from materials import ledger
from materials.models import CopiesKind
from monitoring import reports, units
from participants.models import Sex
from tests import make
from tests.indicators.test_measures import held, noon, quizzed, visited
from tests.make import NOON
from tests.pages import Visitor

ASKED = (event_gaps, report_gaps)


@pytest.fixture(autouse=True)
def in_may_2027():
    with clock.standing_at(NOON):
        yield


def test_every_check_finds_its_gap_and_nothing_that_is_whole(app: Flask) -> None:
    programme = make.programme()
    for key in ("M12", "M18"):
        make.period(programme, key)
    trainer = make.user("trainer", programme, name="Trainer One")
    with clock.standing_at(noon(date(2026, 3, 1))):
        open_event = make.event(programme, sessions=make.sessions(), trainers=[trainer])
    held(date(2026, 4, 1), attended={make.person(sex=Sex.NOT_RECORDED): 1, make.person(): 1})
    quizzed(date(2026, 5, 1), befores=[1, 1, 1], afters=[2])
    ledger.record(make.material(), CopiesKind.PRINTED, 10, date(2026, 2, 1))
    typed, late = make.indicator(None), make.indicator(None, targets={"M12": 5})
    entering.enter(programme, typed, date(2026, 6, 1), value=1, text=None, evidence="minutes", by=None)
    unit = units.add(programme, "Unit 7", "North")
    visited(unit, date(2026, 7, 1), None)
    report = reports.begin(programme, make.Texts(en="Draft"))
    published = reports.begin(programme, make.Texts(en="Out"))
    with clock.standing_at(noon(date(2026, 6, 1))):
        reports.recommend(published, "Ministry", "Do it", theme="T", due_on=date(2026, 12, 1))
        reports.publish(published, date(2026, 6, 1))
    period = periods.next_of(programme)
    assert period is not None and period.key == "M12"
    found = {asked.key: items for asked, items in gaps.missing(programme, period)}
    locked_only = {"not_explained"}  # seen where a period is locked and restated
    assert found.keys() == gaps.CHECKS.keys() - locked_only, "each check has something to find here"
    (closing,) = found["not_closed"]
    assert (closing.of, closing.who, closing.since) == (open_event.uid, ["Trainer One"], open_event.ends_on)
    assert [gap.of for gap in found["no_attendance"]] == [open_event.uid]
    assert [gap.number for gap in found["no_sex"]] == [1]
    assert [gap.number for gap in found["tests_unmatched"]] == [2]
    assert [gap.of for gap in found["no_value"]] == [late.uid]
    assert [gap.of for gap in found["no_evidence"]] == [typed.uid]
    assert [gap.of for gap in found["no_target"]] == [typed.uid]
    (visit,) = found["not_approved"]
    assert visit.due == date(2026, 7, 15)
    assert [gap.of for gap in found["not_published"]] == [report.uid]
    assert [gap.due for gap in found["no_response"]] == [date(2026, 12, 1)]
    assert next(iter(gaps.by_person([(gaps.CHECKS["not_closed"], [closing])]))) == "Trainer One"


def test_the_manager_comes_from_the_list_to_the_page_that_mends(manager: Visitor) -> None:
    programme = make.programme()
    make.period(programme, "M18")
    indicator = make.indicator(None, accumulation=Accumulation.SUM)
    page = manager.get("/").link("Missing for the next report")
    assert page.status == 200 and "Indicators without a value in this period" in page.text("table")
    assert page.link(indicator.code).path == f"/indicators/{indicator.uid}"
    leads = {a.get("href") for a in page.all("main a") if indicator.code in a.text_content()}
    assert leads == {f"/indicators/{indicator.uid}{part}" for part in ("", "/record", "/targets")}, "where it is mended"
    assert clock.now() - timedelta(days=1) < NOON
    begins = make.period(programme, "M18").starts_on
    assert "has not begun yet" not in page.text("main")
    with clock.standing_at(noon(begins - timedelta(days=1))):
        page = Visitor(manager.app).sign_in(make.user("manager", programme)).get(f"/programmes/{programme.uid}/missing")
        assert "has not begun yet" in page.text("main")
