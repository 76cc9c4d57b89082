"""Writing the logframe: everything can be changed, nothing without a trace, and what it lacks is said."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock
from core.db import db
from core.errors import Refused
from core.i18n import Texts
from indicators import chain, changes, dashboard, defining, hints, judging, metrics, wording
from indicators.changes import Wanted
from indicators.hints import Hint
from indicators.models import Accumulation, AssumptionState, Result, ResultLevel, Target, TargetOrigin
from tests import make
from tests.make import NOON
from tests.pages import Visitor

NEEDED = ("statement", "definition", "unit", "source", "frequency", "responsible")
PROMISE = {"text": None, "origin": TargetOrigin.PROPOSED, "by": None}
# The table of metrics that the programme's design promises: how each adds up is of its nature.
PROMISED = {
    "events.held": "sum", "events.mixed": "sum", "people.completed": "distinct", "people.places": "sum",
    "orgs.trained": "distinct", "test.gain": "latest", "test.mastery": "ratio", "feedback.useful": "ratio",
    "followup.applied": "ratio", "copies.printed": "sum", "copies.distributed": "sum", "units.observed": "distinct",
    "reports.published": "sum", "recs.issued": "sum", "recs.response": "ratio", "recs.implemented": "ratio",
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_may_2027():
    with clock.standing_at(NOON):
        yield


def test_every_promised_metric_is_there_and_adds_up_as_promised() -> None:
    assert {key: metrics.METRICS[key].accumulation.value for key in PROMISED} == PROMISED


def test_an_indicator_is_written_changed_and_retired_and_the_log_tells_all(manager: Visitor) -> None:
    programme, result = make.programme(), make.result()
    make.period(programme, "M24")
    page = manager.get(f"/programmes/{programme.uid}/indicators").link("Write the logframe").link("Add an indicator")
    refused = page.submit(
        "Save", code="Op9", metric="people.completed", baseline_kind="number", **{"statement-en": "Trained"}
    )
    assert refused.status == 422 and refused.one("#statement-en").text == "\nTrained"
    refused = refused.submit("Save", baseline_value="0")
    assert refused.status == 422 and "needs more: Kinds of events" in refused.text(".notice")
    page = refused.submit("Save", kinds=["workshop"], accumulation="sum")
    assert "There is no target yet." in page.text()
    page = page.submit("Set the target", value="250", origin="given")
    assert page.submit("Set the target", value="200", origin="proposed").status == 422, "why?"
    page = page.submit("Set the target", value="200", origin="proposed", reason="Fewer venues")
    assert [row.text_content() for row in page.all("tbody td.number b")] == ["200", "250"]
    assert page.one("#period option[selected]").text_content() == "M24", "what is reported next"
    indicator = result.indicators[0]
    assert indicator.accumulation == Accumulation.DISTINCT, "each once, whatever was chosen"
    page = manager.get(f"/indicators/{indicator.uid}/definition")
    page = page.submit("Save", kinds=["workshop", "forum"], threshold="50", reason="Forums too")
    page = manager.get(f"/indicators/{indicator.uid}/definition").submit("Retire", reason="Not asked for any more")
    assert "retired" in page.text("table") and dashboard.compute(programme).lines == []
    page = page.link("Change log")
    log = page.text("table")
    for words in ("Parameters of the counting", "Workshop, Public forum", "Forums too", "Target, M24", "Fewer venues"):
        assert words in log, words
    assert "Op9" in manager.get(page.path + "?code=op9").text("table")
    assert "Nothing was changed that fits." in manager.get(page.path + "?subject=result").text()
    assert "Nothing was changed that fits." in manager.get(page.path + "?until=2027-05-13").text()


def test_no_two_indicators_have_one_code_and_an_adjusted_one_stays_adjusted(app: Flask) -> None:
    one, other = make.indicator(code="A"), make.indicator(code="B")
    values = {"code": "A", "value_source": other.value_source, "metric": "events.held", "measure": other.measure}
    values |= {"parameters": {"kinds": ["forum"]}, "statement": other.statement}
    with pytest.raises(Refused, match="code_taken"):
        defining.revise_indicator(other, values, None)
    with pytest.raises(Refused, match="metric_missing"):
        defining.revise_indicator(one, {**values, "metric": None}, None)
    changed = defining.revise_indicator(other, {**values, "code": "C"}, None, "said so")
    assert set(changed) == {"code", "parameters"}
    before = changes.leaf(make.programme(), Wanted(code="B"), 1).changes
    assert {(c.field, c.reason) for c in before} == {("code", "said so"), ("parameters", "said so")}
    assert {c.before for c in before if c.field == "code"} == {"B"}


def test_a_target_replaces_another_once_and_for_a_reason_whoever_writes_it(app: Flask) -> None:
    programme = make.programme()
    indicator = make.indicator(targets={"M12": 5})
    m12 = make.period(programme, "M12")

    def promise(value, period, reason=""):
        origin = TargetOrigin.PROPOSED
        return judging.promise(
            programme, indicator, period, value=value, text=None, origin=origin, reason=reason, by=None
        )

    with pytest.raises(Refused, match="reason_missing"):
        promise(4, m12)
    promise(4, m12, "fewer venues")
    promise(20, None)
    line = dashboard.compute_line(programme, indicator)
    assert [(stone.period.key, stone.target.value) for stone in line.milestones] == [("M12", 4), ("LOP", 20)]
    assert line.target.value == 20
    for again in (
        Target(indicator_id=indicator.id, period_id=m12.id, value=9, origin=TargetOrigin.GIVEN),
        Target(indicator_id=indicator.id, value=9, origin=TargetOrigin.GIVEN),
        Target(indicator_id=indicator.id, period_id=m12.id, value=9, origin=TargetOrigin.GIVEN,
               replaces_id=indicator.targets[1].id),
    ):  # fmt: skip
        with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
            db.session.add(again)
            db.session.flush()


def test_an_assumption_is_judged_day_by_day_and_what_was_judged_stays(manager: Visitor) -> None:
    programme = make.programme()
    assumption = make.assumption()
    make.indicator()
    page = manager.get(f"/programmes/{programme.uid}/logframe").link("People may meet")
    page = page.submit("Write it down", state="holds", on_day="2027-03-01", note="Two forums were held")
    page = page.submit("Write it down", state="at_risk", on_day="2027-05-01", note="A venue was closed")
    assert [cell.text_content().strip() for cell in page.all("tbody .state")] == ["at risk", "holds"]
    late = page.submit("Write it down", state="holds", on_day="2027-06-01", note="Later")
    assert late.status == 422 and "in the future" in late.text(".notice")
    head = dashboard.compute(programme).chapters[0].result.assumptions[0]
    assert (head.state, head.on) == (AssumptionState.AT_RISK, date(2027, 5, 1))
    page.submit("Follow it no more")
    assert dashboard.compute(programme).chapters[0].result.assumptions == []
    assert len(assumption.judgements) == 2
    manager.get(page.path).submit("Follow it again")
    assert len(dashboard.compute(programme).chapters[0].result.assumptions) == 1


def test_a_number_that_people_set_keeps_its_decimals(app: Flask, request_context: None) -> None:
    waiting = make.indicator(
        None, accumulation=Accumulation.LATEST, baseline_value=7.5, targets={"M12": 6, "M24": 4.25}
    )
    line = dashboard.compute_line(make.programme(), waiting)
    assert wording.baseline_in_words(line) == "7.5"
    assert [wording.target_in_words(line, stone.target) for stone in line.milestones] == ["6", "4.25"]


def test_hints_say_what_is_missing_and_block_nothing(app: Flask) -> None:
    whole = {name: Texts(en="x", ru="x", be="x") for name in NEEDED}
    bare = make.indicator(None, accumulation=Accumulation.DISTINCT)
    good = make.indicator(targets={"M12": 5}, baseline_on=date(2026, 1, 1), **whole)
    assert hints.of(good) == []
    assert set(hints.of(bare)) == set(Hint) - {Hint.BASELINE}
    assert hints.languages_missing(bare) == ["be", "ru"]


def test_a_results_chain_is_written_on_screen_from_the_impact_down(manager: Visitor) -> None:
    programme = make.programme()
    page = manager.get(f"/programmes/{programme.uid}/logframe").link("Add the impact")
    page = page.submit("Add the result", code="I", **{"statement-en": "People are safe"})
    assert "Nothing measures this result yet." in page.text()
    impact = chain.results_of(programme)[0]
    page = page.link("Logframe").link("Add a result under it")
    assert page.one("#level option[selected]").get("value") == "outcome", "what serves an impact"
    taken = page.submit("Add the result", code="I", **{"statement-en": "Officers know the law"})
    assert taken.status == 422 and "used already" in taken.text(".notice")
    assert taken.one("#statement-en").text.strip() == "Officers know the law", "what was typed stays"
    alone = taken.submit("Add the result", code="Oc 1", parent="")
    assert alone.status == 422 and "serves another result" in alone.text(".notice")
    top = taken.submit("Add the result", code="I 2", level="impact", parent=impact.uid)
    assert top.status == 422 and "serves no other result" in top.text(".notice")
    page = alone.submit("Add the result", code="Oc 1", parent=impact.uid)
    outcome = chain.results_of(programme)[1]
    output = chain.add(programme, ResultLevel.OUTPUT, "Op 1.1", Texts(en="Trained"), outcome, None)
    second = chain.add(programme, ResultLevel.OUTCOME, "Oc 2", Texts(en="Watched"), impact, None)
    late = chain.add(programme, ResultLevel.OUTPUT, "Op 1.2", Texts(en="Printed"), outcome, None)
    assert chain.results_of(programme) == [impact, outcome, output, late, second], "each after the one it serves"
    with pytest.raises(Refused, match="parent_too_low"):
        chain.add(programme, ResultLevel.OUTCOME, "Oc 3", Texts(en="Odd"), output, None)
    make.assumption(late)
    page = manager.get(f"/results/{late.uid}").submit("Take it out of the logframe")
    assert "Op 1.2" not in page.text("main") and "Op 1.2 taken out" in page.link("Change log").text("table")
    assert "Take it out" not in manager.get(f"/results/{outcome.uid}").text("main"), "an output serves it"
    with pytest.raises(Refused, match="something_hangs_on_it"):
        chain.take_out(outcome, None)
    for wrong in (
        {"level": ResultLevel.OUTCOME, "parent_id": output.id},
        {"level": ResultLevel.OUTPUT, "parent_id": make.result(make.programme("elsewhere")).id},
    ):
        with pytest.raises(sa.exc.DBAPIError), db.session.begin_nested():
            odd = Result(programme_id=programme.id, position=9, code="Odd", statement=Texts(en="Odd"), **wrong)
            db.session.add(odd)
            db.session.flush()


def test_the_log_says_what_was_changed_after_a_lock(manager: Visitor) -> None:
    programme = make.programme()
    indicator = make.indicator(targets={"M12": 5, "M24": 9}, code="A")
    team = make.user("manager", programme), make.user("manager", programme)
    with clock.standing_at(NOON.replace(month=1, day=20)):
        judging.promise(programme, indicator, make.period(programme, "M24"), **PROMISE, value=8, reason="early")
    with clock.standing_at(NOON.replace(month=2)):
        period = make.locked_period(programme, *team, key="M12")
    assert "as they were" in manager.get(f"/periods/{period.uid}").text()
    judging.promise(programme, indicator, make.period(programme, "M12"), **PROMISE, value=4, reason="late")
    page = manager.get(f"/indicators/{indicator.uid}")
    assert "changed after M12 was locked" in page.text(".notice")
    page = manager.get(f"/periods/{period.uid}").link("See what was changed")
    assert "late" in page.text("table") and "early" not in page.text("table")
    assert page.text("tbody .state").strip() == "after the lock of M12"
    whole = manager.get(f"/programmes/{programme.uid}/logframe/changes")
    assert "early" in whole.text("table") and len(whole.all("tbody .state")) == 1
