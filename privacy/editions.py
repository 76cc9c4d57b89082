"""What is published about groups of people, edition after edition, and what everybody can work out from it.

An edition is all that is published at once: for every indicator that counts people an exact total and tables that take
it apart. What was published stays published, so editions stand side by side for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise, product
from typing import NamedTuple

Dimensions = tuple[str, ...]
Cell = tuple[str, ...]
Terms = tuple[tuple["Place", int], ...]


class Place(NamedTuple):
    """Where a cell stands: in which edition, of which indicator, in which table, and its name, one per dimension."""

    edition: int
    subject: str
    dimensions: Dimensions
    cell: Cell


@dataclass(frozen=True)
class Count:
    """People counted for one indicator: an exact total, and tables of which each sums up to it.

    Tables name every cell there can be, empty ones too: a missing row would say that it is empty. In a share the cells
    are what people said or reached, and then an empty cell speaks of everybody in the other.
    """

    subject: str
    total: int
    tables: Mapping[Dimensions, Mapping[Cell, int]]
    is_share: bool = False


@dataclass(frozen=True)
class Inside:
    """Everybody counted for `part` is counted for `whole` too; with `only`, these are all its people of those cells.

    With `among` that holds for these cells of the dimension, and of others nothing is known; `is_all` where the part
    has everybody in them.
    """

    part: str
    whole: str
    dimension: str = ""
    only: frozenset[str] = frozenset()
    among: frozenset[str] = frozenset()
    is_all: bool = False


Edition = Sequence[Count]


class Kind(NamedTuple):
    """The people of an indicator in an edition who are alike in every dimension: what all its cells are sums of."""

    edition: int
    subject: str
    names: tuple[tuple[str, str], ...]  # (dimension, cell), in the order of the dimensions


@dataclass(frozen=True)
class Rule:
    """A sum of people that everybody knows to lie between two numbers; `high` None is without limit."""

    terms: tuple[tuple[Kind, int], ...]
    low: int
    high: int | None = None


@dataclass(frozen=True)
class Group:
    """People whose number follows from cells: those of one, or those by whom two differ."""

    terms: Terms
    people: int
    of: int = field(compare=False, default=0)
    is_share: bool = field(compare=False, default=False)
    is_nested: bool = field(compare=False, default=False)

    @property
    def edition(self) -> int:
        """The newest edition it takes to know the group."""
        return max(place.edition for place, _times in self.terms)

    @property
    def is_over_time(self) -> bool:
        return len({place.edition for place, _times in self.terms}) > 1

    def is_small(self, k: int) -> bool:
        """Fewer than k people, and not nobody. Of a share nobody is few too: it says the same of all the others."""
        return (0 < abs(self.people) < k) or (self.is_share and self.people == 0 and self.of > 0)


def cells(number: int, count: Count) -> Iterator[tuple[Place, int]]:
    for dimensions, table in count.tables.items():
        for cell, people in table.items():
            yield Place(number, count.subject, dimensions, cell), people


def kinds(number: int, count: Count) -> list[Kind]:
    """All kinds of people there can be in a count."""
    names: dict[str, dict[str, None]] = {}
    for dimensions, table in count.tables.items():
        for cell in table:
            for dimension, name in zip(dimensions, cell, strict=True):
                names.setdefault(dimension, {})[name] = None
    ordered = sorted(names)
    return [
        Kind(number, count.subject, tuple(zip(ordered, chosen, strict=True)))
        for chosen in product(*(names[dimension] for dimension in ordered))
    ]


def of_place(place: Place, among: Iterable[Kind]) -> list[Kind]:
    """The kinds of people that a cell counts."""
    wanted = set(zip(place.dimensions, place.cell, strict=True))
    return [kind for kind in among if wanted <= set(kind.names)]


def totals(editions: Sequence[Edition]) -> list[Rule]:
    return [
        Rule(tuple((kind, 1) for kind in kinds(number, count)), count.total, count.total)
        for number, edition in enumerate(editions)
        for count in edition
        if count.tables
    ]


def containments(editions: Sequence[Edition], inside: Sequence[Inside]) -> list[Rule]:
    """No kind has more people in a part than in the whole; where the part is certain cells of it, it has as many."""
    found: list[Rule] = []
    for number, counts in enumerate(by_subject(editions)):
        for nested in inside:
            if nested.part in counts and nested.whole in counts:
                found += _containment(kinds(number, counts[nested.part]), kinds(number, counts[nested.whole]), nested)
    return found


def growth(editions: Sequence[Edition]) -> list[Rule]:
    """Of an indicator of which no cell ever shrank, outsiders will guess that nobody was ever taken out of it."""
    found: list[Rule] = []
    for subject in subjects(editions):
        counts = [(n, counts[subject]) for n, counts in enumerate(by_subject(editions)) if subject in counts]
        for (first, old), (second, new) in pairwise(counts):
            before, after = _level(first, old), _level(second, new)
            if all(after[key][1] >= people for key, (_terms, people) in before.items() if key in after):
                later = {kind.names: kind for kind in kinds(second, new)}
                found += [
                    Rule(((later[kind.names], 1), (kind, -1)), 0) for kind in kinds(first, old) if kind.names in later
                ]
    return found


def by_subject(editions: Sequence[Edition]) -> list[dict[str, Count]]:
    return [{count.subject: count for count in edition} for edition in editions]


def subjects(editions: Sequence[Edition]) -> list[str]:
    return sorted({count.subject for edition in editions for count in edition})


def groups(editions: Sequence[Edition], inside: Sequence[Inside]) -> list[Group]:
    """Every group whose number follows from cells: of an indicator, of one without the other; of an edition, of two."""
    by_edition = by_subject(editions)
    found: list[Group] = []
    for subject in subjects(editions):
        counts_of = [(n, counts[subject]) for n, counts in enumerate(by_edition) if subject in counts]
        levels = [(count, _level(n, count)) for n, count in counts_of]
        for count, level in levels:
            found += [Group(terms, people, count.total, count.is_share) for terms, people in level.values()]
        for (before, old), (after, new) in combinations(levels, 2):
            for key in old.keys() & new.keys():
                terms, people = _minus(new[key], old[key])
                found.append(Group(terms, people, abs(after.total - before.total), after.is_share))
    for nested in inside:
        both = [
            _without(_level(n, counts[nested.whole]), _level(n, counts[nested.part]), nested)
            for n, counts in enumerate(by_edition)
            if nested.part in counts and nested.whole in counts
        ]
        found += [Group(terms, people, is_nested=True) for level in both for terms, people in level.values()]
        for old, new in combinations(both, 2):
            found += [Group(*_minus(new[key], old[key]), is_nested=True) for key in old.keys() & new.keys()]
    return sorted(found, key=lambda group: (len(group.terms), abs(group.people), group.terms))


_Level = dict[tuple[Dimensions, Cell], tuple[Terms, int]]


def _level(number: int, count: Count) -> _Level:
    return {(place.dimensions, place.cell): (((place, 1),), people) for place, people in cells(number, count)}


def _without(whole: _Level, part: _Level, nested: Inside) -> _Level:
    both = whole.keys() & part.keys()
    if nested.among:
        both = {key for key in both if set(key[1]) <= nested.among}
    return {key: _minus(whole[key], part[key]) for key in both}


def _minus(one: tuple[Terms, int], other: tuple[Terms, int]) -> tuple[Terms, int]:
    return (*one[0], *((place, -times) for place, times in other[0])), one[1] - other[1]


def _containment(part: list[Kind], whole: list[Kind], nested: Inside) -> Iterator[Rule]:
    if not part or not whole:
        return
    common = {name for name, _cell in part[0].names} & {name for name, _cell in whole[0].names}
    groups: dict[tuple, list[tuple[Kind, int]]] = {}
    for sign, those in ((-1, part), (1, whole)):
        for kind in those:
            if nested.among and dict(kind.names).get(nested.dimension, "") not in nested.among:
                continue
            if nested.only and dict(kind.names).get(nested.dimension, "") not in {*nested.only, ""}:
                if sign < 0:
                    yield Rule(((kind, 1),), 0, 0)
                continue
            alike = tuple((name, cell) for name, cell in kind.names if name in common)
            groups.setdefault(alike, []).append((kind, sign))
    for terms in groups.values():
        yield Rule(tuple(terms), 0, 0 if nested.only or nested.is_all else None)
