"""The logframe with its numbers: value, target, progress and status of every indicator on a day, from the register."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from core.db import db
from indicators import (
    exclusions,
    figures,
    findings,
    heads,
    judging,
    measures,
    metrics,
    monitoring_measures,
    monitoring_tracing,
    people_tracing,
    recommended,
    records,
    restatements,
)
from indicators.models import Accumulation, Assumption, BaselineKind, Indicator, Measure, Period, Result, Target
from indicators.publication import Chapter, Dashboard, Line, Milestone, Point, State, Status, progress
from indicators.publication_heads import PeriodHead
from indicators.record_models import EnteredValue
from indicators.records import Record
from indicators.restatements import Locked
from indicators.series import Adjusted, AsOf, Series, Value
from trainings.models import Programme

TOLERANCE = 0.15
CUMULATIVE = (Accumulation.SUM, Accumulation.DISTINCT)
COUNTING = (
    measures,
    monitoring_measures,
    people_tracing,
    monitoring_tracing,
)  # loaded here, so that every metric is known


def compute(programme: Programme, until: date | None = None, *, in_full: bool = False) -> Dashboard:
    """The dashboard as it stands today, for staff; what others may see of it is `publishing`'s to say.

    With `until`, as it stood at the end of that day by what the register knows now; `in_full` as it is published: with
    how many were not counted, quizzes and recommendations, for which a page of all indicators has no place.
    """
    view = _view(programme, until, in_full=in_full)
    chapters: list[Chapter] = []
    behind = records.of_programme(programme)
    depths: dict[int | None, int] = {None: -1}
    codes: dict[int | None, str | None] = {None: None}
    for result in _results(programme):
        depths[result.id], codes[result.id] = depths[result.parent_id] + 1, result.code
        lines = [
            _line(programme, indicator, behind.get(indicator.id, records.NOTHING), view)
            for indicator in result.indicators
            if not indicator.is_retired
        ]
        chapters.append(Chapter(heads.of_result(result, codes[result.parent_id]), depths[result.id], lines))
    periods = db.session.scalars(sa.select(Period).where(Period.programme_id == programme.id).order_by(Period.ends_on))
    return Dashboard(
        heads.of_programme(programme),
        view.on_day,
        _in_chain_order(chapters),
        [heads.of_period(period) for period in periods],
        quizzes=findings.quizzes(programme, view.on_day) if in_full else [],
        recommendations=recommended.of_programme(programme, view.on_day) if in_full else [],
        outside=recommended.from_outside(programme, view.on_day) if in_full else [],
    )


def compute_line(programme: Programme, indicator: Indicator) -> Line:
    """One indicator as it stands today, for staff."""
    return _line(programme, indicator, records.of_indicator(indicator), _view(programme))


def restated(programme: Programme, board: Dashboard) -> Dashboard:
    """A locked dashboard with what the register says today about it and the periods locked before it."""
    locked = restatements.of_programme(programme).up_to(board.on_day)
    behind = records.of_programme(programme)
    indicators = {indicator.uid: indicator for result in _results(programme) for indicator in result.indicators}

    def since(line: Line) -> Line:
        indicator = indicators.get(line.indicator.uid)
        if indicator is None:
            return line
        # Who may see it is not history: what was made internal since is internal.
        head = replace(line.indicator, visibility=indicator.visibility)
        history = _history(programme, indicator, behind.get(indicator.id, records.NOTHING))
        return replace(line, indicator=head, restatements=locked.restated(indicator.uid, history))

    chapters = [replace(chapter, lines=[since(line) for line in chapter.lines]) for chapter in board.chapters]
    return replace(board, chapters=chapters)


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
    """The history of an indicator before adjustments: computed from the register or entered by people."""
    if indicator.metric is not None:
        return metrics.series(programme, indicator.metric, indicator.parameters)
    entered = list(
        db.session.scalars(
            sa.select(EnteredValue)
            .where(EnteredValue.indicator_id == indicator.id)
            .order_by(EnteredValue.on_day, EnteredValue.id)
        )
    )
    look = _summed if indicator.accumulation == Accumulation.SUM else _latest
    return AsOf(lambda until: look([row for row in entered if row.on_day <= until]))


def state_of(value: Value, indicator: Indicator, is_due: bool = True) -> State:
    """What stands where the figure is expected. Nobody has to report what the register counts: there it is a gap."""
    state = figures.state_of(value)
    if state != State.NOT_REPORTED:
        return state
    if not is_due:
        return State.NOT_DUE
    return State.NOT_REPORTED if indicator.is_entered else State.NOT_RECORDED


def _results(programme: Programme) -> list[Result]:
    query = (
        sa.select(Result)
        .where(Result.programme_id == programme.id)
        .options(
            selectinload(Result.indicators).selectinload(Indicator.targets),
            selectinload(Result.assumptions).selectinload(Assumption.judgements),
        )
        .order_by(Result.position)
    )
    return list(db.session.scalars(query))


@dataclass(frozen=True)
class _View:
    """From where a dashboard looks: the day whose figures it shows, the last day that is over, what was locked."""

    on_day: date
    over: date
    locked: Locked
    in_full: bool


def _view(programme: Programme, until: date | None = None, *, in_full: bool = False) -> _View:
    on_day = until or programme.today()
    locked = restatements.of_programme(programme)
    return _View(on_day, until or on_day - timedelta(days=1), locked.up_to(until) if until else locked, in_full)


def _history(programme: Programme, indicator: Indicator, behind: Record) -> Series:
    computed = series_of(programme, indicator)
    return Adjusted(computed, behind.adjustments) if behind.adjustments else computed


def _line(programme: Programme, indicator: Indicator, behind: Record, view: _View) -> Line:
    behind = behind.up_to(view.on_day)
    history = _history(programme, indicator, behind)
    value = history.at(view.on_day)
    milestones = [
        _milestone(indicator, window, target, history, view) for window, target in _windows(programme, indicator)
    ]
    baseline = value.baseline if indicator.baseline_kind == BaselineKind.COMPUTED else indicator.baseline_value
    due = next((stone for stone in reversed(milestones) if stone.then is not None), None)
    return Line(
        heads.of_indicator(indicator),
        value,
        baseline,
        milestones,
        judge(due, milestones, baseline),
        state_of(value, indicator, is_due=due is not None or not milestones),
        computed=history.computed.at(view.on_day) if isinstance(history, Adjusted) else None,
        adjustments=behind.adjustment_heads(),
        exclusions=dict(exclusions.of(programme, indicator, view.on_day)) if view.in_full else {},
        evidence=behind.evidence_heads(),
        narratives=behind.narrative_heads(),
        restatements=view.locked.restated(indicator.uid, history),
        history=_points(programme, indicator, history, view.on_day),
    )


def _milestone(indicator: Indicator, window: PeriodHead, target: Target, history: Series, view: _View) -> Milestone:
    then = history.at(window.ends_on) if window.ends_on <= view.over else None
    return Milestone(window, heads.of_target(target), then, state_of(then, indicator) if then else State.NOT_DUE)


def _windows(programme: Programme, indicator: Indicator) -> list[tuple[PeriodHead, Target]]:
    """What is promised by when, the earliest first; what is promised of the whole programme comes last."""
    found = [(heads.of_target_period(target, programme), target) for target in judging.standing_targets(indicator)]
    return sorted(found, key=lambda pair: (pair[1].period_id is None, pair[0].ends_on))


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


def _summed(entered: list[EnteredValue]) -> Value:
    numbers = [row.value for row in entered if row.value is not None]
    if numbers:
        return Value(sum(numbers))
    return Value(absence=entered[-1].absence) if entered else Value()


def _latest(entered: list[EnteredValue]) -> Value:
    row = entered[-1] if entered else None
    return Value(row.value, text=row.text, absence=row.absence) if row else Value()
