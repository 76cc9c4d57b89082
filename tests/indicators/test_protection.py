"""What leaves the house is judged as a whole: indicators in each other, periods after each other, shares and means."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from core import clock
from core.i18n import Texts
from indicators import dashboard, publishing, sharing, snapshots, told
from indicators.models import Accumulation, BaselineKind, Measure, Visibility
from indicators.publication import Dashboard, State, Status
from indicators.share_models import Audience
from indicators.told import Locked
from participants.models import Sector, Sex
from tests import make
from tests.indicators.test_measures import held, quizzed
from tests.make import NOON
from tests.pages import Visitor

TRAINED = {"accumulation": Accumulation.DISTINCT}
MASTERY = {
    "parameters": {"kinds": ["workshop"]},
    "measure": Measure.PERCENTAGE,
    "accumulation": Accumulation.RATIO,
    "baseline_kind": BaselineKind.NOT_APPLICABLE,
    "baseline_value": None,
}


@pytest.fixture(autouse=True)
def in_may_2027():
    with clock.standing_at(NOON):
        yield


def came(day: date, women: int, men: int, sector: Sector = Sector.POLICE) -> None:
    people = [
        make.person(sex=sex, sector=sector) for sex, n in ((Sex.FEMALE, women), (Sex.MALE, men)) for _ in range(n)
    ]
    held(day, attended=dict.fromkeys(people, 1))


def donors(before: list[Locked] | None = None) -> Dashboard:
    return publishing.withheld(dashboard.compute(make.programme(), in_full=True), Visibility.DONOR, 5, before or [])


def test_a_period_and_today_do_not_tell_who_came_since(app: Flask) -> None:
    make.indicator("people.completed", targets={"M12": 10}, parameters={"kinds": ["workshop"]}, **TRAINED)
    came(date(2026, 6, 1), women=20, men=30)
    came(date(2027, 3, 1), women=2, men=18)
    line = donors().lines[0]
    assert line.value.number == 70
    assert line.milestones[0].then.cells["sex"] == {"female": 20, "male": 30}
    assert set(line.cells["sex"].values()) == {None}, "22 women less 20 would be two"


def test_what_was_published_once_is_reckoned_with_for_ever(app: Flask) -> None:
    make.indicator("people.completed", parameters={"kinds": ["workshop"]}, **TRAINED)
    came(date(2026, 6, 1), women=20, men=30)
    first = dashboard.compute(make.programme())
    came(date(2027, 3, 1), women=2, men=18)
    assert donors().lines[0].cells["sex"] == {"female": 22, "male": 48}
    assert set(donors([Locked(first)]).lines[0].cells["sex"].values()) == {None}


def test_an_indicator_of_some_sectors_does_not_tell_who_the_others_are(app: Flask) -> None:
    make.indicator("people.completed", parameters={"kinds": ["workshop"]}, **TRAINED)
    make.indicator("people.completed", parameters={"kinds": ["workshop"], "sectors": ["police"]}, **TRAINED)
    came(date(2026, 6, 1), women=20, men=30)
    came(date(2026, 7, 1), women=2, men=18, sector=Sector.LAWYER)
    everybody, police = donors().lines
    assert everybody.cells["sex"] == {"female": 22, "male": 48}
    assert set(police.cells["sex"].values()) == {None}, "two lawyers are women"
    assert police.value.number == 50


def test_the_public_and_a_donor_together_see_no_more_than_the_donor(app: Flask) -> None:
    make.indicator("people.completed", parameters={"kinds": ["workshop"]}, visibility=Visibility.PUBLIC, **TRAINED)
    people = {Sex.FEMALE: 12, Sex.MALE: 30, Sex.OTHER: 3, Sex.NOT_RECORDED: 8}
    held(date(2026, 6, 1), attended={make.person(sex=sex): 1 for sex, n in people.items() for _ in range(n)})
    board = dashboard.compute(make.programme())
    seen = {k: publishing.withheld(board, Visibility.PUBLIC, k).lines[0].cells["sex"] for k in (5, 10)}
    assert {name for name, n in seen[5].items() if n is None} == {"other", "not_recorded"}
    assert {name for name, n in seen[10].items() if n is None} >= {"other", "not_recorded"}


def test_a_share_of_all_is_a_band_on_the_page_and_in_the_file(app: Flask, visitor: Visitor) -> None:
    make.indicator("test.mastery", targets={"M24": 70}, statement=Texts(en="Reached the pass mark"), **MASTERY)
    quizzed(date(2027, 3, 1), befores=[0] * 20, afters=[4] * 20)
    line = donors().lines[0]
    assert (line.value.number, line.value.numerator, line.state) == (None, None, State.WITHHELD)
    _link, token = sharing.share(make.programme(), "Donor", Audience.DONOR, 10, None)
    page = visitor.get(f"/d/{token}")
    assert "more than 75 %" in page.text("table") and "100 %" not in page.text()
    assert "20 of 20" not in page.text()


def test_a_mean_is_withheld_after_few_have_come(app: Flask) -> None:
    make.indicator(
        "test.gain", targets={"M12": 20}, parameters={"kinds": ["workshop"]}, accumulation=Accumulation.LATEST
    )
    quizzed(date(2026, 6, 1), befores=[1] * 8, afters=[3, 3, 3, 3, 2, 2, 4, 4])
    assert donors().lines[0].value.number is not None
    quizzed(date(2027, 3, 1), befores=[1] * 3, afters=[3, 2, 4])
    line = donors().lines[0]
    assert line.milestones[0].then is not None and line.state == State.WITHHELD
    quizzed(date(2027, 4, 1), befores=[1] * 3, afters=[3, 2, 4])
    assert donors().lines[0].state == State.NUMBER


def test_the_status_does_not_tell_a_withheld_value(app: Flask) -> None:
    make.indicator("test.mastery", targets={"M12": 50, "M24": 70}, **MASTERY)
    quizzed(date(2026, 6, 1), befores=[0] * 4, afters=[4] * 4)
    board = dashboard.compute(make.programme())
    assert board.lines[0].status == Status.AHEAD
    assert donors().lines[0].status == Status.WITHHELD


def test_a_manager_sees_what_will_be_withheld_what_it_is_and_why(manager: Visitor) -> None:
    make.indicator("people.completed", parameters={"kinds": ["workshop"]}, visibility=Visibility.PUBLIC, **TRAINED)
    people = {Sex.FEMALE: 30, Sex.MALE: 12, Sex.NOT_RECORDED: 7}
    held(date(2026, 6, 1), attended={make.person(sex=sex): 1 for sex, n in people.items() for _ in range(n)})
    page = manager.get(f"/programmes/{make.programme().uid}/share-links").link("What the public will see")
    rows = {row.text_content().split("Sex: ")[-1] for row in page.all("tbody tr") if "Sex" in row.text_content()}
    assert any(row.startswith("Not recorded") and "withheld7few people" in row for row in rows)
    assert any(row.startswith("Male") and "withheld12another withheld figure" in row for row in rows)
    donors = manager.get(page.path.replace("public", "donor"))
    assert "few people;" not in donors.text("table")


def test_what_a_locked_period_told_is_told_for_ever_and_reckoned_with(app: Flask) -> None:
    programme = make.programme()
    make.indicator("people.completed", targets={"M12": 10}, parameters={"kinds": ["workshop"]}, **TRAINED)
    make.indicator("test.gain", parameters={"kinds": ["workshop"]}, accumulation=Accumulation.LATEST)
    came(date(2026, 6, 1), women=20, men=30)
    quizzed(date(2026, 6, 8), befores=[1] * 8, afters=[3, 3, 3, 3, 2, 2, 4, 4])
    make.locked_period(programme, make.user("manager", programme), make.user("manager", programme), "M12")
    [locked] = told.of_programme(programme)
    assert set(locked.told) == {5, 10}, "for donors and for the public"
    judged = publishing.withheld(locked.board, Visibility.DONOR, 5)
    assert locked.told[5] == judged and judged.lines[0].cells["sex"]["male"] == 38

    # By other rules more was withheld: that is what donors go on reading.
    [chapter] = judged.chapters
    hidden = replace(chapter.lines[0], value=replace(chapter.lines[0].value, cells={"sex": {"male": None}}))
    silent = replace(judged, chapters=[replace(chapter, lines=[hidden, *chapter.lines[1:]])])
    told.keep(snapshots.of_programme(programme)[0], 7, silent)
    assert publishing.for_audience(programme, Visibility.DONOR, 7).lines[0].cells == {"sex": {"male": None}}
    assert publishing.for_audience(programme, Visibility.DONOR, 5).lines[0].cells == judged.lines[0].cells

    # What was told then decides on what may be told now.
    came(date(2027, 3, 1), women=2, men=18)
    board = dashboard.compute(programme, in_full=True)
    seen = [
        publishing.withheld(board, Visibility.DONOR, 5, [Locked(locked.board, {5: kept})]).lines[0].cells["sex"]
        for kept in (judged, replace(judged, chapters=[]))
    ]
    assert seen[0] == {"female": None, "male": None}, "two women since"
    assert seen[1] == dict.fromkeys(Sex), "who was withheld then is not given away by nobody now"
