"""Monitoring reports: over approved visits, with recommendations, published once and for all."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from core.db import db
from core.errors import Refused
from core.i18n import Texts
from monitoring.models import PoliceUnit, Recommendation, Report, ReportVisit, Visit, VisitState
from trainings.models import Programme


class AlreadyPublished(Refused):
    code = "already_published"
    sentence = _l("This report is published; it stays as it is, with its recommendations.")


class NothingToPublish(Refused):
    code = "nothing_to_publish"
    sentence = _l("A report without recommendations asks nothing of anybody. Add one first.")


class InTheFuture(Refused):
    code = "in_the_future"
    sentence = _l("This day is in the future.")


def of_programme(programme: Programme) -> list[Report]:
    """The reports of a programme with their recommendations, the newest first."""
    query = (
        sa.select(Report)
        .where(Report.programme_id == programme.id)
        .options(
            selectinload(Report.recommendations).selectinload(Recommendation.responses),
            selectinload(Report.recommendations).selectinload(Recommendation.assessments),
        )
    )
    return list(db.session.scalars(query.order_by(Report.id.desc())))


def begin(programme: Programme, title: Texts, summary: Texts | None = None) -> Report:
    """A new report, not published yet."""
    report = Report(programme_id=programme.id, title=title, summary=summary or None)
    db.session.add(report)
    db.session.flush()
    return report


def revise(report: Report, title: Texts, summary: Texts) -> None:
    """Change title and summary. Refuses AlreadyPublished."""
    refuse_published(report)
    report.title, report.summary = title, summary or None
    db.session.flush()


def visits_of(report: Report) -> list[Visit]:
    """The visits a report rests on, by day."""
    query = sa.select(Visit).join(ReportVisit, ReportVisit.visit_id == Visit.id)
    return list(db.session.scalars(query.where(ReportVisit.report_id == report.id).order_by(*_BY_DAY)))


def approved(
    programme: Programme, region: str = "", since: date | None = None, until: date | None = None
) -> list[Visit]:
    """The approved visits that a report may rest on, of a region and a span of days, both ends included."""
    query = sa.select(Visit).join(Visit.police_unit).where(PoliceUnit.programme_id == programme.id)
    query = query.where(Visit.state == VisitState.APPROVED)
    if region:
        query = query.where(PoliceUnit.region == region)
    if since:
        query = query.where(Visit.visited_on >= since)
    if until:
        query = query.where(Visit.visited_on <= until)
    return list(db.session.scalars(query.order_by(*_BY_DAY)))


def rest_on(report: Report, visits: Collection[Visit]) -> None:
    """Let a report rest on these approved visits and on no others. Refuses AlreadyPublished."""
    refuse_published(report)
    db.session.execute(sa.delete(ReportVisit).where(ReportVisit.report_id == report.id))
    rows = {visit.id: ReportVisit(report_id=report.id, visit_id=visit.id) for visit in visits}
    db.session.add_all(rows.values())
    db.session.flush()


def recommend(
    report: Report, addressee: str, text: str, *, theme: str, standard: str = "", due_on: date | None = None
) -> Recommendation:
    """Add a recommendation to a report that is not published. Refuses AlreadyPublished."""
    refuse_published(report)
    recommendation = Recommendation(
        number=max((asked.number for asked in report.recommendations), default=0) + 1,
        addressee=addressee,
        text=text,
        theme=theme,
        standard=standard or None,
        due_on=due_on,
    )
    report.recommendations.append(recommendation)
    db.session.flush()
    return recommendation


def reword(
    recommendation: Recommendation, addressee: str, text: str, *, theme: str, standard: str, due_on: date | None
) -> None:
    """Change a recommendation of a report that is not published. Refuses AlreadyPublished."""
    refuse_published(recommendation.report)
    recommendation.addressee, recommendation.text, recommendation.theme = addressee, text, theme
    recommendation.standard, recommendation.due_on = standard or None, due_on
    db.session.flush()


def withdraw(recommendation: Recommendation) -> None:
    """Take a recommendation out of a report that is not published. Refuses AlreadyPublished."""
    refuse_published(recommendation.report)
    db.session.delete(recommendation)
    db.session.flush()


def publish(report: Report, on_day: date) -> None:
    """Publish a report. Refuses AlreadyPublished, NothingToPublish and InTheFuture."""
    refuse_published(report)
    if not report.recommendations:
        raise NothingToPublish
    refuse_future(report.programme, on_day)
    for number, recommendation in enumerate(report.recommendations, 1):
        recommendation.number = number  # without gaps where some were withdrawn
    db.session.flush()
    report.published_on = on_day
    db.session.flush()


def refuse_published(report: Report | None) -> None:
    """Refuses AlreadyPublished; what came from outside was published by others."""
    if report is None or report.published_on is not None:
        raise AlreadyPublished


def refuse_future(programme: Programme, on_day: date) -> None:
    if on_day > programme.today():
        raise InTheFuture


_BY_DAY = (Visit.visited_on, Visit.id)
