"""Assumptions judged on days, and targets set: both only ever added to."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core.db import db
from core.errors import Refused
from core.i18n import Texts
from indicators import changes
from indicators.changes import Changed
from indicators.models import (
    Assumption,
    AssumptionJudgement,
    AssumptionState,
    Indicator,
    Measure,
    Period,
    Target,
    TargetOrigin,
)
from indicators.publication import LIFE_OF_PROGRAMME
from indicators.record_models import Subject
from trainings.models import Programme


class JudgedInTheFuture(Refused):
    code = "judged_in_the_future"
    sentence = _l("This day is in the future. A judgement is of what is known.")


class ReasonMissing(Refused):
    code = "reason_missing"
    sentence = _l("There is a target already. Say why this one replaces it.")


class TargetOfAnotherKind(Refused):
    code = "target_of_another_kind"
    sentence = _l("The target of this indicator is a number, or words where it is measured in words.")


class SameTarget(Refused):
    code = "same_target"
    sentence = _l("This target stands there already.")


def judge(
    programme: Programme, assumption: Assumption, state: AssumptionState, on_day: date, note: str, by: User | None
) -> AssumptionJudgement:
    """Say whether an assumption holds, as of a day. Refuses JudgedInTheFuture."""
    if on_day > programme.today():
        raise JudgedInTheFuture
    judgement = AssumptionJudgement(
        assumption_id=assumption.id, state=state, on_day=on_day, note=note, user_id=by.id if by else None
    )
    db.session.add(judgement)
    db.session.flush()
    db.session.refresh(assumption, ["judgements"])
    return judgement


def targets_of(indicator: Indicator) -> list[Target]:
    """Every target there ever was, by the end of its period, what is promised of the whole programme last; of one
    period the newest first."""
    newest_first = sorted(indicator.targets, key=lambda target: -target.id)
    return sorted(newest_first, key=lambda target: target.period.ends_on if target.period else date.max)


def standing_targets(indicator: Indicator) -> list[Target]:
    """The targets that count: those that no other replaces."""
    replaced = {target.replaces_id for target in indicator.targets}
    return [target for target in indicator.targets if target.id not in replaced]


def standing_target(indicator: Indicator, period: Period | None) -> Target | None:
    """The target that counts for a period, or for the whole programme."""
    period_id = period.id if period else None
    return next((target for target in standing_targets(indicator) if target.period_id == period_id), None)


def promise(
    programme: Programme,
    indicator: Indicator,
    period: Period | None,
    *,
    value: float | None,
    text: Texts | None,
    origin: TargetOrigin,
    reason: str,
    by: User | None,
) -> Target:
    """Set what is to be reached by the end of a period, or of the programme where none is named.

    Refuses TargetOfAnotherKind, SameTarget, and ReasonMissing where it replaces another.
    """
    wants_text = indicator.measure == Measure.QUALITATIVE
    if (text is None or value is not None) if wants_text else (value is None or text is not None):
        raise TargetOfAnotherKind
    before = standing_target(indicator, period)
    if before is not None and (before.value, before.text, before.origin) == (value, text, origin):
        raise SameTarget
    if before is not None and not reason:
        raise ReasonMissing
    target = Target(
        indicator_id=indicator.id,
        period_id=period.id if period else None,
        value=value,
        text=text,
        origin=origin,
        reason=reason or None,
        replaces_id=before.id if before else None,
        user_id=by.id if by else None,
    )
    db.session.add(target)
    what = Changed(programme.id, Subject.TARGET, indicator.code, indicator)
    changes.note(
        what,
        f"target {period.key if period else LIFE_OF_PROGRAMME}",
        _plain(before) if before else None,
        _plain(target),
        by,
        reason,
    )
    db.session.flush()
    db.session.refresh(indicator, ["targets"])
    return target


def periods_of(programme: Programme) -> list[Period]:
    query = sa.select(Period).where(Period.programme_id == programme.id)
    return list(db.session.scalars(query.order_by(Period.ends_on)))


def _plain(target: Target) -> float | dict[str, str] | None:
    return target.value if target.text is None else dict(target.text)
