"""The public shape of a logframe in JSON, version 1: stable names, states explicit, withheld marked.

The file, the API and their JSON Schema are made of these types. A field may be added within a version; one that is
renamed, removed or means something else makes a new version.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

import msgspec

from indicators.models import (
    Accumulation,
    BaselineKind,
    Direction,
    Measure,
    ResultLevel,
    TargetOrigin,
    Visibility,
)
from indicators.publication import State, Status
from indicators.shape_beside import OutsideRecommendation, Quiz, Recommendation, Words
from trainings.models import PartnerRole

VERSION = "1.0"
Number = int | float


class Partner(msgspec.Struct):
    """An organisation that funds, leads or joins the programme."""

    role: PartnerRole
    name: Words


class Programme(msgspec.Struct):
    """The programme. Texts are objects by language: en, ru, be; a language may be missing."""

    id: str
    title: Words
    summary: Words
    country: str
    starts_on: date
    ends_on: date
    contact: str
    partners: list[Partner]


class Period(msgspec.Struct):
    """A reporting window."""

    key: str
    starts_on: date
    ends_on: date


class Assumption(msgspec.Struct):
    """What has to hold for a result to lead to the next; state: holds, at_risk, broken, or null where not judged."""

    statement: Words
    state: str | None
    judged_on: date | None


class Result(msgspec.Struct):
    """A link of the results chain; parent is the code of the result it serves."""

    id: str
    code: str
    level: ResultLevel
    parent: str | None
    statement: Words
    assumptions: list[Assumption]


class Cell(msgspec.Struct):
    """One cell of a breakdown. Where state is withheld the value is null: it speaks of too few people."""

    dimension: str
    name: str
    state: Literal["number", "zero", "withheld"]
    value: int | None


class Figure(msgspec.Struct):
    """What stands where a figure is expected. Only state number and zero have a value; no value is never zero.

    numerator and denominator belong to shares, people is how many persons the figure speaks of, low and high are the
    95 % interval of a mean gain. Cells of a dimension, withheld ones included, add up to the value. Of a withheld share
    below_percent or above_percent may be there: less or more than so many percent. In beside, asked is how many people
    could have given the answers that denominator counts.
    """

    state: State
    value: Number | None = None
    text: Words | None = None
    numerator: int | None = None
    denominator: int | None = None
    people: int | None = None
    low: float | None = None
    high: float | None = None
    cells: list[Cell] = []
    beside: dict[str, int] = {}
    below_percent: int | None = None
    above_percent: int | None = None


class Baseline(msgspec.Struct):
    """Where the indicator stood before the programme."""

    kind: BaselineKind
    state: State
    value: Number | None
    text: Words | None
    on: date | None


class Target(msgspec.Struct):
    """What was promised by the end of a period, counted since the beginning of the programme."""

    value: Number | None
    text: Words | None
    origin: TargetOrigin
    reason: str | None


class PeriodValue(msgspec.Struct):
    """Target and actual of a period; both cumulative. In the running period the actual is as of today."""

    period: str
    ends_on: date
    is_running: bool
    target: Target | None
    actual: Figure


class Adjustment(msgspec.Struct):
    """A correction of what was computed."""

    on: date
    delta: float
    reason: str
    evidence: str


class Evidence(msgspec.Struct):
    """A document behind a value."""

    id: str
    title: str
    on: date


class Narrative(msgspec.Struct):
    """What the team says about an indicator in a period."""

    period: str
    text: Words


class Restatement(msgspec.Struct):
    """A period whose value is another today than when it was locked. breakdowns names those of which cells were put
    right while the total stayed the same."""

    period: str
    then: Figure
    now: Figure
    why: str
    breakdowns: list[str]


class NotCounted(msgspec.Struct):
    """How many of what was looked at were not counted, and why. Where state is withheld the value is null."""

    reason: str
    state: Literal["number", "zero", "withheld"]
    value: int | None


class Method(msgspec.Struct):
    """How a value is made. metric is null where a person enters it.

    not_counted says what was left out; exclusions the same by reason, without what is withheld.
    """

    metric: str | None
    version: int | None
    parameters: dict[str, Any]
    source: Words | None
    responsible: Words | None
    limitations: Words | None
    frequency: Words | None
    exclusions: dict[str, int]
    not_counted: list[NotCounted]


class Indicator(msgspec.Struct):
    """An indicator with its figures. computed is the value before adjustments, where there are any."""

    id: str
    code: str
    result: str
    statement: Words
    definition: Words | None
    unit: Words | None
    measure: Measure
    direction: Direction
    accumulation: Accumulation
    status: Status
    progress_percent: int | None
    baseline: Baseline
    target: Target | None
    value: Figure
    computed: Figure | None
    adjustments: list[Adjustment]
    by_period: list[PeriodValue]
    method: Method
    evidence: list[Evidence]
    narratives: list[Narrative]
    restatements: list[Restatement]


class Head(msgspec.Struct):
    """What the figures are: of which day, provisional or of a locked period, for whom.

    smallest_group is the smallest number of people shown; 0 means that nothing is withheld. fingerprint is the SHA-256
    of the locked publication.
    """

    version: str
    programme: Programme
    data_as_of: date
    is_provisional: bool
    period: str | None
    locked_at: datetime | None
    fingerprint: str | None
    audience: Visibility
    smallest_group: int
    languages: list[str]


class Logframe(msgspec.Struct):
    """A programme's logframe with its figures on a day.

    recommendations are those of the programme's own reports; those from outside, such as of the UPR, stand apart and
    are never counted with them.
    """

    head: Head
    periods: list[Period]
    results: list[Result]
    indicators: list[Indicator]
    quizzes: list[Quiz]
    recommendations: list[Recommendation]
    outside_recommendations: list[OutsideRecommendation]


def chosen(logframe: Logframe, level: ResultLevel | None, status: Status | None) -> list[Indicator]:
    """The indicators of a level of the results chain, or with a status."""
    levels = {result.code: result.level for result in logframe.results}
    return [
        indicator
        for indicator in logframe.indicators
        if level in (None, levels[indicator.result]) and status in (None, indicator.status)
    ]
