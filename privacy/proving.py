"""How far a hidden number can be narrowed, by an integer programme: the proof that withholding is enough.

A world is a number of people of every kind, such that all that is published comes out. The least and the greatest
that a cell or a difference is in any world are found by HiGHS (`scipy.optimize.milp`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from privacy.editions import Kind, Place, Rule, Terms

Limits = tuple[int, int | None]


class Unproved(Exception):
    """There is no world that fits, or the solver gave up: nothing may be taken as safe."""


class Worlds:
    """All worlds that fit some rules and what cells are known to lie between."""

    def __init__(self, rules: Sequence[Rule], cells: Mapping[Place, Sequence[Kind]]) -> None:
        """`rules` about people, and the kinds of people in each cell."""
        import numpy as np  # heavy, and only needed where something is withheld
        from scipy.sparse import csr_array

        self.column = {kind: number for number, kind in enumerate(sorted({k for ks in cells.values() for k in ks}))}
        self.row = {place: len(rules) + number for number, place in enumerate(cells)}
        entries = [(row, self.column[kind], times) for row, rule in enumerate(rules) for kind, times in rule.terms]
        entries += [(self.row[place], self.column[kind], 1) for place, kinds in cells.items() for kind in kinds]
        rows, columns, times = zip(*entries, strict=True)
        shape = (len(rules) + len(cells), len(self.column))
        self.matrix = csr_array((np.array(times, float), (rows, columns)), shape=shape)
        self.low = np.array([rule.low for rule in rules] + [0] * len(cells), float)
        self.high = np.array([_top(rule.high) for rule in rules] + [np.inf] * len(cells), float)
        self.goals: dict[Terms, int] = {}
        self.aims: Any = np.zeros((0, len(self.column)))
        self.least: Any = np.zeros(0)
        self.greatest: Any = np.zeros(0)

    def limit(self, limits: Mapping[Place, Limits]) -> None:
        """Say what is known of cells now. What was found before has to stay possible."""
        for place, (low, high) in limits.items():
            self.low[self.row[place]], self.high[self.row[place]] = low, _top(high)

    def watch(self, goals: Iterable[Terms], numbers: Mapping[Place, int]) -> None:
        """Keep track of what these sums of cells are in every world that is found; first, in the true one."""
        import numpy as np  # heavy, and only needed where something is withheld

        new = [goal for goal in goals if goal not in self.goals]
        self.goals |= {goal: len(self.goals) + number for number, goal in enumerate(new)}
        aims = [sum(times * self.matrix[[self.row[place]], :].toarray()[0] for place, times in goal) for goal in new]
        truth = np.array([sum(times * numbers[place] for place, times in goal) for goal in new], float)
        self.aims = np.vstack([self.aims, *aims])
        self.least, self.greatest = np.append(self.least, truth), np.append(self.greatest, truth)

    def widen(self, goal: Terms, enough: int) -> int:
        """How many values a goal can have: `enough` or more, or else exactly so many.

        Every world found is a witness for all goals, so that few have to be asked for by themselves.
        """
        number = self.goals[goal]
        for sign in (1, -1):
            if self.width(goal) < enough:
                self._witness(self._solve(sign * self.aims[number]))
        return self.width(goal)

    def width(self, goal: Terms) -> int:
        low, high = self.found(goal)
        return high - low + 1

    def found(self, goal: Terms) -> tuple[int, int]:
        """The least and the greatest of a goal in the worlds found so far."""
        number = self.goals[goal]
        return round(self.least[number]), round(self.greatest[number])

    def has_any(self) -> bool:
        """Whether there is a world at all."""
        import numpy as np  # heavy, and only needed where something is withheld

        try:
            self._solve(np.zeros(len(self.column)))
        except Unproved:
            return False
        return True

    def _witness(self, world: Any) -> None:
        import numpy as np  # heavy, and only needed where something is withheld

        values = self.aims @ world
        self.least, self.greatest = np.minimum(self.least, values), np.maximum(self.greatest, values)

    def _solve(self, aim: Any) -> Any:
        """The world in which an aim is least. Without the demand for whole numbers first: most often they are whole."""
        import numpy as np  # heavy, and only needed where something is withheld
        from scipy.optimize import Bounds, LinearConstraint, milp

        for whole in (0, 1):
            answer = milp(
                aim,
                constraints=LinearConstraint(self.matrix, self.low, self.high),
                integrality=np.full(len(aim), whole),
                bounds=Bounds(0, np.inf),
            )
            if answer.x is None or answer.status != 0:
                raise Unproved(answer.message)
            world = np.round(answer.x)
            if whole or np.abs(world - answer.x).max() < 1e-7:
                return world
        raise Unproved


def _top(high: int | None) -> float:
    return float("inf") if high is None else high
