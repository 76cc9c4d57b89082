"""Somebody who has kept all that was ever published and solves it: an integer programme over the people themselves.

It shares no line with the code it attacks. That code reasons about published cells; this one about how many people of
each sex and sector there are behind them, so that it also finds what no table says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from tests.attack.programmes import (
    AGAIN,
    EVERYTHING,
    LEFT,
    LEFT_POLICE,
    POLICE,
    REASONS,
    SECTORS,
    SEXES,
    USEFUL,
    Programme,
)

Figure = tuple[int, str, tuple[str, ...], tuple[str, ...]]  # moment, indicator, dimensions, cell
Sum = tuple[tuple[Figure, int], ...]
KINDS = {USEFUL: ("did", "did_not"), LEFT: REASONS, LEFT_POLICE: REASONS}


@dataclass(frozen=True)
class Published:
    """All that is ever printed: exact totals, the cells shown, the bands of shares (low, high), by place.

    Of whoever was not counted the total is never printed: it is known from a plan that says how many places there were.
    `completions` is known where another indicator counts them: then so is who came again.
    `never_empty` are tables of which the attacker has heard that no withheld cell of theirs is empty.
    """

    k: int
    totals: dict[tuple[int, str], int]
    shown: dict[Figure, int]
    withheld: frozenset[Figure]
    bands: dict[Figure, tuple[int, int]]
    never_empty: frozenset[Figure]
    completions: dict[tuple[int, str], int]


@dataclass(frozen=True)
class Narrowed:
    """A group that was narrowed to fewer values than k, and than the totals leave open."""

    seed: int
    group: Sum
    people: int
    low: int
    high: int

    def __str__(self) -> str:
        return f"programme {self.seed}: {self.people} people solved to {self.low}-{self.high}: {self.group}"


class Attacker:
    def __init__(self, programme: Programme, published: Published) -> None:
        self.programme, self.published = programme, published
        self.columns: dict[tuple, int] = {}
        self.rows: list[tuple[dict[int, int], float, float]] = []
        for (moment, subject), total in published.totals.items():
            kinds = KINDS.get(subject, [(sex, sector) for sex in SEXES for sector in SECTORS])
            everybody = {self._column(moment, subject, kind): 1 for kind in kinds}
            self.rows.append((everybody, total, total))
        for (moment, subject), again in published.completions.items():
            self.rows.append(({self._column(moment, subject, "again"): 1}, again, again))
        for figure, number in published.shown.items():
            self.rows.append((self._people_of(figure), number, number))
        for figure, (low, high) in published.bands.items():
            self.rows.append((self._people_of(figure), low, high))
        for figure in published.never_empty:
            self.rows.append((self._people_of(figure), 1, np.inf))
        self._relations()
        width = len(self.columns)
        data = [
            (row, column, times) for row, (terms, _l, _h) in enumerate(self.rows) for column, times in terms.items()
        ]
        rows, columns, times = zip(*data, strict=True)
        self.matrix = csr_array((np.array(times, float), (rows, columns)), shape=(len(self.rows), width))
        self.worlds: list[np.ndarray] = []  # that fit all that is known; each answers for every group
        self.limits = [low for _t, low, _h in self.rows], [high for _t, _l, high in self.rows]

    def _column(self, *kind: object) -> int:
        return self.columns.setdefault(kind, len(self.columns))

    def _people_of(self, figure: Figure) -> dict[int, int]:
        moment, subject, dimensions, cell = figure
        if subject in KINDS:
            return {self._column(moment, subject, cell[0]): 1}
        wanted = dict(zip(dimensions, cell, strict=True))
        return {
            self._column(moment, subject, (sex, sector)): 1
            for sex in SEXES
            for sector in SECTORS
            if wanted.items() <= {"sex": sex, "sector": sector}.items()
        }

    def _relations(self) -> None:
        """The police are all of the police and nobody else; who came again had come; nobody goes if nobody does.

        Whoever of the police was left out was left out of everybody.
        """
        for moment in range(self.programme.moments):
            for sex in SEXES:
                for sector in SECTORS:
                    everybody, police, again = (
                        self._column(moment, subject, (sex, sector)) for subject in (EVERYTHING, POLICE, AGAIN)
                    )
                    if sector == "police":
                        self.rows.append(({everybody: 1, police: -1}, 0, 0))
                    else:
                        self.rows.append(({police: 1}, 0, 0))
                    self.rows.append(({everybody: 1, again: -1}, 0, np.inf))
            for reason in REASONS:
                everybody, police = (self._column(moment, subject, reason) for subject in (LEFT, LEFT_POLICE))
                self.rows.append(({everybody: 1, police: -1}, 0, np.inf))
        if not self.programme.only_grows:
            return
        for (moment, *kind), column in list(self.columns.items()):
            if moment + 1 < self.programme.moments:
                self.rows.append(({self._column(moment + 1, *kind): 1, column: -1}, 0, np.inf))

    def range_of(self, group: Sum, enough: int) -> tuple[int, int]:
        """The least and the greatest number of a group that fit, or some that lie far enough apart."""
        aim = np.zeros(len(self.columns))
        for figure, sign in group:
            for column, times in self._people_of(figure).items():
                aim[column] += sign * times
        for direction in (1, -1):
            values = [int(aim @ world) for world in self.worlds] or [0]
            if self.worlds and max(values) - min(values) + 1 >= enough:
                break
            self.worlds.append(self._solve(direction * aim))
        values = [int(aim @ world) for world in self.worlds]
        return min(values), max(values)

    def _solve(self, aim: np.ndarray) -> np.ndarray:
        for whole in (0, 1):  # whole numbers come out by themselves most often
            answer = milp(
                aim,
                constraints=LinearConstraint(self.matrix, *self.limits),
                integrality=np.full(len(aim), whole),
                bounds=Bounds(0, np.inf),
            )
            assert answer.status == 0, answer.message
            if np.allclose(answer.x, np.round(answer.x), atol=1e-7, rtol=0):
                return np.round(answer.x)
        raise AssertionError(answer.x)


def groups(programme: Programme, published: Published) -> Iterator[tuple[Sum, int]]:
    """Every small group behind what is published, with the true number: of a cell, of the difference of two."""
    truth = {figure: _count(programme, figure) for figure in (*published.shown, *published.withheld)}
    sums: list[Sum] = [((figure, 1),) for figure in truth]
    sums += [
        ((figure, 1), ((figure[0], inner, *figure[2:]), -1))
        for figure in truth
        for whole, inner in ((EVERYTHING, POLICE), (EVERYTHING, AGAIN), (LEFT, LEFT_POLICE))
        if figure[1] == whole and (figure[0], inner, *figure[2:]) in truth
    ]
    for before, after in combinations(range(programme.moments), 2):
        sums += [
            (*later, *(((before, *figure[1:]), -sign) for figure, sign in later))
            for later in sums
            if later[0][0][0] == after and len(later) <= 2 and all(figure[0] == after for figure, _sign in later)
        ]
    for group in sums:
        people = sum(sign * truth[figure] for figure, sign in group)
        if 0 < abs(people) < programme.k or (people == 0 and _tells_of_all(group, published)):
            yield group, people


def _tells_of_all(group: Sum, published: Published) -> bool:
    """Whether nobody of a group that is not empty did, or everybody."""
    if group[0][0][1] != USEFUL:
        return False
    return sum(sign * published.totals[figure[0], figure[1]] for figure, sign in group) != 0


def _count(programme: Programme, figure: Figure) -> int:
    moment, subject, dimensions, cell = figure
    if subject in (LEFT, LEFT_POLICE):
        return next(found.numbers[cell[0]] for found in programme.left_out()[moment] if found.subject == subject)
    people = programme.counted(subject, moment)
    if subject == USEFUL:
        return sum(person.useful == (cell == ("did",)) for person in people)
    return sum(
        all(getattr(person, name) == value for name, value in zip(dimensions, cell, strict=True)) for person in people
    )


@dataclass
class Found:
    """Small groups: how many there are, and which have fewer than k values, by what."""

    attacked: int = 0
    by_totals: int = 0
    by_the_past: int = 0
    narrowed: list[Narrowed] = field(default_factory=list)


def attack(programme: Programme, published: Published) -> Found:
    """Solve all that was published for every small group behind it.

    What the exact totals alone narrow is no fault of a table. Nor is what a new total does to tables that are out
    already. Everything else is: a group that has fewer values once an edition shows its tables than without them.
    """
    whole, found = Attacker(programme, published), Found()
    stages: dict[tuple[int, bool], Attacker] = {}

    def width(group: Sum, moment: int, with_tables: bool) -> int:
        if (moment, with_tables) not in stages:
            tables_until = moment if with_tables else moment - 1
            stages[moment, with_tables] = Attacker(programme, _until(published, moment, tables_until))
        low, high = stages[moment, with_tables].range_of(group, programme.k)
        return min(high - low + 1, programme.k)

    for group, people in groups(programme, published):
        found.attacked += 1
        low, high = whole.range_of(group, programme.k)
        if high - low + 1 >= programme.k:
            continue
        newest = max(figure[0] for figure, _sign in group)
        if any(width(group, n, True) < width(group, n, False) for n in range(newest, programme.moments)):
            found.narrowed.append(Narrowed(programme.seed, group, people, low, high))
        else:
            least, most = _alone(programme, published, stages).range_of(group, programme.k)
            is_by_totals = high - low >= min(most - least, programme.k - 1)
            found.by_totals += is_by_totals
            found.by_the_past += not is_by_totals
    return found


def _alone(programme: Programme, published: Published, stages: dict) -> Attacker:
    """An attacker who has the totals of all moments and no table."""
    if (-1, False) not in stages:
        stages[-1, False] = Attacker(programme, _until(published, programme.moments - 1, -1))
    return stages[-1, False]


def _until(published: Published, moment: int, tables_until: int) -> Published:
    """What was out when the totals of a moment were, and the tables of one."""
    return Published(
        published.k,
        {place: total for place, total in published.totals.items() if place[0] <= moment},
        {figure: number for figure, number in published.shown.items() if figure[0] <= tables_until},
        frozenset(figure for figure in published.withheld if figure[0] <= tables_until),
        {figure: limits for figure, limits in published.bands.items() if figure[0] <= tables_until},
        frozenset(figure for figure in published.never_empty if figure[0] <= tables_until),
        {place: again for place, again in published.completions.items() if place[0] <= moment},
    )
