"""The logframe with its numbers: value, target, progress and status of every indicator on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from core.db import db
from core.i18n import Texts
from indicators import measures, metrics, monitoring_measures
from indicators.models import (
    Accumulation,
    BaselineKind,
    EnteredValue,
    Indicator,
    Measure,
    Period,
    Result,
    Target,
    Visibility,
)
from indicators.series import AsOf, Fact, Series, Tally, Value
from privacy import disclosure
from trainings.models import Programme

TOLERANCE = 0.15
COUNTING = (measures, monitoring_measures)  # loaded here, so that every metric is known


class Status(StrEnum):
    """How an indicator stands against the target of the last completed period."""

    NOT_DUE = "not_due"
    NOT_REPORTED = "not_reported"
    TARGET_MISSING = "target_missing"
    BEHIND = "behind"
    ON_TRACK = "on_track"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Milestone:
    """The target of a period, and where the indicator stood at its end; None while the period lasts."""

    period: Period
    target: Target
    then: Value | None


@dataclass(frozen=True)
class Line:
    """One indicator with everything a page, a chart or a file says about it."""

    indicator: Indicator
    value: Value
    baseline: float | None
    milestones: list[Milestone]
    status: Status
    cells: Mapping[str, Mapping[str, int | None]]
    is_withheld: bool = False

    @property
    def target(self) -> Target | None:
        """The target at the end of the programme."""
        return self.milestones[-1].target if self.milestones else None

    @property
    def due(self) -> Milestone | None:
        """The last milestone whose period is over."""
        return next((stone for stone in reversed(self.milestones) if stone.then is not None), None)

    @property
    def progress(self) -> float | None:
        """Percent of the way from the baseline to the final target; None where there is no way or no number."""
        if self.target is None or self.is_withheld:
            return None
        return progress(self.value.number, self.baseline, self.target.value)


@dataclass(frozen=True)
class Chapter:
    """A result with its indicators."""

    result: Result
    depth: int
    lines: list[Line]


@dataclass(frozen=True)
class Dashboard:
    """A programme's logframe on a day."""

    programme: Programme
    on_day: date
    chapters: list[Chapter]

    @property
    def lines(self) -> list[Line]:
        return [line for chapter in self.chapters for line in chapter.lines]

    def line(self, code: str) -> Line | None:
        return next((line for line in self.lines if line.indicator.code == code), None)


def compute(programme: Programme, *, k: int = 0, audience: Visibility = Visibility.INTERNAL) -> Dashboard:
    """The dashboard as it stands today; for people outside with groups below `k` withheld and by visibility."""
    today = programme.today()
    chapters: list[Chapter] = []
    depths: dict[int | None, int] = {None: -1}
    for result in _results(programme):
        depths[result.id] = depths[result.parent_id] + 1
        lines = [
            _withheld(_line(programme, indicator, today), k)
            for indicator in result.indicators
            if _is_visible(indicator, audience)
        ]
        chapters.append(Chapter(result, depths[result.id], lines))
    return Dashboard(programme, today, _in_chain_order(chapters))


def compute_line(programme: Programme, indicator: Indicator) -> Line:
    """One indicator as it stands today, for staff."""
    return _line(programme, indicator, programme.today())


def progress(actual: float | None, baseline: float | None, target: float | None) -> float | None:
    """(actual − baseline) / (target − baseline) in percent, whichever direction; None where it says nothing."""
    if actual is None or baseline is None or target is None or target == baseline:
        return None
    return 100 * (actual - baseline) / (target - baseline)


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
    newest = {target.period_id: target for target in indicator.targets}  # ordered by id: the last of a period stays
    milestones = [
        Milestone(target.period, target, history.at(target.period.ends_on) if target.period.ends_on < today else None)
        for target in sorted(newest.values(), key=lambda target: target.period.ends_on)
    ]
    baseline = value.baseline if indicator.baseline_kind == BaselineKind.COMPUTED else indicator.baseline_value
    due = next((stone for stone in reversed(milestones) if stone.then is not None), None)
    return Line(indicator, value, baseline, milestones, judge(due, milestones, baseline), value.cells)


def _withheld(line: Line, k: int) -> Line:
    """The line as people outside may see it: exact totals, small cells and figures about few people withheld."""
    if k < 2:
        return line
    cells = {dimension: disclosure.protected(found, k) for dimension, found in line.value.cells.items()}
    speaks_of_few = line.value.people is not None and not disclosure.may_show(line.value.people, k)
    if line.indicator.measure != Measure.UNIT or line.value.knowledge is not None:
        is_withheld = speaks_of_few
    else:
        is_withheld = False  # totals of people are exact
    if not is_withheld:
        return replace(line, cells=cells)
    nothing = Value(people=None, text=Texts())
    stones = [replace(stone, then=None) for stone in line.milestones]
    return replace(line, value=nothing, baseline=None, milestones=stones, cells={}, is_withheld=True)


def _is_visible(indicator: Indicator, audience: Visibility) -> bool:
    order = (Visibility.INTERNAL, Visibility.DONOR, Visibility.PUBLIC)
    return order.index(indicator.visibility) >= order.index(audience)


def _in_chain_order(chapters: list[Chapter]) -> list[Chapter]:
    """Every result right after the one it serves."""
    children: dict[int | None, list[Chapter]] = {}
    for chapter in chapters:
        children.setdefault(chapter.result.parent_id, []).append(chapter)

    def walk(parent: int | None) -> list[Chapter]:
        return [found for chapter in children.get(parent, []) for found in (chapter, *walk(chapter.result.id))]

    return walk(None)


def _latest(entered: list[EnteredValue], until: date) -> Value:
    row = next((row for row in reversed(entered) if row.on_day <= until), None)
    return Value(row.value, text=row.text) if row else Value()
