"""The IATI file is valid whatever the programme, and says nothing that is withheld or not known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from core import clock
from core.i18n import Texts
from indicators.files import catalogue
from indicators.iati import checking, rules, writing
from indicators.models import Accumulation, BaselineKind, Direction, Measure
from indicators.publication import Dashboard, Line, State
from indicators.publication_heads import IatiHead
from indicators.series import Value
from tests import make
from tests.conftest import Installation
from tests.indicators import boards
from tests.indicators.boards import TODAY, board, indicator, line
from tests.indicators.iati import ruleset
from tests.pages import Visitor


@pytest.fixture
def speaking(sqlite_installation: Installation) -> Iterator[None]:
    """A request to speak in; these tests have no register."""
    with (
        sqlite_installation.app.test_request_context("/", headers={"Accept-Language": "en"}),
        clock.standing_at(datetime(2026, 11, 27, 12, tzinfo=UTC)),
    ):
        yield


@given(any_board=boards.boards())
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck], database=None)
def test_the_file_of_any_programme_is_valid(speaking: None, any_board: Dashboard) -> None:
    content = writing.document(any_board)
    assert checking.problems(content, TODAY) == []
    assert ruleset.broken(content, TODAY) == []


def actuals(line: Line, **more: Any) -> list[Any]:
    """The actuals in the file of a dashboard with this line only, as (value, dimension, comment in English)."""
    tree = etree.fromstring(checking.checked(board(line, **more)))
    return [
        (
            found.get("value"),
            tuple(found.xpath("dimension/@name | dimension/@value")),
            " ".join(found.xpath("comment/narrative[@xml:lang='en']/text()")),
        )
        for found in tree.iterfind(".//actual")
    ]


def test_the_total_has_no_dimension_and_a_withheld_cell_is_a_comment(speaking: None) -> None:
    value = Value(15, people=15, cells={"sex": {"female": None, "male": None, "other": 0}})
    found = actuals(line(indicator("A"), value, {"M12": 20.0, "M24": 40.0}))
    running = "As of 27 November 2026; the period is not over. Groups of fewer than 5 people are withheld."
    assert found == [("15", (), running), ("0", ("sex", "other"), "")]


@pytest.mark.parametrize(
    ("head", "value", "state"),
    [
        (indicator("A"), Value(None), State.NOT_REPORTED),
        (indicator("A", Measure.PERCENTAGE), Value(40.0, 2, 5, 5), State.WITHHELD),
    ],
)
def test_what_is_not_reported_or_withheld_has_no_actual(speaking: None, head, value, state) -> None:
    assert actuals(line(head, value, {"M6": 1.0, "M24": 10.0}, state=state)) == []


def test_words_stand_in_a_comment_and_never_in_a_value(speaking: None) -> None:
    head = indicator(
        "I.1", Measure.QUALITATIVE, baseline_kind=BaselineKind.TEXT, baseline_text=Texts(en="Bad"), baseline_value=None
    )
    content = checking.checked(board(line(head, Value(text=Texts(en="Better", ru="Лучше")))))
    tree = etree.fromstring(content)
    assert tree.xpath("//actual/comment/narrative/text()") == ["Лучше", "Better"]
    assert tree.xpath("//baseline/comment/narrative/text()") == ["Bad"]
    assert not tree.xpath("//actual/@value | //baseline/@value | //target/@value")


def test_direction_measure_and_what_may_be_added_up_are_said(speaking: None) -> None:
    rows = [
        indicator("A"),
        indicator("B", direction=Direction.DOWN, accumulation=Accumulation.LATEST),
        indicator("C", Measure.PERCENTAGE, direction=Direction.NONE, accumulation=Accumulation.RATIO),
    ]
    tree = etree.fromstring(checking.checked(board(*(line(row, Value(5.0)) for row in rows))))
    wanted = [(found.get("measure"), found.get("ascending"), found.get("aggregation-status")) for found in
              tree.iterfind(".//indicator")]  # fmt: skip
    assert wanted == [("1", "1", "1"), ("1", "0", "0"), ("2", None, "0")]
    assert tree.xpath("//indicator/reference/@code") == ["A", "B", "C"] and not tree.xpath("//result/reference")


def test_our_rules_find_what_the_published_ruleset_finds(speaking: None) -> None:
    """Each is broken once; both readers name it."""
    good = checking.checked(board(line(indicator("A"), Value(5.0), {"M6": 1.0})))
    spoils = {
        "1.1.3": ("<iati-identifier>XX-1-A<", "<iati-identifier>XX-1<"),
        "1.3.13": ("<iati-identifier>XX-1-A<", "<iati-identifier>XX-1-A/B<"),
        "1.14.1": ('ref="XX-1"', 'ref=" XX-1"'),
        "4.1.1": ('xml:lang="ru">\n    <iati-id', ">\n    <iati-id"),
        "6.2.2": ('<sector vocabulary="1" code="15160"/>', ""),
        "8.6.1": ('<period-end iso-date="2026-06-30"/>', '<period-end iso-date="2020-06-30"/>'),
        "8.10.1": ('<actual value="5"', "<actual"),
        "8.9.2": ('<target value="1"', '<target value="one"'),
        "8.11.1": ("<indicator ", '<reference code="r" vocabulary="99"/><indicator '),
        "11.1.4": (
            '<activity-date iso-date="2026-01-01" type="2"/>',
            '<activity-date iso-date="2027-01-01" type="2"/>',
        ),
        "11.1.1": ('last-updated-datetime="2026', 'last-updated-datetime="2036'),
    }
    for number, (before, after) in spoils.items():
        assert before in good.decode(), number
        spoilt = good.decode().replace(before, after, 1).encode()
        assert number in {problem.rule for problem in checking.problems(spoilt, TODAY)}, number
        assert number in ruleset.broken(spoilt, TODAY), number
    assert len({rule.number for rule in rules.RULES}) == len(rules.RULES)


def test_without_its_entry_nobody_gets_the_file(speaking: None) -> None:
    unknown = board(line(indicator("A"), Value(5.0)), head=boards.programme(iati=None))
    with pytest.raises(checking.NotValidIati):
        catalogue.FILES["iati.xml"].made(unknown)
    assert {"1.14.13", "6.2.2", "OrganisationType"} <= {problem.rule for problem in checking.problems_of(unknown)}
    wrong = replace(unknown, programme=boards.programme(iati=IatiHead("XX-1-A", "XX-1", "22", "99999")))
    assert [problem.rule for problem in checking.problems_of(wrong)] == ["Sector"]


def test_a_manager_reads_what_is_missing_and_mends_it(manager: Visitor) -> None:
    make.indicator()
    uid = make.programme().uid
    assert manager.get(f"/programmes/{uid}/iati.xml").status == 409
    page = manager.get(f"/programmes/{uid}/indicators").link("Files")
    assert "It is not valid yet." in page.text("table")
    page = page.link("The programme in IATI")
    assert "6.2.2" in page.text("code") and "The sector of the activity is missing." in page.text("table")
    page = page.submit("Save", reporting="XX-1", reporting_type="22", identifier="YY-1", sector="15160")
    assert page.status == 422 and page.one("#identifier").get("value") == "YY-1"
    page = page.submit("Save", identifier="XX-1-TEST")
    assert "The file is valid" in page.text("main")
    answer = page.link("IATI 2.03, XML").response
    assert answer.mimetype == "application/xml" and b"XX-1-TEST" in answer.data
