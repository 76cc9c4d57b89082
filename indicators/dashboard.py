"""The logframe with its numbers: value, target, progress and status of every indicator on a day, from the register."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from core.db import db
from indicators import heads, measures, metrics, monitoring_measures
from indicators.figures import state_of
from indicators.models import (
    Accumulation,
    BaselineKind,
    EnteredValue,
    Indicator,
    Measure,
    Period,
    Result,
    Target,
)
from indicators.publication import Chapter, Dashboard, Line, Milestone, Point, Status, progress
from indicators.series import AsOf, Fact, Series, Tally, Value
from trainings.models import Programme

TOLERANCE = 0.15
CUMULATIVE = (Accumulation.SUM, Accumulation.DISTINCT)
COUNTING = (measures, monitoring_measures)  # loaded here, so that every metric is known


def compute(programme: Programme) -> Dashboard:
    """The dashboard as it stands today, for staff; what others may see of it is `publishing`'s to say."""
    today = programme.today()
    chapters: list[Chapter] = []
    depths: dict[int | None, int] = {None: -1}
    codes: dict[int | None, str | None] = {None: None}
    for result in _results(programme):
        depths[result.id], codes[result.id] = depths[result.parent_id] + 1, result.code
        lines = [_line(programme, indicator, today) for indicator in result.indicators]
        chapters.append(Chapter(heads.of_result(result, codes[result.parent_id]), depths[result.id], lines))
    periods = db.session.scalars(sa.select(Period).where(Period.programme_id == programme.id).order_by(Period.ends_on))
    return Dashboard(
        heads.of_programme(programme), today, _in_chain_order(chapters), [heads.of_period(period) for period in periods]
    )


def compute_line(programme: Programme, indicator: Indicator) -> Line:
    """One indicator as it stands today, for staff."""
    return _line(programme, indicator, programme.today())


def judge(due: Milestone | None, milestones: list[Milestone], baseline: float | None) -> Status:
    """Compare with the target of the last completed period; within 15 percent is on track."""
    if not milestones:
        return Status.TARGET_MISSING
    if due is None:
        return Status.NOT_DUE
    assert due.then is not None
    if due.target.value is None:
        return Status.NOT_REPORTED if due.then.text is None else Status.ON_TRACK
    if due.then.number is None:
        return Status.NOT_REPORTED
    if baseline is not None and due.target.value == baseline:
        return Status.NOT_DUE
    way = progress(due.then.number, baseline or 0.0, due.target.value)
    if way is None or way < 100 * (1 - TOLERANCE):
        return Status.BEHIND
    return Status.AHEAD if way > 100 * (1 + TOLERANCE) else Status.ON_TRACK


def series_of(programme: Programme, indicator: Indicator) -> Series:
    """The history of an indicator, computed from the register or entered by people."""
    if indicator.metric is not None:
        return metrics.series(programme, indicator.metric, indicator.parameters)
    entered = list(
        db.session.scalars(
            sa.select(EnteredValue)
            .where(EnteredValue.indicator_id == indicator.id)
            .order_by(EnteredValue.on_day, EnteredValue.id)
        )
    )
    if indicator.accumulation == Accumulation.SUM:
        return Tally([Fact(row.on_day, round(row.value or 0)) for row in entered])
    return AsOf(lambda until: _latest(entered, until))


def _results(programme: Programme) -> list[Result]:
    query = (
        sa.select(Result)
        .where(Result.programme_id == programme.id)
        .options(selectinload(Result.indicators).selectinload(Indicator.targets))
        .order_by(Result.position)
    )
    return list(db.session.scalars(query))


def _line(programme: Programme, indicator: Indicator, today: date) -> Line:
    history = series_of(programme, indicator)
    value = history.at(today)
    milestones = [
        Milestone(
            heads.of_period(target.period),
            heads.of_target(target),
            history.at(target.period.ends_on) if target.period.ends_on < today else None,
        )
        for target in newest_targets(indicator)
    ]
    baseline = value.baseline if indicator.baseline_kind == BaselineKind.COMPUTED else indicator.baseline_value
    due = next((stone for stone in reversed(milestones) if stone.then is not None), None)
    return Line(
        heads.of_indicator(indicator),
        value,
        baseline,
        milestones,
        judge(due, milestones, baseline),
        state_of(value),
        history=_points(programme, indicator, history, today),
    )


def newest_targets(indicator: Indicator) -> list[Target]:
    """The target that counts for each period, the earliest period first."""
    newest = {target.period_id: target for target in indicator.targets}  # ordered by id: the last of a period stays
    return sorted(newest.values(), key=lambda target: target.period.ends_on)


def _points(programme: Programme, indicator: Indicator, history: Series, today: date) -> list[Point]:
    """Where a count stood at the beginning, at the end of every month so far, and today."""
    if indicator.measure != Measure.UNIT or indicator.accumulation not in CUMULATIVE:
        return []
    days = [programme.starts_on, *_ends_of_months(programme.starts_on, today), today]
    return [Point(on, history.at(on).number or 0) for on in days if on <= today]


def _ends_of_months(first: date, last: date) -> list[date]:
    ends: list[date] = []
    year, month = first.year, first.month
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        end = date(year, month, 1) - timedelta(days=1)
        if end >= last:
            return ends
        ends.append(end)


def _in_chain_order(chapters: list[Chapter]) -> list[Chapter]:
    """Every result right after the one it serves."""
    children: dict[str | None, list[Chapter]] = {}
    for chapter in chapters:
        children.setdefault(chapter.result.parent, []).append(chapter)

    def walk(parent: str | None) -> list[Chapter]:
        return [found for chapter in children.get(parent, []) for found in (chapter, *walk(chapter.result.code))]

    return walk(None)


def _latest(entered: list[EnteredValue], until: date) -> Value:
    row = next((row for row in reversed(entered) if row.on_day <= until), None)
    return Value(row.value, text=row.text) if row else Value()
