"""What became of recommendations: the addressee's response and how far they are implemented, as of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from accounts.models import User
from core.db import db
from core.errors import Refused
from monitoring import reports
from monitoring.models import (
    Assessment,
    Implementation,
    Recommendation,
    RecommendationSource,
    Report,
    Response,
    ResponseKind,
    Voice,
)
from trainings.models import Programme

SETTLED = (Implementation.IMPLEMENTED, Implementation.NOT_APPLICABLE)
CIVIL_SOCIETY = (Voice.OWN, Voice.OTHER_CSO)


class NotIssued(Refused):
    code = "not_issued"
    sentence = _l("This recommendation is in a draft. Publish the report first; then what became of it can be noted.")


class BeforeIssue(Refused):
    code = "before_issue"
    sentence = _l("This day is before the recommendation was issued.")


@dataclass(frozen=True)
class Standing:
    """How a recommendation stands on a day: the latest on each axis, for each voice."""

    recommendation: Recommendation
    on_day: date
    response: Response | None
    latest: dict[Voice, Assessment]

    @property
    def civil_society(self) -> Assessment | None:
        """The latest view of civil society, ours or that of others."""
        return _newest([self.latest.get(voice) for voice in CIVIL_SOCIETY])

    @property
    def differs(self) -> bool:
        """Whether the authority and civil society see it differently."""
        authority, others = self.latest.get(Voice.AUTHORITY), self.civil_society
        return bool(authority and others and authority.implementation != others.implementation)

    @property
    def implementation(self) -> Implementation | None:
        """In civil society's view, else in that of a UN body; None while neither has assessed it."""
        found = self.civil_society or self.latest.get(Voice.UN_BODY)
        return found.implementation if found else None

    @property
    def is_overdue(self) -> bool:
        due_on = self.recommendation.due_on
        return due_on is not None and due_on < self.on_day and self.implementation not in SETTLED


def standing(recommendation: Recommendation, on_day: date) -> Standing:
    """How a recommendation stands on a day."""
    responses = [response for response in recommendation.responses if response.on_day <= on_day]
    # In order of day and writing: the last of each voice stays.
    latest = {a.voice: a for a in recommendation.assessments if a.on_day <= on_day}
    return Standing(recommendation, on_day, responses[-1] if responses else None, latest)


def issued(programme: Programme, on_day: date) -> list[Standing]:
    """Every recommendation that was issued by a day, ours and those from outside, as it stands on it."""
    query = (
        sa.select(Recommendation)
        .outerjoin(Report, Report.id == Recommendation.report_id)
        .outerjoin(RecommendationSource, RecommendationSource.id == Recommendation.source_id)
        .where(sa.func.coalesce(Report.programme_id, RecommendationSource.programme_id) == programme.id)
        .where(sa.func.coalesce(Report.published_on, RecommendationSource.issued_on) <= on_day)
        .options(
            selectinload(Recommendation.responses),
            selectinload(Recommendation.assessments),
            selectinload(Recommendation.report),
            selectinload(Recommendation.source),
        )
        .order_by(RecommendationSource.id.nulls_first(), Report.published_on, Report.id, Recommendation.number)
    )
    return [standing(recommendation, on_day) for recommendation in db.session.scalars(query)]


def sources(programme: Programme) -> list[RecommendationSource]:
    """The sources from outside, the newest first."""
    query = sa.select(RecommendationSource).where(RecommendationSource.programme_id == programme.id)
    return list(db.session.scalars(query.order_by(RecommendationSource.issued_on.desc(), RecommendationSource.id)))


@dataclass(frozen=True)
class Balance:
    """Of some recommendations: how many stand at each implementation; in progress and partially are never one."""

    received: int
    counts: dict[Implementation, int]

    @property
    def not_assessed(self) -> int:
        return self.received - sum(self.counts.values())


def balance(standings: Sequence[Standing]) -> Balance:
    """How far some recommendations are implemented together; the parts and what is not assessed add up to all."""
    found = [row.implementation for row in standings]
    return Balance(len(standings), {how: found.count(how) for how in Implementation})


def note_response(
    recommendation: Recommendation,
    kind: ResponseKind,
    on_day: date,
    *,
    is_written: bool,
    note: str,
    evidence: str = "",
    by: User | None,
) -> Response:
    """Note what the addressee answered. Refuses NotIssued, BeforeIssue and InTheFuture."""
    _refuse_untimely(recommendation, on_day)
    response = Response(
        kind=kind,
        on_day=on_day,
        is_written=is_written,
        note=note or None,
        evidence=evidence or None,
        user_id=by.id if by else None,
    )
    recommendation.responses.append(response)
    db.session.flush()
    return response


def assess(
    recommendation: Recommendation,
    implementation: Implementation,
    voice: Voice,
    on_day: date,
    *,
    note: str = "",
    evidence: str = "",
    by: User | None,
) -> Assessment:
    """Note how far it is implemented, in whose view. Refuses NotIssued, BeforeIssue and InTheFuture."""
    _refuse_untimely(recommendation, on_day)
    assessment = Assessment(
        implementation=implementation,
        voice=voice,
        on_day=on_day,
        note=note or None,
        evidence=evidence or None,
        user_id=by.id if by else None,
    )
    recommendation.assessments.append(assessment)
    db.session.flush()
    return assessment


def _refuse_untimely(recommendation: Recommendation, on_day: date) -> None:
    if recommendation.issued_on is None:
        raise NotIssued
    if on_day < recommendation.issued_on:
        raise BeforeIssue
    reports.refuse_future(recommendation.programme, on_day)


def _newest(assessments: Sequence[Assessment | None]) -> Assessment | None:
    made = [assessment for assessment in assessments if assessment is not None]
    return max(made, key=lambda a: (a.on_day, a.id), default=None)
