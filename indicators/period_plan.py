"""Which reporting periods a programme has: half-years unless people say otherwise, one after the other."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core.db import db
from core.errors import Refused
from indicators import periods
from indicators.models import Period, Target
from indicators.period_models import PeriodStep
from indicators.publication import LIFE_OF_PROGRAMME
from indicators.record_models import Narrative
from trainings.models import Programme

HALF_YEAR = 6
SHORTEST = timedelta(days=45)  # what is left at the end of a programme is no period of its own below this


class KeyTaken(Refused):
    code = "period_key_taken"
    sentence = _l("A period of this name is there already.")


class Overlaps(Refused):
    code = "period_overlaps"
    sentence = _l("These days belong to %(period)s already. Periods follow each other.")


class OutsideProgramme(Refused):
    code = "period_outside"
    sentence = _l("A period lies within the days of the programme.")


class PeriodsThere(Refused):
    code = "periods_there"
    sentence = _l("This programme has periods already.")


class PeriodInUse(Refused):
    code = "period_in_use"
    sentence = _l(
        "Targets, explanations or a report belong to this period. Only a period without them can be taken out."
    )


def lay_out(programme: Programme) -> list[Period]:
    """Half-years from the first day of a programme to the last, named by the month they end with: M6, M12.

    What is left at the end makes a shorter one, or lengthens the last. Refuses PeriodsThere.
    """
    _take_turns(programme)
    if periods.of_programme(programme):
        raise PeriodsThere
    made, months, starts_on = [], 0, programme.starts_on
    while starts_on <= programme.ends_on:
        months += HALF_YEAR
        ends_on = _months_after(programme.starts_on, months) - timedelta(days=1)
        if ends_on + SHORTEST > programme.ends_on:
            months -= HALF_YEAR - _months_between(starts_on, programme.ends_on)
            ends_on = programme.ends_on
        made.append(Period(programme_id=programme.id, key=f"M{months}", starts_on=starts_on, ends_on=ends_on))
        starts_on = ends_on + timedelta(days=1)
    db.session.add_all(made)
    db.session.flush()
    return made


def add(programme: Programme, key: str, starts_on: date, ends_on: date) -> Period:
    """One more period. Refuses KeyTaken, OutsideProgramme and Overlaps."""
    _take_turns(programme)
    if starts_on < programme.starts_on or ends_on > programme.ends_on:
        raise OutsideProgramme
    for other in periods.of_programme(programme):
        if key in (other.key, LIFE_OF_PROGRAMME):
            raise KeyTaken
        if starts_on <= other.ends_on and other.starts_on <= ends_on:
            raise Overlaps(period=other.key)
    period = Period(programme_id=programme.id, key=key, starts_on=starts_on, ends_on=ends_on)
    db.session.add(period)
    db.session.flush()
    return period


def first_free_day(programme: Programme) -> date | None:
    """The first day of a programme that belongs to no period; None where each does."""
    free = programme.starts_on
    for period in periods.of_programme(programme):
        if period.starts_on <= free <= period.ends_on:
            free = period.ends_on + timedelta(days=1)
    return free if free <= programme.ends_on else None


def is_bare(period: Period) -> bool:
    """Whether nothing was promised, said or done for a period."""
    return not any(
        db.session.scalar(sa.select(sa.exists().where(kind.period_id == period.id)))
        for kind in (Target, Narrative, PeriodStep)
    )


def take_out(period: Period) -> None:
    """Delete a period. Refuses PeriodInUse."""
    if not is_bare(period):
        raise PeriodInUse
    db.session.delete(period)
    db.session.flush()


def _take_turns(programme: Programme) -> None:
    """Two who add periods at once do it one after the other."""
    db.session.execute(sa.select(Programme.id).where(Programme.id == programme.id).with_for_update())


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _months_between(starts_on: date, ends_on: date) -> int:
    """Months from one day to the end of another, as near as whole months come."""
    return max(round((ends_on - starts_on).days * 12 / 365.25), 1)
