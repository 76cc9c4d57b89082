"""Police units, visits by a protocol, reports, recommendations, and the two axes of their follow-up."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core import clock
from core.db import Identified, Model, UtcDateTime, append_only, one_of
from core.i18n import Texts, TextsColumn
from participants.models import Organisation
from privacy.crypto import Sealed, sealed_column
from trainings.models import Programme


class Judgement(StrEnum):
    """What a monitor found on one point of the protocol."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    NOT_SEEN = "not_seen"


class ResponseKind(StrEnum):
    ACCEPTED = "accepted"
    PARTLY = "partly"
    NOTED = "noted"
    REJECTED = "rejected"


class Implementation(StrEnum):
    """In progress is effort, partially implemented is result; they are never merged."""

    NO_INFORMATION = "no_information"
    NOT_IMPLEMENTED = "not_implemented"
    IN_PROGRESS = "in_progress"
    PARTIALLY = "partially_implemented"
    IMPLEMENTED = "implemented"
    CONTRARY = "contrary_action"
    NOT_APPLICABLE = "no_longer_applicable"


class Voice(StrEnum):
    """Who says so."""

    OWN = "own"
    AUTHORITY = "authority"
    OTHER_CSO = "other_cso"
    UN_BODY = "un_body"


class ProtocolItem(Identified, Model):
    """One point of the guide's checklist."""

    __tablename__ = "protocol_items"
    __table_args__ = (sa.UniqueConstraint("programme_id", "position"), sa.UniqueConstraint("programme_id", "key"))

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(sa.String(60))
    theme: Mapped[Texts] = mapped_column(TextsColumn)
    text: Mapped[Texts] = mapped_column(TextsColumn)


class PoliceUnit(Identified, Model):
    """A police unit under observation: its real name is encrypted, outside the team it is an alias and a region."""

    __tablename__ = "police_units"
    __table_args__ = (sa.UniqueConstraint("programme_id", "alias"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    alias: Mapped[str] = mapped_column(sa.String(60))
    region: Mapped[str] = mapped_column(sa.String(100))
    name_sealed: Mapped[bytes | None] = sealed_column()

    programme: Mapped[Programme] = relationship()
    name = Sealed()


class Visit(Identified, Model):
    """One observation of a unit by a pair of monitors, with the answers of the protocol; a draft until approved."""

    __tablename__ = "visits"
    __table_args__ = (
        sa.CheckConstraint("monitor_count BETWEEN 1 AND 20", "monitors_in_range"),
        sa.CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", "approved_by_somebody"),
    )

    police_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("police_units.id"), index=True)
    visited_on: Mapped[date]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    monitor_count: Mapped[int]
    findings: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    notes_sealed: Mapped[bytes | None] = sealed_column()
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    approved_on: Mapped[date | None] = mapped_column(default=None)
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    is_complete: Mapped[bool] = mapped_column(default=False)

    police_unit: Mapped[PoliceUnit] = relationship(lazy="joined", innerjoin=True)
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    notes = Sealed()

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None


class Report(Identified, Model):
    """A monitoring report; published once, with its recommendations."""

    __tablename__ = "reports"

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), index=True)
    title: Mapped[Texts] = mapped_column(TextsColumn)
    published_on: Mapped[date | None] = mapped_column(default=None)

    programme: Mapped[Programme] = relationship()
    recommendations: Mapped[list[Recommendation]] = relationship(
        back_populates="report", order_by="Recommendation.number"
    )


class Recommendation(Identified, Model):
    """What a report asks of whom, by what standard, until when."""

    __tablename__ = "recommendations"
    __table_args__ = (sa.UniqueConstraint("report_id", "number"),)

    report_id: Mapped[int] = mapped_column(sa.ForeignKey("reports.id"))
    number: Mapped[int]
    addressee: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text)
    theme: Mapped[str] = mapped_column(sa.String(100))
    standard: Mapped[str | None] = mapped_column(sa.String(200), default=None)
    due_on: Mapped[date | None] = mapped_column(default=None)

    report: Mapped[Report] = relationship(back_populates="recommendations")
    responses: Mapped[list[Response]] = relationship(order_by="Response.on_day, Response.id")
    assessments: Mapped[list[Assessment]] = relationship(order_by="Assessment.on_day, Assessment.id")

    @property
    def is_answered_in_writing(self) -> bool:
        return any(response.is_written for response in self.responses)


class Response(Identified, Model):
    """What the addressee answered, on a day. Only added to."""

    __tablename__ = "responses"

    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendations.id"), index=True)
    kind: Mapped[ResponseKind] = mapped_column(one_of(ResponseKind))
    is_written: Mapped[bool] = mapped_column(default=True)
    on_day: Mapped[date]
    note: Mapped[str | None] = mapped_column(sa.String(500), default=None)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)


class Assessment(Identified, Model):
    """What was done about a recommendation, as judged on a day by somebody. Only added to."""

    __tablename__ = "assessments"

    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendations.id"), index=True)
    implementation: Mapped[Implementation] = mapped_column(one_of(Implementation))
    voice: Mapped[Voice] = mapped_column(one_of(Voice))
    on_day: Mapped[date]
    note: Mapped[str | None] = mapped_column(sa.String(500), default=None)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)


append_only(Response.__table__)
append_only(Assessment.__table__)
