"""What people outside the team get to see of a dashboard: by visibility, with small groups withheld. One place for
page, chart and every file."""

from __future__ import annotations

from dataclasses import replace

from core.i18n import Texts
from indicators import dashboard, sharing
from indicators.models import Detail, Measure, ShareLink, Visibility
from indicators.publication import Dashboard, Line, State
from indicators.series import Value
from privacy import disclosure
from trainings.models import Programme


def for_link(link: ShareLink) -> Dashboard:
    """What whoever has this link may see, as much as the link was made for."""
    board = for_audience(link.programme, sharing.visibility(link), sharing.smallest_group(link))
    return _totals_only(board) if link.detail == Detail.TOTALS else board


def for_audience(programme: Programme, audience: Visibility, k: int) -> Dashboard:
    """What an audience may see of a programme, with groups below `k` people withheld."""
    return withheld(dashboard.compute(programme), audience, k)


def withheld(board: Dashboard, audience: Visibility, k: int) -> Dashboard:
    """A dashboard without the indicators that are not for this audience and without what speaks of few people."""
    chapters = [
        replace(
            chapter,
            lines=[_withheld(line, k) for line in chapter.lines if _is_visible(line.indicator.visibility, audience)],
        )
        for chapter in board.chapters
    ]
    return replace(board, chapters=chapters, audience=audience, k=k)


def _withheld(line: Line, k: int) -> Line:
    """The line as people outside may see it: exact totals, small cells and figures about few people withheld."""
    if k < 2:
        return line
    speaks_of_few = line.value.people is not None and not disclosure.may_show(line.value.people, k)
    is_total_of_people = line.indicator.measure == Measure.UNIT and line.value.knowledge is None
    if speaks_of_few and not is_total_of_people:
        nothing = Value(people=None, text=Texts())
        stones = [replace(stone, then=None) for stone in line.milestones]
        return replace(
            line, value=nothing, baseline=None, milestones=stones, state=State.WITHHELD, computed=None, history=[]
        )
    stones = [replace(stone, then=stone.then and _safe(stone.then, k)) for stone in line.milestones]
    computed = line.computed and _safe(line.computed, k)
    return replace(line, value=_safe(line.value, k), milestones=stones, computed=computed)


def _safe(value: Value, k: int) -> Value:
    cells = {
        dimension: disclosure.protected({cell: number or 0 for cell, number in found.items()}, k)
        for dimension, found in value.cells.items()
    }
    return replace(value, cells=cells)


def _is_visible(visibility: Visibility, audience: Visibility) -> bool:
    order = (Visibility.INTERNAL, Visibility.DONOR, Visibility.PUBLIC)
    return order.index(visibility) >= order.index(audience)


def _totals_only(board: Dashboard) -> Dashboard:
    """The dashboard without any breakdown."""
    return replace(
        board,
        chapters=[replace(chapter, lines=[_total_only(line) for line in chapter.lines]) for chapter in board.chapters],
    )


def _total_only(line: Line) -> Line:
    stones = [replace(stone, then=stone.then and replace(stone.then, cells={})) for stone in line.milestones]
    return replace(line, value=replace(line.value, cells={}), milestones=stones)
