"""A value as it is published: one rounding for pages, charts and every file, so that they say the same number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from indicators.models import Measure
from indicators.publication import Dashboard, Line, Milestone, State
from indicators.publication_heads import IndicatorHead, PeriodHead
from indicators.series import Value

GAIN = "test.gain"


@dataclass(frozen=True)
class Reached:
    """Where an indicator stood at the end of a period, or stands in the one that is not over."""

    period: PeriodHead
    milestone: Milestone | None
    value: Value | None
    is_running: bool = False


def digits_of(indicator: IndicatorHead, number: float) -> int:
    """Decimal places of a value: whole percents, gains in tenths of a point, of the rest what there is, two at most."""
    if indicator.measure == Measure.PERCENTAGE:
        return 0
    if indicator.metric == GAIN:
        return 1
    return next((digits for digits in (0, 1) if round(number, digits) == round(number, 2)), 2)


def published(indicator: IndicatorHead, number: float | None) -> int | float | None:
    """A number as every file holds it; whole ones are integers."""
    if number is None:
        return None
    digits = digits_of(indicator, number)
    return round(number, digits) if digits else round(number)


def state_of(value: Value | None) -> State:
    """What stands where a figure is expected; no value at all is one that is not due."""
    if value is None:
        return State.NOT_DUE
    if value.is_withheld:
        return State.WITHHELD
    if value.text:
        return State.TEXT
    if value.number is None:
        return State.NOT_REPORTED if value.absence is None else State(value.absence.value)
    return State.NUMBER if value.number else State.ZERO


def current(line: Line) -> int | float | None:
    """The value of a line today; None where there is none or where it is withheld."""
    return None if line.is_withheld else published(line.indicator, line.value.number)


def by_period(board: Dashboard, line: Line) -> Iterator[Reached]:
    """Every period that has a target or is not over, the earliest first; the one of the day has the day's value."""
    stones = {stone.period.key: stone for stone in line.milestones}
    periods = {period.key: period for period in (*board.periods, *(stone.period for stone in line.milestones))}
    ordered = sorted(periods.values(), key=lambda period: period.ends_on)
    running = next((period for period in ordered if period.ends_on >= board.on_day), None)
    for period in ordered:
        stone = stones.get(period.key)
        if period is running:
            now = None if line.is_withheld and not line.value.is_withheld else line.value
            yield Reached(period, stone, now, is_running=board.is_provisional)
        elif stone is not None:
            yield Reached(period, stone, stone.then)
