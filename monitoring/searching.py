"""Looking through the register of recommendations: filters, order, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from monitoring.models import Implementation, ResponseKind
from monitoring.recommendations import Standing

LEAF = 50  # recommendations of a page
OWN, OUTSIDE = "own", "outside"
NONE = "none"


class Due(StrEnum):
    OVERDUE = "overdue"
    TO_COME = "to_come"
    NO_DATE = "no_date"


class Order(StrEnum):
    SOURCE = "source"
    DUE = "due"
    ADDRESSEE = "addressee"
    THEME = "theme"
    LATEST = "latest"


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; an empty word asks for nothing."""

    words: str = ""
    source: str = ""  # own, outside, or the uid of a source or a report
    addressee: str = ""
    theme: str = ""
    response: str = ""  # of ResponseKind, or none
    implementation: str = ""  # of Implementation, or none
    due: str = ""  # of Due
    differs: bool = False

    def takes(self, row: Standing) -> bool:
        asked = row.recommendation
        return (
            self._is_from(row)
            and (not self.words or _holds(asked, self.words))
            and (not self.addressee or asked.addressee == self.addressee)
            and (not self.theme or asked.theme == self.theme)
            and (not self.response or self.response == _word(row.response.kind if row.response else None))
            and (not self.implementation or self.implementation == _word(row.implementation))
            and (not self.due or self.due == due_of(row))
            and (not self.differs or row.differs)
        )

    def _is_from(self, row: Standing) -> bool:
        asked = row.recommendation
        if self.source == OWN:
            return asked.report is not None
        if self.source == OUTSIDE:
            return asked.source is not None
        origin = asked.report or asked.source
        return not self.source or (origin is not None and origin.uid == self.source)


@dataclass(frozen=True)
class Leaf:
    """A page of what was found, which page it is of how many, and how many were found."""

    rows: Sequence[Standing]
    number: int
    leaves: int
    total: int


def find(standings: Sequence[Standing], wanted: Wanted, order: Order = Order.SOURCE) -> list[Standing]:
    """Those that are wanted, in an order; by source means as they were issued."""
    found = [row for row in standings if wanted.takes(row)]
    return found if order == Order.SOURCE else sorted(found, key=KEYS[order])


def leaf(found: Sequence[Standing], number: int) -> Leaf:
    """One page of what was found; the nearest there is."""
    leaves = max(-(-len(found) // LEAF), 1)
    number = min(max(number, 1), leaves)
    return Leaf(found[(number - 1) * LEAF : number * LEAF], number, leaves, len(found))


def due_of(row: Standing) -> Due | None:
    """Whether something is overdue, to come, or has no date; None for what is settled in time or late."""
    if row.recommendation.due_on is None:
        return Due.NO_DATE
    if row.is_overdue:
        return Due.OVERDUE
    return Due.TO_COME if row.recommendation.due_on >= row.on_day else None


def _holds(asked: Any, words: str) -> bool:
    text = " ".join(filter(None, (asked.text, asked.reference, asked.recommended_by, asked.standard))).casefold()
    return all(word in text for word in words.casefold().split())


def _word(kind: ResponseKind | Implementation | None) -> str:
    return kind.value if kind is not None else NONE


def _latest_on(row: Standing) -> date:
    days = [assessment.on_day for assessment in row.latest.values()]
    return max([*days, *([row.response.on_day] if row.response else [])], default=date.min)


KEYS: dict[Order, Callable[[Standing], Any]] = {
    Order.DUE: lambda row: row.recommendation.due_on or date.max,
    Order.ADDRESSEE: lambda row: row.recommendation.addressee.casefold(),
    Order.THEME: lambda row: row.recommendation.theme.casefold(),
    Order.LATEST: lambda row: -_latest_on(row).toordinal(),
}
