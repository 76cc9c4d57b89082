"""A visit beside the one before it, point by point: improved, the same, worse. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from monitoring.models import Judgement, Visit

RANK = {Judgement.NOT_MET: 0, Judgement.PARTLY: 1, Judgement.MET: 2}


class Change(StrEnum):
    """What a point came to since the visit before."""

    IMPROVED = "improved"
    SAME = "same"
    WORSE = "worse"
    UNKNOWN = "unknown"  # not seen or not answered at one of the two


@dataclass(frozen=True)
class Comparison:
    """Two visits to a unit beside each other; `changes` has every point asked at either."""

    before: Visit
    after: Visit
    changes: Mapping[str, Change]

    def count(self, change: Change) -> int:
        return sum(found == change for found in self.changes.values())


def change(before: Judgement | None, after: Judgement | None) -> Change:
    """What one point came to. What could not be seen, or was not asked, is no better and no worse."""
    if before not in RANK or after not in RANK:
        return Change.UNKNOWN
    step = RANK[after] - RANK[before]
    return Change.SAME if step == 0 else Change.IMPROVED if step > 0 else Change.WORSE


def changes(before: Mapping[str, Judgement], after: Mapping[str, Judgement], asked: Sequence[str]) -> dict[str, Change]:
    """What each point that was asked came to."""
    return {key: change(before.get(key), after.get(key)) for key in asked}


def one_by_one(visits: Sequence[Visit], asked: Sequence[str]) -> list[Comparison]:
    """Each visit but the first beside the one before it."""
    return [
        Comparison(before, after, changes(before.judgements, after.judgements, asked))
        for before, after in pairwise(visits)
    ]
