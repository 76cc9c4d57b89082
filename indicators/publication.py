"""A programme's logframe with its numbers on a day, as plain data.

Pages, charts and files are made of this and of nothing else, so that they cannot say different things; a snapshot is
this, written down. Nothing here reaches into the register, and nothing names a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from core.i18n import Texts
from indicators.models import Visibility
from indicators.publication_heads import (
    AdjustmentHead,
    EvidenceHead,
    IndicatorHead,
    NarrativeHead,
    OutsideHead,
    PeriodHead,
    ProgrammeHead,
    QuizHead,
    RecommendationHead,
    ResultHead,
    TargetHead,
)
from indicators.series import Value

LIFE_OF_PROGRAMME = "LOP"  # the key of the window that is the whole programme


class Status(StrEnum):
    """How an indicator stands against the target of the last completed period."""

    NOT_DUE = "not_due"
    NOT_REPORTED = "not_reported"
    TARGET_MISSING = "target_missing"
    BEHIND = "behind"
    ON_TRACK = "on_track"
    AHEAD = "ahead"
    WITHHELD = "withheld"


class State(StrEnum):
    """What stands where a figure is expected. Six things that are no number, and are never confused, and a number."""

    NUMBER = "number"
    ZERO = "zero"
    TEXT = "text"
    NOT_DUE = "not_due"
    NOT_REPORTED = "not_reported"
    NOT_RECORDED = "not_recorded"
    NOT_APPLICABLE = "not_applicable"
    WITHHELD = "withheld"


@dataclass(frozen=True)
class Milestone:
    """The target of a period, and where the indicator stood at its end; None while the period lasts."""

    period: PeriodHead
    target: TargetHead
    then: Value | None
    state: State | None = None


@dataclass(frozen=True)
class Point:
    """Where a counted indicator stood at the end of a day."""

    on: date
    number: float


@dataclass(frozen=True)
class Restatement:
    """A period whose value is another today than when it was locked.

    `dimensions` are the breakdowns that are others where the total is still the same: a sex or a sector put right.
    """

    period: str
    then: Value
    now: Value
    why: str = ""
    dimensions: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """One indicator with everything a page, a chart or a file says about it.

    `computed` is the value before adjustments where there are any; `exclusions` says how many were looked at and not
    counted, by reason, None where that is withheld; `history` is where a count stood at the end of every month.
    """

    indicator: IndicatorHead
    value: Value
    baseline: float | None
    milestones: list[Milestone]
    status: Status
    state: State = State.NOT_REPORTED
    computed: Value | None = None
    adjustments: list[AdjustmentHead] = field(default_factory=list)
    exclusions: dict[str, int | None] = field(default_factory=dict)
    evidence: list[EvidenceHead] = field(default_factory=list)
    narratives: list[NarrativeHead] = field(default_factory=list)
    restatements: list[Restatement] = field(default_factory=list)
    history: list[Point] = field(default_factory=list)

    @property
    def cells(self) -> Mapping[str, Mapping[str, int | None]]:
        """The breakdowns of the value; None is a withheld cell."""
        return self.value.cells

    @property
    def is_withheld(self) -> bool:
        return self.state == State.WITHHELD

    @property
    def target(self) -> TargetHead | None:
        """The target at the end of the programme."""
        return self.milestones[-1].target if self.milestones else None

    @property
    def due(self) -> Milestone | None:
        """The last milestone whose period is over."""
        return next((stone for stone in reversed(self.milestones) if stone.then is not None), None)

    @property
    def progress(self) -> float | None:
        """Percent of the way from the baseline to the final target; None where there is no way or no number."""
        if self.target is None or self.is_withheld:
            return None
        return progress(self.value.number, self.baseline, self.target.value)


@dataclass(frozen=True)
class Chapter:
    """A result with its indicators."""

    result: ResultHead
    depth: int
    lines: list[Line]


@dataclass(frozen=True)
class Dashboard:
    """A programme's logframe on a day.

    `period` and what follows it are set where this is the snapshot of a locked period; `k` is the smallest group
    shown, 0 for staff; `method` is how the numbers were made when they were locked.
    """

    programme: ProgrammeHead
    on_day: date
    chapters: list[Chapter]
    periods: list[PeriodHead] = field(default_factory=list)
    k: int = 0
    audience: Visibility = Visibility.INTERNAL
    period: str | None = None
    locked_at: datetime | None = None
    fingerprint: str | None = None
    method: Texts | None = None
    quizzes: list[QuizHead] = field(default_factory=list)
    recommendations: list[RecommendationHead] = field(default_factory=list)
    outside: list[OutsideHead] = field(default_factory=list)

    @property
    def is_provisional(self) -> bool:
        return self.locked_at is None

    @property
    def lines(self) -> list[Line]:
        return [line for chapter in self.chapters for line in chapter.lines]

    def line(self, code: str) -> Line | None:
        return next((line for line in self.lines if line.indicator.code == code), None)


def progress(actual: float | None, baseline: float | None, target: float | None) -> float | None:
    """(actual − baseline) / (target − baseline) in percent, whichever direction; None where it says nothing."""
    if actual is None or baseline is None or target is None or target == baseline:
        return None
    return 100 * (actual - baseline) / (target - baseline)
