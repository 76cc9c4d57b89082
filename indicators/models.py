"""Results with their assumptions, indicators, periods and targets."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core import clock
from core.db import Identified, Model, UtcDateTime, append_only, one_of, refused_when
from core.i18n import Texts, TextsColumn


class ResultLevel(StrEnum):
    IMPACT = "impact"
    OUTCOME = "outcome"
    OUTPUT = "output"


class Measure(StrEnum):
    UNIT = "unit"
    PERCENTAGE = "percentage"
    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    QUALITATIVE = "qualitative"


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"
    NONE = "none"


class Accumulation(StrEnum):
    SUM = "sum"
    DISTINCT = "distinct"
    LATEST = "latest"
    RATIO = "ratio"
    NONE = "none"


class BaselineKind(StrEnum):
    NUMBER = "number"
    TEXT = "text"
    COMPUTED = "computed"
    NOT_APPLICABLE = "not_applicable"


class Visibility(StrEnum):
    INTERNAL = "internal"
    DONOR = "donor"
    PUBLIC = "public"


class TargetOrigin(StrEnum):
    """Given by the agreement, or proposed by the team and not confirmed."""

    GIVEN = "given"
    PROPOSED = "proposed"


class ValueSource(StrEnum):
    """Where the values of an indicator come from."""

    COMPUTED = "computed"
    ENTERED = "entered"
    ADJUSTED = "computed_adjusted"


class AssumptionState(StrEnum):
    HOLDS = "holds"
    AT_RISK = "at_risk"
    BROKEN = "broken"


def _source_by_metric(context: Any) -> ValueSource:
    is_computed = context.get_current_parameters().get("metric") is not None
    return ValueSource.COMPUTED if is_computed else ValueSource.ENTERED


class Result(Identified, Model):
    """A link of the results chain; every one but the impact serves another."""

    __tablename__ = "results"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "code"),
        sa.CheckConstraint("parent_id <> id", "not_its_own_parent"),
        sa.CheckConstraint("(level = 'impact') = (parent_id IS NULL)", "only_the_impact_stands_alone"),
    )

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(20))
    level: Mapped[ResultLevel] = mapped_column(one_of(ResultLevel))
    statement: Mapped[Texts] = mapped_column(TextsColumn)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("results.id"), default=None)

    indicators: Mapped[list[Indicator]] = relationship(order_by="Indicator.position", back_populates="result")
    assumptions: Mapped[list[Assumption]] = relationship(order_by="Assumption.position", back_populates="result")


class Assumption(Identified, Model):
    """What has to hold, outside the programme's hands, for a result to lead to the next one. Dropped, it stays."""

    __tablename__ = "assumptions"
    __table_args__ = (sa.UniqueConstraint("result_id", "position"),)

    result_id: Mapped[int] = mapped_column(sa.ForeignKey("results.id"))
    position: Mapped[int]
    statement: Mapped[Texts] = mapped_column(TextsColumn)
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    result: Mapped[Result] = relationship(back_populates="assumptions")
    judgements: Mapped[list[AssumptionJudgement]] = relationship(
        order_by="AssumptionJudgement.on_day, AssumptionJudgement.id"
    )

    @property
    def latest(self) -> AssumptionJudgement | None:
        """How it is judged now; None as long as nobody has."""
        return self.judgements[-1] if self.judgements else None


class AssumptionJudgement(Model):
    """Whether an assumption holds, as judged on a day. Only added to."""

    __tablename__ = "assumption_judgements"

    id: Mapped[int] = mapped_column(primary_key=True)
    assumption_id: Mapped[int] = mapped_column(sa.ForeignKey("assumptions.id"), index=True)
    state: Mapped[AssumptionState] = mapped_column(one_of(AssumptionState))
    on_day: Mapped[date]
    note: Mapped[str] = mapped_column(sa.String(500))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    judged_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    user: Mapped[User | None] = relationship()


class Indicator(Identified, Model):
    """What is measured to know whether a result comes about."""

    __tablename__ = "indicators"
    __table_args__ = (
        sa.UniqueConstraint("result_id", "code"),
        sa.UniqueConstraint("id", "value_source"),
        sa.CheckConstraint("(baseline_kind = 'number') = (baseline_value IS NOT NULL)", "baseline_fits_its_kind"),
        sa.CheckConstraint("(value_source = 'entered') = (metric IS NULL)", "source_fits_its_metric"),
        sa.CheckConstraint(
            "value_source <> 'computed_adjusted' OR (measure = 'unit' AND accumulation IN ('sum', 'distinct'))",
            "only_counts_are_adjusted",
        ),
        sa.CheckConstraint("(retired_at IS NULL) = (retired_because IS NULL)", "retired_for_a_reason"),
    )

    result_id: Mapped[int] = mapped_column(sa.ForeignKey("results.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(20))
    statement: Mapped[Texts] = mapped_column(TextsColumn)
    definition: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)
    unit: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)
    measure: Mapped[Measure] = mapped_column(one_of(Measure))
    direction: Mapped[Direction] = mapped_column(one_of(Direction))
    accumulation: Mapped[Accumulation] = mapped_column(one_of(Accumulation))
    value_source: Mapped[ValueSource] = mapped_column(one_of(ValueSource), default=_source_by_metric)
    metric: Mapped[str | None] = mapped_column(sa.String(40), default=None)
    parameters: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    baseline_kind: Mapped[BaselineKind] = mapped_column(one_of(BaselineKind))
    baseline_value: Mapped[float | None] = mapped_column(default=None)
    baseline_text: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)
    baseline_on: Mapped[date | None] = mapped_column(default=None)
    source: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)
    frequency: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)
    responsible: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)
    limitations: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)
    visibility: Mapped[Visibility] = mapped_column(one_of(Visibility), default=Visibility.DONOR)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    retired_because: Mapped[str | None] = mapped_column(sa.String(500), default=None)

    result: Mapped[Result] = relationship(back_populates="indicators")
    targets: Mapped[list[Target]] = relationship(order_by="Target.id")

    @property
    def is_entered(self) -> bool:
        return self.metric is None

    @property
    def is_retired(self) -> bool:
        """Not reported any more. Its values stay."""
        return self.retired_at is not None


class Period(Identified, Model):
    """A reporting window of a programme."""

    __tablename__ = "periods"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "key"),
        sa.UniqueConstraint("id", "programme_id"),
        sa.CheckConstraint("ends_on > starts_on", "dates_in_order"),
    )

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    key: Mapped[str] = mapped_column(sa.String(20))
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class Target(Model):
    """What was promised by the end of a period, or of the programme where no period is named; cumulative.

    Only added to: each one replaces the one before it, for a reason, and the database knows which is the first.
    """

    __tablename__ = "targets"
    __table_args__ = (
        sa.UniqueConstraint("id", "indicator_id", "period_id"),
        sa.UniqueConstraint("replaces_id"),
        sa.ForeignKeyConstraint(
            ["replaces_id", "indicator_id", "period_id"],
            ["targets.id", "targets.indicator_id", "targets.period_id"],
            name="fk_targets_replaces_its_own_kind",
        ),
        sa.Index(
            "uq_targets_first_of_a_period",
            "indicator_id",
            "period_id",
            unique=True,
            sqlite_where=sa.text("replaces_id IS NULL AND period_id IS NOT NULL"),
            postgresql_where=sa.text("replaces_id IS NULL AND period_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_targets_first_of_all",
            "indicator_id",
            unique=True,
            sqlite_where=sa.text("replaces_id IS NULL AND period_id IS NULL"),
            postgresql_where=sa.text("replaces_id IS NULL AND period_id IS NULL"),
        ),
        sa.CheckConstraint("replaces_id IS NULL OR reason IS NOT NULL", "replaced_for_a_reason"),
        sa.CheckConstraint("(value IS NULL) <> (text IS NULL)", "a_number_or_a_text"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicators.id"), index=True)
    period_id: Mapped[int | None] = mapped_column(sa.ForeignKey("periods.id"), default=None)
    value: Mapped[float | None] = mapped_column(default=None)
    text: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)
    origin: Mapped[TargetOrigin] = mapped_column(one_of(TargetOrigin))
    reason: Mapped[str | None] = mapped_column(sa.String(500), default=None)
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("targets.id"), default=None)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    period: Mapped[Period | None] = relationship(lazy="joined")
    user: Mapped[User | None] = relationship()


SERVES_WHAT_IT_MAY_NOT = (
    "NEW.parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM results above WHERE above.id = NEW.parent_id"
    " AND above.programme_id = NEW.programme_id AND (above.level <> 'output' OR NEW.level = 'output'))"
)
refused_when(Result.__table__, "results_serve_what_they_may", "INSERT", SERVES_WHAT_IT_MAY_NOT)
refused_when(
    Result.__table__, "results_go_on_serving", "UPDATE OF parent_id, programme_id, level", SERVES_WHAT_IT_MAY_NOT
)
append_only(AssumptionJudgement.__table__)
append_only(Target.__table__)
