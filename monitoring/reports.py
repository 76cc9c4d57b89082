"""Monitoring reports, their recommendations, and what became of them."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from accounts.models import User
from core.db import db
from core.errors import Refused
from core.i18n import Texts
from monitoring.models import (
    Assessment,
    Implementation,
    Recommendation,
    Report,
    Response,
    ResponseKind,
    Voice,
)
from trainings.models import Programme


class AlreadyPublished(Refused):
    code = "already_published"
    sentence = _l("This report is published; its recommendations stay as they are.")


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


def begin(programme: Programme, title: Texts) -> Report:
    """A new report, not published yet."""
    report = Report(programme_id=programme.id, title=title)
    db.session.add(report)
    db.session.flush()
    return report


def recommend(
    report: Report,
    addressee: str,
    text: str,
    *,
    theme: str,
    standard: str = "",
    due_on: date | None = None,
) -> Recommendation:
    """Add a recommendation to a report that is not published. Refuses AlreadyPublished."""
    if report.published_on is not None:
        raise AlreadyPublished
    recommendation = Recommendation(
        number=len(report.recommendations) + 1,
        addressee=addressee,
        text=text,
        theme=theme,
        standard=standard or None,
        due_on=due_on,
    )
    report.recommendations.append(recommendation)
    db.session.flush()
    return recommendation


def publish(report: Report, on_day: date) -> None:
    """Publish a report. Refuses AlreadyPublished, NothingToPublish and InTheFuture."""
    if report.published_on is not None:
        raise AlreadyPublished
    if not report.recommendations:
        raise NothingToPublish
    _refuse_future(report.programme, on_day)
    report.published_on = on_day
    db.session.flush()


def note_response(
    recommendation: Recommendation, kind: ResponseKind, on_day: date, *, is_written: bool, note: str, by: User | None
) -> None:
    """Note what the addressee answered. Refuses InTheFuture."""
    _refuse_future(recommendation.report.programme, on_day)
    recommendation.responses.append(
        Response(kind=kind, on_day=on_day, is_written=is_written, note=note or None, user_id=by.id if by else None)
    )
    db.session.flush()


def assess(
    recommendation: Recommendation,
    implementation: Implementation,
    voice: Voice,
    on_day: date,
    *,
    note: str = "",
    by: User | None,
) -> None:
    """Note how far a recommendation is implemented, in whose view. Refuses InTheFuture."""
    _refuse_future(recommendation.report.programme, on_day)
    recommendation.assessments.append(
        Assessment(
            implementation=implementation, voice=voice, on_day=on_day, note=note or None, user_id=by.id if by else None
        )
    )
    db.session.flush()


def _refuse_future(programme: Programme, on_day: date) -> None:
    if on_day > programme.today():
        raise InTheFuture
