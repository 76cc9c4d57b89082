"""The rule of a programme or an event, who qualified when it was settled, certificates, and papers being drawn."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core import clock
from core.db import Identified, Model, UtcDateTime, append_only, never_again, one_of
from core.i18n import Texts, TextsColumn
from participants.models import Registration
from privacy.crypto import Sealed, sealed_column
from trainings.models import Event


class Revocation(StrEnum):
    """Why a certificate is not valid any more."""

    REISSUED = "reissued"
    WITHDRAWN = "withdrawn"


class CertificateRule(Identified, Model):
    """Who gets a certificate and what it says: a programme's rule, or an event's own in its place."""

    __tablename__ = "certificate_rules"
    __table_args__ = (
        sa.UniqueConstraint("event_id"),
        sa.Index(
            "uq_certificate_rules_of_a_programme",
            "programme_id",
            unique=True,
            sqlite_where=sa.text("event_id IS NULL"),
            postgresql_where=sa.text("event_id IS NULL"),
        ),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", "percent_is_a_share"),
        sa.CheckConstraint("hours > 0", "hours_are_positive"),
        sa.CheckConstraint("event_id IS NOT NULL OR (title IS NULL AND hours IS NULL)", "title_and_hours_of_an_event"),
    )

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("events.id"), default=None)
    percent: Mapped[int]
    needs_post_test: Mapped[bool]
    # None: the language of each person.
    language: Mapped[str | None] = mapped_column(sa.String(2), default=None)
    second_language: Mapped[str | None] = mapped_column(sa.String(2), default=None)
    names_partners: Mapped[bool] = mapped_column(default=False)
    title: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)
    hours: Mapped[int | None] = mapped_column(default=None)
    signers_sealed: Mapped[bytes | None] = sealed_column()

    # JSON: a list of {"name": {"ru": …}, "position": {"ru": …}}.
    signers = Sealed()


class CertificateSettlement(Model):
    """What the rule of an event asked for when the event was closed: from then on it asks for nothing else."""

    __tablename__ = "certificate_settlements"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), primary_key=True, autoincrement=False)
    percent: Mapped[int]
    needs_post_test: Mapped[bool]
    settled_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class Qualification(Model):
    """Whether a place qualified when its event was closed: yes or no, and nothing about the quiz beyond that."""

    __tablename__ = "qualifications"
    __table_args__ = (
        sa.ForeignKeyConstraint(["registration_id", "event_id"], ["registrations.id", "registrations.event_id"]),
    )

    registration_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate_settlements.event_id"), index=True)
    qualified: Mapped[bool]


class Certificate(Identified, Model):
    """A certificate issued for a place. One at most is valid; a revoked one stays, and stays revoked."""

    __tablename__ = "certificates"
    __table_args__ = (
        sa.ForeignKeyConstraint(["registration_id", "event_id"], ["registrations.id", "registrations.event_id"]),
        sa.UniqueConstraint("registration_id", "number"),
        sa.Index(
            "uq_certificates_registration_id_valid",
            "registration_id",
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
        sa.CheckConstraint("length(code) = 16", "code_has_16_characters"),
        sa.CheckConstraint("number > 0", "numbers_from_one"),
        sa.CheckConstraint("language <> second_language", "languages_differ"),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revocation IS NULL) AND (revoked_at IS NULL) = (revoked_by_id IS NULL)",
            "revoked_by_somebody",
        ),
        sa.CheckConstraint("is_exception OR exception_reason_sealed IS NULL", "a_reason_is_of_an_exception"),
    )

    registration_id: Mapped[int]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    number: Mapped[int] = mapped_column(default=1)
    language: Mapped[str] = mapped_column(sa.String(2))
    second_language: Mapped[str | None] = mapped_column(sa.String(2), default=None)
    issued_on: Mapped[date]
    issued_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    is_exception: Mapped[bool] = mapped_column(default=False)
    exception_reason_sealed: Mapped[bytes | None] = sealed_column()
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    revoked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    revocation: Mapped[Revocation | None] = mapped_column(one_of(Revocation), default=None)
    revocation_reason_sealed: Mapped[bytes | None] = sealed_column()

    # Free words about a person: why one got it although the rule says no, why one lost it.
    exception_reason = Sealed()
    revocation_reason = Sealed()

    registration: Mapped[Registration] = relationship(
        primaryjoin="foreign(Certificate.registration_id) == Registration.id", viewonly=True, lazy="joined"
    )
    event: Mapped[Event] = relationship(viewonly=True)
    issued_by: Mapped[User] = relationship(foreign_keys=[issued_by_id])
    revoked_by: Mapped[User | None] = relationship(foreign_keys=[revoked_by_id])

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None


class CertificatePrinting(Identified, Model):
    """All certificates of an event being drawn into one file in the background, and how far it is."""

    __tablename__ = "certificate_printings"
    __table_args__ = (
        sa.Index(
            "uq_certificate_printings_under_way",
            "event_id",
            unique=True,
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        ),
        sa.CheckConstraint("drawn BETWEEN 0 AND total", "drawn_of_total"),
        sa.CheckConstraint("finished_at IS NULL OR drawn = total", "finished_is_all"),
    )

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    total: Mapped[int]
    drawn: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    event: Mapped[Event] = relationship()
    asked_by: Mapped[User] = relationship()


append_only(CertificateSettlement.__table__)
append_only(Qualification.__table__)
never_again(
    Certificate.__table__,
    "code, registration_id, event_id, number, language, second_language, issued_on, is_exception, revoked_at, "
    "revoked_by_id, revocation",
    when="OLD.revoked_at IS NOT NULL",
)
