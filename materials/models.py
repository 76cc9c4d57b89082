"""Materials, their files in every language and version, how often these are read, and the ledger of copies."""

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


class Audience(StrEnum):
    """Who may open a material: anybody with its link, people with a place in the programme, or staff."""

    PUBLIC = "public"
    REGISTERED = "registered"
    STAFF = "staff"


class FileKind(StrEnum):
    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"

    @property
    def media_type(self) -> str:
        return "application/pdf" if self is FileKind.PDF else f"image/{self}"

    @property
    def ending(self) -> str:
        return "jpg" if self is FileKind.JPEG else str(self)


class Use(StrEnum):
    OPENED = "opened"
    SAVED = "saved"


class CopiesKind(StrEnum):
    PRINTED = "printed"
    HANDED_OUT = "handed_out"


class PlaceKind(StrEnum):
    """Where copies go that are not handed out at an event."""

    POLICE_UNIT = "police_unit"
    COURT = "court"
    LAWYERS = "lawyers"
    CIVIL_SOCIETY = "civil_society"
    LIBRARY = "library"
    BY_POST = "by_post"
    ELSEWHERE = "elsewhere"


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
    audience: Mapped[Audience] = mapped_column(one_of(Audience), default=Audience.REGISTERED)

    programme: Mapped[Programme] = relationship()
    versions: Mapped[list[MaterialFile]] = relationship(
        order_by="MaterialFile.language, MaterialFile.number.desc()", back_populates="material"
    )

    @property
    def files(self) -> list[MaterialFile]:
        """What is read today: at most one file a language."""
        return [file for file in self.versions if file.is_current]

    def current_in(self, language: str) -> MaterialFile | None:
        """The file in exactly this language."""
        return next((file for file in self.files if file.language == language), None)

    def file_in(self, language: str) -> MaterialFile | None:
        """The file in a language, or the nearest there is."""
        by_language = {file.language: file for file in self.files}
        wanted = (language, "ru" if language == "be" else "en", "en", *by_language)
        return next((by_language[code] for code in wanted if code in by_language), None)


class MaterialFile(Identified, Model):
    """A version of a material in one language; its bytes lie in storage under their digest."""

    __tablename__ = "material_files"
    __table_args__ = (
        sa.UniqueConstraint("material_id", "language", "number"),
        sa.Index(
            "uq_material_files_current",
            "material_id",
            "language",
            unique=True,
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        ),
        sa.CheckConstraint("size > 0", "not_empty"),
        sa.CheckConstraint("number > 0", "versions_from_one"),
    )

    material_id: Mapped[int] = mapped_column(sa.ForeignKey("materials.id"))
    language: Mapped[str] = mapped_column(sa.String(2))
    number: Mapped[int] = mapped_column(default=1)
    is_current: Mapped[bool] = mapped_column(default=True)
    kind: Mapped[FileKind] = mapped_column(one_of(FileKind), default=FileKind.PDF)
    digest: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)

    material: Mapped[Material] = relationship(back_populates="versions")
    user: Mapped[User | None] = relationship()

    @property
    def name(self) -> str:
        """What the file is called on somebody's phone: nothing of who made it or gave it."""
        return f"{self.material.kind}-{self.language}.{self.kind.ending}"


class FileUse(Model):
    """How often a file was opened or saved on a day. A number: nothing is known of who did."""

    __tablename__ = "file_uses"
    __table_args__ = (sa.CheckConstraint("number > 0", "some_uses"),)

    file_id: Mapped[int] = mapped_column(sa.ForeignKey("material_files.id"), primary_key=True)
    on_day: Mapped[date] = mapped_column(primary_key=True)
    what: Mapped[Use] = mapped_column(one_of(Use), primary_key=True)
    number: Mapped[int]


class CopiesEntry(Identified, Model):
    """A line of the ledger: copies printed, or handed out at an event or elsewhere. Never changed, only added to.

    Lines of a material are numbered without a gap. Each carries the sums before and after it, and its sums before are
    by foreign key those after the line above. So the sums are right in every line whoever writes it, and the shelf
    cannot hold less than nothing: the database has no row for that.
    """

    __tablename__ = "copies_entries"
    __table_args__ = (
        sa.UniqueConstraint("material_id", "line"),
        sa.UniqueConstraint("material_id", "line", "printed_after", "handed_out_after", name="uq_copies_entries_sums"),
        sa.ForeignKeyConstraint(
            ["material_id", "line_above", "printed_before", "handed_out_before"],
            [
                "copies_entries.material_id",
                "copies_entries.line",
                "copies_entries.printed_after",
                "copies_entries.handed_out_after",
            ],
            name="fk_copies_entries_sums",
        ),
        sa.CheckConstraint(
            "(line = 1 AND line_above IS NULL AND printed_before = 0 AND handed_out_before = 0)"
            " OR (line > 1 AND line_above IS NOT NULL AND line_above = line - 1)",
            "line_by_line",
        ),
        sa.CheckConstraint(
            "printed_after = printed_before + CASE WHEN kind = 'printed' THEN number ELSE 0 END"
            " AND handed_out_after = handed_out_before + CASE WHEN kind = 'handed_out' THEN number ELSE 0 END",
            "sums_add_up",
        ),
        sa.CheckConstraint("handed_out_after BETWEEN 0 AND printed_after", "nothing_below_zero"),
        sa.CheckConstraint("number <> 0", "some_copies"),
        sa.CheckConstraint("number > 0 OR note IS NOT NULL", "corrected_for_a_reason"),
        sa.CheckConstraint("corrects_id IS NULL OR number < 0", "corrections_take_away"),
        sa.CheckConstraint("(kind = 'printed') = (batch IS NOT NULL)", "batches_are_printed"),
        sa.CheckConstraint(
            "(kind = 'printed' AND event_id IS NULL AND place IS NULL)"
            " OR (kind = 'handed_out' AND (event_id IS NULL) <> (place IS NULL))",
            "handed_out_somewhere",
        ),
        sa.Index("ix_copies_entries_material_id_kind", "material_id", "kind"),
    )

    material_id: Mapped[int] = mapped_column(sa.ForeignKey("materials.id"))
    kind: Mapped[CopiesKind] = mapped_column(one_of(CopiesKind))
    number: Mapped[int]
    on_day: Mapped[date]
    batch: Mapped[str | None] = mapped_column(sa.String(80), default=None)
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("events.id"), default=None)
    place: Mapped[PlaceKind | None] = mapped_column(one_of(PlaceKind), default=None)
    note: Mapped[str | None] = mapped_column(sa.String(200), default=None)
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("copies_entries.id"), default=None)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    line: Mapped[int]
    line_above: Mapped[int | None] = mapped_column(default=None)
    printed_before: Mapped[int]
    handed_out_before: Mapped[int]
    printed_after: Mapped[int]
    handed_out_after: Mapped[int]

    material: Mapped[Material] = relationship(foreign_keys=[material_id])
    event: Mapped[Event | None] = relationship()
    user: Mapped[User | None] = relationship()
    corrects: Mapped[CopiesEntry | None] = relationship(foreign_keys=[corrects_id], remote_side="CopiesEntry.id")

    @property
    def left_after(self) -> int:
        return self.printed_after - self.handed_out_after


append_only(CopiesEntry.__table__)
