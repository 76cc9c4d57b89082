"""Recommendations: two axes only added to, two voices beside each other, lists from outside with nothing lost."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import openpyxl
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from core import tables
from core.db import db
from core.errors import Refused
from core.i18n import Texts
from indicators import metrics
from monitoring import external, external_rows, recommendations, register_files, reports, searching
from monitoring.external import ListPlan
from monitoring.external_rows import Fate
from monitoring.models import Implementation, Recommendation, ResponseKind, Voice
from monitoring.searching import Wanted
from tests import make
from tests.pages import Visitor

HEAD = ["№", "Рекомендация", "Тема", "Срок", "Позиция", "Статус"]
CELLS = st.sampled_from(["", "138.1", "138.2", "Звать врача", "x" * 4001, "supported", "не выполнена", "чушь", "=1+1"])
ROWS = st.lists(st.lists(CELLS, min_size=0, max_size=7), max_size=25)


def published(within=None, count: int = 1, days_ago: int = 100, due_in: int | None = None) -> list[Recommendation]:
    within = within or make.programme()
    on = within.today() - timedelta(days=days_ago)
    report = reports.begin(within, Texts(en="Report"))
    due_on = on + timedelta(days=due_in) if due_in is not None else None
    asked = [reports.recommend(report, "Ministry", f"Do {n}", theme="Doctors", due_on=due_on) for n in range(count)]
    reports.publish(report, on)
    return asked


def plan(within=None, **more) -> ListPlan:
    today = (within or make.programme()).today()
    values = {"issued_on": today - timedelta(days=300), "as_of": today, "voice": Voice.OTHER_CSO, **more}
    return ListPlan(body="UPR", cycle="third", addressee="State", theme="Other", **values)


def rows_of(*rows: list[str]) -> list[tuple[int, list[str]]]:
    return external_rows.read(tables.write_csv(HEAD, rows))


def test_both_axes_are_only_added_to_and_each_day_has_its_own_standing(app: Flask) -> None:
    asked, today = published(due_in=50)[0], make.programme().today()
    week = today - timedelta(days=7)
    recommendations.note_response(asked, ResponseKind.NOTED, week, is_written=False, note="", by=None)
    recommendations.note_response(asked, ResponseKind.ACCEPTED, today, is_written=True, note="", by=None)
    recommendations.assess(asked, Implementation.IN_PROGRESS, Voice.OWN, week, by=None)
    recommendations.assess(asked, Implementation.IMPLEMENTED, Voice.AUTHORITY, today, by=None)
    before, now = (recommendations.standing(asked, day) for day in (week, today))
    assert (before.response.kind, now.response.kind) == (ResponseKind.NOTED, ResponseKind.ACCEPTED)
    assert not before.differs and now.differs, "the authority and civil society see it differently since today"
    assert now.implementation == Implementation.IN_PROGRESS and now.is_overdue
    recommendations.assess(asked, Implementation.IMPLEMENTED, Voice.OTHER_CSO, today, by=None)
    assert not recommendations.standing(asked, today).is_overdue
    with pytest.raises(Refused, match="before_issue"):
        recommendations.assess(asked, Implementation.IN_PROGRESS, Voice.OWN, today - timedelta(days=101), by=None)
    draft = reports.recommend(reports.begin(make.programme(), Texts(en="Draft")), "M", "R", theme="T")
    with pytest.raises(Refused, match="not_issued"):
        recommendations.assess(draft, Implementation.IN_PROGRESS, Voice.OWN, today, by=None)


def test_the_register_is_filtered_and_what_is_counted_adds_up(app: Flask) -> None:
    programme = make.programme()
    own = published(count=3, due_in=20)
    recommendations.assess(own[0], Implementation.PARTIALLY, Voice.OWN, programme.today(), by=None)
    external.take(programme, plan(), rows_of(["1", "A", "", "", "noted", "in progress"]), make.user("manager"))
    found = recommendations.issued(programme, programme.today())
    balance = recommendations.balance(found)
    assert balance.received == 4 == sum(balance.counts.values()) + balance.not_assessed
    assert (balance.counts[Implementation.IN_PROGRESS], balance.counts[Implementation.PARTIALLY]) == (1, 1)

    def texts(**wanted) -> list[str]:
        return [row.recommendation.text for row in searching.find(found, Wanted(**wanted))]

    assert texts(source="own") == ["Do 0", "Do 1", "Do 2"] and texts(source="outside") == ["A"]
    assert texts(implementation="none") == ["Do 1", "Do 2"] and texts(response="noted") == ["A"]
    assert texts(due="overdue", words="do 2") == ["Do 2"] and texts(due="no_date") == ["A"]
    assert texts(theme="Other", addressee="State") == ["A"]
    assert [leaf.number for leaf in (searching.leaf(found, n) for n in (-3, 1, 99))] == [1, 1, 1]


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, data=st.data())
def test_no_row_of_a_list_is_lost(rows: list[list[str]], data: st.DataObject) -> None:
    """Rows in are rows accounted for, and what would be taken in is exactly what the rows say."""
    content = tables.write_csv(HEAD, rows)
    read = external_rows.read(content)
    judged = external_rows.judged(read, [], date(2027, 5, 1), Voice.OWN)
    assert [row.line for row in judged] == [line for line, _cells in read]
    assert sum(external_rows.counts(judged).values()) == len(read)
    for row, (_line, cells) in zip(judged, read, strict=True):
        assert (row.fate == Fate.BLANK) == (not any(cells))
        assert (row.fate == Fate.NEW) == (row.asked is not None)
        assert bool(row.reasons) == (row.fate == Fate.LEFT_OUT), "what is left out says why"
        assert row.asked is None or row.asked.text == cells[1]


def test_a_list_taken_in_twice_adds_only_what_is_new(app: Flask) -> None:
    programme, manager = make.programme(), make.user("manager")
    first = rows_of(
        ["1", "Звать врача", "Врачи", "01.06.2027", "supported", ""],
        ["2", "Вести журнал", "", "", "отклонена", "не выполнена"],
        ["2", "Ещё раз", "", "", "", ""],
        ["", "", "", "", "", ""],
        ["3", "", "", "", "", ""],
        ["4", "Считать", "", "завтра", "может быть", ""],
    )
    counts = external.take(programme, plan(), first, manager)
    assert counts == {Fate.HEADING: 1, Fate.NEW: 2, Fate.LEFT_OUT: 3, Fate.BLANK: 1}
    again = external.look(programme, plan(), first)
    assert external_rows.counts(again)[Fate.KNOWN] == 2 and external_rows.counts(again)[Fate.NEW] == 0
    later = rows_of(
        ["1", "Звать  врача", "", "", "supported", "частично выполнена"],
        ["2", "Совсем другое", "", "", "", ""],
        ["5", "Новая", "", "", "", ""],
    )
    assert external.take(programme, plan(), later, manager) == {
        Fate.HEADING: 1, Fate.FOLLOWED_UP: 1, Fate.LEFT_OUT: 1, Fate.NEW: 1
    }  # fmt: skip
    found = recommendations.issued(programme, programme.today())
    assert [(row.recommendation.label, row.implementation) for row in found] == [
        ("1", Implementation.PARTIALLY),
        ("2", Implementation.NOT_IMPLEMENTED),
        ("5", None),
    ]
    assert len(found[0].recommendation.responses) == 1, "the same answer is not written down again"
    with pytest.raises(Refused, match="no_headings"):
        external.look(programme, plan(), external_rows.read(b"a;b\nc;d\n"))
    with pytest.raises(Refused, match="in_the_future"):
        external.look(programme, plan(as_of=programme.today() + timedelta(days=1)), first)


def test_what_comes_from_outside_is_counted_apart(app: Flask) -> None:
    programme = make.programme()
    published(count=2)
    rows = rows_of(["1", "A", "", "", "supported", "implemented"], ["2", "B", "", "", "", ""])
    external.take(programme, plan(), rows, make.user("manager"))
    today = programme.today()

    def value(key: str, **parameters: str):
        return metrics.series(programme, key, parameters).at(today)

    assert value("recs.issued").number == 2 and value("recs.implemented", voice="other_cso").denominator == 0
    for source in ("outside", "UPR"):
        assert value("recs.issued", source=source).number == 2
        assert value("recs.response", source=source).numerator == 1
        assert value("recs.implemented", voice="other_cso", source=source).numerator == 1
    assert not value("recs.issued", source="CAT").number


def test_the_files_of_the_register_hold_every_row_and_run_nothing(app: Flask, request_context: None) -> None:
    programme = make.programme()
    external.take(programme, plan(), rows_of(["1", "=1+1", "", "", "noted", ""]), make.user("manager"))
    found = recommendations.issued(programme, programme.today())
    head, row = csv.reader(io.StringIO(register_files.csv_of(found).decode("utf-8-sig")), delimiter=";")
    assert row[head.index("What should be done")] == "'=1+1" and row[head.index("Response")] == "noted"
    sheet = openpyxl.load_workbook(io.BytesIO(register_files.workbook_of(found))).active
    assert sheet.max_row == 2 and sheet.cell(2, 4).data_type == "s"
    assert (
        external_rows.judged(external_rows.read(register_files.template()), [], programme.today(), Voice.OWN)[1].fate
        == Fate.NEW
    ), "our own empty table is read by our own import"


def test_a_list_on_the_pages_is_looked_at_taken_in_and_followed_up(app: Flask) -> None:
    programme = make.programme()
    visitor = Visitor(app).sign_in(make.user("manager", programme))
    page = visitor.get(f"/programmes/{programme.uid}/recommendations").link("Take in a list from outside")
    today = programme.today().isoformat()
    content = tables.write_csv(HEAD, [["1", "Звать врача", "Врачи", "", "supported", ""], ["2", "", "", "", "", ""]])
    said = {"body": "UPR", "cycle": "third", "issued_on": today, "as_of": today, "addressee": "State", "theme": "Other"}
    wrong = page.submit("Look at the rows", **said)
    assert wrong.status == 422 and wrong.one("#body").get("value") == "UPR", "what was typed stays"
    page = wrong.submit("Look at the rows", **said, file=(io.BytesIO(content), "list.csv"))
    assert "There is no text" in page.text("table") and page.text(".tiles").startswith("1new recommendation")
    assert not recommendations.issued(programme, programme.today()), "nothing is kept before somebody says yes"
    page = page.submit("Take in what is new")
    assert "Rows in the list: 3" in page.text(".notice")
    page = page.link("Звать врача")
    page = page.submit("Note the response", response="rejected", answered_on=today, letter="Letter 5")
    page = page.submit("Note the assessment", implementation="implemented", voice="authority", assessed_on=today)
    page = page.submit("Note the assessment", implementation="not_implemented", voice="own", assessed_on=today)
    assert "views differ" in page.text() and "Letter 5" in page.text(".history")
    future = (programme.today() + timedelta(days=1)).isoformat()
    late = page.submit("Note the assessment", implementation="implemented", voice="own", assessed_on=future, basis="x")
    assert late.status == 422 and late.one("#basis").get("value") == "x"
    db.session.expire_all()
    listed = visitor.get(f"/programmes/{programme.uid}/recommendations?differs=y&source=outside")
    assert len(listed.all("table.asked tbody tr")) == 1
