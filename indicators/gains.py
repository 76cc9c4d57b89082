"""Before and after of an indicator of knowledge, row by row: at the ends of periods, today, and event by event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from indicators import figures
from indicators.publication import Dashboard, Line
from indicators.series import Value


@dataclass(frozen=True)
class Row:
    """People tested both times, and their means in points of 100; None where withheld or where there is nothing."""

    label: str
    name: str
    on: date
    people: int | None = None
    before: float | None = None
    after: float | None = None
    is_withheld: bool = False

    @property
    def gain(self) -> float | None:
        return None if self.before is None or self.after is None else self.after - self.before


def of(board: Dashboard, line: Line) -> list[Row]:
    """The rows of an indicator of knowledge; of any other, none."""
    if line.indicator.metric != figures.GAIN:
        return []
    stones = [(stone.period.key, stone.period.ends_on, stone.then) for stone in line.milestones if stone.then]
    moments = [*stones, (_("now"), board.on_day, line.value)]
    return [*(_at_moment(line, *moment) for moment in moments), *_at_events(board, line)]


def _at_moment(line: Line, label: str, on: date, value: Value) -> Row:
    found = value.knowledge
    if line.is_withheld or value.is_withheld or found is None:
        return Row(label, label, on, is_withheld=line.is_withheld or value.is_withheld)
    return Row(label, label, on, found.n, found.before, found.after)


def _at_events(board: Dashboard, line: Line) -> list[Row]:
    kinds = line.indicator.parameters.get("kinds", ())
    found = sorted(
        (at for quiz in board.quizzes for at in quiz.events if at.kind is not None and at.kind in kinds),
        key=lambda at: (at.on, at.uid),
    )
    return [
        Row(f"{place}.", f"{place}. {at.event}", at.on, at.n, at.before, at.after, at.is_withheld)
        for place, at in enumerate(found, 1)
    ]
