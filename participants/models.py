"""People and where they were: organisations, participants, badges, registrations, scans, attendances."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core import clock
from core.db import Identified, Model, UtcDateTime, one_of
from participants.names import PersonName
from privacy.crypto import Sealed, key_ring, sealed_column
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


class Participant(Identified, Model):
    """A person of a programme. What names them is encrypted; the code stands in wherever a name is not needed."""

    __tablename__ = "participants"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "code"),
        sa.Index("ix_participants_programme_id_phone_index", "programme_id", "phone_index"),
        sa.Index("ix_participants_programme_id_email_index", "programme_id", "email_index"),
        sa.Index("uq_participants_typed_digest", "typed_digest", unique=True),
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


class RosterImport(Identified, Model):
    """An uploaded list waiting for its yes: the rows as they came, encrypted, and gone once settled."""

    __tablename__ = "roster_imports"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    sector: Mapped[Sector] = mapped_column(one_of(Sector))
    rows_sealed: Mapped[bytes | None] = sealed_column()
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    rows = Sealed()

    event: Mapped[Event] = relationship()
    user: Mapped[User] = relationship()


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
