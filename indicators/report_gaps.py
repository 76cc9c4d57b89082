"""What is missing in the report itself: values, evidence, narratives, targets, and in the monitoring register."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from core.db import db
from indicators import dashboard
from indicators.gaps import Gap, called, check
from indicators.models import Indicator, Measure, Period, Result, Target
from indicators.record_models import EnteredValue, EvidenceFile, Narrative
from monitoring.models import PoliceUnit, Recommendation, Report, Response, Visit
from monitoring.visits import APPROVED_WITHIN
from trainings.models import Programme


@check("no_value", _l("Indicators without a value in this period"), "indicators.show_indicator", "indicator")
def values_missing(programme: Programme, period: Period) -> Iterator[Gap]:
    """What nobody can count is entered once a period."""
    for indicator in _indicators(programme, Indicator.metric.is_(None), ~_entered(period)):
        yield _of(indicator, period)


@check("no_evidence", _l("Entered values without a document"), "actuals.show_record", "indicator")
def evidence_missing(programme: Programme, period: Period) -> Iterator[Gap]:
    """A value that somebody typed rests on a document."""
    document = sa.exists().where(EvidenceFile.indicator_id == Indicator.id, EvidenceFile.removed_at.is_(None))
    for indicator in _indicators(programme, Indicator.metric.is_(None), _entered(period), ~document):
        yield _of(indicator, period)


@check("no_narrative", _l("Indicators without words for this period"), "actuals.show_record", "indicator")
def narratives_missing(programme: Programme, period: Period) -> Iterator[Gap]:
    """What the team says about an indicator in this period."""
    written = sa.exists().where(Narrative.indicator_id == Indicator.id, Narrative.period_id == period.id)
    for indicator in _indicators(programme, ~written):
        yield _of(indicator, period)


@check("no_target", _l("Indicators without a target"), "definitions.show_targets", "indicator")
def targets_missing(programme: Programme, _period: Period) -> Iterator[Gap]:
    """Without a target nothing can be said about how an indicator stands."""
    promised = sa.exists().where(Target.indicator_id == Indicator.id)
    for indicator in _indicators(programme, Indicator.measure != Measure.QUALITATIVE, ~promised):
        yield Gap(_named(indicator), indicator.uid, _responsible(indicator))


@check("not_explained", _l("Restated figures without a reason"), "periods.show_period", "period")
def restatements_unexplained(programme: Programme, _period: Period) -> Iterator[Gap]:
    """A locked figure that is another today; donors read both, and the reason if there is one."""
    uids = dict(db.session.execute(sa.select(Period.key, Period.uid).where(Period.programme_id == programme.id)).all())
    for line in dashboard.compute(programme).lines:
        for found in line.restatements:
            if not found.why:
                yield Gap(f"{found.period} · {line.indicator.code} {line.indicator.statement}", uids[found.period])


@check("not_approved", _l("Visits that are not approved"), "visits.show_visit", "visit")
def visits_not_approved(programme: Programme, period: Period) -> Iterator[Gap]:
    """A visit counts once its protocol is approved, which has to be within 14 days."""
    query = (
        sa.select(Visit)
        .join(PoliceUnit, PoliceUnit.id == Visit.police_unit_id)
        .where(PoliceUnit.programme_id == programme.id, Visit.approved_at.is_(None))
        .where(Visit.visited_on <= period.ends_on)
        .options(joinedload(Visit.user))
    )
    for visit in db.session.scalars(query):
        due = visit.visited_on + APPROVED_WITHIN
        yield Gap(visit.police_unit.alias, visit.uid, called([visit.user]), since=visit.visited_on, due=due)


@check("not_published", _l("Reports that are not published"), "monitoring_reports.show_report", "report")
def reports_not_published(programme: Programme, period: Period) -> Iterator[Gap]:
    """A monitoring report and its recommendations count once it is published."""
    query = sa.select(Report).where(Report.programme_id == programme.id, Report.published_on.is_(None))
    for report in db.session.scalars(query):
        yield Gap(report.title, report.uid, due=period.ends_on)


@check(
    "no_response",
    _l("Recommendations overdue without a response"),
    "recommendations.show_recommendation",
    "recommendation",
)
def responses_overdue(programme: Programme, _period: Period) -> Iterator[Gap]:
    """The day that a published report gave an addressee is over, and nothing came."""
    answered = sa.exists().where(Response.recommendation_id == Recommendation.id)
    query = (
        sa.select(Recommendation)
        .join(Recommendation.report)
        .where(Report.programme_id == programme.id, Report.published_on.is_not(None))
        .where(Recommendation.due_on < programme.today(), ~answered)
    )
    for recommendation in db.session.scalars(query):
        what = f"{recommendation.addressee}: {recommendation.text}"
        yield Gap(what, recommendation.uid, due=recommendation.due_on)


def _indicators(programme: Programme, *conditions: Any) -> list[Indicator]:
    query = sa.select(Indicator).join(Result).where(Result.programme_id == programme.id, Indicator.retired_at.is_(None))
    return list(db.session.scalars(query.where(*conditions).order_by(Result.position, Indicator.position)))


def _entered(period: Period) -> sa.ColumnElement[bool]:
    within = EnteredValue.on_day.between(period.starts_on, period.ends_on)
    return sa.exists().where(EnteredValue.indicator_id == Indicator.id, within)


def _of(indicator: Indicator, period: Period) -> Gap:
    return Gap(_named(indicator), indicator.uid, _responsible(indicator), due=period.ends_on)


def _responsible(indicator: Indicator) -> list[str]:
    return [str(indicator.responsible)] if indicator.responsible else []


def _named(indicator: Indicator) -> str:
    return f"{indicator.code} {indicator.statement}"
