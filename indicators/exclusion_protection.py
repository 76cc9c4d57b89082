"""What is told outside of whoever was not counted: numbers of events and visits as they are, those of people judged
together, of all indicators and all that was published before (`privacy.left_out`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, permutations, takewhile

from indicators.models import Visibility
from indicators.publication import Dashboard, Line
from indicators.publication_heads import IndicatorHead
from privacy import left_out
from privacy.editions import Inside
from privacy.left_out import COMPLETIONS, PLACES, REASON, Left, LeftOut

OF_PEOPLE = ("people.completed", "people.places", "orgs.trained", "test.both", "test.gain", "test.mastery")
OF_THINGS = ("events.held", "events.dialogue", "events.mixed", "units.observed", "orgs.observing", "visits.on_time")
WITH_QUIZ = "test.both"
ABSENT, BELOW = PLACES

Told = Mapping[int, Dashboard]  # a publication as it was told, by the smallest group shown
Shown = Mapping[tuple[str, str], int | None]  # by the indicator's uid and the reason


def protect(boards: Sequence[Dashboard], ks: Sequence[int], told: Sequence[Told] = ()) -> Shown:
    """What may be shown of the last of these boards, those before being out; `ks` and `told` as in `protection`."""
    editions = [
        [LeftOut(line.indicator.uid, {why: n or 0 for why, n in line.exclusions.items()}) for line in _telling(board)]
        for board in boards
    ]
    lines = _telling(boards[-1])
    percent = boards[-1].programme.completion_percent
    inside = [found for part, whole in permutations(lines, 2) if (found := _inside(part, whole, percent))]
    judged: dict[Left, int | None] = {}
    stricter = _by_other_rules(boards, percent)
    for k in ks:
        judged = left_out.protect(editions, k, inside, stricter, _told(boards, told_to(told, k)))
        stricter |= {left for left, number in judged.items() if number is None}
    last = len(boards) - 1
    return {(left.subject, left.reason): number for left, number in judged.items() if left.edition == last}


def told_to(told: Sequence[Told], k: int) -> list[Dashboard]:
    """The first publications as they were told to readers of a smallest group, as far as that was kept."""
    return [published[k] for published in takewhile(lambda published: k in published, told)]


def shown(line: Line, judged: Shown) -> dict[str, int | None]:
    """What a line tells of whoever it left out: of people what was judged, of things what there is, else nothing."""
    if line.is_withheld:
        return {}
    is_of_things = line.indicator.metric in OF_THINGS
    uid = line.indicator.uid
    return {why: number if is_of_things else judged.get((uid, why)) for why, number in line.exclusions.items()}


def _told(boards: Sequence[Dashboard], told: Sequence[Dashboard]) -> dict[Left, int | None]:
    """The numbers of the first boards as they were published; what an indicator did not tell was withheld."""
    found: dict[Left, int | None] = {}
    for number, (board, published) in enumerate(zip(boards, told, strict=False)):
        lines = {line.indicator.uid: line for line in published.lines}
        for line in _telling(board):
            uid = line.indicator.uid
            for why in line.exclusions:
                found[Left(number, uid, why)] = lines[uid].exclusions.get(why) if uid in lines else None
    return found


def _telling(board: Dashboard) -> list[Line]:
    return [
        line
        for line in board.lines
        if line.exclusions and line.indicator.metric in OF_PEOPLE and line.indicator.visibility != Visibility.INTERNAL
    ]


def _inside(part: Line, whole: Line, percent: int) -> Inside | None:
    """Whether all places that one indicator left out were left out by another too, and by which reasons."""
    one, other = part.indicator, whole.indicator
    if not (_has_places(part) and _has_places(whole)) or not _is_part(one, other):
        return None
    # Absence is the same by any rule; too little is not, and who came again is so only for two that count alike.
    among = {ABSENT}
    if _needed(one, percent) == _needed(other, percent):
        among |= {BELOW, *(COMPLETIONS if one.metric == other.metric else ())}
    is_all = _is_part(other, one)
    if is_all and one.uid > other.uid:
        return None  # said the other way round already
    return Inside(one.uid, other.uid, REASON, among=frozenset(among), is_all=is_all)


def _by_other_rules(boards: Sequence[Dashboard], percent: int) -> set[Left]:
    """Where two indicators ask for another share of the sessions, who came too little or again is told of the first
    alone: the difference would be those between the two shares."""
    found = set()
    for number, board in enumerate(boards):
        lines = [line for line in _telling(board) if _has_places(line)]
        for one, other in combinations(lines, 2):
            if _needed(one.indicator, percent) != _needed(other.indicator, percent) and _kinds(one) & _kinds(other):
                found |= {Left(number, other.indicator.uid, reason) for reason in (BELOW, *COMPLETIONS)}
    return found


def _is_part(one: IndicatorHead, other: IndicatorHead) -> bool:
    kinds, all_kinds = (frozenset(found.parameters.get("kinds", ())) for found in (one, other))
    sectors, all_sectors = (frozenset(found.parameters.get("sectors") or ()) for found in (one, other))
    return (
        kinds <= all_kinds
        and (not all_sectors or (bool(sectors) and sectors <= all_sectors))
        and (one.metric == WITH_QUIZ or other.metric != WITH_QUIZ)
    )


def _has_places(line: Line) -> bool:
    return ABSENT in line.exclusions


def _kinds(line: Line) -> frozenset[str]:
    return frozenset(line.indicator.parameters.get("kinds", ()))


def _needed(indicator: IndicatorHead, percent: int) -> int:
    needed = indicator.parameters.get("threshold")
    return percent if needed is None else int(needed)
