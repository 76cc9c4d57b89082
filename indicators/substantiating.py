"""What people add to a computed value: adjustments with a reason, and narratives. All of it stays."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core.db import db
from core.errors import Refused
from core.i18n import Texts
from indicators.models import Indicator, Period, ValueSource
from indicators.record_models import Adjustment, Narrative
from trainings.models import Programme


class NotAdjusted(Refused):
    code = "not_adjusted"
    sentence = _l(
        "The source of this indicator does not allow adjustments. Its definition says where values come from."
    )


class NothingAdjusted(Refused):
    code = "nothing_adjusted"
    sentence = _l("An adjustment of nothing changes nothing.")


class DayToCome(Refused):
    code = "day_to_come"
    sentence = _l("This day is in the future.")


class NothingSaid(Refused):
    code = "nothing_said"
    sentence = _l("This is what stands there already.")


def adjust(
    programme: Programme, indicator: Indicator, on_day: date, delta: int, reason: str, evidence: str, by: User | None
) -> Adjustment:
    """Add to what is computed, from a day on. Refuses NotAdjusted, NothingAdjusted and DayToCome."""
    if indicator.value_source != ValueSource.ADJUSTED:
        raise NotAdjusted
    if not delta:
        raise NothingAdjusted
    refuse_future(programme, on_day)
    adjustment = Adjustment(
        indicator_id=indicator.id,
        on_day=on_day,
        delta=delta,
        reason=reason,
        evidence=evidence,
        user_id=by.id if by else None,
    )
    db.session.add(adjustment)
    db.session.flush()
    return adjustment


def adjustments_of(indicator: Indicator) -> list[Adjustment]:
    query = sa.select(Adjustment).where(Adjustment.indicator_id == indicator.id)
    return list(db.session.scalars(query.order_by(Adjustment.on_day.desc(), Adjustment.id.desc())))


def narrate(indicator: Indicator, period: Period, text: Texts, by: User | None) -> Narrative:
    """Say in words what stands behind the figure of a period; what was said before stays. Refuses NothingSaid."""
    said = next((row for row in narratives_of(indicator) if row.period_id == period.id), None)
    if said is not None and said.text == text:
        raise NothingSaid
    narrative = Narrative(indicator_id=indicator.id, period_id=period.id, text=text, user_id=by.id if by else None)
    db.session.add(narrative)
    db.session.flush()
    return narrative


def narratives_of(indicator: Indicator) -> list[Narrative]:
    """Everything that was said, the newest first."""
    query = sa.select(Narrative).where(Narrative.indicator_id == indicator.id)
    return list(db.session.scalars(query.order_by(Narrative.id.desc())))


def refuse_future(programme: Programme, on_day: date) -> None:
    if on_day > programme.today():
        raise DayToCome
