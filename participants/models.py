"""People and where they were: organisations, participants, badges, registrations, scans, attendances."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core import clock
from core.db import Identified, Model, UtcDateTime, append_only, new_uid, one_of
from participants.names import PersonName
from privacy.crypto import Sealed, key_ring, sealed_column
from trainings.models import Event, EventSession, PrivacyLevel, Programme


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


class Source(StrEnum):
    """How a code was read or a presence noted."""

    CAMERA = "camera"
    WEDGE = "wedge"
    TYPED = "typed"
    SEARCH = "search"
    MANUAL = "manual"
    PAPER = "paper"
    SELF = "self"
    IMPORT = "import"


class Outcome(StrEnum):
    """What came of a scan; a closed list."""

    IN = "in"
    ALREADY_IN = "already_in"
    UNKNOWN = "unknown"
    WRONG_EVENT = "wrong_event"
    WRONG_SESSION = "wrong_session"
    CANCELLED = "cancelled"
    WAITLISTED = "waitlisted"
    REVOKED = "revoked"
    NOT_OPEN = "not_open"
    LATE = "late"
    CONFLICT = "conflict"
    UNDER_REVIEW = "under_review"


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


class Scan(Model):
    """One reading of a code, kept whatever came of it. Append-only."""

    __tablename__ = "scans"
    __table_args__ = (
        # The same id again with other content is kept too, as a conflict; otherwise an id comes once.
        sa.UniqueConstraint("scan_id", "fingerprint"),
        sa.Index(
            "uq_scans_scan_id",
            "scan_id",
            unique=True,
            sqlite_where=sa.text("outcome <> 'conflict'"),
            postgresql_where=sa.text("outcome <> 'conflict'"),
        ),
        sa.Index("ix_scans_event_session_id_outcome", "event_session_id", "outcome"),
    )

    id: Mapped[str] = mapped_column(sa.String(16), primary_key=True, default=new_uid)
    scan_id: Mapped[str] = mapped_column(sa.String(36))
    fingerprint: Mapped[str] = mapped_column(sa.String(32))
    event_session_id: Mapped[int] = mapped_column(sa.ForeignKey("event_sessions.id"))
    code: Mapped[str] = mapped_column(sa.String(40))
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registrations.id"), default=None, index=True)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    skew_seconds: Mapped[int | None] = mapped_column(default=None)
    source: Mapped[Source] = mapped_column(one_of(Source))
    outcome: Mapped[Outcome] = mapped_column(one_of(Outcome))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    device_id: Mapped[int | None] = mapped_column(sa.ForeignKey("devices.id"), default=None, index=True)


class Attendance(Identified, Model):
    """A participant was present at a session: at most once per registration and session, unless annulled."""

    __tablename__ = "attendances"
    __table_args__ = (
        # Registration and session are of the same event, whatever the code above believes.
        sa.ForeignKeyConstraint(["registration_id", "event_id"], ["registrations.id", "registrations.event_id"]),
        sa.ForeignKeyConstraint(["event_session_id", "event_id"], ["event_sessions.id", "event_sessions.event_id"]),
        sa.Index(
            "uq_attendances_registration_id_event_session_id",
            "registration_id",
            "event_session_id",
            unique=True,
            sqlite_where=sa.text("annulled_at IS NULL"),
            postgresql_where=sa.text("annulled_at IS NULL"),
        ),
        sa.Index("ix_attendances_event_session_id", "event_session_id"),
        sa.CheckConstraint("(annulled_at IS NULL) = (annul_reason IS NULL)", "annulled_with_a_reason"),
    )

    registration_id: Mapped[int]
    event_session_id: Mapped[int]
    event_id: Mapped[int]
    # Checked at the commit: whether a scan was the first is known only when its attendance is in.
    scan_id: Mapped[str] = mapped_column(sa.ForeignKey("scans.id", deferrable=True, initially="DEFERRED"))
    annulled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    annulled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    annulled_by_device_id: Mapped[int | None] = mapped_column(sa.ForeignKey("devices.id"), default=None)
    annul_reason: Mapped[str | None] = mapped_column(sa.String(200), default=None)

    registration: Mapped[Registration] = relationship(
        primaryjoin="Attendance.registration_id == Registration.id",
        foreign_keys="Attendance.registration_id",
        viewonly=True,
    )
    event_session: Mapped[EventSession] = relationship(
        primaryjoin="Attendance.event_session_id == EventSession.id",
        foreign_keys="Attendance.event_session_id",
        viewonly=True,
    )
    scan: Mapped[Scan] = relationship(viewonly=True)


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


append_only(Scan.__table__)  # what was read at the door cannot be rewritten, by us least of all
