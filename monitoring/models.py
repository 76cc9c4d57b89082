"""Police units, visits by a protocol, reports, recommendations, and the two axes of their follow-up."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core import clock
from core.db import Identified, Model, UtcDateTime, append_only, never_again, never_joined, one_of
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


class VisitState(StrEnum):
    """Where the protocol of a visit is; only what somebody else has approved counts."""

    DRAFT = "draft"
    HANDED_IN = "handed_in"
    RETURNED = "returned"
    APPROVED = "approved"


class Announcement(StrEnum):
    """Whether the unit knew that monitors would come."""

    ANNOUNCED = "announced"
    UNANNOUNCED = "unannounced"


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
    """One observation of a unit with the answers of the protocol: a draft, handed in, perhaps returned, approved."""

    __tablename__ = "visits"
    __table_args__ = (
        sa.CheckConstraint("monitor_count BETWEEN 1 AND 20", "monitors_in_range"),
        sa.CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", "approved_by_somebody"),
        sa.CheckConstraint("(approved_at IS NULL) = (state <> 'approved')", "approved_at_a_moment"),
        sa.CheckConstraint("approved_by_id <> user_id", "approved_by_somebody_else"),
        sa.CheckConstraint(
            "state = 'draft' OR (organisation_id IS NOT NULL AND monitor_count IS NOT NULL "
            "AND handed_in_at IS NOT NULL)",
            "handed_in_whole",
        ),
        sa.UniqueConstraint("id", "state"),
    )

    police_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("police_units.id"), index=True)
    visited_on: Mapped[date]
    state: Mapped[VisitState] = mapped_column(one_of(VisitState), default=VisitState.DRAFT)
    announcement: Mapped[Announcement | None] = mapped_column(one_of(Announcement), default=None)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), default=None)
    monitor_count: Mapped[int | None] = mapped_column(default=None)
    findings: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    notes_sealed: Mapped[bytes | None] = sealed_column()
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    return_note_sealed: Mapped[bytes | None] = sealed_column()
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    approved_on: Mapped[date | None] = mapped_column(default=None)
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    is_complete: Mapped[bool] = mapped_column(default=False)

    police_unit: Mapped[PoliceUnit] = relationship(lazy="joined", innerjoin=True)
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    notes = Sealed()
    return_note = Sealed()

    @property
    def is_approved(self) -> bool:
        return self.state == VisitState.APPROVED

    @property
    def is_open(self) -> bool:
        """Whether whoever made it may still change it."""
        return self.state in (VisitState.DRAFT, VisitState.RETURNED)

    @property
    def judgements(self) -> dict[str, Judgement]:
        """What was found, point by point."""
        return {key: Judgement(word) for key, word in self.findings.items()}


class Report(Identified, Model):
    """A monitoring report over approved visits; published once, with its recommendations."""

    __tablename__ = "reports"

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), index=True)
    title: Mapped[Texts] = mapped_column(TextsColumn)
    summary: Mapped[Texts | None] = mapped_column(TextsColumn, default=None)
    published_on: Mapped[date | None] = mapped_column(default=None)

    programme: Mapped[Programme] = relationship()
    recommendations: Mapped[list[Recommendation]] = relationship(
        back_populates="report", order_by="Recommendation.number"
    )


class ReportVisit(Model):
    """A visit that a report rests on: an approved one, which the reference to its state makes sure of."""

    __tablename__ = "report_visits"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["visit_id", "visit_state"], ["visits.id", "visits.state"], name="fk_report_visits_visits"
        ),
        sa.CheckConstraint("visit_state = 'approved'", "visit_approved"),
    )

    report_id: Mapped[int] = mapped_column(sa.ForeignKey("reports.id"), primary_key=True)
    visit_id: Mapped[int] = mapped_column(primary_key=True, index=True, autoincrement=False)
    visit_state: Mapped[VisitState] = mapped_column(sa.String(32), default=VisitState.APPROVED.value)


class RecommendationSource(Identified, Model):
    """Whose recommendations from outside these are: a body and its cycle, such as the third cycle of the UPR."""

    __tablename__ = "recommendation_sources"
    __table_args__ = (sa.UniqueConstraint("programme_id", "body", "cycle"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    body: Mapped[str] = mapped_column(sa.String(100))
    cycle: Mapped[str] = mapped_column(sa.String(100))
    issued_on: Mapped[date]

    programme: Mapped[Programme] = relationship()

    @property
    def title(self) -> str:
        return f"{self.body}, {self.cycle}"


class Recommendation(Identified, Model):
    """What a report of ours or a body from outside asks of whom, by what standard, until when."""

    __tablename__ = "recommendations"
    __table_args__ = (
        sa.UniqueConstraint("report_id", "number"),
        sa.UniqueConstraint("source_id", "number"),
        sa.UniqueConstraint("source_id", "reference"),
        sa.CheckConstraint("(report_id IS NULL) <> (source_id IS NULL)", "of_a_report_or_a_source"),
    )

    report_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reports.id"), default=None)
    source_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recommendation_sources.id"), default=None)
    number: Mapped[int]
    reference: Mapped[str | None] = mapped_column(sa.String(60), default=None)
    recommended_by: Mapped[str | None] = mapped_column(sa.String(200), default=None)
    addressee: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text)
    theme: Mapped[str] = mapped_column(sa.String(100))
    standard: Mapped[str | None] = mapped_column(sa.String(200), default=None)
    due_on: Mapped[date | None] = mapped_column(default=None)

    report: Mapped[Report | None] = relationship(back_populates="recommendations")
    source: Mapped[RecommendationSource | None] = relationship()
    responses: Mapped[list[Response]] = relationship(order_by="Response.on_day, Response.id")
    assessments: Mapped[list[Assessment]] = relationship(order_by="Assessment.on_day, Assessment.id")

    @property
    def programme(self) -> Programme:
        origin = self.report or self.source
        assert origin is not None
        return origin.programme

    @property
    def issued_on(self) -> date | None:
        """Since when it is asked; None while its report is a draft."""
        return self.report.published_on if self.report else self.source.issued_on if self.source else None

    @property
    def label(self) -> str:
        """What it is called in lists: the number its source gave it, else ours."""
        return self.reference or str(self.number)

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
    evidence: Mapped[str | None] = mapped_column(sa.String(200), default=None)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    noted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=clock.now)

    user: Mapped[User | None] = relationship()


class Assessment(Identified, Model):
    """What was done about a recommendation, as judged on a day by somebody. Only added to."""

    __tablename__ = "assessments"

    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendations.id"), index=True)
    implementation: Mapped[Implementation] = mapped_column(one_of(Implementation))
    voice: Mapped[Voice] = mapped_column(one_of(Voice))
    on_day: Mapped[date]
    note: Mapped[str | None] = mapped_column(sa.String(500), default=None)
    evidence: Mapped[str | None] = mapped_column(sa.String(200), default=None)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    noted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=clock.now)

    user: Mapped[User | None] = relationship()


PUBLISHED = "EXISTS (SELECT 1 FROM reports WHERE reports.id = {}.report_id AND reports.published_on IS NOT NULL)"
append_only(Response.__table__)
append_only(Assessment.__table__)
# The notes are left out: they are forgotten some day, the judgements stay.
never_again(
    Visit.__table__,
    "police_unit_id, visited_on, state, announcement, organisation_id, monitor_count, findings, user_id, recorded_at, "
    "handed_in_at, approved_at, approved_on, approved_by_id, is_complete",
    "OLD.approved_at IS NOT NULL",
)
never_again(Report.__table__, "programme_id, title, summary, published_on", "OLD.published_on IS NOT NULL")
never_again(
    Recommendation.__table__,
    "report_id, source_id, number, reference, recommended_by, addressee, text, theme, standard, due_on",
    PUBLISHED.format("OLD"),
)
never_joined(Recommendation.__table__, PUBLISHED)
never_joined(ReportVisit.__table__, PUBLISHED)
