"""What an indicator still lacks to be a good one. Hints show gaps and keep nobody from anything."""

from __future__ import annotations

from enum import StrEnum

from core.i18n import Texts
from indicators.metrics import METRICS
from indicators.models import Accumulation, BaselineKind, Indicator, Measure


class Hint(StrEnum):
    DEFINITION = "definition"
    UNIT = "unit"
    BASELINE = "baseline"
    BASELINE_DAY = "baseline_day"
    SOURCE = "source"
    FREQUENCY = "frequency"
    RESPONSIBLE = "responsible"
    SEX_SPLIT = "sex_split"
    TARGET = "target"
    LANGUAGES = "languages"


def of(indicator: Indicator) -> list[Hint]:
    """The gaps of an indicator, the most telling first."""
    is_number = indicator.baseline_kind == BaselineKind.NUMBER
    gaps = {
        Hint.DEFINITION: not indicator.definition,
        Hint.UNIT: indicator.measure != Measure.QUALITATIVE and not indicator.unit,
        Hint.BASELINE: indicator.baseline_kind == BaselineKind.TEXT and not indicator.baseline_text,
        Hint.BASELINE_DAY: is_number and indicator.baseline_on is None,
        Hint.SOURCE: not indicator.source,
        Hint.FREQUENCY: not indicator.frequency,
        Hint.RESPONSIBLE: not indicator.responsible,
        Hint.SEX_SPLIT: _lacks_sex(indicator),
        Hint.TARGET: not indicator.targets,
        Hint.LANGUAGES: bool(languages_missing(indicator)),
    }
    return [hint for hint, is_there in gaps.items() if is_there]


def languages_missing(indicator: Indicator) -> list[str]:
    """Languages in which something of it is not written that is written in another."""
    texts: list[Texts | None] = [
        indicator.statement, indicator.definition, indicator.unit, indicator.baseline_text, indicator.source,
        indicator.frequency, indicator.responsible, indicator.limitations,
    ]  # fmt: skip
    return sorted({code for text in texts if text for code in text.missing()})


def _lacks_sex(indicator: Indicator) -> bool:
    """People counted each once by hand: nobody can say how many of them are women."""
    if indicator.metric in METRICS:
        return False
    return indicator.accumulation == Accumulation.DISTINCT
