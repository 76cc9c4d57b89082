"""Scans and attendance, paired devices, what waits for a decision, headcounts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core import clock
from core.db import Identified, Model, UtcDateTime, append_only, new_uid, one_of
from participants.models import Registration
from privacy.crypto import Sealed, sealed_column
from trainings.models import Event, EventSession


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
        # The few that were taken back: a live board asks whether there is a new one.
        sa.Index(
            "ix_attendances_annulled",
            "event_session_id",
            "annulled_at",
            sqlite_where=sa.text("annulled_at IS NOT NULL"),
            postgresql_where=sa.text("annulled_at IS NOT NULL"),
        ),
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


class DevicePairing(Model):
    """A secret shown as a QR code with which one phone becomes a device of an event, once and soon."""

    __tablename__ = "device_pairings"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), index=True)
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    event: Mapped[Event] = relationship()


class Device(Identified, Model):
    """A phone that scans and searches at one event: it never lists, exports, or sees another event."""

    __tablename__ = "devices"

    # What staff call it; people write their own names here, so it is a personal field.
    name_sealed: Mapped[bytes | None] = sealed_column()
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), index=True)
    token_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    paired_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    paired_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    unsent: Mapped[int | None] = mapped_column(default=None)

    name = Sealed()

    event: Mapped[Event] = relationship()
    paired_by: Mapped[User] = relationship()

    @property
    def ended_at(self) -> datetime:
        """When it stopped, or will stop, being trusted."""
        return min(self.revoked_at, self.expires_at) if self.revoked_at else self.expires_at

    @property
    def is_trusted(self) -> bool:
        return clock.now() < self.ended_at


class ReviewReason(StrEnum):
    """Why a scan waits for a manager."""

    UNKNOWN = "unknown"
    WRONG_EVENT = "wrong_event"
    WRONG_SESSION = "wrong_session"
    CANCELLED = "cancelled"
    WAITLISTED = "waitlisted"
    REVOKED = "revoked"
    NOT_OPEN = "not_open"
    LATE = "late"
    CONFLICT = "conflict"
    TWO_ROOMS = "two_rooms"
    DEVICE_ENDED = "device_ended"
    LOOK_ALIKE = "look_alike"


class Decision(StrEnum):
    COUNTED = "counted"
    DISMISSED = "dismissed"
    SAME_PERSON = "same_person"


class ScanReview(Identified, Model):
    """A scan that clashed with the register: it waits until a manager settles it. Settling can be undone."""

    __tablename__ = "scan_reviews"
    __table_args__ = (
        sa.UniqueConstraint("scan_id", "reason"),
        sa.Index("ix_scan_reviews_event_id_decision", "event_id", "decision"),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", "decided_at_a_moment"),
    )

    scan_id: Mapped[str] = mapped_column(sa.ForeignKey("scans.id", deferrable=True, initially="DEFERRED"))
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    reason: Mapped[ReviewReason] = mapped_column(one_of(ReviewReason))
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    decision: Mapped[Decision | None] = mapped_column(one_of(Decision), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    # Ids of what the decision changed, so that it can be taken back.
    effect: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True), default=None)

    scan: Mapped[Scan] = relationship()
    event: Mapped[Event] = relationship()


class CountingMethod(StrEnum):
    """How heads were counted."""

    ROOM = "room"
    ENTRANCE = "entrance"
    ESTIMATE = "estimate"


class Headcount(Identified, Model):
    """How many people were counted at a session. A newer one replaces it; none is ever merged with the list."""

    __tablename__ = "headcounts"
    __table_args__ = (
        sa.CheckConstraint("people >= 0", "people_are_not_negative"),
        sa.Index(
            "uq_headcounts_event_session_id_in_force",
            "event_session_id",
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        ),
    )

    event_session_id: Mapped[int] = mapped_column(sa.ForeignKey("event_sessions.id"), index=True)
    people: Mapped[int]
    method: Mapped[CountingMethod] = mapped_column(one_of(CountingMethod))
    counted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    counted_by: Mapped[User] = relationship()


append_only(Scan.__table__)  # what was read at the door cannot be rewritten, by us least of all
