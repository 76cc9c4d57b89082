"""What people outside the team get to see of a programme: the figures that were locked last, by visibility, with small
groups withheld. One place for page, chart and every file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from indicators import dashboard, protection, sharing, snapshots
from indicators.iati import entry
from indicators.models import Visibility
from indicators.protection import Protection
from indicators.publication import Dashboard, Line
from indicators.share_models import Detail, ShareLink
from trainings.models import Programme


def for_link(link: ShareLink, period: str | None = None) -> Dashboard:
    """What whoever has this link may see, as much as the link was made for; of a locked period, or of the last."""
    board = for_audience(link.programme, sharing.visibility(link), sharing.smallest_group(link), period)
    if link.detail != Detail.FULL:
        board = replace(board, recommendations=[], outside=[], quizzes=[])
    return _totals_only(board) if link.detail == Detail.TOTALS else board


def for_audience(programme: Programme, audience: Visibility, k: int, period: str | None = None) -> Dashboard:
    """What an audience may see of a programme, with groups below `k` people withheld.

    That is the period that was locked last, or the locked one of this key, with what was restated since; before the
    first, today's provisional figures.
    """
    board = next_to_show(programme, period)
    # How it is known in IATI is no figure: it may have been entered after the lock.
    head = replace(board.programme, iati=entry.of(programme))
    return withheld(replace(board, programme=head), audience, k, published_before(programme, board))


def next_to_show(programme: Programme, period: str | None = None) -> Dashboard:
    """The dashboard that people outside get to see, as staff see it."""
    locked = [snapshots.read(snapshot) for snapshot in snapshots.of_programme(programme)]
    if not locked:
        return dashboard.compute(programme, in_full=True)
    return dashboard.restated(programme, next((board for board in locked if board.period == period), locked[-1]))


def withheld(board: Dashboard, audience: Visibility, k: int, before: Sequence[Dashboard] = ()) -> Dashboard:
    """A dashboard without the indicators that are not for this audience and without what speaks of few people.

    `before` are the dashboards published earlier, as staff see them, the oldest first.
    """
    safe = protected(board, k, before) if k > 1 else None
    chapters = [
        replace(
            chapter,
            lines=[
                safe.line(line) if safe else line
                for line in chapter.lines
                if is_visible(line.indicator.visibility, audience)
            ],
        )
        for chapter in board.chapters
    ]
    quizzes = [safe.means.quiz(quiz) if safe else quiz for quiz in board.quizzes]
    return replace(board, chapters=chapters, audience=audience, k=k, quizzes=quizzes)


def published_before(programme: Programme, board: Dashboard) -> list[Dashboard]:
    """What was locked, and so published, before a dashboard was; the oldest first."""
    locked = [snapshots.read(snapshot) for snapshot in snapshots.of_programme(programme)]
    return sorted((found for found in locked if _moment(found) < _moment(board)), key=_moment)


def protected(board: Dashboard, k: int, before: Sequence[Dashboard] = ()) -> Protection:
    """What may be shown of a dashboard, with groups below `k` people withheld, and why the rest may not."""
    return protection.protect([*before, board], [found for found in (sharing.donors_k(),) if found < k] + [k])


def _moment(board: Dashboard) -> float:
    return board.locked_at.timestamp() if board.locked_at else float("inf")


def is_visible(visibility: Visibility, audience: Visibility) -> bool:
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
    # That a breakdown was put right is said to those who see breakdowns.
    restatements = [found for found in line.restatements if not found.dimensions]
    return replace(line, value=replace(line.value, cells={}), milestones=stones, restatements=restatements)
