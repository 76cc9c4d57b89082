"""What a publication says of programmes, results, indicators, quizzes and recommendations themselves: plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.i18n import Texts
from indicators.models import Accumulation, BaselineKind, Direction, Measure, ResultLevel, TargetOrigin, Visibility
from monitoring.models import Implementation, ResponseKind, Voice
from trainings.models import EventKind, PartnerRole


@dataclass(frozen=True)
class PartnerHead:
    role: PartnerRole
    name: Texts


@dataclass(frozen=True)
class IatiHead:
    """How the programme is known in IATI: identifiers of activity and reporting organisation, what kind of organisation
    it is (codelist OrganisationType), and the five-digit sector of the DAC."""

    identifier: str
    reporting: str
    reporting_type: str
    sector: str


@dataclass(frozen=True)
class ProgrammeHead:
    """What a reader is told about a programme."""

    uid: str
    key: str
    title: Texts
    summary: Texts
    country: str
    starts_on: date
    ends_on: date
    time_zone: str
    language: str
    contact: str
    completion_percent: int
    pass_mark: int
    partners: list[PartnerHead]
    iati: IatiHead | None = None


@dataclass(frozen=True)
class PeriodHead:
    key: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class TargetHead:
    """What was promised by the end of a period, cumulative."""

    value: float | None
    text: Texts | None
    origin: TargetOrigin
    reason: str | None = None


@dataclass(frozen=True)
class AdjustmentHead:
    """A correction of what was computed, with its reason; the computed value stays visible."""

    on: date
    delta: float
    reason: str
    evidence: str = ""


@dataclass(frozen=True)
class EvidenceHead:
    """A document behind a value. What it holds is not part of a publication."""

    uid: str
    title: str
    on: date


@dataclass(frozen=True)
class NarrativeHead:
    """What the team says about an indicator in a period."""

    period: str
    text: Texts


@dataclass(frozen=True)
class IndicatorHead:
    """How an indicator is defined; the names are those of the row it was read from."""

    uid: str
    code: str
    statement: Texts
    definition: Texts | None
    unit: Texts | None
    measure: Measure
    direction: Direction
    accumulation: Accumulation
    metric: str | None
    metric_version: int | None
    parameters: dict[str, Any]
    baseline_kind: BaselineKind
    baseline_value: float | None
    baseline_text: Texts | None
    baseline_on: date | None
    source: Texts | None
    responsible: Texts | None
    limitations: Texts | None
    visibility: Visibility
    frequency: Texts | None = None

    @property
    def is_entered(self) -> bool:
        return self.metric is None


@dataclass(frozen=True)
class AssumptionHead:
    """What has to hold for a result to lead to the next; `state` is one of holds, at_risk, broken, or not judged."""

    statement: Texts
    state: str | None = None
    on: date | None = None


@dataclass(frozen=True)
class ResultHead:
    """A link of the results chain; `parent` is the code of the result it serves."""

    uid: str
    code: str
    level: ResultLevel
    statement: Texts
    parent: str | None
    assumptions: list[AssumptionHead] = field(default_factory=list)


@dataclass(frozen=True)
class QuizAtEventHead:
    """A quiz at one event: people tested both times, and their means in points of 100."""

    event: Texts
    on: date
    n: int
    before: float | None = None
    after: float | None = None
    is_withheld: bool = False
    uid: str = ""
    kind: EventKind | None = None


@dataclass(frozen=True)
class QuizHead:
    """What people knew before and after, at all held events together and at each; `low` and `high` as in Knowledge."""

    title: Texts
    n: int
    before: float | None = None
    after: float | None = None
    gain: float | None = None
    low: float | None = None
    high: float | None = None
    events: list[QuizAtEventHead] = field(default_factory=list)
    is_withheld: bool = False


@dataclass(frozen=True)
class ViewHead:
    """How far a recommendation is implemented, in the view of one voice, as judged last."""

    voice: Voice
    implementation: Implementation
    on: date


@dataclass(frozen=True)
class RecommendationHead:
    """What a published report, or a body from outside, asks of whom, what was answered, and what was done about it.

    `implementation` is the view that counts: civil society's, else a UN body's; `differs` that the authority has
    another. From outside it has the `reference` of its source and whoever it is `recommended_by`.
    """

    uid: str
    report: Texts
    issued_on: date
    number: int
    addressee: str
    text: str
    theme: str
    standard: str | None
    due_on: date | None
    response: ResponseKind | None = None
    responded_on: date | None = None
    views: list[ViewHead] = field(default_factory=list)
    implementation: Implementation | None = None
    differs: bool = False
    reference: str | None = None
    recommended_by: str | None = None

    @property
    def label(self) -> str:
        """What it is called: the number its source gave it, else ours."""
        return self.reference or str(self.number)


@dataclass(frozen=True)
class OutsideHead:
    """What a body from outside recommended in one of its cycles; never counted with what our own reports ask."""

    body: str
    cycle: str
    issued_on: date
    recommendations: list[RecommendationHead] = field(default_factory=list)

    @property
    def title(self) -> str:
        return f"{self.body}, {self.cycle}"
