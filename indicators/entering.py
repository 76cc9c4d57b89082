"""Values nobody can count from the register, entered with their evidence."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core.db import db
from core.errors import Refused
from core.i18n import Texts
from indicators.models import Indicator, Measure
from indicators.record_models import Absence, EnteredValue
from trainings.models import Programme


class Computed(Refused):
    code = "computed"
    sentence = _l("This indicator is computed from the register. Change what it counts, not the number.")


class WrongShape(Refused):
    code = "wrong_shape"
    sentence = _l("This indicator takes either a number or a text, as it was defined.")


class InTheFuture(Refused):
    code = "in_the_future"
    sentence = _l("This day is in the future.")


def enter(
    programme: Programme,
    indicator: Indicator,
    on_day: date,
    *,
    value: float | None,
    text: Texts | None,
    evidence: str,
    by: User | None,
    absence: Absence | None = None,
) -> EnteredValue:
    """Enter a number, a text, or that there is none, for a day, with where it comes from.

    Refuses Computed, WrongShape, InTheFuture.
    """
    if not indicator.is_entered:
        raise Computed
    if on_day > programme.today():
        raise InTheFuture
    wants_text = indicator.measure == Measure.QUALITATIVE
    wanted, unwanted = (text, value) if wants_text else (value, text)
    if unwanted is not None or (wanted is None) == (absence is None):
        raise WrongShape
    row = EnteredValue(
        indicator_id=indicator.id,
        on_day=on_day,
        value=value,
        text=text,
        absence=absence,
        evidence=evidence,
        user_id=by.id if by else None,
    )
    db.session.add(row)
    db.session.flush()
    return row


def of_indicator(indicator: Indicator) -> list[EnteredValue]:
    """What was entered, the newest day first."""
    query = sa.select(EnteredValue).where(EnteredValue.indicator_id == indicator.id)
    return list(db.session.scalars(query.order_by(EnteredValue.on_day.desc(), EnteredValue.id.desc())))
