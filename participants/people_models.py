"""One person, one record: records made one, pairs that are two people, other names of organisations, who watches over
their people's numbers, who went instead of whom, and what people were asked and said yes to.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import clock
from core.db import Identified, Model, UtcDateTime, never_again, refused_when
from core.i18n import Texts, TextsColumn
from participants.models import Organisation, Participant, Registration
from privacy.crypto import Sealed, sealed_column


class Merge(Identified, Model):
    """Two records made one: `merged` is `kept` from now on. What moved is kept, by ids, to be moved back."""

    __tablename__ = "merges"
    __table_args__ = (
        sa.CheckConstraint("kept_id <> merged_id", "two_records"),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", "undone_by_somebody"),
        sa.Index(
            "uq_merges_merged_id_in_force",
            "merged_id",
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
    )

    kept_id: Mapped[int] = mapped_column(sa.ForeignKey("participants.id"), index=True)
    merged_id: Mapped[int] = mapped_column(sa.ForeignKey("participants.id"))
    moved: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    details_sealed: Mapped[bytes | None] = sealed_column()  # of the kept one, before and after
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    merged_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)

    details = Sealed()

    kept: Mapped[Participant] = relationship(foreign_keys=kept_id)
    merged: Mapped[Participant] = relationship(foreign_keys=merged_id)


class TwoPeople(Model):
    """Somebody looked and said that these records are of two people; the pair is not asked about again."""

    __tablename__ = "two_people"
    __table_args__ = (sa.CheckConstraint("first_id < second_id", "in_order"),)

    first_id: Mapped[int] = mapped_column(sa.ForeignKey("participants.id"), primary_key=True)
    second_id: Mapped[int] = mapped_column(sa.ForeignKey("participants.id"), primary_key=True)
    said_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class OrganisationAlias(Model):
    """Another name by which lists call an organisation."""

    __tablename__ = "organisation_aliases"
    __table_args__ = (sa.UniqueConstraint("programme_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_key: Mapped[str] = mapped_column(sa.String(200))


class OrganisationContact(Identified, Model):
    """Somebody of an organisation who sees, by a link, how many of its people came; numbers, never names."""

    __tablename__ = "organisation_contacts"

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    label_sealed: Mapped[bytes | None] = sealed_column()
    token_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    label = Sealed()

    organisation: Mapped[Organisation] = relationship()


class Substitution(Identified, Model):
    """Before the day somebody of the same institution took another's place."""

    __tablename__ = "substitutions"
    __table_args__ = (sa.CheckConstraint("given_up_id <> taken_id", "two_places"),)

    given_up_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    taken_id: Mapped[int] = mapped_column(sa.ForeignKey("registrations.id"), index=True)
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    given_up: Mapped[Registration] = relationship(foreign_keys=given_up_id)
    taken: Mapped[Registration] = relationship(foreign_keys=taken_id)


class ConsentText(Identified, Model):
    """What a programme asks its people to agree to, in one wording; another wording is another version."""

    __tablename__ = "consent_texts"
    __table_args__ = (sa.UniqueConstraint("programme_id", "version"), sa.CheckConstraint("version > 0", "from_one"))

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    version: Mapped[int]
    text: Mapped[Texts] = mapped_column(TextsColumn)
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class Consent(Identified, Model):
    """A person agreed to a version of a text on a day, and perhaps took that back on another."""

    __tablename__ = "consents"
    __table_args__ = (
        sa.CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= given_at", "given_first"),
        sa.Index(
            "uq_consents_in_force",
            "participant_id",
            "text_id",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )

    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participants.id"), index=True)
    text_id: Mapped[int] = mapped_column(sa.ForeignKey("consent_texts.id"))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    wording: Mapped[ConsentText] = relationship(lazy="joined")


never_again(ConsentText.__table__, "programme_id, version, text, published_at", "OLD.id IS NOT NULL")
never_again(Consent.__table__, "text_id, given_at, withdrawn_at", "OLD.withdrawn_at IS NOT NULL")
NO_PLACE = "EXISTS (SELECT 1 FROM participants WHERE id = NEW.participant_id AND merged_into_id IS NOT NULL)"
refused_when(Registration.__table__, "no_place_for_merged", "INSERT", NO_PLACE)
refused_when(Registration.__table__, "no_place_moves_to_merged", "UPDATE OF participant_id", NO_PLACE)
