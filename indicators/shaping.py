"""A dashboard in its public shape."""

from __future__ import annotations

from typing import Literal

from core.i18n import LANGUAGES
from indicators import figures, shape, shaping_beside
from indicators.models import BaselineKind
from indicators.publication import Dashboard, Line, State
from indicators.publication_heads import (
    AssumptionHead,
    EvidenceHead,
    NarrativeHead,
    ProgrammeHead,
    ResultHead,
    TargetHead,
)
from indicators.series import Value
from indicators.shape_beside import Words
from indicators.shaping_beside import tenth


def of(board: Dashboard) -> shape.Logframe:
    """The public shape of a dashboard."""
    return shape.Logframe(
        head_of(board),
        [shape.Period(period.key, period.starts_on, period.ends_on) for period in board.periods],
        [result_of(chapter.result) for chapter in board.chapters],
        [indicator_of(board, line, chapter.result.code) for chapter in board.chapters for line in chapter.lines],
        [shaping_beside.quiz(quiz) for quiz in board.quizzes],
        [shaping_beside.recommendation(asked) for asked in board.recommendations],
        [shaping_beside.from_outside(source, asked) for source in board.outside for asked in source.recommendations],
    )


def head_of(board: Dashboard) -> shape.Head:
    return shape.Head(
        version=shape.VERSION,
        programme=_programme(board.programme),
        data_as_of=board.on_day,
        is_provisional=board.is_provisional,
        period=board.period,
        locked_at=board.locked_at,
        fingerprint=board.fingerprint,
        audience=board.audience,
        smallest_group=board.k,
        languages=list(LANGUAGES),
    )


def result_of(result: ResultHead) -> shape.Result:
    assumptions = [_assumption(assumption) for assumption in result.assumptions]
    return shape.Result(result.uid, result.code, result.level, result.parent, dict(result.statement), assumptions)


def indicator_of(board: Dashboard, line: Line, result: str) -> shape.Indicator:
    indicator = line.indicator
    return shape.Indicator(
        id=indicator.uid,
        code=indicator.code,
        result=result,
        statement=dict(indicator.statement),
        definition=_words(indicator.definition),
        unit=_words(indicator.unit),
        measure=indicator.measure,
        direction=indicator.direction,
        accumulation=indicator.accumulation,
        status=line.status,
        progress_percent=None if line.progress is None else round(line.progress),
        baseline=_baseline(line),
        target=_target(line, line.target),
        value=_figure(line, line.value, line.state),
        computed=None if line.computed is None or line.is_withheld else _figure(line, line.computed),
        adjustments=[
            shape.Adjustment(made.on, made.delta, made.reason, made.evidence)
            for made in line.adjustments
            if not line.is_withheld
        ],
        by_period=_by_period(board, line),
        method=_method(line),
        evidence=[_evidence(found) for found in line.evidence],
        narratives=[_narrative(told) for told in line.narratives],
        restatements=[
            shape.Restatement(
                again.period, _figure(line, again.then), _figure(line, again.now), again.why, again.dimensions
            )
            for again in line.restatements
            if not line.is_withheld
        ],
    )


def _programme(programme: ProgrammeHead) -> shape.Programme:
    return shape.Programme(
        id=programme.uid,
        title=dict(programme.title),
        summary=dict(programme.summary),
        country=programme.country,
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
        contact=programme.contact,
        partners=[shape.Partner(partner.role, dict(partner.name)) for partner in programme.partners],
    )


def _figure(line: Line, value: Value | None, state: State | None = None) -> shape.Figure:
    """A figure with its state; one that is withheld holds nothing else."""
    state = state or figures.state_of(value)
    if state == State.WITHHELD or value is None:
        return _withheld(value) if state == State.WITHHELD else shape.Figure(state)
    return shape.Figure(
        state=state,
        value=figures.published(line.indicator, value.number) if state in (State.NUMBER, State.ZERO) else None,
        text=_words(value.text),
        numerator=value.numerator,
        denominator=value.denominator,
        people=value.people,
        low=tenth(value.knowledge.low if value.knowledge else None),
        high=tenth(value.knowledge.high if value.knowledge else None),
        cells=[_cell(dimension, *found) for dimension, cells in value.cells.items() for found in cells.items()],
        beside=dict(value.beside),
    )


def _withheld(value: Value | None) -> shape.Figure:
    """Nothing, or of a share its band with what is exact anyway: how many answered, of how many."""
    found = value.band if value else None
    if value is None or found is None:
        return shape.Figure(State.WITHHELD)
    return shape.Figure(
        State.WITHHELD,
        denominator=value.denominator,
        beside=dict(value.beside),
        below_percent=found.percent if found.is_less else None,
        above_percent=None if found.is_less else found.percent,
    )


def _cell(dimension: str, name: str, count: int | None) -> shape.Cell:
    return shape.Cell(str(dimension), str(name), _counted(count), count)


def _counted(number: int | None) -> Literal["number", "zero", "withheld"]:
    return "withheld" if number is None else "number" if number else "zero"


def _baseline(line: Line) -> shape.Baseline:
    kind = line.indicator.baseline_kind
    if line.is_withheld and kind == BaselineKind.COMPUTED:
        state = State.WITHHELD
    elif kind == BaselineKind.NOT_APPLICABLE:
        state = State.NOT_APPLICABLE
    else:
        state = figures.state_of(Value(line.baseline, text=line.indicator.baseline_text))
    value = figures.published(line.indicator, line.baseline) if state in (State.NUMBER, State.ZERO) else None
    return shape.Baseline(kind, state, value, _words(line.indicator.baseline_text), line.indicator.baseline_on)


def _target(line: Line, target: TargetHead | None) -> shape.Target | None:
    if target is None:
        return None
    return shape.Target(
        figures.published(line.indicator, target.value), _words(target.text), target.origin, target.reason
    )


def _by_period(board: Dashboard, line: Line) -> list[shape.PeriodValue]:
    found = []
    for reached in figures.by_period(board, line):
        has_begun = reached.period.starts_on <= board.on_day
        is_due = reached.is_running or reached.period.ends_on <= board.on_day
        is_withheld = line.is_withheld and has_begun and is_due
        target = _target(line, reached.milestone.target if reached.milestone else None)
        actual = _figure(line, reached.value, State.WITHHELD if is_withheld else None)
        found.append(shape.PeriodValue(reached.period.key, reached.period.ends_on, reached.is_running, target, actual))
    return found


def _method(line: Line) -> shape.Method:
    indicator = line.indicator
    return shape.Method(
        metric=indicator.metric,
        version=indicator.metric_version,
        parameters=dict(indicator.parameters),
        source=_words(indicator.source),
        responsible=_words(indicator.responsible),
        limitations=_words(indicator.limitations),
        frequency=_words(indicator.frequency),
        exclusions={why: number for why, number in line.exclusions.items() if number is not None},
        not_counted=[_not_counted(why, number) for why, number in line.exclusions.items()],
    )


def _not_counted(why: str, number: int | None) -> shape.NotCounted:
    return shape.NotCounted(why, _counted(number), number)


def _assumption(assumption: AssumptionHead) -> shape.Assumption:
    return shape.Assumption(dict(assumption.statement), assumption.state, assumption.on)


def _evidence(found: EvidenceHead) -> shape.Evidence:
    return shape.Evidence(found.uid, found.title, found.on)


def _narrative(told: NarrativeHead) -> shape.Narrative:
    return shape.Narrative(told.period, dict(told.text))


def _words(texts: dict[str, str] | None) -> Words | None:
    return dict(texts) if texts else None
