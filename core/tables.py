"""Tables in and out: CSV and XLSX as offices send them, and CSV that no spreadsheet can run."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from charset_normalizer import from_bytes
from flask_babel import lazy_gettext as _l

from core.errors import Refused

Row = list[str]
CYRILLIC = ("cp1251", "cp866", "koi8_r", "mac_cyrillic")
WIDEST = 60
MOST_UNPACKED = 200_000_000  # bytes of a workbook's parts; what a small file unpacks to may be without end


class NotATable(Refused):
    code = "not_a_table"
    sentence = _l(
        "This file is neither an Excel workbook (.xlsx) nor a CSV list. Save it as one of them and try again."
    )


class EmptyTable(Refused):
    code = "empty_table"
    sentence = _l("There is nothing in this file.")


class TooManyRows(Refused):
    code = "too_many_rows"
    sentence = _l("This file has more than %(limit)s rows. Split it into smaller ones; nothing was saved.")


class OldExcel(Refused):
    code = "old_excel"
    sentence = _l("This is a workbook of an old Excel (.xls) or a protected one. Save it as .xlsx and try again.")


def read(content: bytes, limit: int, sheet: int | None = None) -> list[Row]:
    """The rows of a visible sheet (the first, or the one of this number from 0) or of a CSV file, cells stripped.

    Refuses NotATable, OldExcel, EmptyTable, and TooManyRows above `limit` rows that hold anything.
    """
    return [row for _line, row in numbered(content, limit, one_line, sheet)]


def sheets(content: bytes) -> list[str]:
    """The names of the visible sheets of a workbook; none for another file. Refuses NotATable."""
    return [sheet.title for sheet in _visible(_opened(content))] if content.startswith(b"PK") else []


def merged_down(content: bytes, sheet: int) -> list[tuple[int, int, int]]:
    """(column, first row, last row), from 0, of every cell of a visible sheet that is merged with those below it."""
    book = _opened(content)
    path = _visible(book)[sheet]._worksheet_path
    found = []
    with book._archive.open(path) as part:
        for match in re.finditer(rb'<(?:\w+:)?mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"', part.read()):
            column, first, _column, last = match.groups()
            if last != first:
                found.append((column_number(column.decode()), int(first) - 1, int(last) - 1))
    return found


def column_number(letters: str) -> int:
    """Which column, from 0, a spreadsheet calls by these letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """What a spreadsheet calls the column of this number, from 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def numbered(
    content: bytes, limit: int, as_cell: Callable[[object], str], sheet: int | None = None
) -> list[tuple[int, Row]]:
    """The same rows with the line each begins on (in a workbook its number), cells as `as_cell` makes them."""
    if content.startswith(b"PK"):
        rows = _read_workbook(content, limit, as_cell, sheet or 0)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise OldExcel
    else:
        rows = _read_csv(content, limit, as_cell)
    while rows and not any(rows[-1][1]):
        rows.pop()
    if not any(any(row) for _line, row in rows):
        raise EmptyTable
    return rows


def write_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file that every spreadsheet opens and none can run: UTF-8 with BOM, semicolons."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in head])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def harmless(cell: object) -> object:
    """A cell as it may stand in a file: a text that a spreadsheet would run gets an apostrophe before it."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return "" if cell is None else cell


def _opened(content: bytes) -> Any:
    from openpyxl import load_workbook  # memory that only an import needs

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise NotATable
        return load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception:  # a broken workbook fails in the library in more ways than it names
        raise NotATable from None


def _visible(book: Any) -> list[Any]:
    return [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]


def _read_workbook(content: bytes, limit: int, as_cell: Callable[[object], str], number: int) -> list[tuple[int, Row]]:
    try:
        visible = _visible(_opened(content))
        if number >= len(visible):
            raise EmptyTable
        sheet = visible[number]
        sheet.reset_dimensions()  # what a sheet declares is often a million cells
        rows = ([as_cell(value) for value in row[:WIDEST]] for row in sheet.iter_rows(values_only=True))
        return _limited(enumerate(rows, 1), limit)
    except Refused:
        raise
    except Exception:  # see above
        raise NotATable from None


def _read_csv(content: bytes, limit: int, as_cell: Callable[[object], str]) -> list[tuple[int, Row]]:
    text, is_guessed = decoded(content)
    if "\0" in text or (not text.isprintable() and _share_of_rubbish(text, is_guessed) > 0.02):
        raise NotATable
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    delimiter, before = _delimiter(text), 0
    if text.lower().startswith("sep="):
        delimiter, text, before = text[4:5] or delimiter, text.partition("\n")[2], 1
    try:
        rows = csv.reader(io.StringIO(text), delimiter=delimiter, strict=False)
        return _limited(_with_lines(rows, before, as_cell), limit)
    except csv.Error:
        raise NotATable from None


def _with_lines(rows: Any, read: int, as_cell: Callable[[object], str]) -> Iterator[tuple[int, Row]]:
    """Rows of a CSV reader with the line on which each begins; `read` lines stand before."""
    begins = read + 1
    for row in rows:
        yield begins, [as_cell(value) for value in row[:WIDEST]]
        begins = read + rows.line_num + 1


def _limited(rows: Iterable[tuple[int, Row]], limit: int) -> list[tuple[int, Row]]:
    kept: list[tuple[int, Row]] = []
    filled = 0
    for line, row in rows:
        filled += any(row)
        if filled > limit:
            raise TooManyRows(limit=limit)
        if any(row) or len(kept) < 2 * limit:  # trailing formatted emptiness is not kept for ever
            kept.append((line, row))
    return kept


def decoded(content: bytes) -> tuple[str, bool]:
    """A text as it was written, in UTF-8, UTF-16 or an encoding of Cyrillic, and whether that had to be guessed."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
        (b"", "utf-8"),
    ):
        if content.startswith(mark):
            try:
                return content.decode(encoding), False
            except UnicodeDecodeError:
                continue
    guess = from_bytes(content[:20000], cp_isolation=[*CYRILLIC, "utf_16_le", "utf_16_be"]).best()
    return content.decode(guess.encoding if guess else "cp1251", errors="replace"), True


def _share_of_rubbish(text: str, is_guessed: bool) -> float:
    """How much of a text is control characters, or characters that a wrong guess could not read."""
    sample = text[:5000]
    bad = [mark for mark in sample if (mark < " " and mark not in "\t\r\n") or (is_guessed and mark == "\ufffd")]
    return len(bad) / max(len(sample), 1)


def _delimiter(text: str) -> str:
    lines = [line for line in text.split("\n")[:30] if line.strip()]
    if not lines:
        return ","
    # The mark that cuts the most lines into the same number of pieces, outside quotes.
    bare = [re.sub(r'"[^"]*"', "", line) for line in lines]

    def steadiness(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in bare]
        usual = max(set(counts), key=lambda n: (counts.count(n) if n else 0, n))
        return (counts.count(usual) if usual else 0, usual)

    return max((";", ",", "\t", "|"), key=steadiness)


def one_line(value: object) -> str:
    """A cell as one line of text, as long as anything that names a person may be."""
    return " ".join(as_text(value).split())[:500]


def as_text(value: object) -> str:
    """A cell as the text that people see in it."""
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)
