"""Behind a number: its rows and what was left out, adjustments, documents, narratives, and days without a value."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, current_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from core import clock, pdf
from core.db import db
from core.errors import Refused
from core.i18n import Texts
from door import attendance
from indicators import dashboard, defining, documents, metrics, substantiating, tracing
from indicators.models import Accumulation, Measure, ValueSource
from indicators.publication import State
from indicators.record_models import Adjustment
from materials import ledger, storage
from materials.models import CopiesKind
from monitoring import recommendations, reports, units
from monitoring.models import Implementation, ResponseKind, Voice
from participants import registration
from participants.models import Origin, Sector
from tests import make
from tests.indicators.test_measures import held, quizzed, visited
from tests.make import NOON
from tests.pages import Visitor
from trainings import scheduling

PARAMETERS = {"kinds": ["workshop"], "materials": ["brochure"], "sectors": ["police"]}


@pytest.fixture(autouse=True)
def in_may_2027():
    with clock.standing_at(NOON):
        yield


def fill() -> None:
    """A register with something of everything, and for most reasons something that does not count."""
    often, lawyer, late = make.person(organisation="A"), make.person(sector=Sector.LAWYER), make.person()
    held(date(2027, 2, 1), attended={often: 3, lawyer: 3, late: 1, make.person(): 0}, sessions=3)
    held(date(2027, 3, 1), attended={often: 1, make.person(): 1})
    held(date(2027, 3, 2), attended={make.person(sector=Sector.CSO): 1}, kind="forum")
    make.registration(make.event(sessions=make.sessions(NOON.replace(month=4))))
    quizzed(date(2027, 4, 1), befores=[1, 2, 2], afters=[3, 3])
    brochure = make.material()
    ledger.record(brochure, CopiesKind.PRINTED, 500, date(2027, 2, 1))
    ledger.record(brochure, CopiesKind.HANDED_OUT, 30, date(2027, 3, 1))
    one, two = (units.add(make.programme(), f"U{n}", "North") for n in range(2))
    visited(one, date(2027, 2, 1), 5)
    visited(one, date(2027, 3, 1), 20)
    visited(two, date(2027, 3, 1), None)
    report_to_the_ministry(date(2027, 2, 10), asked=3)
    report_to_the_ministry(date(2027, 3, 10), asked=2)
    reports.recommend(reports.begin(make.programme(), Texts(en="Draft")), "Ministry", "Later", theme="Doctors")


def report_to_the_ministry(published_on: date, asked: int) -> None:
    """A report, of whose recommendations the first was answered and carried out, the second is under way."""
    report = reports.begin(make.programme(), Texts(en="Report"))
    made = [reports.recommend(report, "Ministry", f"Do {n}", theme="Doctors") for n in range(asked)]
    reports.publish(report, published_on)
    later = published_on + timedelta(days=5)
    for recommendation, is_written in zip(made, (True, False), strict=False):
        recommendations.note_response(
            recommendation, ResponseKind.ACCEPTED, later, is_written=is_written, note="", by=None
        )
    for recommendation, how in zip(made, (Implementation.IMPLEMENTED, Implementation.IN_PROGRESS), strict=False):
        recommendations.assess(recommendation, how, Voice.OWN, later, by=None)


# What `fill` leaves of reports: counted, or so many of so many; on the twentieth of February and today.
REPORTED = {
    "reports.published": (1, 2), "recs.issued": (3, 5), "recs.response": ((1, 3), (2, 5)),
    "recs.implemented": ((1, 2), (2, 4)),
}  # fmt: skip


def test_the_rows_of_every_metric_add_up_to_its_number_and_nothing_is_lost(app: Flask) -> None:
    fill()
    programme = make.programme()
    seen, reported = set(), {}
    for key, metric in metrics.METRICS.items():
        parameters = {name: value for name, value in PARAMETERS.items() if name in metric.parameters()}
        for until in (date(2027, 2, 20), programme.today()):
            value = metrics.series(programme, key, parameters).at(until)
            trace = tracing.TRACES[key](programme, until, key, **parameters)
            if metric.accumulation in (Accumulation.SUM, Accumulation.DISTINCT):
                assert sum(row.number or 0 for row in trace.rows) == value.number, key
            else:
                out_of = value.denominator if value.denominator is not None else value.people
                assert sum(row.out_of for row in trace.rows) == out_of, key
            if key.startswith(("recs.", "visits.")):
                counted = value.number if value.numerator is None else value.numerator
                assert sum(row.number or 0 for row in trace.rows) == counted, key
            assert trace.included + sum(trace.left_out.values()) == trace.candidates, key
            seen |= set(trace.left_out)
            counted = sum(row.number or 0 for row in trace.rows)
            share = (counted, sum(row.out_of for row in trace.rows))
            reported.setdefault(key, []).append(counted if value.denominator is None else share)
    assert {"absent", "below_share", "again", "other_sector", "not_closed", "not_approved", "one_test"} <= seen
    assert {"not_published", "not_assessed"} <= seen
    assert {key: tuple(reported[key]) for key in REPORTED} == REPORTED


def test_what_was_counted_of_a_report_leads_to_it_and_to_what_it_asks(manager: Visitor) -> None:
    report_to_the_ministry(date(2027, 2, 10), asked=3)
    implemented = make.indicator("recs.implemented", measure=Measure.PERCENTAGE, accumulation=Accumulation.RATIO)
    page = manager.get(f"/indicators/{implemented.uid}").link("What was counted")
    assert "Looked at: 3. Counted: 2." in page.text() and "not assessed" in page.text("table")
    assert [row.text_content() for row in page.all("tbody td[data-label=Counts]")] == ["1", "0"]
    assert "Do 0" in page.link("Do 0").text("main")
    published = make.indicator("reports.published", statement=Texts(en="Reports"))
    assert manager.get(f"/indicators/{published.uid}/rows").link("Report").status == 200


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(came=st.lists(st.lists(st.integers(0, 2), min_size=3, max_size=3), min_size=1, max_size=4))
def test_people_add_up_over_periods_in_every_dimension_and_are_no_more_than_places(app: Flask, came) -> None:
    programme = make.programme(f"adds{make.new_uid()}")
    sectors = (Sector.POLICE, Sector.LAWYER, Sector.CSO)
    people = [make.person(programme, sector=sector, sex="not_recorded") for sector in sectors]
    for number, sessions in enumerate(came):
        start = NOON.replace(month=1 + number, day=4)
        with clock.standing_at(start):
            held_event(programme, start, dict(zip(people, sessions, strict=True)))
    ends = [date(2027, month, 28) for month in range(1, 6)]
    for parameters in ({}, *({"sectors": [sector.value]} for sector in sectors)):
        series = metrics.series(programme, "people.completed", {"kinds": ["workshop"], **parameters})
        places = metrics.series(programme, "people.places", {"kinds": ["workshop"], **parameters})
        whole, steps = series.at(ends[-1]), [series.at(end) for end in ends]
        gained = [now.number - before for now, before in zip(steps, [0, *(s.number for s in steps)], strict=False)]
        assert sum(gained) == whole.number <= places.at(ends[-1]).number
        for cells in whole.cells.values():
            assert sum(cells.values()) == whole.number
        trace = tracing.TRACES["people.completed"](programme, ends[-1], "people.completed", ["workshop"], **parameters)
        assert len(trace.rows) == whole.number and trace.included + sum(trace.left_out.values()) == trace.candidates


def held_event(programme, start, sessions) -> None:
    event = make.event(programme, sessions=make.sessions(start, count=2))
    for person, number in sessions.items():
        place = registration.register(person, event, Origin.BY_HAND)
        for event_session in event.sessions[:number]:
            attendance.mark(event_session, place, by=None)
    with clock.standing_at(start.replace(day=8)):
        scheduling.close(event)


def test_an_adjustment_is_added_where_it_is_allowed_and_the_computed_value_stays(manager: Visitor) -> None:
    programme = make.programme()
    held(date(2027, 3, 1))
    plain = make.indicator()
    with pytest.raises(Refused, match="not_adjusted"):
        substantiating.adjust(programme, plain, date(2027, 4, 1), 2, "x", "y", None)
    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        db.session.add(Adjustment(indicator_id=plain.id, on_day=date(2027, 4, 1), delta=2, reason="x", evidence="y"))
        db.session.flush()
    indicator = make.indicator(value_source=ValueSource.ADJUSTED)
    page = manager.get(f"/indicators/{indicator.uid}").link("Evidence and narratives")
    typed = {
        "adjustment-on_day": "2027-04-01",
        "adjustment-reason": "Held by the partner",
        "adjustment-evidence": "Letter",
    }
    page = page.submit("Adjust", **typed, **{"adjustment-delta": "2"})
    assert "Held by the partner" in page.text("table")
    line = dashboard.compute_line(programme, indicator)
    assert (line.value.number, line.computed.number) == (3, 1)
    assert page.submit("Adjust", **typed, **{"adjustment-delta": "0"}).status == 422
    values = {name: getattr(indicator, name) for name in ("code", "measure", "metric", "parameters", "statement")}
    with pytest.raises(Refused, match="has_adjustments"):
        defining.revise_indicator(indicator, {**values, "value_source": ValueSource.COMPUTED}, None)


def test_a_document_is_cleaned_sealed_opened_by_staff_and_removed_for_good(manager: Visitor) -> None:
    indicator = make.indicator()
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(picture, "PNG")
    picture.seek(0)
    page = manager.get(f"/indicators/{indicator.uid}/record")
    page = page.submit(
        "Add the document",
        **{"evidence-title": "Minutes", "evidence-on_day": "2027-03-01", "evidence-file": (picture, "secret.png")},
    )
    path = next(a.get("href") for a in page.all("a") if a.text_content() == "Minutes")
    answer = manager.ask("get", path)
    assert answer.mimetype == "image/png" and answer.data.startswith(b"\x89PNG")
    files = [path for path in current_app.extensions["settings"].files.rglob("*") if path.is_file()]
    assert not any(b"PNG" in path.read_bytes()[:64] for path in files), "sealed where it lies"
    monitor = Visitor(manager.app).sign_in(make.user("monitor", make.programme()))
    assert monitor.ask("get", path).status_code == 200
    outsider = Visitor(manager.app).sign_in(make.user("manager", make.programme("elsewhere")))
    assert outsider.ask("get", path).status_code == 403
    somebody, (document,) = make.user("manager"), documents.of_indicator(indicator)
    lies = storage.find(document.digest)
    documents.remove(document, somebody)
    db.session.rollback()
    assert manager.ask("get", path).status_code == 200, "a removal that was not kept loses nothing"
    assert "removed" in page.submit("Delete the document").text("table")
    assert manager.ask("get", path).status_code == 409
    assert not lies.exists(), "the bytes are gone once the removal is kept"
    assert dashboard.compute_line(make.programme(), indicator).evidence == []


def test_a_value_comes_with_its_document_or_neither_does(manager: Visitor) -> None:
    indicator = make.indicator(None, accumulation=Accumulation.SUM)
    page = manager.get(f"/indicators/{indicator.uid}")
    typed = {"on_day": "2027-03-01", "value": "2", "evidence": "Minutes of March"}
    refused = page.submit("Enter", **typed, file=(io.BytesIO(b"MZ no paper"), "minutes.exe"))
    assert refused.status == 422 and dashboard.compute_line(make.programme(), indicator).value.number is None
    assert refused.one("#evidence").get("value") == "Minutes of March"
    page = page.submit("Enter", **typed, file=(io.BytesIO(clean_paper()), "minutes.pdf"))
    assert "Minutes of March" in page.text("ul.rows")
    (document,) = documents.of_indicator(indicator)
    assert documents.read(document).startswith(b"%PDF")


def clean_paper() -> bytes:
    page, content = pdf.canvas("Minutes")
    page.drawString(72, 700, "Agreed")
    page.save()
    return content.getvalue()


def test_the_newest_narrative_counts_and_the_older_stays(manager: Visitor) -> None:
    indicator = make.indicator()
    make.period(make.programme(), "M12")
    page = manager.get(f"/indicators/{indicator.uid}/record")
    for words in ("Three venues were closed.", "Two venues were closed."):
        page = page.submit("Write it down", **{"narrative-text-en": words})
        assert page.status == 200
    assert "Three venues" in page.text() and "Two venues" in page.text()
    said = dashboard.compute_line(make.programme(), indicator).narratives
    assert [(row.period, str(row.text)) for row in said] == [("M12", "Two venues were closed.")]


def test_no_value_is_not_zero_in_any_of_its_ways(manager: Visitor) -> None:
    programme = make.programme()
    entered = make.indicator(None, accumulation=Accumulation.LATEST, targets={"M12": 5})
    later = make.indicator(None, accumulation=Accumulation.LATEST, targets={"M24": 5})
    gap = make.indicator("test.gain", parameters={"kinds": ["workshop"]}, accumulation=Accumulation.LATEST)
    zero = make.indicator()

    def state(indicator) -> State:
        return dashboard.compute_line(programme, indicator).state

    assert [state(row) for row in (entered, later, gap, zero)] == [
        State.NOT_REPORTED, State.NOT_DUE, State.NOT_RECORDED, State.ZERO,
    ]  # fmt: skip
    page = manager.get(f"/indicators/{entered.uid}")
    page = page.submit("Enter", on_day="2027-05-01", absence="not_applicable", evidence="No such body any more")
    assert state(entered) == State.NOT_APPLICABLE and "not applicable" in page.text("dl.facts")
    both = page.submit("Enter", on_day="2027-05-02", value="3", absence="not_recorded", evidence="x")
    assert both.status == 422
