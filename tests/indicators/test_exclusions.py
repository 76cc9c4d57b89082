"""Whoever was not counted stands beside the number: as many as staff can trace, and of few nobody outside."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from flask import Flask
from lxml import etree
from openpyxl import load_workbook

from core import clock
from core.db import db
from core.i18n import Texts
from door import attendance
from feedback import evaluations
from indicators import dashboard, exclusions, metrics, publishing, sharing, tracing
from indicators.files import catalogue
from indicators.iati import entry
from indicators.models import Accumulation, BaselineKind, Measure, Visibility
from indicators.share_models import Audience
from indicators.told import Locked
from indicators.tracing import Reason
from participants import merging, registration
from participants.models import Origin, Sex
from tests import make
from tests.indicators import boards
from tests.indicators.test_actuals import PARAMETERS, fill
from tests.indicators.test_measures import held, noon, quizzed
from tests.make import NOON
from tests.pages import Visitor
from tests.papers import text_of
from trainings import scheduling

KINDS = {"kinds": ["workshop"]}
TRAINED = {"parameters": KINDS, "accumulation": Accumulation.DISTINCT}
SHARE = {
    "parameters": KINDS, "measure": Measure.PERCENTAGE, "accumulation": Accumulation.RATIO,
    "baseline_kind": BaselineKind.NOT_APPLICABLE, "baseline_value": None, "targets": {"M24": 80},
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_may_2027():
    with clock.standing_at(NOON):
        yield


def trained(day: date, done: int, absent: int, below: int) -> None:
    """A workshop of two sessions."""
    sessions = [2] * done + [0] * absent + [1] * below
    sexes = (Sex.FEMALE, Sex.MALE)
    held(day, {make.person(sex=sexes[n % 2]): came for n, came in enumerate(sessions)}, sessions=2)


def donors() -> dict[str, int | None]:
    return publishing.for_audience(make.programme(), Visibility.DONOR, 5).lines[0].exclusions


def test_as_many_are_left_out_as_staff_can_trace(app: Flask) -> None:
    fill()
    programme = make.programme()
    unasked = {Reason.OTHER_SECTOR.value, Reason.NOT_CLOSED.value, Reason.CANCELLED.value}
    for key in exclusions.EXCLUSIONS:
        given = {name: value for name, value in PARAMETERS.items() if name in metrics.METRICS[key].parameters()}
        for until in (date(2027, 2, 20), programme.today()):
            told = exclusions.EXCLUSIONS[key](programme, until, key, **given)
            traced = dict(tracing.TRACES[key](programme, until, key, **given).left_out)
            wanted = traced if key.startswith("events.") else {w: n for w, n in traced.items() if w not in unasked}
            assert {why: n for why, n in told.items() if n and why != Reason.MERGED} == wanted, (key, until)


def test_page_and_files_say_how_many_were_not_counted(app: Flask, visitor: Visitor) -> None:
    indicator = make.indicator("people.completed", targets={"M24": 200}, statement=Texts(en="Trained"), **TRAINED)
    trained(date(2027, 3, 1), done=30, absent=17, below=9)
    _link, token = sharing.share(make.programme(), "Donor", Audience.DONOR, 10, None)
    page = visitor.get(f"/d/{token}").link("Trained")
    table = page.text("table:last-of-type")
    assert "present at fewer than 80 % of the sessions9" in page.text() and "did not come17" in table
    files = {name: visitor.get(f"/d/{token}/{name}").response.data for name in ("report.pdf", "logframe.xlsx")}
    assert "sessions: 9" in " ".join(text_of(files["report.pdf"]).split())
    rows = list(load_workbook(io.BytesIO(files["logframe.xlsx"]))["Not counted"].iter_rows(values_only=True))
    assert [row[2:] for row in rows[1:]] == [
        ("had a place and did not come", 17), ("present at fewer than 80 % of the sessions", 9),
    ]  # fmt: skip
    headers = {"Authorization": f"Bearer {token}"}
    method = visitor.ask("get", f"/api/v1/indicators/{indicator.uid}", headers=headers).get_json()["method"]
    assert method["exclusions"] == {"absent": 17, "below_share": 9, "again": 0, "merged": 0}
    assert {"reason": "again", "state": "zero", "value": 0} in method["not_counted"]


def test_few_are_withheld_everywhere_and_their_companion_too(app: Flask, visitor: Visitor) -> None:
    indicator = make.indicator("people.completed", targets={"M24": 200}, statement=Texts(en="Trained"), **TRAINED)
    trained(date(2027, 3, 1), done=30, absent=17, below=3)
    assert dashboard.compute(make.programme(), in_full=True).lines[0].exclusions["below_share"] == 3
    assert donors() == {"absent": None, "below_share": None, "again": 0, "merged": 0}
    _link, token = sharing.share(make.programme(), "Donor", Audience.DONOR, 10, None)
    page = visitor.get(f"/d/{token}").link("Trained")
    assert "sessionswithheld" in page.text("main") and "did not comewithheld" in page.text("main")
    report = " ".join(text_of(visitor.get(f"/d/{token}/report.pdf").response.data).split())
    assert "sessions: withheld" in report
    data = visitor.get(f"/d/{token}/logframe.json").response.get_json()
    [found] = [one for one in data["indicators"] if one["id"] == indicator.uid]
    assert {"reason": "below_share", "state": "withheld", "value": None} in found["method"]["not_counted"]
    assert "below_share" not in found["method"]["exclusions"]


def test_what_was_locked_and_what_came_since_tell_of_few_together(app: Flask) -> None:
    make.indicator("people.completed", **TRAINED)
    trained(date(2026, 6, 1), done=30, absent=17, below=9)
    board = dashboard.compute(make.programme(), in_full=True)
    trained(date(2027, 3, 1), done=10, absent=2, below=8)
    now = dashboard.compute(make.programme(), in_full=True)
    assert publishing.withheld(now, Visibility.DONOR, 5).lines[0].exclusions["absent"] == 19
    assert publishing.withheld(now, Visibility.DONOR, 5, [Locked(board)]).lines[0].exclusions["absent"] is None


def test_a_second_record_that_was_made_one_is_told_and_so_is_a_place_that_came_late(app: Flask) -> None:
    make.indicator("people.completed", **TRAINED)
    programme, manager = make.programme(), make.user("manager", make.programme())
    twins = [(make.person(), make.person()) for _ in range(6)]
    held(date(2027, 3, 1), {kept: 1 for kept, _second in twins})
    event = held(date(2027, 3, 8), {second: 1 for _kept, second in twins})
    for kept, second in twins:
        merging.merge(kept, second, {}, manager)
    assert donors() == {"absent": 0, "below_share": 0, "again": 6, "merged": 6}
    visitor = Visitor(app)
    _link, token = sharing.share(programme, "Donor", Audience.DONOR, 10, None)
    db.session.commit()
    assert "did not come" not in visitor.get(f"/d/{token}").link("Indicator").text("main")
    for _ in range(7):
        registration.register(make.person(), event, Origin.BY_HAND)
    db.session.commit()
    assert "did not come7" in visitor.get(f"/d/{token}").link("Indicator").text("main"), "counted anew"


def asked(day: date, marks: list[int], silent: int) -> None:
    people = [make.person() for _ in range(len(marks) + silent)]
    with clock.standing_at(noon(day)):
        event = make.event(sessions=make.sessions(noon(day)))
        places = [registration.register(person, event, Origin.BY_HAND) for person in people]
        for place in places:
            attendance.mark(event.sessions[0], place, by=None)
        for mark, place in zip(marks, places, strict=False):
            evaluations.rate(event, place, mark)
    with clock.standing_at(noon(day) + timedelta(days=1)):
        scheduling.close(event)


def test_a_share_of_answers_has_its_response_rate_beside_it(app: Flask, visitor: Visitor) -> None:
    make.indicator("feedback.useful", statement=Texts(en="Useful"), **SHARE)
    asked(date(2027, 3, 1), [5] * 12 + [2] * 8, silent=5)
    entry.record(make.programme(), boards.KNOWN)
    _link, token = sharing.share(make.programme(), "Donor", Audience.DONOR, 10, None)
    words = "12 of 20; answered by 20 of 25 (80 %)"
    assert words in visitor.get(f"/d/{token}").text("table")
    assert words in visitor.get(f"/d/{token}").link("Useful").text("dl.facts")
    files = {name: visitor.get(f"/d/{token}/{name}").response.data for name in catalogue.FILES}
    assert words in " ".join(text_of(files["report.pdf"]).split())
    assert words in etree.fromstring(files["iati.xml"]).xpath("string(//actual/comment)")
    [row] = csv.DictReader(io.StringIO(files["indicators.csv"].decode("utf-8-sig")), delimiter=";")
    assert (row["Of"], row["Asked"]) == ("20", "25")
    headers = {"Authorization": f"Bearer {token}"}
    value = visitor.ask("get", "/api/v1/logframe", headers=headers).get_json()["indicators"][0]["value"]
    assert value["denominator"] == 20 and value["beside"] == {"asked": 25}


def test_the_band_of_a_share_is_the_same_in_every_file(app: Flask, visitor: Visitor) -> None:
    make.indicator("test.mastery", statement=Texts(en="Mastery"), **{**SHARE, "targets": {"M12": 50, "M24": 70}})
    quizzed(date(2026, 6, 1), befores=[0] * 20, afters=[4] * 20)
    entry.record(make.programme(), boards.KNOWN)
    _link, token = sharing.share(make.programme(), "Donor", Audience.DONOR, 10, None)
    band = "more than 75 %"
    assert band in visitor.get(f"/d/{token}").text("table")
    page = visitor.get(f"/d/{token}").link("Mastery")
    assert band in page.text("dl.facts") and band in page.text("table")
    files = {name: visitor.get(f"/d/{token}/{name}").response.data for name in catalogue.FILES}
    assert text_of(files["report.pdf"]).count(band) >= 3, "in the logframe, on its page, and at the end of M12"
    for name in ("logframe.xlsx", "opsys.xlsx"):
        sheets = load_workbook(io.BytesIO(files[name])).worksheets
        told = [[cell for row in found.iter_rows(values_only=True) for cell in row] for found in sheets]
        assert band in told[0] and (name == "opsys.xlsx" or band in told[1]), name
    assert band in files["indicators.csv"].decode("utf-8-sig")
    words = etree.fromstring(files["iati.xml"]).xpath("//indicator/description/narrative")
    assert any("M12: more than 75 %" in found.text for found in words)
    headers = {"Authorization": f"Bearer {token}"}
    found = visitor.ask("get", "/api/v1/logframe", headers=headers).get_json()["indicators"][0]
    for figure in (found["value"], found["by_period"][0]["actual"]):
        assert (figure["state"], figure["value"], figure["above_percent"]) == ("withheld", None, 75)
