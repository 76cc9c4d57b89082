"""What stands at a door besides people: paired devices, what waits for a decision, headcounts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core import clock
from core.db import Identified, Model, UtcDateTime, one_of
from participants.models import Scan
from privacy.crypto import Sealed, sealed_column
from trainings.models import Event


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
