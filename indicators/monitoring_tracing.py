"""How counts of the monitoring register are traced to what was counted and what was not."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from core.db import db
from indicators.monitoring_measures import NO_JUDGEMENT, RESULTS, issued_on, recommendations_of, visits_of
from indicators.tracing import Reason, Row, Trace, count, sorted_out, traces
from monitoring.models import Assessment, Implementation, PoliceUnit, Recommendation, Report, Response, Visit, Voice
from monitoring.searching import OWN
from monitoring.visits import APPROVED_WITHIN
from trainings.models import Programme


@traces("units.observed", "orgs.observing", "visits.on_time")
def visits(programme: Programme, until: date, metric: str) -> Trace:
    """Visits until the day, in their order: the first one of a unit or an organisation counts."""
    columns = (
        Visit.id, Visit.uid, Visit.visited_on, Visit.approved_at, Visit.approved_on, Visit.is_complete,
        Visit.police_unit_id, Visit.organisation_id, PoliceUnit.alias,
    )  # fmt: skip
    query = visits_of(programme, *columns).where(Visit.visited_on <= until)
    seen: set[int] = set()

    def judge(visit: Any) -> Reason | None:
        if metric == "visits.on_time":
            return None if _is_due(visit, until) else Reason.NOT_DUE
        if visit.approved_at is None:
            return Reason.NOT_APPROVED
        if metric == "orgs.observing" and not visit.is_complete:
            return Reason.NOT_COMPLETE
        what = visit.police_unit_id if metric == "units.observed" else visit.organisation_id
        if what in seen:
            return Reason.AGAIN
        seen.add(what)
        return None

    def as_row(visit: Any) -> Row:
        if metric != "visits.on_time":
            return Row("visits", visit.uid, visit.alias, visit.visited_on)
        in_time = visit.approved_on is not None and visit.approved_on <= min(visit.visited_on + APPROVED_WITHIN, until)
        return Row("visits", visit.uid, visit.alias, visit.visited_on, int(in_time), 1)

    found = db.session.execute(query.order_by(Visit.visited_on, Visit.id)).all()
    return sorted_out(found, judge, as_row, candidates_counted=count(query))


@traces("reports.published")
def reports(programme: Programme, until: date, _metric: str) -> Trace:
    """Reports, those of which nothing is out yet too."""
    query = sa.select(Report).where(Report.programme_id == programme.id)

    def judge(report: Report) -> Reason | None:
        is_out = report.published_on is not None and report.published_on <= until
        return None if is_out else Reason.NOT_PUBLISHED

    def as_row(report: Report) -> Row:
        return Row("reports", report.uid, report.title, report.published_on)

    found = db.session.scalars(query.order_by(Report.id)).all()
    return sorted_out(found, judge, as_row, candidates_counted=count(query))


@traces("recs.issued", "recs.response")
def recommendations(programme: Programme, until: date, metric: str, source: str = OWN) -> Trace:
    """Recommendations that are out; of those asked for a response, whether one came in writing."""
    query = recommendations_of(programme, source, *_named(source)).where(issued_on(source) <= until)
    answered = set(
        db.session.scalars(
            recommendations_of(programme, source, Recommendation.id)
            .join(Response, Response.recommendation_id == Recommendation.id)
            .where(Response.is_written, Response.on_day <= until)
        )
    )

    def as_row(found: Any) -> Row:
        if metric == "recs.issued":
            return Row("recommendations", found.uid, found.text, found.issued_on)
        return Row("recommendations", found.uid, found.text, found.issued_on, int(found.id in answered), 1)

    found = db.session.execute(query.order_by(issued_on(source), Recommendation.id)).all()
    return sorted_out(found, lambda _found: None, as_row, candidates_counted=count(query))


@traces("recs.implemented")
def implemented(programme: Programme, until: date, _metric: str, voice: str = "own", source: str = OWN) -> Trace:
    """Recommendations that are out: the assessed ones, by the latest assessment of one voice."""
    query = recommendations_of(programme, source, *_named(source)).where(issued_on(source) <= until)
    judged = db.session.execute(
        recommendations_of(programme, source, Recommendation.id, Assessment.implementation)
        .join(Assessment, Assessment.recommendation_id == Recommendation.id)
        .where(Assessment.voice == Voice(voice), Assessment.on_day <= until)
        .order_by(Assessment.on_day, Assessment.id)
    )
    latest: dict[int, Implementation] = {row: how for row, how in judged if how not in NO_JUDGEMENT}

    def as_row(found: Any) -> Row:
        return Row("recommendations", found.uid, found.text, found.issued_on, int(latest[found.id] in RESULTS), 1)

    def judge(found: Any) -> Reason | None:
        return None if found.id in latest else Reason.NOT_ASSESSED

    found = db.session.execute(query.order_by(issued_on(source), Recommendation.id)).all()
    return sorted_out(found, judge, as_row, candidates_counted=count(query))


def _named(source: str) -> tuple[Any, ...]:
    return (Recommendation.id, Recommendation.uid, Recommendation.text, issued_on(source).label("issued_on"))


def _is_due(visit: Any, until: date) -> bool:
    is_approved = visit.approved_on is not None and visit.approved_on <= until
    return bool(visit.visited_on + APPROVED_WITHIN < until or is_approved)
