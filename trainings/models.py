"""Programmes, venues, events, sessions, and the staff who run them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, lazyload, mapped_column, relationship
from sqlalchemy.sql.base import ExecutableOption

from accounts.models import Role, User
from core import clock
from core.db import Identified, Model, UtcDateTime, one_of, refused_when
from core.i18n import Texts, TextsColumn


class PartnerRole(StrEnum):
    DONOR = "donor"
    LEAD = "lead"
    PARTNER = "partner"


class EventKind(StrEnum):
    WORKSHOP = "workshop"
    CSO_TRAINING = "cso_training"
    FORUM = "forum"
    DISCUSSION = "discussion"
    SEMINAR = "seminar"
    STUDY_VISIT = "study_visit"


class EventStatus(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class PrivacyLevel(StrEnum):
    """Whether people's identity is kept at all."""

    NAMED = "named"
    CODED = "coded"


class FigureSource(StrEnum):
    """Where an event's figure of people comes from."""

    LIST = "list"
    HEADCOUNT = "headcount"


class Programme(Identified, Model):
    """A funded project: its dates, partners and rules of counting."""

    __tablename__ = "programmes"
    __table_args__ = (
        sa.CheckConstraint("ends_on > starts_on", "dates_in_order"),
        sa.CheckConstraint("completion_percent BETWEEN 1 AND 100", "completion_is_a_share"),
        sa.CheckConstraint("pass_mark BETWEEN 1 AND 100", "pass_mark_is_a_share"),
    )

    key: Mapped[str] = mapped_column(sa.String(60), unique=True)
    title: Mapped[Texts] = mapped_column(TextsColumn)
    summary: Mapped[Texts] = mapped_column(TextsColumn)
    country: Mapped[str] = mapped_column(sa.String(2))
    time_zone: Mapped[str] = mapped_column(sa.String(60))
    language: Mapped[str] = mapped_column(sa.String(2))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    contact: Mapped[str] = mapped_column(sa.String(200), default="")
    completion_percent: Mapped[int] = mapped_column(default=80)
    pass_mark: Mapped[int] = mapped_column(default=70)
    show_names_offline: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    file_digest: Mapped[str | None] = mapped_column(sa.String(64), default=None)

    partners: Mapped[list[Partner]] = relationship(order_by="Partner.position")

    def today(self) -> date:
        return clock.today(self.time_zone)


class Partner(Model):
    """An organisation that funds, leads or joins a programme."""

    __tablename__ = "partners"
    __table_args__ = (sa.UniqueConstraint("programme_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    position: Mapped[int]
    role: Mapped[PartnerRole] = mapped_column(one_of(PartnerRole))
    name: Mapped[Texts] = mapped_column(TextsColumn)


class ProgrammeStaff(Model):
    """A member of staff who works in a programme, and as what: one may be a manager here and a trainer there."""

    __tablename__ = "programme_staff"
    __table_args__ = (sa.CheckConstraint("role <> 'administrator'", "role_is_of_a_programme"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), primary_key=True, index=True)
    role: Mapped[Role] = mapped_column(one_of(Role))

    user: Mapped[User] = relationship()
    programme: Mapped[Programme] = relationship()


class Venue(Identified, Model):
    """Where events happen."""

    __tablename__ = "venues"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "key"),
        sa.CheckConstraint("capacity > 0", "capacity_is_positive"),
    )

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    key: Mapped[str | None] = mapped_column(sa.String(60), default=None)
    name: Mapped[Texts] = mapped_column(TextsColumn)
    town: Mapped[Texts] = mapped_column(TextsColumn)
    capacity: Mapped[int | None] = mapped_column(default=None)
    access: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)

    programme: Mapped[Programme] = relationship()


class Event(Identified, Model):
    """A workshop, training, forum, discussion, seminar or study visit."""

    __tablename__ = "events"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "key"),
        sa.CheckConstraint("capacity > 0", "capacity_is_positive"),
        sa.CheckConstraint("ends_on >= starts_on", "dates_in_order"),
        sa.CheckConstraint("(status = 'held') = (held_at IS NOT NULL)", "held_has_a_moment"),
        sa.CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", "cancelled_has_a_moment"),
        sa.Index("ix_events_programme_id_starts_on", "programme_id", "starts_on"),
    )

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    key: Mapped[str | None] = mapped_column(sa.String(60), default=None)
    kind: Mapped[EventKind] = mapped_column(one_of(EventKind))
    # What participants and donors read; staff may have a working title of their own beside it.
    title: Mapped[Texts] = mapped_column(TextsColumn)
    inner_title: Mapped[str | None] = mapped_column(sa.String(200), default=None)
    venue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("venues.id"), default=None)
    capacity: Mapped[int | None] = mapped_column(default=None)
    privacy: Mapped[PrivacyLevel] = mapped_column(one_of(PrivacyLevel), default=PrivacyLevel.NAMED)
    figure_source: Mapped[FigureSource] = mapped_column(
        one_of(FigureSource), default=FigureSource.LIST, server_default=FigureSource.LIST.value
    )
    allows_self_check_in: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    status: Mapped[EventStatus] = mapped_column(one_of(EventStatus), default=EventStatus.PLANNED)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    cancel_reason: Mapped[str | None] = mapped_column(sa.String(500), default=None)
    # How often the plan was changed, as calendars count it, and when last; None as long as it never was.
    calendar_sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    programme: Mapped[Programme] = relationship()
    venue: Mapped[Venue | None] = relationship()
    sessions: Mapped[list[EventSession]] = relationship(
        back_populates="event", order_by="EventSession.number", cascade="all, delete-orphan"
    )
    trainers: Mapped[list[User]] = relationship(secondary="event_trainers", order_by="User.id")

    @property
    def name(self) -> str:
        """What staff call it: the inner title where it has one."""
        return self.inner_title or str(self.title)

    @property
    def is_planned(self) -> bool:
        return self.status == EventStatus.PLANNED

    @property
    def is_today(self) -> bool:
        return self.is_planned and self.starts_on <= self.programme.today() <= self.ends_on


# A calendar that has seen a change believes nothing with a smaller number.
refused_when(
    Event.__table__,
    "calendar_sequence_never_falls",
    "UPDATE OF calendar_sequence",
    "NEW.calendar_sequence < OLD.calendar_sequence",
)


class EventTrainer(Model):
    """A member of staff who leads an event."""

    __tablename__ = "event_trainers"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), primary_key=True, index=True)


class EventSession(Identified, Model):
    """One sitting of an event; attendance is taken per session."""

    __tablename__ = "event_sessions"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "number"),
        sa.UniqueConstraint("id", "event_id"),
        sa.CheckConstraint("ends_at > starts_at", "times_in_order"),
    )

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)

    event: Mapped[Event] = relationship(back_populates="sessions", lazy="joined", innerjoin=True)

    @staticmethod
    def needed_by_guards() -> tuple[ExecutableOption, ...]:
        """A door asks nothing of the event but its number, for every scan; what else is needed is loaded when it is."""
        return (lazyload(EventSession.event),)
