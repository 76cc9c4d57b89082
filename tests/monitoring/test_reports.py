"""Reports over approved visits: counted point by point, by alias only, and as they are once they are published."""

from __future__ import annotations

import io
from datetime import timedelta

import pypdfium2
import pytest
import sqlalchemy as sa
from flask import Flask

from core.db import db
from core.errors import Refused
from core.i18n import Texts
from monitoring import findings, protocol, reports, units, visits
from monitoring.models import Judgement, Report
from tests import make
from tests.monitoring import walking
from tests.pages import Visitor


def test_findings_count_every_visit_once_in_every_point(app: Flask) -> None:
    unit = walking.unit()
    words = [Judgement.MET, Judgement.MET, Judgement.NOT_MET, Judgement.NOT_SEEN]
    made = [walking.approved(unit, walking.seen(word=word, points=4 if n else 3)) for n, word in enumerate(words)]
    found = findings.over(made, protocol.items(unit.programme))
    assert [sum(row.counts.values()) + row.unanswered for row in found] == [4] * walking.POINTS
    assert dict(found[0].counts) == {Judgement.MET: 2, Judgement.NOT_MET: 1, Judgement.NOT_SEEN: 1}
    assert (found[0].seen, found[3].unanswered, found[3].counts[Judgement.MET]) == (3, 1, 1)


def test_a_report_rests_on_approved_visits_of_a_span_and_a_region(app: Flask) -> None:
    north, south = walking.unit(), walking.unit("Unit 2", "South")
    programme, today = north.programme, north.programme.today()
    old, new = walking.approved(north, walking.seen(), days_ago=60), walking.approved(north, walking.seen())
    walking.approved(south, walking.seen())
    draft = visits.record(north, walking.seen(), make.user("monitor"))
    assert reports.approved(programme, "North") == [old, new]
    assert reports.approved(programme, "North", today - timedelta(days=5), today) == [new]
    report = reports.begin(programme, Texts(en="Report"))
    reports.rest_on(report, [old, new])
    reports.rest_on(report, [new])
    assert reports.visits_of(report) == [new] and units.reports_about(north) == [report]
    assert units.reports_about(south) == []
    db.session.commit()
    with pytest.raises(sa.exc.DBAPIError):
        reports.rest_on(report, [draft])
    db.session.rollback()


def test_a_published_report_stays_as_it_is_whoever_asks(app: Flask) -> None:
    unit = walking.unit()
    today, visit = unit.programme.today(), walking.approved(unit, walking.seen())
    report = reports.begin(unit.programme, Texts(en="Report"))
    with pytest.raises(Refused, match="nothing_to_publish"):
        reports.publish(report, today)
    first, second, third = (reports.recommend(report, "M", f"R{n}", theme="T") for n in range(3))
    reports.withdraw(second)
    db.session.expire(report)
    with pytest.raises(Refused, match="in_the_future"):
        reports.publish(report, today + timedelta(days=1))
    reports.publish(report, today)
    db.session.commit()
    assert (first.number, third.number) == (1, 2), "no gap where one was taken out"
    for change in (
        lambda: reports.recommend(report, "M", "More", theme="T"),
        lambda: reports.reword(first, "M", "Other", theme="T", standard="", due_on=None),
        lambda: reports.withdraw(first),
        lambda: reports.rest_on(report, [visit]),
        lambda: reports.revise(report, Texts(en="Other"), Texts()),
        lambda: reports.publish(report, today),
    ):
        with pytest.raises(Refused, match="already_published"):
            change()
    for statement in (
        "UPDATE reports SET published_on = NULL",
        "UPDATE recommendations SET text = 'other'",
        "DELETE FROM recommendations",
        f"INSERT INTO report_visits VALUES ({report.id}, {visit.id}, 'approved')",
    ):
        with pytest.raises(sa.exc.DBAPIError):
            db.session.execute(sa.text(statement))
        db.session.rollback()


def test_from_approved_visits_to_a_published_report_on_the_pages(app: Flask) -> None:
    unit = walking.unit("Отделение 1")
    manager = make.user("manager", unit.programme)
    walking.approved(unit, walking.seen(word=Judgement.PARTLY))
    today = unit.programme.today().isoformat()
    page = Visitor(app).sign_in(manager).get("/").link("Monitoring").link("Reports")
    page = page.submit("Begin", **{"title-ru": "Доклад 1", "summary-ru": "Коротко"})
    page = page.link("Choose visits").submit("Use the marked visits")
    assert "1 approved visit, 1 unit" in page.text() and "Отделение 1" in page.text("details")
    assert [cell.text_content() for cell in page.all("table.found tr:nth-child(1) td")] == ["0", "1", "0", "0", "0"]
    page = page.submit("Add", addressee="Министерство", theme="Врачи", text="Звать врача")
    page = page.link("Звать врача").submit("Save", text="Звать врача сразу")
    page = page.submit("Publish", on_day=today)
    assert "published on" in page.text(".head") and not page.all("main form")
    report = db.session.scalars(sa.select(Report)).one()
    content = page.visitor.ask("get", f"/reports/{report.uid}/report-ru.pdf").data
    paper = pypdfium2.PdfDocument(io.BytesIO(content))
    text = " ".join(paper_page.get_textpage().get_text_bounded() for paper_page in paper)
    for words in ("Доклад 1", "Отделение 1", "частично", "Звать врача сразу", "Опубликован"):
        assert words in text, words
    assert "Речной" not in text
