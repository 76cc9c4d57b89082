"""People and where they were: organisations, participants, badges, registrations, scans, attendances."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core import clock
from core.db import Identified, Model, UtcDateTime, one_of
from participants.names import PersonName
from privacy.crypto import Sealed, SealedBytes, key_ring, sealed_column
from trainings.models import Event, PrivacyLevel, Programme


class Sector(StrEnum):
    POLICE = "police"
    LAWYER = "lawyer"
    CSO = "cso"
    AUTHORITY = "authority"
    OTHER = "other"


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    NOT_RECORDED = "not_recorded"


class RegistrationStatus(StrEnum):
    INVITED = "invited"
    REGISTERED = "registered"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"


class Origin(StrEnum):
    """How a person came onto a list."""

    IMPORT = "import"
    BY_HAND = "by_hand"
    WALK_IN = "walk_in"
    SELF = "self"


@lru_cache(maxsize=8192)
def open_name(sealed: bytes | None, uid: str) -> PersonName | None:
    """The name of a participant's sealed column. Those opened lately stay in memory: lists are read again and again."""
    if sealed is None:
        return None
    return PersonName.from_line(key_ring().unseal(bytes(sealed), f"participants.name_sealed:{uid}"))


class Organisation(Identified, Model):
    """Where a participant works; found again by its name whatever the case and spaces."""

    __tablename__ = "organisations"
    __table_args__ = (sa.UniqueConstraint("programme_id", "name_key"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    name_key: Mapped[str] = mapped_column(sa.String(200))

    programme: Mapped[Programme] = relationship()


class Participant(Identified, Model):
    """A person of a programme. What names them is encrypted; the code stands in wherever a name is not needed."""

    __tablename__ = "participants"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "code"),
        sa.Index("ix_participants_programme_id_phone_index", "programme_id", "phone_index"),
        sa.Index("ix_participants_programme_id_email_index", "programme_id", "email_index"),
        sa.Index("uq_participants_typed_digest", "typed_digest", unique=True),
        sa.CheckConstraint("merged_into_id <> id", "merged_into_another"),
    )

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(6))
    name_sealed: Mapped[bytes | None] = sealed_column()
    position_sealed: Mapped[bytes | None] = sealed_column()
    phone_sealed: Mapped[bytes | None] = sealed_column()
    email_sealed: Mapped[bytes | None] = sealed_column()
    phone_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16), default=None)
    email_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16), default=None)
    sector: Mapped[Sector] = mapped_column(one_of(Sector))
    sex: Mapped[Sex] = mapped_column(one_of(Sex), default=Sex.NOT_RECORDED)
    language: Mapped[str | None] = mapped_column(sa.String(2), default=None)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), default=None, index=True)
    link_version: Mapped[int] = mapped_column(default=1)
    link_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    # None for somebody of old times until their code is shown or printed for the first time.
    typed_digest: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32), default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    # The record that this one was made one with; it keeps its own details, so that they can be two again.
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("participants.id"), default=None, index=True)

    programme: Mapped[Programme] = relationship()
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")

    name_text = Sealed("name_sealed")
    position = Sealed()
    phone = Sealed()
    email = Sealed()

    @property
    def name(self) -> PersonName | None:
        """The person's name; None at an event without names and after erasure."""
        return open_name(self.name_sealed, self.uid)

    @name.setter
    def name(self, name: PersonName | None) -> None:
        self.name_text = name.as_line() if name else None

    @property
    def called(self) -> str:
        """The name, or the code where there is none."""
        name = self.name
        return name.full if name else self.code


class Badge(Model):
    """A badge code: it checks in and opens nothing. Reissue revokes the one before.

    A blank one is printed ahead on a roll and bound to somebody later. An attached one is a code that nobody knew until
    a manager said whose it is: of that the digest is kept, not the code.
    """

    __tablename__ = "badges"
    __table_args__ = (
        sa.CheckConstraint("length(code) = 12 OR is_attached", "code_has_12_characters"),
        sa.CheckConstraint("participant_id IS NOT NULL OR roll IS NOT NULL", "somebodys_or_of_a_roll"),
        sa.CheckConstraint("(roll IS NULL) = (programme_id IS NULL)", "a_roll_is_of_a_programme"),
        sa.UniqueConstraint("roll", "number"),
        sa.Index(
            "uq_badges_participant_id_in_use",
            "participant_id",
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL AND NOT is_attached"),
            postgresql_where=sa.text("revoked_at IS NULL AND NOT is_attached"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(32), unique=True)
    participant_id: Mapped[int | None] = mapped_column(sa.ForeignKey("participants.id"), default=None, index=True)
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id"), default=None, index=True)
    roll: Mapped[str | None] = mapped_column(sa.String(16), default=None)
    number: Mapped[int | None] = mapped_column(default=None)
    is_attached: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class Registration(Identified, Model):
    """A participant's place at an event."""

    __tablename__ = "registrations"
    __table_args__ = (
        sa.UniqueConstraint("participant_id", "event_id"),
        sa.UniqueConstraint("id", "event_id"),
        sa.Index("ix_registrations_event_id_status", "event_id", "status"),
    )

    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participants.id"))
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    status: Mapped[RegistrationStatus] = mapped_column(
        one_of(RegistrationStatus), default=RegistrationStatus.REGISTERED
    )
    origin: Mapped[Origin] = mapped_column(one_of(Origin), default=Origin.BY_HAND)
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey("roster_imports.id"), default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    participant: Mapped[Participant] = relationship(lazy="joined", innerjoin=True)
    event: Mapped[Event] = relationship()

    @property
    def called(self) -> str:
        """What the person is called at this event: by name where names are kept, by code where they are not."""
        return self.participant.called if self.event.privacy == PrivacyLevel.NAMED else self.participant.code


class KnownPeople(StrEnum):
    """What a list may change of people whom the programme knows already."""

    SKIP = "skip"
    FILL = "fill"
    UPDATE = "update"


class ImportState(StrEnum):
    """How far an uploaded list is; told by what its row holds."""

    READING = "reading"
    REFUSED = "refused"
    WAITING = "waiting"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDONE = "undone"
    FORGOTTEN = "forgotten"


class RosterImport(Identified, Model):
    """An uploaded list: what it holds, encrypted, until it is settled; how far it is; what came of it, as numbers."""

    __tablename__ = "roster_imports"
    __table_args__ = (
        sa.CheckConstraint("done BETWEEN 0 AND total", "done_of_total"),
        sa.CheckConstraint("undone_at IS NULL OR applied_at IS NOT NULL", "undone_was_applied"),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", "undone_by_somebody"),
    )

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    sector: Mapped[Sector] = mapped_column(one_of(Sector))
    content_sealed: Mapped[bytes | None] = sealed_column()  # the file, while it is read or another sheet may be chosen
    rows_sealed: Mapped[bytes | None] = sealed_column()
    plan_sealed: Mapped[bytes | None] = sealed_column()  # the fate of every row; once applied, of those that failed
    sheet: Mapped[int | None] = mapped_column(default=None)
    arrangement: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True), default=None)
    known: Mapped[KnownPeople] = mapped_column(one_of(KnownPeople), default=KnownPeople.FILL, server_default="fill")
    answers: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=dict, server_default="{}")
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    problem: Mapped[str | None] = mapped_column(sa.String(40), default=None)
    counts: Mapped[dict[str, int]] = mapped_column(sa.JSON, default=dict, server_default="{}")
    new_organisations: Mapped[list[int]] = mapped_column(sa.JSON, default=list, server_default="[]")
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    kept: Mapped[int] = mapped_column(default=0, server_default="0")  # rows that an undoing had to leave

    content = SealedBytes()
    rows = SealedBytes()
    plan = SealedBytes()

    event: Mapped[Event] = relationship()
    user: Mapped[User] = relationship(foreign_keys=user_id)

    @property
    def state(self) -> ImportState:
        if self.undone_at or self.applied_at:
            return ImportState.UNDONE if self.undone_at else ImportState.APPLIED
        if self.problem:
            return ImportState.REFUSED
        if self.rows_sealed is None and self.content_sealed is None:
            return ImportState.FORGOTTEN
        if self.read_at is None:
            return ImportState.READING
        return ImportState.APPLYING if self.asked_at else ImportState.WAITING

    def empty(self) -> None:
        """Forget everything the file held."""
        self.content = self.rows = self.plan = None


class PairingPurpose(StrEnum):
    """What a pseudonym pairs; each purpose has a key of its own, so pseudonyms of two cannot be joined."""

    KNOWLEDGE = "knowledge"
    EVALUATION = "evaluation"
    FOLLOW_UP = "follow_up"
    KNOWLEDGE_FOLLOW_UP = "knowledge_follow_up"


class Pairing(Identified, Model):
    """The key that makes pseudonyms of an event's people. Once destroyed nobody can tell whose an answer is."""

    __tablename__ = "pairings"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "purpose"),
        sa.CheckConstraint("(secret_sealed IS NULL) = (destroyed_at IS NOT NULL)", "destroyed_is_gone"),
    )

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    purpose: Mapped[PairingPurpose] = mapped_column(one_of(PairingPurpose))
    secret_sealed: Mapped[bytes | None] = sealed_column()
    destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    secret = Sealed()
