"""What is another today than when it was locked, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core.db import db
from core.errors import Refused
from indicators import snapshots
from indicators.models import Indicator, Period
from indicators.period_models import RestatementReason
from indicators.publication import Dashboard, Restatement
from indicators.series import Series, Value
from trainings.models import Programme


class NotLocked(Refused):
    code = "not_locked"
    sentence = _l("This period is not locked; its figures still move by themselves.")


@dataclass(frozen=True)
class Locked:
    """The locked periods of a programme, and what people said about figures that changed since."""

    boards: list[Dashboard] = field(default_factory=list)
    reasons: dict[tuple[str, str], str] = field(default_factory=dict)

    def up_to(self, day: date) -> Locked:
        """Only the periods that were over by a day."""
        return replace(self, boards=[board for board in self.boards if board.on_day <= day])

    def restated(self, indicator_uid: str, history: Series) -> list[Restatement]:
        """The locked periods at whose end this indicator stood elsewhere, as the register knows it now."""
        found = []
        for board in self.boards:
            assert board.period is not None
            then = next((line.value for line in board.lines if line.indicator.uid == indicator_uid), None)
            now = history.at(board.on_day)
            if then is None:
                continue
            is_total_same = is_same(then, now)
            moved = moved_dimensions(then, now) if is_total_same else []
            if moved or not is_total_same:
                why = self.reasons.get((indicator_uid, board.period), "")
                found.append(Restatement(board.period, then, now, why, moved))
        return found


def of_programme(programme: Programme) -> Locked:
    """What was locked in a programme, and the reasons. Refuses snapshots.Damaged."""
    rows = snapshots.of_programme(programme)
    return Locked([snapshots.read(row) for row in rows], _reasons(programme) if rows else {})


def is_same(then: Value, now: Value) -> bool:
    """Whether two values say the same figure; how it is broken down may differ (`moved_dimensions`)."""
    if then.number is None or now.number is None:
        same_number = then.number is now.number
    else:
        same_number = math.isclose(then.number, now.number, abs_tol=1e-9)
    beside = ("text", "absence", "numerator", "denominator")
    return same_number and all(getattr(then, name) == getattr(now, name) for name in beside)


def moved_dimensions(then: Value, now: Value) -> list[str]:
    """The breakdowns of which a cell is another; one that either value does not have says nothing."""
    return [dimension for dimension in then.cells if moved_cells(then, now, dimension)]


def moved_cells(then: Value, now: Value, dimension: str) -> dict[str, tuple[int, int]]:
    """The cells of a breakdown that are others, each as it was and as it is; a cell without people is not listed."""
    before, after = then.cells.get(dimension), now.cells.get(dimension)
    if before is None or after is None:
        return {}
    pairs = {name: (before.get(name) or 0, after.get(name) or 0) for name in [*before, *after]}
    return {name: (was, became) for name, (was, became) in pairs.items() if was != became}


def explain(period: Period, indicator: Indicator, reason: str, by: User | None) -> RestatementReason:
    """Say why an indicator of a locked period is another today; what was said before stays. Refuses NotLocked."""
    if snapshots.of_period(period) is None:
        raise NotLocked
    row = RestatementReason(
        period_id=period.id, indicator_id=indicator.id, reason=reason, user_id=by.id if by else None
    )
    db.session.add(row)
    db.session.flush()
    return row


def _reasons(programme: Programme) -> dict[tuple[str, str], str]:
    """The newest reason by the indicator's uid and the period's key."""
    query = (
        sa.select(Indicator.uid, Period.key, RestatementReason.reason)
        .join(RestatementReason, RestatementReason.indicator_id == Indicator.id)
        .join(Period, Period.id == RestatementReason.period_id)
        .where(Period.programme_id == programme.id)
        .order_by(RestatementReason.id)
    )
    return {(uid, key): reason for uid, key, reason in db.session.execute(query)}
