"""Which cells of tables about people are withheld outside the team, and the proof that it is enough.

The attacker we think of has all editions ever published to the same audience, knows the exact totals, which indicator
is part of which, that people are whole numbers and only come to be more, the rules and `k`; and that empty cells are
withheld last. He sees that a cell is withheld and not why: why is for staff alone. He does not try out for every world
what we would have published of it, and he does not know who was there: whoever does can subtract them, as nothing that
shows a total can prevent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from privacy.disclosure import Band, band
from privacy.editions import (
    Count,
    Edition,
    Group,
    Inside,
    Place,
    Terms,
    cells,
    groups,
    subjects,
)
from privacy.proof import Proof
from privacy.proving import Limits


class Reason(StrEnum):
    """Why a cell is withheld. For staff only: outside, which cell is the small one must not be told."""

    SMALL = "small"
    OVER_TIME = "over_time"  # few people came or went since an earlier edition
    NESTED = "nested"  # few people make the difference to another indicator
    COMPLEMENTARY = "complementary"  # another withheld cell would follow from it
    STRICTER = "stricter"  # withheld from those who see more, hence from those who see less
    TOLD = "told"  # withheld when it was published, and that stays as it is


@dataclass(frozen=True)
class Verdict:
    """What becomes of a cell: shown, or withheld for a reason, with what the solver found it could still be.

    The true number lies in [low, high], and so do at least `k` others or as many as the exact totals leave open
    whatever is withheld. `band` is what may be said of a withheld share.
    """

    people: int
    reason: Reason | None = None
    low: int | None = None
    high: int | None = None
    band: Band | None = None

    @property
    def shown(self) -> int | None:
        return self.people if self.reason is None else None

    @property
    def possible(self) -> int:
        """How many values an outsider has to reckon with."""
        return 1 if self.low is None or self.high is None else self.high - self.low + 1


def protect(
    editions: Sequence[Edition],
    k: int,
    inside: Iterable[Inside] = (),
    stricter: Collection[Place] = (),
    told: Mapping[Place, Verdict] | None = None,
) -> Mapping[Place, Verdict]:
    """A verdict for every cell of every edition, each protected together with all before it.

    k below 2 withholds nothing. An edition does not depend on later ones: what was published is never taken back.
    `stricter` cells are withheld in any case. `told` are the verdicts by which the first editions were published, on
    all of their cells: these are not judged again. The same numbers in any order give the same verdicts, and a
    question asked before is answered from memory.
    """
    if k < 2:
        return {
            place: Verdict(people)
            for n, edition in enumerate(editions)
            for c in edition
            for place, people in cells(n, c)
        }
    frozen = tuple(tuple(sorted((_frozen(count) for count in edition), key=repr)) for edition in editions)
    known = frozenset((told or {}).items())
    return _protect(frozen, k, tuple(sorted(inside, key=repr)), frozenset(stricter), known)


def _frozen(count: Count) -> tuple:
    tables = sorted((dimensions, tuple(sorted(table.items()))) for dimensions, table in count.tables.items())
    return count.subject, count.total, tuple(tables), count.is_share


@lru_cache(maxsize=128)
def _protect(
    frozen: tuple[tuple[tuple, ...], ...],
    k: int,
    inside: tuple[Inside, ...],
    stricter: frozenset[Place],
    told: frozenset[tuple[Place, Verdict]],
) -> dict[Place, Verdict]:
    if not frozen:
        return {}
    if any(place.edition >= len(frozen) - 1 for place, _verdict in told):
        return {place: verdict for place, verdict in told if place.edition < len(frozen)}
    earlier = frozenset(place for place in stricter if place.edition < len(frozen) - 1)
    before = _protect(frozen[:-1], k, inside, earlier, told)
    editions: list[Edition] = [
        [
            Count(subject, total, {dimensions: dict(table) for dimensions, table in tables}, is_share)
            for subject, total, tables, is_share in edition
        ]
        for edition in frozen
    ]
    return before | _Protector(editions, inside, k, before).verdicts(stricter)


class _Protector:
    """Decides on the newest of some editions; those before are published and stay as they are."""

    def __init__(
        self, editions: list[Edition], inside: tuple[Inside, ...], k: int, before: Mapping[Place, Verdict]
    ) -> None:
        self.editions, self.inside, self.k, self.newest = editions, inside, k, len(editions) - 1
        self.counts = {(n, count.subject): count for n, edition in enumerate(editions) for count in edition}
        self.numbers = {place: people for (n, _), count in self.counts.items() for place, people in cells(n, count)}
        self.mine = [place for place in self.numbers if place.edition == self.newest]
        self.reasons = {place: verdict.reason for place, verdict in before.items() if verdict.reason}
        self.banded = {place for place, verdict in before.items() if verdict.band is not None}
        self.small = [group for group in groups(editions, inside) if group.is_small(k)]
        self.proofs: dict[Place, list[Proof]] = {}

    def verdicts(self, stricter: Collection[Place]) -> dict[Place, Verdict]:
        self._small_ones(stricter)
        self.banded |= {place for place in self.mine if place in self.reasons and self._band(place) is not None}
        for related in _hanging_together(self.editions, self.inside):
            if any(place.subject in related for place in self.reasons):
                self._prove(related)
        return {place: self._verdict(place) for place in self.mine}

    def _small_ones(self, stricter: Collection[Place]) -> None:
        """Withhold what by itself or by plain subtraction tells a small group, and a companion in the same table."""
        self.reasons |= {place: Reason.STRICTER for place in self.mine if place in stricter}
        for place in self.mine:
            self._as_before(place)
        for group in self.small:
            if any(place in self.reasons for place, _times in group.terms) or group.edition != self.newest:
                continue
            candidates = [place for place, _times in group.terms if place.edition == self.newest]
            place = min(candidates, key=lambda candidate: (self.numbers[candidate], candidate))
            self.reasons[place] = _why(group)
        for table in sorted({(place.subject, place.dimensions) for place in self.mine if place in self.reasons}):
            self._companions([place for place in self.mine if (place.subject, place.dimensions) == table])

    def _as_before(self, place: Place) -> None:
        """Withhold again what was withheld when an indicator was last published with the very same numbers."""
        count = self.counts[place.edition, place.subject]
        earlier = [n for n, subject in self.counts if subject == place.subject and n < place.edition]
        if earlier and self.counts[max(earlier), place.subject] == count:
            reason = self.reasons.get(place._replace(edition=max(earlier)))
            if reason is not None:
                self.reasons.setdefault(place, reason)

    def _companions(self, table: list[Place]) -> None:
        """Withhold more of a table until it would be safe if it stood alone: two cells at least, k values for each."""
        while shown := [place for place in table if place not in self.reasons]:
            hidden = [place for place in table if place in self.reasons]
            together = sum(self.numbers[place] for place in hidden)
            if len(hidden) > 1 and together - self._least(hidden) * len(hidden) + 1 >= self.k:
                return
            self._withhold(shown)

    def _prove(self, related: frozenset[str]) -> None:
        """Have the solver try to narrow every withheld cell and every small group; withhold more until it cannot.

        Withholding more only makes more worlds possible, so what is safe once stays safe.
        """
        places = [place for place in self.numbers if place.subject in related]
        small = [group.terms for group in self.small if group.terms[0][0].subject in related]
        goals = [*small, *(((place, 1),) for place in places)]
        proofs = [
            Proof(places, goals, self, is_guessing) for is_guessing in ((True, False) if self.newest else (True,))
        ]
        self.proofs |= dict.fromkeys(places, proofs)
        waiting = [((place, 1),) for place in places if place in self.reasons] + small[::-1]
        while waiting:
            if all(proof.is_safe(waiting[-1]) for proof in proofs):
                waiting.pop()
                continue
            if not self._unband(waiting[-1]):
                waiting.append(((self._withhold(self._near(waiting[-1], places)), 1),))
            for proof in proofs:
                proof.refresh()

    def _unband(self, goal: Terms) -> bool:
        """Withhold the band too where it helps to narrow a goal; whether there was one."""
        indicators = {place.subject for place, _times in goal}
        banded = {place for place in self.banded if place.edition == self.newest and place.subject in indicators}
        self.banded -= banded
        return bool(banded)

    def _band(self, place: Place) -> Band | None:
        count = self.counts[place.edition, place.subject]
        return band(self.numbers[place], count.total, self.k) if count.is_share else None

    def limits(self, hidden: Collection[Place], places: Iterable[Place]) -> dict[Place, Limits]:
        """What is known of cells to somebody who knows the rules: the number, or what a withheld one tells by that."""
        tables: dict[tuple, list[Place]] = {}
        for place in hidden:
            tables.setdefault(place[:3], []).append(place)
        limits: dict[Place, Limits] = {}
        for place in places:
            people, count = self.numbers[place], self.counts[place.edition, place.subject]
            if place not in hidden:
                limits[place] = (people, people)
            elif place in self.banded and (place.edition != self.newest or hidden is self.reasons):
                limits[place] = (0, self.k - 1) if people < self.k else (count.total - self.k + 1, count.total)
            else:
                limits[place] = (self._least(tables[place[:3]]), None)
        return limits

    def _near(self, goal: Terms, places: list[Place]) -> list[Place]:
        """What may be withheld to make a goal safe: the rest of its tables, then of its indicators, then anything."""
        tables = {(place.subject, place.dimensions) for place, _times in goal}
        indicators = {place.subject for place, _times in goal}
        shown = [place for place in places if place.edition == self.newest and place not in self.reasons]
        shown = [place for place in shown if not self.proofs[place][-1].is_given_away(place)] or shown
        return (
            [place for place in shown if (place.subject, place.dimensions) in tables]
            or [place for place in shown if place.subject in indicators]
            or shown
        )

    def _withhold(self, places: list[Place]) -> Place:
        """Withhold the smallest of these places; nobody (0) is the last to go, as it tells the least."""
        smallest = min(places, key=lambda place: (self.numbers[place] == 0, self.numbers[place], place))
        self.reasons[smallest] = Reason.COMPLEMENTARY
        return smallest

    def _least(self, hidden: Collection[Place]) -> int:
        """The least number an outsider has to think of in a table: 1 where empty cells would be shown, 0 elsewhere.

        Empty cells are withheld last: where some cell is shown and no withheld one is empty, that may be guessed.
        """
        place = next(iter(hidden))
        count = self.counts[place.edition, place.subject]
        is_whole = len(hidden) == len(count.tables[place.dimensions])
        return int(not count.is_share and not is_whole and all(self.numbers[place] for place in hidden))

    def _verdict(self, place: Place) -> Verdict:
        people, reason = self.numbers[place], self.reasons.get(place)
        if reason is None:
            return Verdict(people)
        low, high = self.proofs[place][0].worlds.found(((place, 1),))
        return Verdict(people, reason, low, high, self._band(place) if place in self.banded else None)


def _hanging_together(editions: Sequence[Edition], inside: Iterable[Inside]) -> list[frozenset[str]]:
    """Indicators sorted into those that tell about each other."""
    together = {subject: frozenset({subject}) for subject in subjects(editions)}
    for nested in inside:
        if nested.part in together and nested.whole in together:
            both = together[nested.part] | together[nested.whole]
            together |= dict.fromkeys(both, both)
    return sorted(set(together.values()), key=sorted)


def _why(group: Group) -> Reason:
    if group.is_nested:
        return Reason.NESTED
    return Reason.OVER_TIME if group.is_over_time else Reason.SMALL
