"""Materials, their files, and the ledger of copies."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core import clock
from core.db import Identified, Model, UtcDateTime, append_only, one_of
from core.i18n import Texts, TextsColumn
from trainings.models import Event, Programme


class MaterialKind(StrEnum):
    BROCHURE = "brochure"
    GUIDE = "guide"
    REPORT = "report"


class CopiesKind(StrEnum):
    PRINTED = "printed"
    HANDED_OUT = "handed_out"


class Material(Identified, Model):
    """A brochure, guide or report of a programme."""

    __tablename__ = "materials"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "key"),
        sa.CheckConstraint("copies_planned > 0", "some_planned"),
    )

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    key: Mapped[str] = mapped_column(sa.String(60))
    kind: Mapped[MaterialKind] = mapped_column(one_of(MaterialKind))
    title: Mapped[Texts] = mapped_column(TextsColumn)
    description: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)
    copies_planned: Mapped[int | None] = mapped_column(default=None)
    published_on: Mapped[date | None] = mapped_column(default=None)

    programme: Mapped[Programme] = relationship()
    files: Mapped[list[MaterialFile]] = relationship(order_by="MaterialFile.language", back_populates="material")

    def file_in(self, language: str) -> MaterialFile | None:
        """The file in a language, or the nearest there is."""
        by_language = {file.language: file for file in self.files}
        wanted = (language, "ru" if language == "be" else "en", "en", *by_language)
        return next((by_language[code] for code in wanted if code in by_language), None)


class MaterialFile(Identified, Model):
    """A material in one language; its bytes lie in storage under their digest."""

    __tablename__ = "material_files"
    __table_args__ = (sa.UniqueConstraint("material_id", "language"), sa.CheckConstraint("size > 0", "not_empty"))

    material_id: Mapped[int] = mapped_column(sa.ForeignKey("materials.id"))
    language: Mapped[str] = mapped_column(sa.String(2))
    digest: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    material: Mapped[Material] = relationship(back_populates="files")


class CopiesEntry(Identified, Model):
    """A line of the ledger: copies printed, or handed out at an event or elsewhere. Never changed, only added to."""

    __tablename__ = "copies_entries"
    __table_args__ = (
        sa.CheckConstraint("number <> 0", "some_copies"),
        sa.Index("ix_copies_entries_material_id_kind", "material_id", "kind"),
    )

    material_id: Mapped[int] = mapped_column(sa.ForeignKey("materials.id"))
    kind: Mapped[CopiesKind] = mapped_column(one_of(CopiesKind))
    number: Mapped[int]
    on_day: Mapped[date]
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("events.id"), default=None)
    note: Mapped[str | None] = mapped_column(sa.String(200), default=None)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    material: Mapped[Material] = relationship()
    event: Mapped[Event | None] = relationship()
    user: Mapped[User | None] = relationship()


append_only(CopiesEntry.__table__)
