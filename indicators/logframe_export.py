"""The logframe as the tables of a programme file, as logframe_file reads it: what holds now, without its history."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.db import db
from core.i18n import Texts
from indicators.models import Indicator, Period, Result, Target, ValueSource
from trainings.models import Programme


def tables(programme: Programme) -> dict[str, Any]:
    """Periods, results with the assumptions that were not dropped, indicators that are reported, and their targets."""
    periods = sa.select(Period).where(Period.programme_id == programme.id).order_by(Period.starts_on, Period.key)
    results = _parents_first(programme)
    codes = {result.id: result.code for result in results}
    return {
        "periods": [
            {"key": period.key, "starts_on": period.starts_on, "ends_on": period.ends_on}
            for period in db.session.scalars(periods)
        ],
        "results": [_result(result, codes) for result in results],
        "indicators": [
            _indicator(indicator, result)
            for result in results
            for indicator in sorted(result.indicators, key=lambda one: (one.position, one.id))
            if not indicator.is_retired
        ],
    }


def _parents_first(programme: Programme) -> list[Result]:
    query = sa.select(Result).where(Result.programme_id == programme.id).order_by(Result.position, Result.id)
    results = list(db.session.scalars(query))
    parents = {result.id: result.parent_id for result in results}

    def depth(number: int) -> int:
        parent = parents[number]
        return 0 if parent is None else 1 + depth(parent)

    return sorted(results, key=lambda result: depth(result.id))


def _result(result: Result, codes: dict[int, str]) -> dict[str, Any]:
    return {
        "code": result.code,
        "level": result.level.value,
        "parent": codes[result.parent_id] if result.parent_id else None,
        "statement": dict(result.statement),
        "assumptions": [
            {"statement": dict(assumption.statement)}
            for assumption in result.assumptions
            if assumption.dropped_at is None
        ]
        or None,
    }


def _indicator(indicator: Indicator, result: Result) -> dict[str, Any]:
    return {
        "code": indicator.code,
        "result": result.code,
        "statement": dict(indicator.statement),
        "definition": _texts(indicator.definition),
        "unit": _texts(indicator.unit),
        "measure": indicator.measure.value,
        "direction": indicator.direction.value,
        "accumulation": indicator.accumulation.value,
        "value_source": ValueSource.ADJUSTED.value if indicator.value_source == ValueSource.ADJUSTED else None,
        "metric": indicator.metric,
        "parameters": indicator.parameters or None,
        "baseline": _said(
            kind=indicator.baseline_kind.value,
            value=indicator.baseline_value,
            text=_texts(indicator.baseline_text),
            on=indicator.baseline_on,
        ),
        "source": _texts(indicator.source),
        "frequency": _texts(indicator.frequency),
        "responsible": _texts(indicator.responsible),
        "limitations": _texts(indicator.limitations),
        "visibility": indicator.visibility.value,
        "targets": [_target(target) for target in _in_force(indicator)],
    }


def _in_force(indicator: Indicator) -> list[Target]:
    """The targets that no other has replaced: of the periods in their order, then of the whole programme."""
    replaced = {target.replaces_id for target in indicator.targets}
    found = [target for target in indicator.targets if target.id not in replaced]
    return sorted(found, key=lambda one: (one.period is None, one.period.starts_on if one.period else None, one.id))


def _target(target: Target) -> dict[str, Any]:
    return _said(
        period=target.period.key if target.period else None,
        value=target.value,
        text=_texts(target.text),
        origin=target.origin.value,
    )


def _texts(texts: Texts | None) -> dict[str, str] | None:
    return dict(texts) if texts else None


def _said(**values: Any) -> dict[str, Any]:
    """Without what is not said."""
    return {name: value for name, value in values.items() if value is not None}
