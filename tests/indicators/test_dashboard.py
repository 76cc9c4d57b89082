"""From a number to a status, for staff and for donors: nothing small shown, nothing promised that was not."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from flask import Flask

from core import clock
from core.db import db
from core.errors import Refused
from core.i18n import Texts
from indicators import dashboard, entering, publication, publishing, sharing
from indicators.files import report
from indicators.models import Accumulation, BaselineKind, Measure, Visibility
from indicators.publication import Status
from indicators.share_models import Audience
from participants import registration, roster
from participants.models import Origin, Sex
from tests import make
from tests.indicators.test_measures import held, noon, quizzed
from tests.make import NOON
from tests.pages import Visitor
from tests.papers import text_of

PEOPLE = {"parameters": {"kinds": ["workshop"]}, "accumulation": Accumulation.DISTINCT}


@pytest.fixture(autouse=True)
def in_may_2027():
    """The test programme runs from January 2026 to December 2027: two thirds are over."""
    with clock.standing_at(NOON):
        yield


def line_of(indicator):
    return dashboard.compute_line(make.programme(), indicator)


@pytest.mark.parametrize(
    ("actual", "baseline", "target", "percent"),
    [
        (5, 0, 10, 50),
        (10, 0, 10, 100),
        (12, 0, 10, 120),
        (60, 80, 40, 50),
        (80, 80, 40, 0),
        (3, 5, 5, None),
        (None, 0, 10, None),
        (3, None, 10, None),
    ],
)
def test_progress_is_the_way_from_the_baseline_in_either_direction(actual, baseline, target, percent) -> None:
    assert publication.progress(actual, baseline, target) == percent


@pytest.mark.parametrize(
    ("workshops_by_m12", "since", "status"),
    [(5, 0, Status.ON_TRACK), (4, 9, Status.BEHIND), (6, 0, Status.AHEAD), (0, 6, Status.BEHIND)],
)
def test_status_compares_with_where_things_stood_when_the_period_ended(
    app: Flask, workshops_by_m12: int, since: int, status: Status
) -> None:
    indicator = make.indicator(targets={"M12": 5, "M24": 10})
    for number in range(workshops_by_m12):
        held(date(2026, 3, 1) + timedelta(days=number))
    for number in range(since):
        held(date(2027, 3, 1) + timedelta(days=number))
    line = line_of(indicator)
    assert line.status == status
    assert line.due.period.key == "M12" and line.value.number == workshops_by_m12 + since


@pytest.mark.parametrize(
    ("targets", "status"),
    [({}, Status.TARGET_MISSING), ({"M24": 10}, Status.NOT_DUE), ({"M12": 0, "M24": 10}, Status.NOT_DUE)],
)
def test_what_is_not_due_is_not_judged(app: Flask, targets: dict, status: Status) -> None:
    assert line_of(make.indicator(targets=targets)).status == status


def test_nothing_reported_is_not_zero(app: Flask) -> None:
    gain = make.indicator(
        "test.gain", targets={"M12": 20}, parameters={"kinds": ["workshop"]}, accumulation=Accumulation.LATEST
    )
    line = line_of(gain)
    assert line.value.number is None and line.status == Status.NOT_REPORTED


def test_the_newest_target_of_a_period_counts_and_the_older_stays(app: Flask) -> None:
    indicator = make.indicator(targets={"M12": 5})
    indicator.targets.append(
        make.Target(
            period=make.period(make.programme(), "M12"),
            value=2,
            origin=make.TargetOrigin.PROPOSED,
            reason="fewer venues",
            replaces_id=indicator.targets[0].id,
        )
    )
    db.session.flush()
    for number in range(2):
        held(date(2026, 3, 1) + timedelta(days=number))
    line = line_of(indicator)
    assert line.due.target.value == 2 and line.status == Status.ON_TRACK and len(indicator.targets) == 2


def test_entered_values_carry_their_evidence_and_the_right_shape(app: Flask) -> None:
    programme = make.programme()
    number = make.indicator(None, accumulation=Accumulation.SUM)
    words = make.indicator(
        None,
        measure=Measure.QUALITATIVE,
        accumulation=Accumulation.NONE,
        baseline_kind=BaselineKind.TEXT,
        baseline_value=None,
    )
    computed = make.indicator()
    today = programme.today()
    for value in (2, 3):
        entering.enter(programme, number, today, value=value, text=None, evidence="minutes", by=None)
    entering.enter(programme, words, today, value=None, text=Texts(en="Better"), evidence="review", by=None)
    assert line_of(number).value.number == 5
    assert line_of(words).value.text == {"en": "Better"}
    for indicator, value, text, refusal in (
        (computed, 1, None, "computed"), (number, None, Texts(en="x"), "wrong_shape"), (words, 1, None, "wrong_shape"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=refusal):
            entering.enter(programme, indicator, today, value=value, text=text, evidence="x", by=None)
    with pytest.raises(Refused, match="in_the_future"):
        entering.enter(programme, number, today + timedelta(days=1), value=1, text=None, evidence="x", by=None)


def trained(women: int, men: int, day: date = date(2027, 3, 1)):
    people = [make.person(sex=sex) for sex, number in ((Sex.FEMALE, women), (Sex.MALE, men)) for _ in range(number)]
    return held(day, attended=dict.fromkeys(people, 1))


@pytest.fixture
def link(app: Flask) -> str:
    """A donor's link to a programme with three women and twelve men trained, and knowledge of four people."""
    make.indicator(
        "people.completed", targets={"M12": 5, "M24": 20}, statement=Texts(en="People trained", ru="Обучено"), **PEOPLE
    )
    make.indicator(targets={"M24": 10}, statement=Texts(en="Workshops held"))
    make.indicator(
        "test.gain", parameters={"kinds": ["seminar"]}, accumulation=Accumulation.LATEST, statement=Texts(en="Gain")
    )
    make.indicator(statement=Texts(en="For us only"), visibility=Visibility.INTERNAL)
    trained(women=3, men=12)
    _link, token = sharing.share(make.programme(), "Donor", Audience.DONOR, 10, None)
    return f"/d/{token}"


def test_a_donor_sees_exact_totals_and_no_small_cell(visitor: Visitor, link: str) -> None:
    page = visitor.get(link)
    row = page.text("table")
    assert "People trained" in row and "Workshops held" in row
    assert "For us only" not in page.text()
    assert "15 people have completed a training so far, of 20 promised." in page.text(".said")
    page = page.link("People trained")
    assert "withheld" in page.text("table") and "15" in page.text("table")
    breakdown = next(table.text_content() for table in page.all("table") if "Female" in table.text_content())
    assert "3" not in breakdown and "12" not in breakdown, "the one would give the other away"


def test_a_donors_page_leaves_no_cookie_and_needs_no_script(visitor: Visitor, link: str) -> None:
    page = visitor.get(link)
    assert not visitor.client.get_cookie("muster")
    assert not page.all("script")
    assert page.response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert visitor.get(link + "?language=ru").tree.get("lang") == "ru"


def test_no_name_and_no_code_of_a_person_is_on_a_donors_page(visitor: Visitor, link: str) -> None:
    event = held(date(2027, 4, 1), attended={make.person(name="Секретова Анна", organisation="РОВД Тайный"): 1})
    code = roster.of(event)[0].participant.code
    everything = " ".join(
        visitor.get(path).response.get_data(as_text=True)
        for path in (link, visitor.get(link).link("People trained").path, link + "/indicators.csv")
    )
    words = everything + text_of(visitor.get(link + "/report.pdf").response.data)
    for secret in ("Секретова", "Тайный", code):
        assert secret not in words


def test_page_pdf_and_csv_say_the_same(visitor: Visitor, link: str) -> None:
    page = visitor.get(link)
    printed = text_of(visitor.get(link + "/report.pdf").response.data)
    rows = list(
        csv.reader(io.StringIO(visitor.get(link + "/indicators.csv").response.data.decode("utf-8-sig")), delimiter=";")
    )
    by_name = {(row[1], row[2]): row for row in rows[1:]}
    assert by_name["People trained", ""][4] == "15"
    assert by_name["People trained", "Sex: Female"][4] == "withheld"
    for words in ("15 people have completed a training", "People trained", "Workshops held"):
        assert words in page.text() and words in printed
    assert "withheld" in printed and "Not due" not in printed


def test_the_gain_of_few_people_is_withheld_from_donors(app: Flask, visitor: Visitor) -> None:
    make.indicator(
        "test.gain", parameters={"kinds": ["workshop"]}, accumulation=Accumulation.LATEST, statement=Texts(en="Gain")
    )
    quizzed(date(2027, 3, 1), befores=[1, 1, 1, 2], afters=[2, 3, 3, 3])
    programme = make.programme()
    staff = dashboard.compute(programme).lines[0]
    donor = publishing.for_audience(programme, Visibility.DONOR, 5).lines[0]
    assert staff.value.number is not None
    assert donor.is_withheld and donor.value.number is None and donor.value.knowledge is None
    assert all(stone.then is None for stone in donor.milestones)
    _link, token = sharing.share(programme, "Donor", Audience.DONOR, 10, None)
    assert "withheld: too few people" in visitor.get(f"/d/{token}").text("table")


def test_a_link_expires_is_withdrawn_and_says_so(app: Flask, visitor: Visitor, link: str) -> None:
    found = sharing.of_programme(make.programme())[0]
    with clock.standing_at(NOON + timedelta(days=11)):
        page = visitor.get(link)
        assert page.status == 409 and "has expired" in page.text("main")
    sharing.revoke(found)
    for path in (link, link + "/report.pdf", link + "/indicators.csv"):
        assert visitor.get(path).status == 409
    assert visitor.get("/d/AAAAAAAAAAAAAAAAAAAAAA").status == 409


def test_the_link_is_kept_as_a_digest_and_shown_once(manager: Visitor) -> None:
    page = manager.get("/").link("Team").link("Links for donors")
    page = page.submit("Make the link", label="Commission", audience="donor", days="30")
    address = page.one("main input[readonly]").get("value")
    assert Visitor(manager.app).get(address.removeprefix("http://localhost")).status == 200
    token = address.rsplit("/", 1)[1]
    assert token not in repr(list(db.session.execute(db.text("SELECT * FROM share_links"))))
    page = manager.get(page.path).submit("Withdraw")
    assert "withdrawn" in page.text("table")


def test_a_check_in_changes_the_staff_figure_at_once(manager: Visitor) -> None:
    make.indicator("people.completed", statement=Texts(en="People trained"), **PEOPLE)
    event = trained(women=1, men=0)
    dashboard_path = f"/programmes/{make.programme().uid}/indicators"
    assert "People trained" in manager.get(dashboard_path).text()
    before = manager.get(dashboard_path).one("td b").text_content()
    late = registration.register(make.person(), event, Origin.BY_HAND)
    with clock.standing_at(noon(date(2027, 3, 1))):
        manager.post(f"/sessions/{event.sessions[0].uid}/marks", registration=late.uid)
    assert (before, manager.get(dashboard_path).one("td b").text_content()) == ("1", "2")


def test_an_indicator_opens_to_its_rule_its_milestones_and_a_chart(manager: Visitor) -> None:
    make.indicator("people.completed", targets={"M12": 5, "M24": 20}, statement=Texts(en="People trained"), **PEOPLE)
    trained(women=6, men=6, day=date(2026, 6, 1))
    page = manager.get(f"/programmes/{make.programme().uid}/indicators").link("People trained")
    assert "people.completed" in page.text("code")
    assert [cell.text_content() for cell in page.all("table")[0].cssselect("td.number")] == [
        "5",
        "12",
        "20",
        "not due yet",
    ]
    assert "Reached: 12" in page.text("svg.chart desc")


def test_a_value_is_entered_on_the_page_and_a_wrong_one_explained(manager: Visitor) -> None:
    indicator = make.indicator(None)
    page = manager.get(f"/indicators/{indicator.uid}").submit(
        "Enter", on_day="2027-05-01", value="three", evidence="minutes"
    )
    assert page.status == 422 and page.one("#value").get("value") == "three"
    page = page.submit("Enter", value="3")
    assert "Saved." in page.text(".notice") and "minutes" in page.text("tbody")


def test_the_report_is_readable_in_russian_with_a_chart(app: Flask, link: str) -> None:
    board = dashboard.compute(make.programme())
    with app.test_request_context("/", headers={"Accept-Language": "ru"}):
        content = report.pdf_report(board)
    words = text_of(content)
    assert "Программа test" in words and "Обучено" in words and "15" in words
    assert "■" not in words
