"""Rows of the logframe as the plain data that is published."""

from __future__ import annotations

from indicators.iati import entry
from indicators.metrics import METRICS
from indicators.models import Assumption, Indicator, Period, Result, Target
from indicators.publication import LIFE_OF_PROGRAMME
from indicators.publication_heads import (
    AssumptionHead,
    IndicatorHead,
    PartnerHead,
    PeriodHead,
    ProgrammeHead,
    ResultHead,
    TargetHead,
)
from trainings.models import Programme


def of_programme(programme: Programme) -> ProgrammeHead:
    return ProgrammeHead(
        uid=programme.uid,
        key=programme.key,
        title=programme.title,
        summary=programme.summary,
        country=programme.country,
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
        time_zone=programme.time_zone,
        language=programme.language,
        contact=programme.contact,
        completion_percent=programme.completion_percent,
        pass_mark=programme.pass_mark,
        partners=[PartnerHead(partner.role, partner.name) for partner in programme.partners],
        iati=entry.of(programme),
    )


def of_period(period: Period) -> PeriodHead:
    return PeriodHead(period.key, period.starts_on, period.ends_on)


def of_target_period(target: Target, programme: Programme) -> PeriodHead:
    """The window by whose end a target is due: its period, or the life of the programme."""
    if target.period is not None:
        return of_period(target.period)
    return PeriodHead(LIFE_OF_PROGRAMME, programme.starts_on, programme.ends_on)


def of_target(target: Target) -> TargetHead:
    return TargetHead(target.value, target.text, target.origin, target.reason)


def of_result(result: Result, parent: str | None) -> ResultHead:
    assumptions = [_of_assumption(assumption) for assumption in result.assumptions if assumption.dropped_at is None]
    return ResultHead(result.uid, result.code, result.level, result.statement, parent, assumptions)


def of_indicator(indicator: Indicator) -> IndicatorHead:
    return IndicatorHead(
        uid=indicator.uid,
        code=indicator.code,
        statement=indicator.statement,
        definition=indicator.definition,
        unit=indicator.unit,
        measure=indicator.measure,
        direction=indicator.direction,
        accumulation=indicator.accumulation,
        metric=indicator.metric,
        metric_version=METRICS[indicator.metric].version if indicator.metric in METRICS else None,
        parameters=dict(indicator.parameters or {}),
        baseline_kind=indicator.baseline_kind,
        baseline_value=indicator.baseline_value,
        baseline_text=indicator.baseline_text,
        baseline_on=indicator.baseline_on,
        source=indicator.source,
        responsible=indicator.responsible,
        limitations=indicator.limitations,
        visibility=indicator.visibility,
        frequency=indicator.frequency,
    )


def _of_assumption(assumption: Assumption) -> AssumptionHead:
    latest = assumption.latest
    if latest is None:
        return AssumptionHead(assumption.statement)
    return AssumptionHead(assumption.statement, latest.state.value, latest.on_day)
