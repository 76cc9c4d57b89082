"""A list as it is looked at before the yes: a page of its rows, its columns with a few lines, what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import ngettext

from participants import importing, layouts
from participants.columns import Header
from participants.list_rows import Fate, RowFate
from participants.models import RosterImport
from participants.undoing import Effect

LEAF = 200  # rows of a page
SAMPLE = 6  # lines shown below the columns


@dataclass(frozen=True)
class Leaf:
    """A page of the rows of one fate, or of all; how many rows meet each fate; the sheets of the workbook."""

    rows: list[RowFate]
    show: str
    number: int
    leaves: int
    counts: dict[Fate, int]
    sheets: list[str]
    undecided: int
    to_correct: int


@dataclass(frozen=True)
class Sample:
    """The headings of a list and its first lines."""

    titles: list[str]
    lines: list[list[str]]


def leaf(staged: RosterImport, show: str, number: int) -> Leaf:
    """One page of the preview; `show` is a fate, or anything else for every row. Refuses AlreadySettled."""
    plan = importing.open_plan(staged)
    rows, sheets = plan.rows, plan.sheets
    counts = {fate: wanted for fate in Fate if (wanted := sum(row.fate == fate for row in rows))}
    chosen = [row for row in rows if row.fate == show] if show in counts else rows
    leaves = max(-(-len(chosen) // LEAF), 1)
    number = min(max(number, 1), leaves)
    undecided = sum(row.fate == Fate.SIMILAR and str(row.number) not in staged.answers for row in rows)
    return Leaf(
        rows=chosen[(number - 1) * LEAF : number * LEAF],
        show=show if show in counts else "",
        number=number,
        leaves=leaves,
        counts=counts,
        sheets=sheets,
        undecided=undecided,
        to_correct=sum(row.is_to_correct for row in rows),
    )


def header_of(staged: RosterImport, *, like_before: bool = False) -> Header:
    """The header the list is read by, or the one of the list seen before that looks most like it."""
    rows = importing.rows_of(staged)
    nearest = layouts.of_programme(staged.event.programme_id).nearest(rows) if like_before else None
    assert staged.arrangement is not None, "read already"
    return nearest or Header.from_json(staged.arrangement)


def looks_like_before(staged: RosterImport) -> bool:
    """Whether columns were said for a list much like this one, and otherwise than they are read now."""
    nearest = layouts.of_programme(staged.event.programme_id).nearest(importing.rows_of(staged))
    return nearest is not None and nearest.as_json() != staged.arrangement


def sample(staged: RosterImport, header_row: int) -> Sample:
    """The headings in a row (from 1; 0 for none) and what stands below them."""
    rows = importing.rows_of(staged)
    first = header_row - 1
    kept = Header.from_json(staged.arrangement) if staged.arrangement else None
    header = kept if kept and kept.first == first else Header(first, first, {})
    lines = [row for row in rows[header.last + 1 :] if any(row)][:SAMPLE]
    width = max(map(len, rows), default=0)
    titles = (header.titles(rows) + [""] * width)[:width]
    filled = [index for index in range(width) if titles[index] or any(index < len(row) and row[index] for row in rows)]
    last = filled[-1] + 1 if filled else 0
    return Sample(titles[:last], [(line + [""] * last)[:last] for line in lines])


def placed(staged: RosterImport) -> int:
    """How many people of an applied list have a place by it."""
    return sum(staged.counts.get(fate, 0) for fate in (Fate.NEW, Fate.EXISTING, Fate.SIMILAR))


def undone_in_words(effect: Effect) -> str:
    """What was taken back, and whose it was not."""
    done = ngettext("%(num)s row is taken back.", "%(num)s rows are taken back.", effect.rows)
    if not effect.kept:
        return done
    kept = ngettext(
        "%(num)s stays as it has been used since: %(codes)s.",
        "%(num)s stay as they have been used since: %(codes)s.",
        len(effect.kept),
        codes=", ".join(effect.kept[:20]),
    )
    return f"{done} {kept}"
