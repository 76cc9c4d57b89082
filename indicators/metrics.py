"""The ways of counting, by their keys; the functions that count register themselves here."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from indicators import memory
from indicators.models import Accumulation
from indicators.series import Series
from trainings.models import Programme

Measuring = Callable[..., Series]


@dataclass(frozen=True)
class Metric:
    """A way of counting, known by its key; the version changes when the rule does.

    `accumulation` is how its values add up over periods, which is of the rule's nature and nobody's choice.
    """

    key: str
    version: int
    measuring: Measuring
    accumulation: Accumulation
    counts_people: bool = False

    def parameters(self) -> set[str]:
        return set(inspect.signature(self.measuring).parameters) - {"programme"}

    def needed(self) -> set[str]:
        """Parameters without which it cannot count."""
        signature = inspect.signature(self.measuring).parameters
        return {name for name in self.parameters() if signature[name].default is inspect.Parameter.empty}


METRICS: dict[str, Metric] = {}


def metric(
    key: str, accumulation: Accumulation, version: int = 1, *, counts_people: bool = False
) -> Callable[[Measuring], Measuring]:
    """Register a metric under the key that programme files use."""

    def register(measuring: Measuring) -> Measuring:
        METRICS[key] = Metric(key, version, measuring, accumulation, counts_people)
        return measuring

    return register


def series(programme: Programme, key: str, parameters: dict[str, Any]) -> Series:
    """The history of a metric for a programme."""
    found: Series = memory.recall(programme, key, parameters, lambda: METRICS[key].measuring(programme, **parameters))
    return found
