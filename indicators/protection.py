"""Which figures about people may leave the house, for every value of what is published and all published before it.

A publication is several editions at once: where things stood at the end of each period, and where they stand. They are
judged together (`privacy.withholding`), whatever a page or a file prints of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from indicators import exclusion_protection, mean_protection
from indicators.exclusion_protection import Told, told_to
from indicators.mean_protection import NOW, ShownMeans, moments, shared, value_at
from indicators.publication import Dashboard, Line, Milestone, Restatement, State, Status
from indicators.publication_heads import IndicatorHead
from indicators.series import Value
from participants.models import Sector, Sex
from privacy import disclosure, withholding
from privacy.editions import Cell, Count, Dimensions, Edition, Inside, Place, cells
from privacy.withholding import Reason, Verdict

CELLS = {"sex": tuple(sex.value for sex in Sex), "sector": tuple(sector.value for sector in Sector)}
ANSWER, DID = ("answer",), ("did",)
BEFORE = "/before"  # a share before the event is an indicator of its own


@dataclass(frozen=True)
class Protection:
    """The verdicts on the last of some publications; `editions` says which of them a moment is."""

    board: Dashboard
    k: int
    editions: Mapping[str, int]
    verdicts: Mapping[Place, Verdict]
    means: ShownMeans
    left_out: exclusion_protection.Shown

    def line(self, line: Line) -> Line:
        """A line as people outside may see it: exact totals of people, and nothing that speaks of few."""
        value = self.value(line, NOW, line.value)
        stones = [self._milestone(line, stone) for stone in line.milestones]
        due = next((stone for stone in reversed(stones) if stone.then is not None), None)
        is_judged_unseen = due is not None and due.then is not None and due.then.is_withheld
        line = replace(
            line,
            value=value,
            milestones=stones,
            computed=line.computed and self.value(line, NOW, line.computed),
            exclusions=exclusion_protection.shown(line, self.left_out),
            restatements=restated(line, self.k),
            status=Status.WITHHELD if is_judged_unseen else line.status,
        )
        if line.value.baseline is None and value is not line.value and line.indicator.baseline_kind == "computed":
            line = replace(line, baseline=None)
        if value.is_withheld:
            return replace(line, baseline=None, state=State.WITHHELD, computed=None, history=[], exclusions={})
        return line

    def value(self, line: Line, moment: str, value: Value) -> Value:
        """A value as people outside may see it."""
        uid = line.indicator.uid
        if value.knowledge is not None or (_speaks_of_people(value) and value.denominator is None and not value.cells):
            is_shown = _is_total(line.indicator, value) or (uid, moment) in self.means.of_indicators
            return value if is_shown else Value(is_withheld=True)
        if value.denominator is not None and _speaks_of_people(value):
            return self._share(uid, moment, value)
        cells = {dimension: self._table(line, moment, dimension, found) for dimension, found in value.cells.items()}
        return replace(value, cells=cells)

    def verdict(self, uid: str, moment: str, dimension: str, cell: str) -> Verdict | None:
        return self.verdicts.get(Place(self.editions[moment], uid, (dimension,), (cell,)))

    def _milestone(self, line: Line, stone: Milestone) -> Milestone:
        if stone.then is None:
            return stone
        then = self.value(line, stone.period.key, stone.then)
        return replace(stone, then=then, state=State.WITHHELD if then.is_withheld else stone.state)

    def _share(self, uid: str, moment: str, value: Value) -> Value:
        verdict = self.verdict(uid, moment, "answer", "did")
        if verdict is None or verdict.shown is None:
            found = verdict.band if verdict else None
            if value.denominator == 0:
                return value
            if found is None:
                return Value(is_withheld=True)
            return Value(denominator=value.denominator, beside=value.beside, is_withheld=True, band=found)
        before = self.verdict(uid + BEFORE, moment, "answer", "did")
        return replace(value, baseline=None) if before is not None and before.shown is None else value

    def _table(self, line: Line, moment: str, dimension: str, found: Mapping[str, int | None]) -> dict[str, int | None]:
        names = _names(line.indicator, dimension, found)
        if len(names) == 1:
            return {name: found.get(name, 0) for name in names}
        verdicts = {name: self.verdict(line.indicator.uid, moment, dimension, name) for name in names}
        shown = {name: verdict.shown if verdict else None for name, verdict in verdicts.items()}
        return {name: people for name, people in shown.items() if name in found or people != 0}


def protect(boards: Sequence[Dashboard], ks: Sequence[int], told: Sequence[Told] = ()) -> Protection:
    """Judge the last of these publications, those before being out already; `told` is how the first of them came out.

    `ks` are the smallest groups of all who see as much or more, ascending; the last is that of the audience itself.
    What is withheld from those who see more is withheld from those who see less, so that nobody gains by seeing both.
    """
    editions: list[Edition] = []
    numbers: list[dict[str, int]] = []
    for board in boards:
        numbers.append({})
        for moment in moments(board):
            counts = [count for line in shared(board) for count in _counts(line, moment)]
            if counts not in editions:
                editions.append(counts)
            numbers[-1][moment] = editions.index(counts)
    inside = _inside(boards[-1])
    stricter: frozenset[Place] = frozenset()
    verdicts: Mapping[Place, Verdict] = {}
    for k in ks:
        published = _told(editions, numbers, told_to(told, k), k)
        verdicts = withholding.protect(editions, k, inside, stricter, published)
        stricter = frozenset(place for place, verdict in verdicts.items() if verdict.shown is None)
    means = mean_protection.protect(boards, ks, told)
    left_out = exclusion_protection.protect(boards, ks, told)
    return Protection(boards[-1], ks[-1], numbers[-1], verdicts, means, left_out)


def in_order(line: Line) -> Line:
    """A line whose cells stand in the order of the words; a line that was written down has them by the alphabet."""
    stones = [replace(stone, then=stone.then and _cells_in_order(stone.then)) for stone in line.milestones]
    return replace(line, value=_cells_in_order(line.value), milestones=stones)


def restated(line: Line, k: int) -> list[Restatement]:
    """What people outside may see of what is another since: no breakdowns, and no share or mean that tells of few."""
    return [
        _without_cells(found)
        for found in line.restatements
        if _is_total(line.indicator, found.then) or _may_compare(found, k)
    ]


def _cells_in_order(value: Value) -> Value:
    cells = {
        dimension: {name: found[name] for name in (*CELLS.get(dimension, ()), *found) if name in found}
        for dimension, found in value.cells.items()
    }
    return replace(value, cells=cells)


def _told(
    editions: Sequence[Edition], numbers: Sequence[Mapping[str, int]], told: Sequence[Dashboard], k: int
) -> dict[Place, Verdict]:
    """The verdicts by which the first boards came out: what was shown in any of them, and everything else withheld."""
    found: dict[Place, Verdict] = {}
    for published, places in zip(told, numbers, strict=False):
        lines = {line.indicator.uid: line for line in published.lines}
        for moment, number in places.items():
            for count in editions[number]:
                line = lines.get(count.subject.removesuffix(BEFORE))
                value = value_at(line, moment) if line else None
                for place, people in cells(number, count):
                    if place in found and found[place].shown is not None:
                        continue
                    found[place] = _as_told(count, place, people, value, k)
    return found


def _as_told(count: Count, place: Place, people: int, value: Value | None, k: int) -> Verdict:
    if value is None or (value.is_withheld and value.band is None):
        return Verdict(people, Reason.TOLD)
    if count.is_share:
        if value.is_withheld:
            return Verdict(people, Reason.TOLD, band=disclosure.band(people, count.total, k))
        is_shown = value.baseline is not None or not count.subject.endswith(BEFORE)
    else:
        # A cell that nobody is in may be left out of a table; one that is withheld is not.
        is_shown = value.cells.get(place.dimensions[0], {}).get(place.cell[0], people) is not None
    return Verdict(people, None if is_shown else Reason.TOLD)


def _counts(line: Line, moment: str) -> Iterator[Count]:
    """What a line tells of how many people at a moment: a total with its tables, or a share."""
    value, indicator = value_at(line, moment), line.indicator
    if value is None or not _speaks_of_people(value) or value.knowledge is not None:
        return
    if value.denominator is not None:
        shares = {"": value.numerator or 0}
        if value.baseline is not None:
            shares[BEFORE] = round(value.baseline * value.denominator / 100)
        for name, did in shares.items():
            table: dict[Cell, int] = {DID: did, ("did_not",): value.denominator - did}
            yield Count(indicator.uid + name, value.denominator, {ANSWER: table}, is_share=True)
        return
    tables: dict[Dimensions, dict[Cell, int]] = {}
    for dimension, found in value.cells.items():
        names = _names(indicator, dimension, found)
        if len(names) > 1:
            tables[(dimension,)] = {(name,): found.get(name) or 0 for name in names}
    if tables:  # adjustments are no part of the tables
        yield Count(indicator.uid, max(sum(table.values()) for table in tables.values()), tables)


def _names(indicator: IndicatorHead, dimension: str, found: Mapping[str, int | None]) -> list[str]:
    """All cells a table can have. An indicator of some sectors has none of the others."""
    only = indicator.parameters.get("sectors") if dimension == "sector" else None
    names = [name for name in CELLS.get(dimension, ()) if not only or name in only]
    return [*names, *(name for name in found if name not in names)]


def _inside(board: Dashboard) -> list[Inside]:
    """Which counts of people are part of which others, by what they count."""
    lines = [line.indicator for line in shared(board) if line.indicator.metric == "people.completed"]
    found = []
    for number, part in enumerate(lines):
        for other, whole in enumerate(lines):
            if number == other or not _is_part(part, whole, board) or (_is_part(whole, part, board) and number > other):
                continue
            only = _sectors(part) if _rule(part, board) == _rule(whole, board) and _sectors(part) else frozenset()
            found.append(Inside(part.uid, whole.uid, "sector" if only else "", only))
    return found


def _is_part(part: IndicatorHead, whole: IndicatorHead, board: Dashboard) -> bool:
    (kinds, needed), (all_kinds, all_needed) = _rule(part, board), _rule(whole, board)
    sectors = not _sectors(whole) or (bool(_sectors(part)) and _sectors(part) <= _sectors(whole))
    return kinds <= all_kinds and needed >= all_needed and sectors


def _rule(indicator: IndicatorHead, board: Dashboard) -> tuple[frozenset[str], int]:
    needed = indicator.parameters.get("threshold")
    kinds = frozenset(indicator.parameters.get("kinds", ()))
    return kinds, board.programme.completion_percent if needed is None else needed


def _sectors(indicator: IndicatorHead) -> frozenset[str]:
    return frozenset(indicator.parameters.get("sectors") or ())


def _without_cells(restatement: Restatement) -> Restatement:
    """What is told of a restatement: the totals, and which breakdowns moved under the same one. Never by whom: that a
    sex was put right is said, whether of a woman or a man would be read off the cells."""
    then, now = restatement.then, restatement.now
    return replace(restatement, then=replace(then, cells={}), now=replace(now, cells={}))


def _may_compare(restatement: Restatement, k: int) -> bool:
    """Whether two shares or means of people may stand side by side: neither they nor their difference tell of few."""
    then, now = restatement.then, restatement.now
    if then.people is None and now.people is None:
        return True
    if not all(disclosure.may_follow(now.people or 0, before, k) for before in (None, then.people)):
        return False
    return all(_is_telling_of_many(value, k) for value in (then, now)) and all(
        disclosure.may_show(abs(number), k) for number in _differences(then, now)
    )


def _is_telling_of_many(value: Value, k: int) -> bool:
    if value.denominator is None or value.numerator is None:
        return disclosure.may_show(value.people or 0, k)
    return k <= value.numerator <= value.denominator - k


def _differences(then: Value, now: Value) -> list[int]:
    did, of = ((b or 0) - (a or 0) for a, b in ((then.numerator, now.numerator), (then.denominator, now.denominator)))
    return [did, of - did]


def _speaks_of_people(value: Value) -> bool:
    return value.people is not None


def _is_total(indicator: IndicatorHead, value: Value) -> bool:
    """Totals of people are exact, however few."""
    return indicator.measure == "unit" and value.knowledge is None
