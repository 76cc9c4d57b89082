"""A line of the change log as people read it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.i18n import Texts, number
from indicators import metric_words
from indicators.logframe_forms import (
    ACCUMULATION_NAMES,
    BASELINE_NAMES,
    DIRECTION_NAMES,
    MEASURE_NAMES,
    SOURCE_NAMES,
    VISIBILITY_NAMES,
)
from indicators.publication import LIFE_OF_PROGRAMME
from indicators.record_models import LogframeChange
from participants.forms import SECTOR_NAMES
from trainings.forms import KIND_NAMES

FIELD_NAMES = {
    "added": _l("added"),
    "taken_out": _l("taken out"),
    "dropped": _l("not followed any more"),
    "retired": _l("retired"),
    "code": _l("Code"),
    "statement": _l("Statement"),
    "definition": _l("What counts"),
    "unit": _l("Unit of measure"),
    "measure": _l("Measured in"),
    "direction": _l("Direction"),
    "accumulation": _l("How values add up"),
    "value_source": _l("Where its values come from"),
    "metric": _l("How it is counted"),
    "parameters": _l("Parameters of the counting"),
    "baseline_kind": _l("Baseline"),
    "baseline_value": _l("Baseline, number"),
    "baseline_text": _l("Baseline, in words"),
    "baseline_on": _l("Baseline as of"),
    "source": _l("Source of verification"),
    "frequency": _l("How often it is collected"),
    "responsible": _l("Responsible"),
    "limitations": _l("Limits"),
    "visibility": _l("Shown to"),
}
WORDS: dict[str, dict[Any, Any]] = {
    "measure": MEASURE_NAMES,
    "direction": DIRECTION_NAMES,
    "accumulation": ACCUMULATION_NAMES,
    "value_source": SOURCE_NAMES,
    "baseline_kind": BASELINE_NAMES,
    "visibility": VISIBILITY_NAMES,
}


def field_in_words(change: LogframeChange) -> str:
    """What was changed."""
    if change.field.startswith("target "):
        key = change.field.removeprefix("target ")
        return _("Target, whole programme") if key == LIFE_OF_PROGRAMME else _("Target, %(period)s", period=key)
    return str(FIELD_NAMES.get(change.field, change.field))


def value_in_words(change: LogframeChange, value: Any) -> str:
    """What it was or is; a dash where there was nothing."""
    if value is None:
        return "—"
    if change.field in WORDS:
        return str(WORDS[change.field].get(value, value))
    if change.field == "metric":
        return str(metric_words.name_of(value))
    if change.field == "parameters":
        return parameters_in_words(value)
    if isinstance(value, dict):
        return str(Texts(value))
    return number(value, 0 if value == round(value) else 1) if isinstance(value, float | int) else str(value)


def parameters_in_words(parameters: dict[str, Any]) -> str:
    """The parameters of a metric, each with its name."""
    names: dict[str, dict[Any, Any]] = {"kinds": KIND_NAMES, "sectors": SECTOR_NAMES}
    parts = []
    for key, value in parameters.items():
        values = value if isinstance(value, list) else [value]
        words = ", ".join(str(names.get(key, {}).get(one, one)) for one in values)
        parts.append(f"{metric_words.PARAMETER_NAMES.get(key, key)}: {words}")
    return "; ".join(parts) or "—"
