"""How indicators and assumptions are defined: changed at any time, never without a trace, never deleted."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core import clock
from core.db import db
from core.errors import Refused
from core.i18n import Texts
from indicators import changes, measures, monitoring_measures
from indicators.chain import CodeTaken
from indicators.changes import Changed
from indicators.metric_words import PARAMETER_NAMES
from indicators.metrics import METRICS
from indicators.models import (
    Accumulation,
    Assumption,
    Indicator,
    Measure,
    Result,
    ValueSource,
)
from indicators.record_models import Adjustment, Subject

COUNTING = (measures, monitoring_measures)  # loaded here, so that every metric is known


class MetricMissing(Refused):
    code = "metric_missing"
    sentence = _l("Choose how it is counted, or say that the value is entered by people.")


class ParameterMissing(Refused):
    code = "parameter_missing"
    sentence = _l("This way of counting needs more: %(what)s.")


class NotAdjustable(Refused):
    code = "not_adjustable"
    sentence = _l("Only a count can be adjusted. A share, a mean or a text is corrected where it comes from.")


class HasAdjustments(Refused):
    code = "has_adjustments"
    sentence = _l("This indicator has adjustments, so its source stays “computed + adjustment”.")


class AlreadyRetired(Refused):
    code = "already_retired"
    sentence = _l("This indicator is retired already.")


def add_indicator(result: Result, values: dict[str, Any], by: User | None) -> Indicator:
    """A new indicator at the end of a result's. Refuses CodeTaken and what `_settled` refuses."""
    _refuse_taken(result, values["code"])
    last = max((indicator.position for indicator in result.indicators), default=0)
    indicator = Indicator(position=last + 1, **_settled(values))
    result.indicators.append(indicator)
    db.session.flush()
    changes.note(_of_indicator(indicator), "added", None, indicator.statement, by)
    db.session.flush()
    return indicator


def revise_indicator(indicator: Indicator, values: dict[str, Any], by: User | None, reason: str = "") -> list[str]:
    """Change how an indicator is defined; returns what changed. Refuses CodeTaken, HasAdjustments and as `_settled`."""
    _refuse_taken(indicator.result, values["code"], but=indicator)
    settled = _settled(values)
    if settled["value_source"] != ValueSource.ADJUSTED and _is_adjusted(indicator):
        raise HasAdjustments
    return changes.apply(indicator, settled, _of_indicator(indicator), by, reason)


def retire(indicator: Indicator, reason: str, by: User | None) -> None:
    """Report an indicator no more; its values, targets and history stay. Refuses AlreadyRetired."""
    if indicator.is_retired:
        raise AlreadyRetired
    indicator.retired_at, indicator.retired_because = clock.now(), reason
    changes.note(_of_indicator(indicator), "retired", None, reason, by)
    db.session.flush()


def take_back(indicator: Indicator, by: User | None) -> None:
    """Report a retired indicator again."""
    changes.note(_of_indicator(indicator), "retired", indicator.retired_because, None, by)
    indicator.retired_at = indicator.retired_because = None
    db.session.flush()


def assume(result: Result, statement: Texts, by: User | None) -> Assumption:
    """Put down something that has to hold for a result to lead further."""
    position = max((assumption.position for assumption in result.assumptions), default=0) + 1
    assumption = Assumption(position=position, statement=statement)
    result.assumptions.append(assumption)
    changes.note(_of_assumption(assumption), "added", None, statement, by)
    db.session.flush()
    return assumption


def word_assumption(assumption: Assumption, statement: Texts, by: User | None) -> list[str]:
    """Say an assumption in other words."""
    return changes.apply(assumption, {"statement": statement}, _of_assumption(assumption), by)


def drop_assumption(assumption: Assumption, by: User | None) -> None:
    """Follow an assumption no more; what was judged stays."""
    if assumption.dropped_at is None:
        assumption.dropped_at = clock.now()
        changes.note(_of_assumption(assumption), "dropped", None, assumption.statement, by)
        db.session.flush()


def follow_again(assumption: Assumption, by: User | None) -> None:
    """Take up an assumption that was dropped."""
    if assumption.dropped_at is not None:
        assumption.dropped_at = None
        changes.note(_of_assumption(assumption), "dropped", assumption.statement, None, by)
        db.session.flush()


def _settled(values: dict[str, Any]) -> dict[str, Any]:
    """The fields of an indicator as they fit together: what a metric settles is not for people to choose.

    Refuses MetricMissing, ParameterMissing and NotAdjustable.
    """
    if values["value_source"] == ValueSource.ENTERED:
        return {**values, "metric": None, "parameters": {}}
    metric = METRICS.get(values["metric"] or "")
    if metric is None:
        raise MetricMissing
    parameters = {
        name: value
        for name, value in values["parameters"].items()
        if name in metric.parameters() and value not in (None, [], "")
    }
    missing = metric.needed() - set(parameters)
    if missing:
        raise ParameterMissing(what=", ".join(str(PARAMETER_NAMES[name]) for name in sorted(missing)))
    settled = {**values, "parameters": parameters, "accumulation": metric.accumulation}
    is_count = metric.accumulation in (Accumulation.SUM, Accumulation.DISTINCT) and values["measure"] == Measure.UNIT
    if values["value_source"] == ValueSource.ADJUSTED and not is_count:
        raise NotAdjustable
    return settled


def _refuse_taken(result: Result, code: str, but: Indicator | None = None) -> None:
    query = (
        sa.select(Indicator.id)
        .join(Indicator.result)
        .where(Result.programme_id == result.programme_id, Indicator.code == code)
    )
    if but is not None:
        query = query.where(Indicator.id != but.id)
    if db.session.scalar(query) is not None:
        raise CodeTaken


def _is_adjusted(indicator: Indicator) -> bool:
    return db.session.scalar(sa.select(sa.exists().where(Adjustment.indicator_id == indicator.id))) or False


def _of_indicator(indicator: Indicator) -> Changed:
    return Changed(indicator.result.programme_id, Subject.INDICATOR, indicator.code, indicator)


def _of_assumption(assumption: Assumption) -> Changed:
    return Changed(assumption.result.programme_id, Subject.ASSUMPTION, assumption.result.code)
