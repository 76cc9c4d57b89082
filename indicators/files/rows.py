"""The logframe as rows: what the CSV and the workbooks are filled with, numbers as numbers."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from indicators import figures, wording
from indicators.models import BaselineKind, Measure
from indicators.publication import Chapter, Dashboard, Line
from indicators.publication_heads import TargetHead
from indicators.series import ASKED

Figure = int | float | str


@dataclass(frozen=True)
class Entry:
    """An indicator, or one cell of its breakdown by `dimension`."""

    chapter: Chapter
    line: Line
    dimension: str = ""
    cell: str = ""
    count: int | None = None

    @property
    def is_total(self) -> bool:
        return not self.dimension

    @property
    def breakdown(self) -> str:
        """What the row speaks of; nothing for the total."""
        if self.is_total:
            return ""
        dimension = wording.DIMENSION_NAMES.get(self.dimension, self.dimension)
        return f"{dimension}: {wording.CELL_NAMES.get(self.cell, self.cell)}"

    @property
    def value(self) -> Figure:
        """The value today as a number, or in words why there is none."""
        if not self.is_total:
            return _("withheld") if self.count is None else self.count
        found = figures.current(self.line)
        return wording.value_in_words(self.line) if found is None or self.line.value.text else found

    @property
    def state(self) -> str:
        """The name of what stands in `value`."""
        if not self.is_total:
            return str(_("withheld") if self.count is None else _("number") if self.count else _("zero"))
        return str(wording.STATE_NAMES[self.line.state])


def of(board: Dashboard, *dimensions: str) -> list[Entry]:
    """A row for every indicator, followed by the cells of these dimensions, or of all of them."""
    return [
        entry
        for chapter in board.chapters
        for line in chapter.lines
        for entry in (Entry(chapter, line), *_cells(chapter, line, dimensions))
    ]


def counted(line: Line) -> tuple[int | None, int | None, int | None]:
    """So many of so many, and of how many who could have answered; of a withheld share its people alone, if at all."""
    value = line.value
    return (None if line.is_withheld else value.numerator, value.denominator, value.beside.get(ASKED))


def baseline(line: Line) -> Figure:
    """The baseline as a number, or in words."""
    found = figures.published(line.indicator, line.baseline)
    if found is None or line.indicator.baseline_kind in (BaselineKind.TEXT, BaselineKind.NOT_APPLICABLE):
        return wording.baseline_in_words(line)
    return found


def target(line: Line, found: TargetHead | None) -> Figure:
    """A target as a number, or in words; nothing where there is none."""
    if found is None:
        return ""
    if found.value is None or found.text:
        return wording.target_in_words(line, found)
    return figures.published(line.indicator, found.value) or 0


def unit(line: Line) -> str:
    """What a value is counted in."""
    if line.indicator.unit:
        return str(line.indicator.unit)
    if line.indicator.metric == figures.GAIN:
        return _("points of 100")
    return {Measure.PERCENTAGE: "%", Measure.QUALITATIVE: _("in words")}.get(line.indicator.measure, _("number"))


def _cells(chapter: Chapter, line: Line, dimensions: tuple[str, ...]) -> list[Entry]:
    return [
        Entry(chapter, line, dimension, cell, count)
        for dimension, cells in line.cells.items()
        if not line.is_withheld and (not dimensions or dimension in dimensions)
        for cell, count in cells.items()
    ]
