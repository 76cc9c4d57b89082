"""Page, chart and every file say the same number, and none of them what is withheld."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from lxml import etree
from openpyxl import load_workbook

from core import clock
from core.i18n import Texts, speaking
from indicators import publishing, sharing
from indicators.files import catalogue
from indicators.iati import entry
from indicators.models import Accumulation, Measure, Visibility
from indicators.publication import Restatement
from indicators.publication_heads import (
    AdjustmentHead,
    EvidenceHead,
    NarrativeHead,
    QuizAtEventHead,
    QuizHead,
    RecommendationHead,
)
from indicators.series import Value
from indicators.share_models import Audience
from monitoring.models import Implementation, ResponseKind
from quizzes.analysis import Knowledge
from tests import make
from tests.conftest import Installation
from tests.indicators import boards
from tests.indicators.boards import board, indicator, line
from tests.indicators.test_dashboard import PEOPLE, trained
from tests.make import NOON
from tests.pages import Visitor
from tests.papers import text_of


@pytest.fixture
def request_alone(sqlite_installation: Installation) -> Iterator[None]:
    """A request to speak in; these tests have no register."""
    with (
        sqlite_installation.app.test_request_context("/", headers={"Accept-Language": "en"}),
        clock.standing_at(datetime(2026, 11, 27, 12, tzinfo=UTC)),
    ):
        yield


def sheet(content: bytes) -> list[dict[str, object]]:
    """The first sheet of a workbook, row by row under its heading."""
    head, *rows = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_page_chart_and_every_file_say_the_same_number(app: Flask, visitor: Visitor) -> None:
    with clock.standing_at(NOON):
        indicator = make.indicator(
            "people.completed", targets={"M12": 5, "M24": 200}, statement=Texts(en="People trained"), **PEOPLE
        )
        trained(women=60, men=63)
        entry.record(make.programme(), boards.KNOWN)
        _link, token = sharing.share(make.programme(), "Donor", Audience.DONOR, 10, None)
        page = visitor.get(f"/d/{token}")
        files = {name: visitor.get(f"/d/{token}/{name}").response.data for name in catalogue.FILES}
        program = visitor.ask("get", "/api/v1/logframe", headers={"Authorization": f"Bearer {token}"})
        chart = page.link("People trained").text("svg.chart desc")
    rows = list(csv.DictReader(io.StringIO(files["indicators.csv"].decode("utf-8-sig")), delimiter=";"))
    tree = etree.fromstring(files["iati.xml"])
    found = {
        "page": "123" in page.text("tbody td.number b"),
        "chart": "Reached: 123" in chart,
        "report.pdf": "123" in text_of(files["report.pdf"]),
        "logframe.xlsx": sheet(files["logframe.xlsx"])[0]["Current value"] == 123,
        "opsys.xlsx": sheet(files["opsys.xlsx"])[0]["Current value"] == 123,
        "indicators.csv": rows[0]["Value"] == "123",
        "logframe.json": b'"value": 123' in files["logframe.json"],
        "iati.xml": tree.xpath("//actual[not(dimension)]/@value")[-1] == "123",
        "api": program.get_json()["indicators"][0]["value"]["value"] == 123,
    }
    assert all(found.values()), found
    women = [
        next(row["Value"] for row in rows if row["Breakdown"] == "Sex: Female"),
        next(row["Current value"] for row in sheet(files["logframe.xlsx"]) if row["Breakdown"] == "Sex: Female"),
        tree.xpath("//actual[dimension[@name='sex' and @value='female']]/@value")[-1],
    ]
    assert [str(number) for number in women] == ["60", "60", "60"]
    assert indicator.uid.encode() in files["logframe.json"]


def read(name: str, content: bytes) -> str:
    """Everything a reader can find in a file."""
    if name.endswith(".pdf"):
        return text_of(content)
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return " ".join(parts.read(part).decode() for part in parts.namelist())
    return content.decode()


def full_board():
    """A dashboard on which everything is filled that can be, some of it about few people."""
    people = Value(7923, people=7923, cells={"sex": {"female": 4, "male": 7919}})
    few = Value(77.7, people=3, knowledge=Knowledge(3, before=11.1, after=88.8, gain=77.7, low=71.3, high=84.1))
    counted = line(
        indicator("Op1", accumulation=Accumulation.DISTINCT), people, {"M6": 50.0, "M24": 9000.0},
        adjustments=[AdjustmentHead(date(2026, 3, 1), -2.0, "Counted twice", "Minutes")], computed=Value(7925),
        evidence=[EvidenceHead("e" * 16, "List of workshops", date(2026, 3, 2))], exclusions={"merged": 6},
        narratives=[NarrativeHead("M6", Texts(en="Slow start", ru="Медленное начало"))],
        restatements=[Restatement("M6", Value(7900), Value(7910), "late lists")],
    )  # fmt: skip
    gain = line(indicator("Oc1", metric="test.gain", accumulation=Accumulation.LATEST), few, {"M6": 20.0})
    share = line(
        indicator("Oc2", Measure.PERCENTAGE, accumulation=Accumulation.RATIO),
        Value(66.6667, 2, 3, people=3),
        {"M6": 5.0},
    )
    events = [
        QuizAtEventHead(Texts(en="In the north"), date(2026, 5, 1), 3, 31.7, 97.3),
        QuizAtEventHead(Texts(en="In the south"), date(2026, 6, 1), 5, 41.9, 62.3),
        QuizAtEventHead(Texts(en="In the east"), date(2026, 7, 1), 20, 51.1, 71.1),
    ]
    asked = RecommendationHead(
        "n" * 16, Texts(en="Report 1"), date(2026, 4, 1), 1, "Ministry", "Call a doctor", "Health", None, None,
        response=ResponseKind.NOTED, implementation=Implementation.IN_PROGRESS,
    )  # fmt: skip
    quiz = QuizHead(Texts(en="Rights"), 28, 48.5, 72.3, 23.8, 20.1, 27.5, events)
    return replace(board(counted, gain, share, k=0), quizzes=[quiz], recommendations=[asked])


def test_what_is_withheld_is_in_no_file(request_alone: None) -> None:
    staff = full_board()
    donor = publishing.withheld(staff, Visibility.DONOR, 5)
    secrets = ("7919", "7,919", "77.7", "71.3", "66.6", "67 %", "2 of 3", "31.7", "97.3", "41.9", "62.3")
    for name, file in catalogue.FILES.items():
        shown = read(name, file.made(donor))
        assert [secret for secret in secrets if secret in shown] == [], name
        assert "7923" in shown.replace(",", ""), name
    for secret in ("77.7", "31.7"):
        assert secret in read("report.pdf", catalogue.FILES["report.pdf"].made(staff)), "the team sees it"


def test_the_report_renders_what_there_is_and_is_the_same_twice(request_alone: None) -> None:
    staff = full_board()
    made = catalogue.FILES["report.pdf"].made
    shown = text_of(made(staff))
    for words in (
        "Contents", "Slow start", "Counted twice", "Computed before adjustments: 7,925", "List of workshops",
        "duplicates merged: 6", "7,910. late lists", "In the north", "Call a doctor", "noted", "Methods and privacy",
        "Printed on 27 November 2026 · fingerprint",
    ):  # fmt: skip
        assert words in shown, words
    assert made(staff) == made(full_board())
    with speaking("ru"):
        russian = text_of(made(staff))
    assert "Медленное начало" in russian and "Содержание" in russian and "■" not in russian
    with clock.standing_at(datetime(2026, 11, 29, 12, tzinfo=UTC)):
        assert made(staff) != made(replace(staff, k=5))
        assert "29 November 2026" in text_of(made(staff))


def test_the_workbook_has_the_columns_of_the_logframe_and_no_formula(request_alone: None) -> None:
    evil = replace(full_board().lines[0].indicator, statement=Texts(en='=HYPERLINK("http://x")'))
    content = catalogue.FILES["logframe.xlsx"].made(board(line(evil, Value(5.0), {"M6": 1.0, "M24": 9.0})))
    book = load_workbook(io.BytesIO(content))
    row = sheet(content)[0]
    assert row["Baseline year"] == 2026 and row["Target M24 (12.2027)"] == 9 and row["Current value"] == 5
    assert book.worksheets[0]["D2"].data_type == "s" and book.worksheets[0].page_setup.orientation == "landscape"
