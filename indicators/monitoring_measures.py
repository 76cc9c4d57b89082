"""How the monitoring register is counted: one function per metric, pure queries."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from core.db import db
from indicators.metrics import metric
from indicators.models import Accumulation
from indicators.series import AsOf, Fact, Series, Share, Tally, Value
from monitoring.models import (
    Assessment,
    Implementation,
    PoliceUnit,
    Recommendation,
    RecommendationSource,
    Report,
    Response,
    Visit,
    Voice,
)
from monitoring.searching import OUTSIDE, OWN
from monitoring.visits import APPROVED_WITHIN
from trainings.models import Programme

RESULTS = (Implementation.IMPLEMENTED, Implementation.PARTIALLY)
NO_JUDGEMENT = (Implementation.NO_INFORMATION, Implementation.NOT_APPLICABLE)


@metric("units.observed", Accumulation.DISTINCT)
def units_observed(programme: Programme) -> Series:
    """Police units, each once, with an approved visit, dated by the first."""
    query = visits_of(programme, sa.func.min(Visit.visited_on)).where(Visit.approved_at.is_not(None))
    return Tally([Fact(on) for on in db.session.scalars(query.group_by(Visit.police_unit_id))])


@metric("visits.on_time", Accumulation.RATIO)
def visits_approved_on_time(programme: Programme) -> Series:
    """Visits whose protocol was approved within 14 days, of those approved or older than that."""
    visits = db.session.execute(visits_of(programme, Visit.visited_on, Visit.approved_on)).all()

    def look(until: date) -> Value:
        due = [
            (seen, approved)
            for seen, approved in visits
            if seen <= until and (seen + APPROVED_WITHIN < until or (approved and approved <= until))
        ]
        in_time = [1 for seen, approved in due if approved and approved <= min(seen + APPROVED_WITHIN, until)]
        return Share([Fact(until, len(in_time), len(due))], speaks_of_people=False).at(until)

    return AsOf(look)


@metric("orgs.observing", Accumulation.DISTINCT)
def organisations_observing(programme: Programme) -> Series:
    """Organisations, each once, with an approved visit that meets the method's criteria, dated by the first."""
    query = visits_of(programme, sa.func.min(Visit.visited_on)).where(Visit.approved_at.is_not(None), Visit.is_complete)
    return Tally([Fact(on) for on in db.session.scalars(query.group_by(Visit.organisation_id))])


@metric("reports.published", Accumulation.SUM)
def reports_published(programme: Programme) -> Series:
    """Monitoring reports published."""
    query = sa.select(Report.published_on).where(Report.programme_id == programme.id, Report.published_on.is_not(None))
    return Tally([Fact(on) for on in db.session.scalars(query) if on])


@metric("recs.issued", Accumulation.SUM)
def recommendations_issued(programme: Programme, source: str = OWN) -> Series:
    """Recommendations in published reports, dated by their publication.

    `source` for this and the next two: "own" (the programme's reports), "outside" (lists taken in, such as those of
    the UPR), or the body of such a list. What comes from outside is never added to the programme's own.
    """
    day = issued_on(source)
    rows = db.session.execute(recommendations_of(programme, source, day, sa.func.count()).group_by(day))
    return Tally([Fact(on, n) for on, n in rows])


@metric("recs.response", Accumulation.RATIO)
def recommendations_answered(programme: Programme, source: str = OWN) -> Series:
    """Issued recommendations that got a written response, of all issued."""
    issued = [Fact(on, 0, 1) for on in db.session.scalars(recommendations_of(programme, source, issued_on(source)))]
    first = sa.func.min(Response.on_day)
    answered = (
        recommendations_of(programme, source, first)
        .join(Response, Response.recommendation_id == Recommendation.id)
        .where(Response.is_written)
        .group_by(Recommendation.id)
    )
    return Share([*issued, *(Fact(on, 1, 0) for on in db.session.scalars(answered))], speaks_of_people=False)


@metric("recs.implemented", Accumulation.RATIO)
def recommendations_implemented(programme: Programme, voice: str = "own", source: str = OWN) -> Series:
    """Recommendations implemented or partially, of those assessed, by the latest assessment of one voice.

    How many were not assessed always stands beside it.
    """
    issued = list(db.session.execute(recommendations_of(programme, source, Recommendation.id, issued_on(source))))
    judged = list(
        db.session.execute(
            recommendations_of(programme, source, Recommendation.id, Assessment.on_day, Assessment.implementation)
            .join(Assessment, Assessment.recommendation_id == Recommendation.id)
            .where(Assessment.voice == Voice(voice))
            .order_by(Assessment.on_day, Assessment.id)
        )
    )

    def look(until: date) -> Value:
        latest = {row: how for row, on, how in judged if on <= until and how not in NO_JUDGEMENT}
        done = sum(how in RESULTS for how in latest.values())
        out = sum(on <= until for _row, on in issued)
        value = Share([Fact(until, done, len(latest))], speaks_of_people=False).at(until)
        return Value(value.number, done, len(latest), beside={"not_assessed": out - len(latest), "issued": out})

    return AsOf(look)


def visits_of(programme: Programme, *columns: Any) -> sa.Select[*tuple[Any, ...]]:
    query = sa.select(*columns).select_from(Visit).join(PoliceUnit, PoliceUnit.id == Visit.police_unit_id)
    return query.where(PoliceUnit.programme_id == programme.id)


def issued_on(source: str) -> Any:
    return Report.published_on if source == OWN else RecommendationSource.issued_on


def recommendations_of(programme: Programme, source: str, *columns: Any) -> sa.Select[*tuple[Any, ...]]:
    query = sa.select(*columns).select_from(Recommendation)
    if source == OWN:
        query = query.join(Report, Report.id == Recommendation.report_id)
        return query.where(Report.programme_id == programme.id, Report.published_on.is_not(None))
    outside = RecommendationSource
    query = query.join(outside, outside.id == Recommendation.source_id).where(outside.programme_id == programme.id)
    return query if source == OUTSIDE else query.where(outside.body == source)
