"""What people outside the team get to see of a programme: the figures that were locked last, by visibility, with small
groups withheld. One place for page, chart and every file."""

from __future__ import annotations

from dataclasses import replace

from core.i18n import Texts
from indicators import dashboard, sharing, snapshots
from indicators.iati import entry
from indicators.models import Detail, Measure, ShareLink, Visibility
from indicators.publication import Dashboard, Line, Restatement, State
from indicators.series import Value
from privacy import disclosure
from trainings.models import Programme


def for_link(link: ShareLink, period: str | None = None) -> Dashboard:
    """What whoever has this link may see, as much as the link was made for; of a locked period, or of the last."""
    board = for_audience(link.programme, sharing.visibility(link), sharing.smallest_group(link), period)
    if link.detail != Detail.FULL:
        board = replace(board, recommendations=[])
    return _totals_only(board) if link.detail == Detail.TOTALS else board


def for_audience(programme: Programme, audience: Visibility, k: int, period: str | None = None) -> Dashboard:
    """What an audience may see of a programme, with groups below `k` people withheld.

    That is the period that was locked last, or the locked one of this key, with what was restated since; before the
    first, today's provisional figures.
    """
    board = _published(programme, period)
    # How it is known in IATI is no figure: it may have been entered after the lock.
    head = replace(board.programme, iati=entry.of(programme))
    return withheld(replace(board, programme=head), audience, k)


def _published(programme: Programme, period: str | None) -> Dashboard:
    locked = [snapshots.read(snapshot) for snapshot in snapshots.of_programme(programme)]
    if not locked:
        return dashboard.compute(programme)
    return dashboard.restated(programme, next((board for board in locked if board.period == period), locked[-1]))


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
            line,
            value=nothing,
            baseline=None,
            milestones=stones,
            state=State.WITHHELD,
            computed=None,
            history=[],
            restatements=[],
        )
    stones = [replace(stone, then=stone.then and _safe(stone.then, k)) for stone in line.milestones]
    restated = [_headline(found) for found in line.restatements if is_total_of_people or _may_compare(found, k)]
    computed = line.computed and _safe(line.computed, k)
    return replace(line, value=_safe(line.value, k), milestones=stones, restatements=restated, computed=computed)


def _headline(restatement: Restatement) -> Restatement:
    """The two figures without their breakdowns: from those, who came later could be read off cell by cell."""
    then, now = (replace(value, cells={}) for value in (restatement.then, restatement.now))
    return replace(restatement, then=then, now=now)


def _may_compare(restatement: Restatement, k: int) -> bool:
    """Whether the difference of two shares or means does not tell what few people said."""
    then, now = restatement.then.people, restatement.now.people
    if then is None and now is None:
        return True
    return all(disclosure.may_show(number or 0, k) for number in (then, now, abs((now or 0) - (then or 0))))


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
