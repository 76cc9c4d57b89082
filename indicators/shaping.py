"""A dashboard in its public shape."""

from __future__ import annotations

from typing import Literal

from core.i18n import LANGUAGES
from indicators import figures, shape
from indicators.models import BaselineKind
from indicators.publication import (
    AssumptionHead,
    Dashboard,
    EvidenceHead,
    Line,
    NarrativeHead,
    ProgrammeHead,
    QuizHead,
    RecommendationHead,
    ResultHead,
    State,
    TargetHead,
)
from indicators.series import Value


def of(board: Dashboard) -> shape.Logframe:
    """The public shape of a dashboard."""
    return shape.Logframe(
        head_of(board),
        [shape.Period(period.key, period.starts_on, period.ends_on) for period in board.periods],
        [result_of(chapter.result) for chapter in board.chapters],
        [indicator_of(board, line, chapter.result.code) for chapter in board.chapters for line in chapter.lines],
        [_quiz(quiz) for quiz in board.quizzes],
        [_recommendation(asked) for asked in board.recommendations],
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
        return shape.Figure(state)
    return shape.Figure(
        state=state,
        value=figures.published(line.indicator, value.number) if state in (State.NUMBER, State.ZERO) else None,
        text=_words(value.text),
        numerator=value.numerator,
        denominator=value.denominator,
        people=value.people,
        low=_tenth(value.knowledge.low if value.knowledge else None),
        high=_tenth(value.knowledge.high if value.knowledge else None),
        cells=[_cell(dimension, *found) for dimension, cells in value.cells.items() for found in cells.items()],
        beside=dict(value.beside),
    )


def _cell(dimension: str, name: str, count: int | None) -> shape.Cell:
    return shape.Cell(str(dimension), str(name), "withheld" if count is None else "number" if count else "zero", count)


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
        exclusions={} if line.is_withheld else dict(line.exclusions),
    )


def _assumption(assumption: AssumptionHead) -> shape.Assumption:
    return shape.Assumption(dict(assumption.statement), assumption.state, assumption.on)


def _evidence(found: EvidenceHead) -> shape.Evidence:
    return shape.Evidence(found.uid, found.title, found.on)


def _narrative(told: NarrativeHead) -> shape.Narrative:
    return shape.Narrative(told.period, dict(told.text))


def _quiz(quiz: QuizHead) -> shape.Quiz:
    events = [
        shape.QuizAtEvent(
            dict(at.event), at.on, at.n, _known(at.is_withheld, at.before), _tenth(at.before), _tenth(at.after)
        )
        for at in quiz.events
    ]
    state = _known(quiz.is_withheld, quiz.gain)
    return shape.Quiz(
        title=dict(quiz.title),
        people=quiz.n,
        state=state,
        before=_tenth(quiz.before),
        after=_tenth(quiz.after),
        gain=_tenth(quiz.gain),
        low=_tenth(quiz.low),
        high=_tenth(quiz.high),
        events=events,
    )


def _known(is_withheld: bool, figure: float | None) -> Literal["number", "not_reported", "withheld"]:
    return "withheld" if is_withheld else "not_reported" if figure is None else "number"


def _recommendation(asked: RecommendationHead) -> shape.Recommendation:
    return shape.Recommendation(
        id=asked.uid,
        report=dict(asked.report),
        issued_on=asked.issued_on,
        number=asked.number,
        addressee=asked.addressee,
        text=asked.text,
        theme=asked.theme,
        standard=asked.standard,
        due_on=asked.due_on,
        response=asked.response,
        responded_on=asked.responded_on,
        implementation=asked.implementation,
        views=[shape.View(view.voice, view.implementation, view.on) for view in asked.views],
    )


def _words(texts: dict[str, str] | None) -> shape.Words | None:
    return dict(texts) if texts else None


def _tenth(number: float | None) -> float | None:
    return None if number is None else round(number, 1)
