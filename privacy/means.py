"""Which means may be shown together: means of groups that lie in each other give the mean of those between by
subtraction, and of few that is nobody's to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations

from privacy import disclosure

MOST_TOGETHER = 3  # so many small parts are looked at as one; more of them follow from others hardly ever


class Means:
    """The means that are out, and whether another may follow.

    A group is given by its parts that are never cut (people tested at one event), with how many people are in each.
    Whoever has means of several groups has every sum of theirs; so a mean may follow as long as no part of fewer than
    `k` people, nor some such parts together, is a sum or difference of what is out then.
    """

    def __init__(self, k: int) -> None:
        self.k = k
        self.known: set[str] = set()  # parts whose own mean is out: they can be taken off any sum
        self.groups: list[frozenset[str]] = []
        self.people: dict[str, int] = {}

    def may_show(self, group: Mapping[str, int]) -> bool:
        """Whether the mean of a group may be shown beside all that is out."""
        if not disclosure.may_show(sum(group.values()), self.k):
            return False
        people = {**self.people, **group}
        known = self.known | (set(group) if len(group) == 1 else set())
        groups = {found - known for found in (*self.groups, frozenset(group))} - {frozenset()}
        return not any(self._tells_of_few(few, groups) for few in _few(groups, people, self.k))

    def show(self, group: Mapping[str, int]) -> None:
        """Take in that the mean of a group is out."""
        self.people |= group
        if len(group) == 1:
            self.known |= set(group)
        elif group:
            self.groups.append(frozenset(group))

    @staticmethod
    def _tells_of_few(few: frozenset[str], groups: set[frozenset[str]]) -> bool:
        """Whether the sum over a few is a combination of the sums of groups: elimination, one pivot after the other."""
        rows = [dict.fromkeys(group, Fraction(1)) for group in sorted(groups, key=sorted)]
        wanted = dict.fromkeys(few, Fraction(1))
        while wanted and rows:
            row = rows.pop()
            pivot = next(iter(row))
            rows = [left for other in rows if (left := _without(other, row, pivot))]
            wanted = _without(wanted, row, pivot)
        return not wanted


def _without(row: dict[str, Fraction], by: Mapping[str, Fraction], pivot: str) -> dict[str, Fraction]:
    times = row.get(pivot, Fraction(0)) / by[pivot]
    if not times:
        return row
    left = {part: row.get(part, Fraction(0)) - times * by.get(part, Fraction(0)) for part in {**row, **by}}
    return {part: number for part, number in left.items() if number}


def _few(groups: set[frozenset[str]], people: Mapping[str, int], k: int) -> Iterator[frozenset[str]]:
    """Parts that no group tells apart, where they are fewer than k people; then some of these together."""
    alike: dict[tuple[bool, ...], set[str]] = {}
    ordered = sorted(groups, key=sorted)
    for part in sorted(frozenset().union(*groups)):
        alike.setdefault(tuple(part in group for group in ordered), set()).add(part)
    small = [frozenset(parts) for parts in alike.values() if 0 < sum(people[part] for part in parts) < k]
    for number in range(1, MOST_TOGETHER + 1):
        for together in combinations(small, number):
            parts = frozenset().union(*together)
            if sum(people[part] for part in parts) < k:
                yield parts
