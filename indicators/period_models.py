"""The steps of reporting periods, what was locked, and why a figure is another since."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core import clock
from core.db import Identified, Model, UtcDateTime, append_only, kept_for_good, never_again, one_of
from indicators.models import Indicator, Period


class PeriodState(StrEnum):
    """Where the report of a period stands."""

    OPEN = "open"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    LOCKED = "locked"


class Snapshot(Identified, Model):
    """The figures of a period as they were locked: the bytes of a dashboard and their SHA-256. Never changed."""

    __tablename__ = "snapshots"
    __table_args__ = (
        sa.UniqueConstraint("id", "period_id"),
        sa.CheckConstraint("length(fingerprint) = 64", "fingerprint_is_a_sha256"),
    )

    period_id: Mapped[int] = mapped_column(sa.ForeignKey("periods.id"), unique=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    locked_at: Mapped[datetime] = mapped_column(UtcDateTime)

    period: Mapped[Period] = relationship()


class PeriodStep(Identified, Model):
    """One step of a period's report: who took it when, and what they said. Only added to.

    Steps of a period are numbered without a gap, and each names by foreign key the state that the one before it
    reached. So the order of states, and that nobody judges what they submitted themselves, holds whoever writes it.
    """

    __tablename__ = "period_steps"
    __table_args__ = (
        sa.UniqueConstraint("period_id", "number"),
        sa.UniqueConstraint("period_id", "number", "state", name="uq_period_steps_state"),
        sa.UniqueConstraint("period_id", "number", "submitted_by_id", name="uq_period_steps_submitter"),
        sa.ForeignKeyConstraint(
            ["period_id", "number_before", "state_before"],
            ["period_steps.period_id", "period_steps.number", "period_steps.state"],
            name="fk_period_steps_state_before",
        ),
        sa.ForeignKeyConstraint(
            ["period_id", "judged_number", "submitted_by_id"],
            ["period_steps.period_id", "period_steps.number", "period_steps.submitted_by_id"],
            name="fk_period_steps_submitter",
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id", "period_id"], ["snapshots.id", "snapshots.period_id"], name="fk_period_steps_snapshot"
        ),
        sa.CheckConstraint(
            "(number = 1 AND number_before IS NULL AND state_before = 'open')"
            " OR (number > 1 AND number_before IS NOT NULL AND number_before = number - 1)",
            "step_by_step",
        ),
        sa.CheckConstraint(
            "(state = 'submitted' AND state_before IN ('open', 'returned'))"
            " OR (state = 'returned' AND state_before IN ('submitted', 'accepted'))"
            " OR (state = 'accepted' AND state_before = 'submitted')"
            " OR (state = 'locked' AND state_before = 'accepted')",
            "in_this_order",
        ),
        sa.CheckConstraint(
            "(state = 'submitted' AND judged_number IS NULL AND submitted_by_id = user_id)"
            " OR (state <> 'submitted' AND judged_number IS NOT NULL AND judged_number = number_before)",
            "about_what_was_submitted",
        ),
        sa.CheckConstraint("state NOT IN ('returned', 'accepted') OR user_id <> submitted_by_id", "judged_by_another"),
        sa.CheckConstraint("state <> 'returned' OR note IS NOT NULL", "returned_for_a_reason"),
        sa.CheckConstraint("(state = 'locked') = (snapshot_id IS NOT NULL)", "locked_with_its_figures"),
    )

    period_id: Mapped[int] = mapped_column(sa.ForeignKey("periods.id"))
    number: Mapped[int]
    number_before: Mapped[int | None] = mapped_column(default=None)
    state_before: Mapped[str] = mapped_column(sa.String(32))
    state: Mapped[PeriodState] = mapped_column(one_of(PeriodState))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    submitted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    judged_number: Mapped[int | None] = mapped_column(default=None)
    snapshot_id: Mapped[int | None] = mapped_column(default=None)
    note: Mapped[str | None] = mapped_column(sa.String(1000), default=None)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined", innerjoin=True)


class RestatementReason(Model):
    """Why the figure of a locked period is another today. Only added to: the newest of an indicator counts."""

    __tablename__ = "restatement_reasons"
    __table_args__ = (sa.Index("ix_restatement_reasons_period_id_indicator_id", "period_id", "indicator_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # Only what is locked can be restated.
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("snapshots.period_id"))
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicators.id"))
    reason: Mapped[str] = mapped_column(sa.String(500))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    indicator: Mapped[Indicator] = relationship()
    user: Mapped[User | None] = relationship()


IS_LOCKED = "EXISTS (SELECT 1 FROM snapshots WHERE snapshots.period_id = OLD.id)"

for table in (Snapshot.__table__, PeriodStep.__table__, RestatementReason.__table__):
    append_only(table)
    kept_for_good(table)
never_again(Period.__table__, "programme_id, key, starts_on, ends_on", IS_LOCKED)
