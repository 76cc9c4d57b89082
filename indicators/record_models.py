"""The record behind a logframe: what was changed in it, entered values, adjustments, evidence and narratives."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core import clock
from core.db import Identified, Model, UtcDateTime, append_only, never_again, one_of
from core.i18n import Texts, TextsColumn
from indicators.models import Period
from materials.models import FileKind


class Subject(StrEnum):
    """What in a logframe was changed."""

    RESULT = "result"
    ASSUMPTION = "assumption"
    INDICATOR = "indicator"
    TARGET = "target"


class Absence(StrEnum):
    """Why there is no value on a day, where somebody says so. Neither is zero."""

    NOT_RECORDED = "not_recorded"
    NOT_APPLICABLE = "not_applicable"


class LogframeChange(Model):
    """One field of a logframe that somebody changed: what it was, what it is, why. Only added to.

    `code` is what the changed row was called then, so that a line can be read by itself.
    """

    __tablename__ = "logframe_changes"
    __table_args__ = (sa.Index("ix_logframe_changes_programme_id_id", "programme_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    indicator_id: Mapped[int | None] = mapped_column(sa.ForeignKey("indicators.id"), default=None, index=True)
    subject: Mapped[Subject] = mapped_column(one_of(Subject))
    code: Mapped[str] = mapped_column(sa.String(40))
    field: Mapped[str] = mapped_column(sa.String(40))
    before: Mapped[Any] = mapped_column(sa.JSON(none_as_null=True), nullable=True, default=None)
    after: Mapped[Any] = mapped_column(sa.JSON(none_as_null=True), nullable=True, default=None)
    reason: Mapped[str | None] = mapped_column(sa.String(500), default=None)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    user: Mapped[User | None] = relationship()


class EnteredValue(Identified, Model):
    """What nobody can count from the register, entered by a person. Only added to.

    A number on a day, a text, or the word that there is none: not recorded, not applicable.
    """

    __tablename__ = "entered_values"
    __table_args__ = (
        sa.CheckConstraint(
            "CASE WHEN value IS NULL THEN 0 ELSE 1 END + CASE WHEN text IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN absence IS NULL THEN 0 ELSE 1 END = 1",
            "a_number_a_text_or_none",
        ),
    )

    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicators.id"), index=True)
    on_day: Mapped[date]
    value: Mapped[float | None] = mapped_column(default=None)
    text: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)
    absence: Mapped[Absence | None] = mapped_column(one_of(Absence), default=None)
    evidence: Mapped[str] = mapped_column(sa.String(500))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    user: Mapped[User | None] = relationship()


class Adjustment(Identified, Model):
    """A correction added to what was computed, from a day on, with its reason and where it is written. Only added to.

    The database takes it only for an indicator whose source is “computed + adjustment”.
    """

    __tablename__ = "adjustments"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["indicator_id", "value_source"],
            ["indicators.id", "indicators.value_source"],
            name="fk_adjustments_of_an_adjusted_indicator",
        ),
        sa.CheckConstraint("value_source = 'computed_adjusted'", "where_it_is_allowed"),
        sa.CheckConstraint("delta <> 0", "changes_something"),
    )

    indicator_id: Mapped[int] = mapped_column(index=True)
    value_source: Mapped[str] = mapped_column(sa.String(32), default="computed_adjusted")
    on_day: Mapped[date]
    delta: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.String(500))
    evidence: Mapped[str] = mapped_column(sa.String(500))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    user: Mapped[User | None] = relationship()


class EvidenceFile(Identified, Model):
    """A document behind a value, sealed where it lies. It never changes; removed, its line stays and its bytes go."""

    __tablename__ = "evidence_files"
    __table_args__ = (
        sa.CheckConstraint("size > 0", "not_empty"),
        sa.CheckConstraint("(removed_at IS NULL) = (removed_by_id IS NULL)", "removed_by_somebody"),
    )

    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicators.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    on_day: Mapped[date]
    kind: Mapped[FileKind] = mapped_column(one_of(FileKind))
    digest: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    removed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)

    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    removed_by: Mapped[User | None] = relationship(foreign_keys=[removed_by_id])

    @property
    def name(self) -> str:
        """What the file is called when it is saved: nothing of what it says."""
        return f"evidence-{self.id}.{self.kind.ending}"


class Narrative(Identified, Model):
    """What the team says about an indicator in a period. The newest counts, the older stay."""

    __tablename__ = "narratives"
    __table_args__ = (sa.Index("ix_narratives_indicator_id_period_id", "indicator_id", "period_id"),)

    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicators.id"))
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("periods.id"))
    text: Mapped[Texts] = mapped_column(TextsColumn)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    period: Mapped[Period] = relationship(lazy="joined", innerjoin=True)
    user: Mapped[User | None] = relationship()


append_only(LogframeChange.__table__)
append_only(EnteredValue.__table__)
append_only(Adjustment.__table__)
append_only(Narrative.__table__)
never_again(
    EvidenceFile.__table__,
    "indicator_id, title, on_day, kind, digest, size, user_id, added_at, removed_at, removed_by_id",
    when="OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL OR NEW.indicator_id <> OLD.indicator_id"
    " OR NEW.title <> OLD.title OR NEW.on_day <> OLD.on_day OR NEW.kind <> OLD.kind OR NEW.digest <> OLD.digest"
    " OR NEW.size <> OLD.size OR NEW.added_at <> OLD.added_at",
)
