"""A list of recommendations from outside, row by row: what each says, and what will become of it. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from core import tables
from core.errors import Refused
from monitoring.external_words import HEADING_OF, IMPLEMENTATION_OF, NOTHING, RESPONSE_OF, Column, plain
from monitoring.models import Implementation, Recommendation, ResponseKind, Voice
from monitoring.recommendations import standing

MOST_ROWS = 2000
LOOKED_AT_FOR_HEADINGS = 15
LONGEST = {
    Column.REFERENCE: 60,
    Column.TEXT: 4000,
    Column.RECOMMENDED_BY: 200,
    Column.ADDRESSEE: 200,
    Column.THEME: 100,
    Column.STANDARD: 200,
    Column.NOTE: 500,
}


class NoHeadings(Refused):
    code = "no_headings"
    sentence = _l(
        "No row of headings was found. One column has to be called “Recommendation”; the empty table shows the others."
    )


class Fate(StrEnum):
    """What becomes of a row of the file; every row has exactly one."""

    NEW = "new"
    FOLLOWED_UP = "followed_up"  # it is there; a response or an assessment is added to it
    KNOWN = "known"  # it is there, and nothing is new
    LEFT_OUT = "left_out"
    HEADING = "heading"
    BLANK = "blank"


@dataclass(frozen=True)
class Asked:
    """A recommendation as a row says it."""

    text: str
    reference: str = ""
    recommended_by: str = ""
    addressee: str = ""
    theme: str = ""
    standard: str = ""
    due_on: date | None = None
    response: ResponseKind | None = None
    implementation: Implementation | None = None
    note: str = ""


@dataclass
class Row:
    """A row of the file with its line, its fate, and why it is left out."""

    line: int
    fate: Fate
    asked: Asked | None = None
    known: Recommendation | None = None
    reasons: list[LazyString] = field(default_factory=list)
    beginning: str = ""


def read(content: bytes) -> list[tuple[int, list[str]]]:
    """The rows of a workbook or CSV file with their lines. Refuses what core.tables refuses."""
    return tables.numbered(content, MOST_ROWS, lambda value: " ".join(tables.as_text(value).split()))


def judged(
    rows: Sequence[tuple[int, list[str]]], present: Sequence[Recommendation], as_of: date, voice: Voice
) -> list[Row]:
    """The fate of every row, given what is in the register already. Refuses NoHeadings."""
    place, columns = _headings(rows)
    by_reference = {asked.reference: asked for asked in present if asked.reference}
    by_text = {plain(asked.text): asked for asked in present}
    lines: dict[str, int] = {}
    found: list[Row] = []
    for at, (line, cells) in enumerate(rows):
        if not any(cells):
            found.append(Row(line, Fate.BLANK))
        elif at <= place:
            found.append(Row(line, Fate.HEADING, beginning=_beginning(cells)))
        else:
            row = _judge(line, cells, columns, lines)
            if row.asked is not None:
                _compare(row, row.asked, by_reference, by_text, as_of, voice)
            found.append(row)
    return found


def counts(rows: Iterable[Row]) -> Counter[Fate]:
    """How many rows have each fate; together all rows."""
    return Counter(row.fate for row in rows)


def _headings(rows: Sequence[tuple[int, list[str]]]) -> tuple[int, dict[Column, int]]:
    """Where the row of headings is, and which column holds what: of several with one name the first."""
    for at, (_line, cells) in enumerate(rows[:LOOKED_AT_FOR_HEADINGS]):
        columns: dict[Column, int] = {}
        for place, cell in enumerate(cells):
            column = HEADING_OF.get(plain(cell))
            if column is not None:
                columns.setdefault(column, place)
        if Column.TEXT in columns and (len(columns) > 1 or sum(map(bool, cells)) == 1):
            return at, columns
    raise NoHeadings


def _judge(line: int, cells: list[str], columns: dict[Column, int], lines: dict[str, int]) -> Row:
    """What one row says by itself: a recommendation, or why it is none."""
    said = {column: cells[place] if place < len(cells) else "" for column, place in columns.items()}
    row, reasons = Row(line, Fate.LEFT_OUT, beginning=_beginning(cells)), []
    text, reference = said[Column.TEXT], said.get(Column.REFERENCE, "")
    if not text:
        reasons.append(_l("There is no text of a recommendation."))
    reasons += [
        _l("“%(column)s” is longer than %(limit)s characters.", column=column.value, limit=limit)
        for column, limit in LONGEST.items()
        if len(said.get(column, "")) > limit
    ]
    response, implementation = said.get(Column.RESPONSE, ""), said.get(Column.IMPLEMENTATION, "")
    for word, meaning in ((response, RESPONSE_OF), (implementation, IMPLEMENTATION_OF)):
        if plain(word) and word not in NOTHING and plain(word) not in NOTHING and plain(word) not in meaning:
            reasons.append(_l("“%(word)s” is no answer and no state that we know.", word=word[:60]))
    due_on = _day(said.get(Column.DUE_ON, ""))
    if said.get(Column.DUE_ON) and due_on is None:
        reasons.append(_l("“%(word)s” is no date like 2026-05-14 or 14.05.2026.", word=said[Column.DUE_ON][:60]))
    key = reference or plain(text)
    if text and not reasons and key in lines:
        reasons.append(_l("It stands in line %(line)s already.", line=lines[key]))
    row.reasons = reasons
    if not reasons:
        lines[key] = line
        row.asked = Asked(
            text=text,
            reference=reference,
            recommended_by=said.get(Column.RECOMMENDED_BY, ""),
            addressee=said.get(Column.ADDRESSEE, ""),
            theme=said.get(Column.THEME, ""),
            standard=said.get(Column.STANDARD, ""),
            due_on=due_on,
            response=RESPONSE_OF.get(plain(response)),
            implementation=IMPLEMENTATION_OF.get(plain(implementation)),
            note=said.get(Column.NOTE, ""),
        )
    return row


def _compare(
    row: Row,
    asked: Asked,
    by_reference: dict[str, Recommendation],
    by_text: dict[str, Recommendation],
    as_of: date,
    voice: Voice,
) -> None:
    """Settle the fate of a row that says a recommendation by what is there already."""
    known = by_reference.get(asked.reference) if asked.reference else by_text.get(plain(asked.text))
    if known is None:
        row.fate = Fate.NEW
    elif plain(known.text) != plain(asked.text):
        row.asked = None
        row.reasons.append(_l("This number is in the register with other words. Nothing published is rewritten."))
    else:
        row.known = known
        row.fate = Fate.FOLLOWED_UP if any(news(known, asked, as_of, voice)) else Fate.KNOWN


def news(known: Recommendation, asked: Asked, as_of: date, voice: Voice) -> tuple[bool, bool]:
    """Whether a row has another response, and another assessment, than the register has on that day."""
    stands = standing(known, as_of)
    response = stands.response.kind if stands.response else None
    assessed = stands.latest.get(voice)
    return (
        asked.response is not None and asked.response != response,
        asked.implementation is not None and asked.implementation != (assessed.implementation if assessed else None),
    )


def _beginning(cells: Sequence[str]) -> str:
    text = " · ".join(cell for cell in cells if cell)
    return text if len(text) <= 120 else text[:119].rstrip() + "…"


def _day(text: str) -> date | None:
    try:
        if text[2:3] == "." and len(text) == 10:
            return date(int(text[6:]), int(text[3:5]), int(text[:2]))
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
