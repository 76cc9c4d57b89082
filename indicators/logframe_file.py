"""The logframe as a programme file holds it: results, indicators, periods, baselines and targets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from core.db import db
from core.i18n import Texts
from core.sections import Section
from indicators import chain, measures, monitoring_measures
from indicators.metrics import METRICS, Metric
from indicators.models import (
    Accumulation,
    Assumption,
    BaselineKind,
    Direction,
    Indicator,
    Measure,
    Period,
    Result,
    ResultLevel,
    Target,
    TargetOrigin,
    ValueSource,
    Visibility,
)
from monitoring.models import Voice
from participants.models import Sector
from trainings.models import EventKind, Programme

COUNTING = (measures, monitoring_measures)  # loaded here, so that every metric is known


@dataclass
class TargetPlan:
    period: str
    value: float | None
    text: Texts | None
    origin: TargetOrigin


@dataclass
class ResultPlan:
    code: str
    parent: str
    values: dict[str, Any]
    assumptions: list[Texts] = field(default_factory=list)


@dataclass
class IndicatorPlan:
    result: str
    values: dict[str, Any]
    targets: list[TargetPlan]


@dataclass
class LogframePlan:
    results: dict[str, ResultPlan] = field(default_factory=dict)
    indicators: list[IndicatorPlan] = field(default_factory=list)
    periods: dict[str, tuple[date, date]] = field(default_factory=dict)


def read(root: Section, shift: timedelta = timedelta(0)) -> LogframePlan:
    """The logframe of a programme file; a circle in the results chain and a metric nobody knows are noted."""
    section = root.included("logframe")
    plan = LogframePlan()
    for table in section.tables("periods"):
        days = table.day("starts_on") + shift, table.day("ends_on") + shift
        if days[1] <= days[0]:
            table.note("ends_on", "the period ends before it starts")
        plan.periods[table.text("key", longest=20)] = days
    for table in section.tables("results"):
        _read_result(table, plan)
    for code, result in plan.results.items():
        _note_broken_chain(section, plan, code, result)
    for table in section.tables("indicators"):
        plan.indicators.append(_read_indicator(table, plan, shift))
    return plan


def load(programme: Programme, plan: LogframePlan) -> None:
    """Add the results, indicators, periods and targets that are not there yet; those that are stay as they are."""
    periods = {p.key: p for p in db.session.scalars(sa.select(Period).where(Period.programme_id == programme.id))}
    for key, (starts_on, ends_on) in plan.periods.items():
        if key not in periods:
            periods[key] = Period(programme_id=programme.id, key=key, starts_on=starts_on, ends_on=ends_on)
            db.session.add(periods[key])
    results = {r.code: r for r in db.session.scalars(sa.select(Result).where(Result.programme_id == programme.id))}
    for position, code in enumerate(_parents_first(plan)):
        if code not in results:
            planned = plan.results[code]
            parent = results.get(planned.parent)
            results[code] = Result(
                programme_id=programme.id,
                position=position,
                code=code,
                parent_id=parent.id if parent else None,
                assumptions=[
                    Assumption(position=number, statement=words) for number, words in enumerate(planned.assumptions, 1)
                ],
                **planned.values,
            )
            db.session.add(results[code])
            db.session.flush()
    for position, planned_indicator in enumerate(plan.indicators):
        result = results[planned_indicator.result]
        if planned_indicator.values["code"] in {indicator.code for indicator in result.indicators}:
            continue
        indicator = Indicator(position=position, **planned_indicator.values)
        indicator.targets = [
            Target(period=periods[t.period] if t.period else None, value=t.value, text=t.text, origin=t.origin)
            for t in planned_indicator.targets
        ]
        result.indicators.append(indicator)
    db.session.flush()


def _read_result(table: Section, plan: LogframePlan) -> None:
    code = table.unique("code", plan.results)
    level = table.choice("level", ResultLevel)
    parent = table.text("parent", default="")
    if (level == ResultLevel.IMPACT) != (parent == ""):
        table.note("parent", "every result but the impact has a parent, and the impact has none")
    values = {"level": level, "statement": table.texts("statement")}
    plan.results[code] = ResultPlan(code, parent, values, _read_assumptions(table))


def _read_assumptions(table: Section) -> list[Texts]:
    """One text, or `[[results.assumptions]]`, each with a `statement`."""
    if table.holds_tables("assumptions"):
        return [row.texts("statement") for row in table.tables("assumptions")]
    one = table.texts("assumptions", default=None)
    return [one] if one else []


def _note_broken_chain(section: Section, plan: LogframePlan, code: str, result: ResultPlan) -> None:
    if result.parent and result.parent not in plan.results:
        section.note(f"results.{code}.parent", f"there is no result “{result.parent}”")
        return
    level = result.values["level"]
    if result.parent and level != ResultLevel.IMPACT:
        above = plan.results[result.parent].values["level"]
        if not chain.may_serve(level, above):
            section.note(f"results.{code}.parent", f"an {level} cannot serve an {above}, which “{result.parent}” is")
    links = [code]
    while plan.results[links[-1]].parent in plan.results:
        links.append(plan.results[links[-1]].parent)
        if links[-1] in links[:-1]:
            if code == min(links):
                section.note(f"results.{code}.parent", f"the results chain is a circle: {' → '.join(links)}")
            return


def _parents_first(plan: LogframePlan) -> list[str]:
    def depth(code: str) -> int:
        parent = plan.results[code].parent
        return 1 + depth(parent) if parent else 0

    order = list(plan.results)
    return sorted(order, key=lambda code: (depth(code), order.index(code)))


def _read_indicator(table: Section, plan: LogframePlan, shift: timedelta) -> IndicatorPlan:
    result = table.text("result", longest=20)
    if result not in plan.results:
        table.note("result", f"there is no result “{result}”")
    metric = table.text("metric", default=None) or None
    parameters = table.plain("parameters")
    if metric and metric not in METRICS:
        table.note("metric", f"“{metric}” is not counted here; there are {', '.join(sorted(METRICS))}")
    elif metric:
        _note_wrong_parameters(table, METRICS[metric], parameters)
        own = METRICS[metric].accumulation
        if table.choice("accumulation", Accumulation) != own:
            table.note("accumulation", f"values of {metric} add up as “{own}”")
    baseline = table.table("baseline")
    kind = baseline.choice("kind", BaselineKind, default="number")
    values = {
        "code": table.unique("code", [other.values["code"] for other in plan.indicators]),
        "statement": table.texts("statement"),
        "definition": table.texts("definition", default=None) or None,
        "unit": table.texts("unit", default=None) or None,
        "measure": table.choice("measure", Measure),
        "direction": table.choice("direction", Direction, default="up"),
        "accumulation": table.choice("accumulation", Accumulation),
        "value_source": _read_value_source(table, metric),
        "metric": metric,
        "parameters": parameters,
        "baseline_kind": kind,
        "baseline_value": baseline.decimal("value") if kind == BaselineKind.NUMBER else None,
        "baseline_text": baseline.texts("text") if kind == BaselineKind.TEXT else None,
        "baseline_on": baseline.day("on") + shift if baseline.has("on") else None,
        "source": table.texts("source", default=None) or None,
        "frequency": table.texts("frequency", default=None) or None,
        "responsible": table.texts("responsible", default=None) or None,
        "limitations": table.texts("limitations", default=None) or None,
        "visibility": table.choice("visibility", Visibility, default="donor"),
    }
    return IndicatorPlan(result, values, [_read_target(target, plan) for target in table.tables("targets")])


def _read_value_source(table: Section, metric: str | None) -> ValueSource:
    """By the metric, unless the file allows adjustments of a count."""
    usual = ValueSource.ENTERED if metric is None else ValueSource.COMPUTED
    source = table.choice("value_source", ValueSource, default=usual)
    counts = table.choice("accumulation", Accumulation) in (Accumulation.SUM, Accumulation.DISTINCT)
    if (source == ValueSource.ENTERED) != (metric is None):
        table.note("value_source", f"what is {source} {'has a metric' if metric is None else 'has no metric'}")
    elif source == ValueSource.ADJUSTED and not (counts and table.choice("measure", Measure) == Measure.UNIT):
        table.note("value_source", "only a count can be adjusted")
    return source


def _note_wrong_parameters(table: Section, metric: Metric, parameters: dict[str, Any]) -> None:
    for name in set(parameters) - metric.parameters():
        table.note(
            f"parameters.{name}", f"{metric.key} has no such parameter; it has {', '.join(sorted(metric.parameters()))}"
        )
    for name in metric.needed() - set(parameters):
        table.note(f"parameters.{name}", f"{metric.key} needs this")
    for name, words in (("kinds", EventKind), ("sectors", Sector), ("voice", Voice)):
        given = parameters.get(name, ())
        for word in ({given} if isinstance(given, str) else set(given)) - set(words):
            table.note(f"parameters.{name}", f"“{word}” is not one of {', '.join(words)}")


def _read_target(table: Section, plan: LogframePlan) -> TargetPlan:
    period = table.text("period", default="", longest=20)  # empty: of the whole programme
    if period and period not in plan.periods:
        table.note("period", f"there is no period “{period}”")
    text = table.texts("text", default=None) or None
    value = table.decimal("value", default=None)
    if (value is None) == (text is None):
        table.note("value", "a target is either a value or a text")
    return TargetPlan(period, value, text, table.choice("origin", TargetOrigin))
