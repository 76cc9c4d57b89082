"""How many were not counted, as people outside may know it: that nobody is found among them by subtraction.

Somebody outside may know how many places there were, because a plan says so. With the people who are counted, which is
an exact total, all places that did not count are then known together, whatever is withheld. Somebody who has a count of
completions besides knows those that came again, and so those who did not come or came too little together. Against
both the numbers are a table with a known total: they are judged twice, with all editions and all indicators that are
part of each other (`privacy.withholding`), and what one judgement withholds is withheld.

What is no place (second records of one person, people tested once) is shown where it is nobody or k and more, and so is
its difference to everything that was ever shown of the same kind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from privacy import disclosure, withholding
from privacy.editions import Cell, Count, Dimensions, Inside, Place, cells
from privacy.withholding import Reason, Verdict

REASON = "left_out"
TABLE: Dimensions = (REASON,)
PLACES = ("absent", "below_share")
COMPLETIONS = ("again", "no_organisation")


@dataclass(frozen=True)
class LeftOut:
    """How many an indicator left out, by reason. Where any presence is enough, nobody comes too little."""

    subject: str
    numbers: Mapping[str, int]

    @property
    def has_places(self) -> bool:
        return PLACES[0] in self.numbers


class Left(NamedTuple):
    """One number: of which edition, of which indicator, for which reason."""

    edition: int
    subject: str
    reason: str


def protect(
    editions: Sequence[Sequence[LeftOut]],
    k: int,
    inside: Iterable[Inside] = (),
    stricter: Collection[Left] = (),
    told: Mapping[Left, int | None] | None = None,
) -> dict[Left, int | None]:
    """Every number that may be shown, None for those that may not; an edition does not depend on later ones.

    `inside` says of whose places others are part, in `REASON` cells. `stricter` numbers are withheld in any case.
    `told` is how the first editions were published, all of their numbers.
    """
    told = told or {}
    shown = _standing_alone(editions, k, stricter, told)
    hidden = {left for left in stricter if left not in told} | {left for left, number in told.items() if number is None}
    for reasons in ((*PLACES, *COMPLETIONS), PLACES):
        judged = _together(editions, k, reasons, list(inside), hidden, told)
        hidden |= {left for left, number in judged.items() if number is None}
        shown |= judged
    return {left: None if left in hidden else number for left, number in shown.items()}


def _together(
    editions: Sequence[Sequence[LeftOut]],
    k: int,
    reasons: Sequence[str],
    inside: Sequence[Inside],
    hidden: Collection[Left],
    told: Mapping[Left, int | None],
) -> dict[Left, int | None]:
    """The numbers of some reasons, judged as tables of which the total is known."""
    counts = [[_table(found, reasons) for found in edition if found.has_places] for edition in editions]
    stricter = frozenset(Place(left.edition, left.subject, TABLE, (left.reason,)) for left in hidden)
    known = {
        place: Verdict(people, None if told[left] is not None else Reason.TOLD)
        for number, edition in enumerate(counts)
        for count in edition
        for place, people in cells(number, count)
        if (left := Left(number, place.subject, place.cell[0])) in told
    }
    verdicts = withholding.protect(counts, k, inside, stricter, known)
    return {Left(place.edition, place.subject, place.cell[0]): found.shown for place, found in verdicts.items()}


def _table(found: LeftOut, reasons: Sequence[str]) -> Count:
    table: dict[Cell, int] = {(reason,): found.numbers[reason] for reason in reasons if reason in found.numbers}
    return Count(found.subject, sum(table.values()), {TABLE: table})


def _standing_alone(
    editions: Sequence[Sequence[LeftOut]], k: int, stricter: Collection[Left], told: Mapping[Left, int | None]
) -> dict[Left, int | None]:
    """Every number that is of no place, in the order in which they came out; of one edition the greatest first."""
    verdicts: dict[Left, int | None] = {}
    shown: dict[str, list[int]] = {}
    for number, edition in enumerate(editions):
        numbers = [
            (-people, Left(number, found.subject, reason))
            for found in edition
            for reason, people in found.numbers.items()
            if not (found.has_places and reason in (*PLACES, *COMPLETIONS))
        ]
        for negative, left in sorted(numbers):
            people, before = -negative, shown.setdefault(left.reason, [])
            may = left not in stricter and all(disclosure.may_follow(people, other, k) for other in [None, *before])
            if left in told:
                may = told[left] is not None
            verdicts[left] = people if may else None
            if may:
                before.append(people)
    return verdicts
