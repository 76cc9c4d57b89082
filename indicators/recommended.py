"""Recommendations as they are published: what is asked, answered and done, as of a day; from outside kept apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, selectinload

from core.db import db
from core.i18n import Texts
from indicators.publication_heads import OutsideHead, RecommendationHead, ViewHead
from monitoring import recommendations
from monitoring.models import Implementation, Recommendation, RecommendationSource, Report
from monitoring.recommendations import Standing
from trainings.models import Programme

FURTHEST_FIRST = (
    Implementation.IMPLEMENTED,
    Implementation.PARTIALLY,
    Implementation.IN_PROGRESS,
    Implementation.NOT_IMPLEMENTED,
    Implementation.CONTRARY,
    Implementation.NOT_APPLICABLE,
    Implementation.NO_INFORMATION,
)


def of_programme(programme: Programme, until: date) -> list[RecommendationHead]:
    """Those of the reports that were published by a day, the earliest report first."""
    query = (
        sa.select(Recommendation)
        .join(Recommendation.report)
        .options(
            contains_eager(Recommendation.report),
            selectinload(Recommendation.responses),
            selectinload(Recommendation.assessments),
        )
        .where(Report.programme_id == programme.id, Report.published_on <= until)
        .order_by(Report.published_on, Report.id, Recommendation.number)
    )
    return [_head(recommendations.standing(found, until)) for found in db.session.scalars(query)]


def from_outside(programme: Programme, until: date) -> list[OutsideHead]:
    """What bodies from outside recommended by a day, cycle by cycle, the earliest first."""
    query = (
        sa.select(Recommendation)
        .join(Recommendation.source)
        .options(
            contains_eager(Recommendation.source),
            selectinload(Recommendation.responses),
            selectinload(Recommendation.assessments),
        )
        .where(RecommendationSource.programme_id == programme.id, RecommendationSource.issued_on <= until)
        .order_by(RecommendationSource.issued_on, RecommendationSource.id, Recommendation.number)
    )
    found: list[OutsideHead] = []
    for source, asked in groupby(db.session.scalars(query), key=lambda asked: asked.source):
        assert source is not None
        heads = [_head(recommendations.standing(one, until)) for one in asked]
        found.append(OutsideHead(source.body, source.cycle, source.issued_on, heads))
    return found


def by_report(found: Sequence[RecommendationHead]) -> list[tuple[Texts, list[RecommendationHead]]]:
    """The title of every report with what it recommends, in their order."""
    return [(title, list(asked)) for title, asked in groupby(found, key=lambda asked: asked.report)]


def counted(found: Sequence[RecommendationHead]) -> dict[Implementation | None, int]:
    """How many stand where, the furthest first; None are those not assessed, and always there."""
    order = (*FURTHEST_FIRST, None)
    standing = Counter(asked.implementation for asked in found)
    return {where: standing[where] for where in order if standing[where] or where is None}


def _head(stands: Standing) -> RecommendationHead:
    asked, response = stands.recommendation, stands.response
    assert asked.issued_on is not None
    return RecommendationHead(
        uid=asked.uid,
        report=asked.report.title if asked.report else Texts(),
        issued_on=asked.issued_on,
        number=asked.number,
        addressee=asked.addressee,
        text=asked.text,
        theme=asked.theme,
        standard=asked.standard,
        due_on=asked.due_on,
        response=response.kind if response else None,
        responded_on=response.on_day if response else None,
        views=[ViewHead(voice, found.implementation, found.on_day) for voice, found in stands.latest.items()],
        implementation=stands.implementation,
        differs=stands.differs,
        reference=asked.reference,
        recommended_by=asked.recommended_by,
    )
