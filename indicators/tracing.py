"""From a number down to what was counted, and to what was not: every candidate is a row or stands under a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from core.db import db
from indicators.models import Indicator
from indicators.record_models import EnteredValue
from trainings.models import Programme

LEAF = 50


class Reason(StrEnum):
    """Why something was looked at and not counted."""

    NOT_CLOSED = "not_closed"
    CANCELLED = "cancelled"
    OTHER_SECTOR = "other_sector"
    ABSENT = "absent"
    BELOW_SHARE = "below_share"
    AGAIN = "again"
    NO_ORGANISATION = "no_organisation"
    SIDE_MISSING = "side_missing"
    ONE_TEST = "one_test"
    NOT_PUBLISHED = "not_published"
    NOT_APPROVED = "not_approved"
    NOT_COMPLETE = "not_complete"
    NOT_DUE = "not_due"
    NOT_ASSESSED = "not_assessed"
    MERGED = "merged"


@dataclass(frozen=True)
class Row:
    """Something that was counted: `number`, and in a share `out_of`. People are named by their code only.

    `kind` and `uid` say what it is; where several answers of one event stand together, `number` is not said, because
    what so few people answered is nobody's to read.
    """

    kind: str
    uid: str | None
    label: Any
    on: date | None
    number: float | None = 1
    out_of: int = 0


@dataclass(frozen=True)
class Trace:
    """What stands behind a value: the rows, how many candidates there were, and the reasons for the others.

    `included` counts in the unit of the candidates: places, events, answers, lines.
    """

    rows: Sequence[Row]
    included: int
    candidates: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    speaks_of_people: bool = False


@dataclass(frozen=True)
class Leaf:
    rows: Sequence[Row]
    number: int
    leaves: int


Tracing = Callable[..., Trace]
TRACES: dict[str, Tracing] = {}


def traces(*keys: str) -> Callable[[Tracing], Tracing]:
    """Register how the values of these metrics are traced; the function gets the key as `metric`."""

    def register(tracing: Tracing) -> Tracing:
        TRACES.update(dict.fromkeys(keys, tracing))
        return tracing

    return register


def trace(programme: Programme, indicator: Indicator, until: date) -> Trace:
    """What stands behind the computed or entered value of an indicator on a day."""
    if indicator.metric is None:
        return _entered(indicator, until)
    return TRACES[indicator.metric](programme, until, indicator.metric, **indicator.parameters)


def leaf(found: Trace, number: int) -> Leaf:
    """A page of the rows."""
    leaves = max(-(-len(found.rows) // LEAF), 1)
    number = min(max(number, 1), leaves)
    return Leaf(found.rows[(number - 1) * LEAF : number * LEAF], number, leaves)


def sorted_out(
    candidates: Sequence[Any], judge: Callable[[Any], Reason | None], as_row: Callable[[Any], Row], **more: Any
) -> Trace:
    """Candidates as rows where `judge` has no reason against them; the others are counted by their reason.

    Pass `candidates_counted` as another query counts them.
    """
    rows: list[Row] = []
    left_out: Counter[str] = Counter()
    for candidate in candidates:
        reason = judge(candidate)
        if reason is None:
            rows.append(as_row(candidate))
        else:
            left_out[reason.value] += 1
    return Trace(rows, len(rows), more.pop("candidates_counted"), dict(left_out), **more)


def count(query: sa.Select[Any]) -> int:
    """How many rows a query has, counted by the database."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


def _entered(indicator: Indicator, until: date) -> Trace:
    query = sa.select(EnteredValue).where(EnteredValue.indicator_id == indicator.id, EnteredValue.on_day <= until)
    entered = db.session.scalars(query.order_by(EnteredValue.on_day, EnteredValue.id)).all()
    rows = [Row("entered", row.uid, row.text or row.evidence, row.on_day, row.value) for row in entered]
    return Trace(rows, len(rows), count(query))
