"""What two attackers can make of what is shown, beside what they can make of totals alone: whether a goal is safe."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol

from privacy.editions import Edition, Inside, Place, Rule, Terms, containments, growth, kinds, of_place, totals
from privacy.proving import Limits, Worlds


class Judged(Protocol):
    """The newest edition while it is judged: its cells and those before, and which are withheld by now."""

    editions: list[Edition]
    inside: tuple[Inside, ...]
    k: int
    mine: list[Place]
    numbers: dict[Place, int]
    reasons: dict[Place, Any]

    def limits(self, hidden: Collection[Place], places: Iterable[Place]) -> Mapping[Place, Limits]: ...


class Proof:
    """What the solver knows of indicators that hang together: by what is shown, and by their totals alone.

    There are two attackers: one guesses that nobody was ever taken out of the register, one does not. The second knows
    less by the totals, so that what tables add is more to him.
    """

    def __init__(self, places: list[Place], goals: list[Terms], judged: Judged, is_guessing: bool) -> None:
        self.places, self.goals, self.judged = places, goals, judged
        related = {place.subject for place in places}
        editions = [[count for count in edition if count.subject in related] for edition in judged.editions]
        kinds_of = {(n, count.subject): kinds(n, count) for n, edition in enumerate(editions) for count in edition}
        self.cells = {place: of_place(place, kinds_of[place.edition, place.subject]) for place in places}
        inside = [nested for nested in judged.inside if {nested.part, nested.whole} <= related]
        self.rules = self._true_ones(
            totals(editions), containments(editions, inside), growth(editions) if is_guessing else []
        )
        self.worlds = self._worlds(judged.reasons)
        self.by_totals: Worlds | None = None
        self.given_away: dict[Place, bool] = {}

    def is_safe(self, goal: Terms) -> bool:
        """Whether a goal has k values, or as many as it would have if the newest edition showed totals only."""
        k = self.judged.k
        width = self.worlds.widen(goal, k)
        return width >= k or width >= self._left_open(goal)

    def is_given_away(self, place: Place) -> bool:
        """Whether a cell follows from totals anyway, so that to withhold it would help nobody."""
        if place not in self.given_away:
            self.given_away[place] = self._left_open(((place, 1),)) == 1
        return self.given_away[place]

    def refresh(self) -> None:
        """Take in that more is withheld."""
        self.worlds.limit(self.judged.limits(self.judged.reasons, self.places))

    def _left_open(self, goal: Terms) -> int:
        if self.by_totals is None:
            self.by_totals = self._worlds({*self.judged.reasons, *self.judged.mine})
        return self.by_totals.widen(goal, self.judged.k)

    def _worlds(self, hidden: Collection[Place]) -> Worlds:
        worlds = Worlds(self.rules, self.cells)
        worlds.limit(self.judged.limits(hidden, self.places))
        worlds.watch(self.goals, self.judged.numbers)
        return worlds

    def _true_ones(self, certain: list[Rule], *guesses: list[Rule]) -> list[Rule]:
        """What outsiders can know: not what contradicts the true numbers, as when a register was corrected."""
        for guess in filter(None, guesses):
            worlds = Worlds([*certain, *guess], self.cells)
            worlds.limit(self.judged.limits((), self.places))
            if worlds.has_any():
                certain = [*certain, *guess]
        return certain
