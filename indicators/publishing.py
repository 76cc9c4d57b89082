"""What people outside the team get to see of a programme: the figures that were locked last, by visibility, with small
groups withheld. One place for page, chart and every file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import current_app

from indicators import dashboard, protection, sharing, snapshots, told
from indicators.iati import entry
from indicators.models import Visibility
from indicators.period_models import Snapshot
from indicators.protection import Protection
from indicators.publication import Dashboard, Line
from indicators.share_models import Detail, ShareLink
from indicators.told import Locked
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
    board = replace(board, programme=replace(board.programme, iati=entry.of(programme)))
    locked = told.of_programme(programme)
    kept = next((found.told.get(k) for found in locked if found.board.period == board.period), None)
    seen = [line for line in board.lines if is_visible(line.indicator.visibility, audience)]
    if kept is not None and {line.indicator.uid for line in seen} <= {line.indicator.uid for line in kept.lines}:
        return _as_told(board, kept, audience, k)
    return withheld(board, audience, k, _before(locked, board))


def keep_told(programme: Programme, snapshot: Snapshot) -> None:
    """Keep what donors and the public are told of a period that was just locked."""
    board = snapshots.read(snapshot)
    before = published_before(programme, board)
    settings = current_app.extensions["settings"]
    for k in sorted({int(settings.donor_k), int(settings.public_k)}):
        if k > 1:
            told.keep(snapshot, k, withheld(board, Visibility.DONOR, k, before))


def next_to_show(programme: Programme, period: str | None = None) -> Dashboard:
    """The dashboard that people outside get to see, as staff see it."""
    locked = [snapshots.read(snapshot) for snapshot in snapshots.of_programme(programme)]
    if not locked:
        return dashboard.compute(programme, in_full=True)
    return dashboard.restated(programme, next((board for board in locked if board.period == period), locked[-1]))


def withheld(board: Dashboard, audience: Visibility, k: int, before: Sequence[Locked] = ()) -> Dashboard:
    """A dashboard without the indicators that are not for this audience and without what speaks of few people.

    `before` is what was published earlier, the oldest first.
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


def published_before(programme: Programme, board: Dashboard) -> list[Locked]:
    """What was locked, and so published, before a dashboard was; the oldest first."""
    return _before(told.of_programme(programme), board)


def protected(board: Dashboard, k: int, before: Sequence[Locked] = ()) -> Protection:
    """What may be shown of a dashboard, with groups below `k` people withheld, and why the rest may not."""
    ks = [found for found in (sharing.donors_k(),) if found < k] + [k]
    return protection.protect([*(found.board for found in before), board], ks, [found.told for found in before])


def _as_told(board: Dashboard, kept: Dashboard, audience: Visibility, k: int) -> Dashboard:
    """A locked dashboard as it was told, with what is another since; who may see an indicator is said today."""
    lines = {line.indicator.uid: line for line in kept.lines}

    def told_again(line: Line) -> Line:
        restatements = protection.restated(line, k)
        kept_line = protection.in_order(lines[line.indicator.uid])
        return replace(kept_line, indicator=line.indicator, restatements=restatements)

    chapters = [
        replace(
            chapter,
            lines=[told_again(line) for line in chapter.lines if is_visible(line.indicator.visibility, audience)],
        )
        for chapter in board.chapters
    ]
    return replace(board, chapters=chapters, audience=audience, k=k, quizzes=kept.quizzes)


def _before(locked: Sequence[Locked], board: Dashboard) -> list[Locked]:
    found = [one for one in locked if _moment(one.board) < _moment(board)]
    return sorted(found, key=lambda one: _moment(one.board))


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
