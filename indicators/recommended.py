"""The programme's own recommendations as they are published: what is asked, answered and done, as of a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, selectinload

from core.db import db
from core.i18n import Texts
from indicators.publication import RecommendationHead, ViewHead
from monitoring import recommendations
from monitoring.models import Implementation, Recommendation, Report
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
    assert asked.report is not None
    assert asked.issued_on is not None
    return RecommendationHead(
        uid=asked.uid,
        report=asked.report.title,
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
    )
