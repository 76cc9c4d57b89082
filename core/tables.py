"""Tables in and out: CSV and XLSX as offices send them, and CSV that no spreadsheet can run."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any, cast

from flask_babel import lazy_gettext as _l

from core import excel
from core.encodings import decoded
from core.errors import Refused

Row = list[str]
WIDEST = 60
PIECE = 65536  # bytes of a sheet looked at at once
# Those that say where they stand (r): the place of the others is told by what comes before them.
EMPTY_CELL = re.compile(rb"<(?:\w+:)?c\b[^<>]*?\sr=[^<>]*(?:/>|></(?:\w+:)?c>)")
EMPTY_ROW = re.compile(rb"<(?:\w+:)?row\b[^<>]*?\sr=[^<>]*(?:/>|>\s*</(?:\w+:)?row>)")
MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
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
    if is_workbook(content):
        return Workbook(content).numbered(sheet or 0, limit, as_cell)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise OldExcel
    return _whole(_read_csv(content, limit, as_cell))


def is_workbook(content: bytes) -> bool:
    return content.startswith(b"PK")


class Workbook:
    """A workbook (.xlsx), opened once for everything that is asked of it. Refuses NotATable."""

    def __init__(self, content: bytes) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                    raise NotATable
            self._book = excel.library().load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            self._visible = [sheet for sheet in self._book.worksheets if sheet.sheet_state == "visible"]
        except Exception:  # a broken workbook fails in the library in more ways than it names
            raise NotATable from None

    @property
    def sheets(self) -> list[str]:
        """The names of the visible sheets."""
        return [sheet.title for sheet in self._visible]

    def rows(self, sheet: int, limit: int) -> list[Row]:
        """What read() reads of a visible sheet, by its number from 0."""
        return [row for _line, row in self.numbered(sheet, limit, one_line)]

    def numbered(self, number: int, limit: int, as_cell: Callable[[object], str]) -> list[tuple[int, Row]]:
        """The same rows with their numbers. Refuses NotATable, EmptyTable, TooManyRows."""
        if number >= len(self._visible):
            raise EmptyTable
        sheet = self._visible[number]
        sheet.reset_dimensions()  # what a sheet declares is often a million cells
        sheet._get_source = lambda: WithoutEmptyCells(self._part(number))
        try:
            rows = ([as_cell(value) for value in row[:WIDEST]] for row in sheet.iter_rows(values_only=True))
            return _whole(_limited(enumerate(rows, 1), limit))
        except Refused:
            raise
        except Exception:  # see above
            raise NotATable from None

    def merged_down(self, number: int) -> list[tuple[int, int, int]]:
        """(column, first row, last row), from 0, of every cell of a visible sheet merged with those below it."""
        found = []
        with self._part(number) as part:
            for piece in _pieces(part):
                for column, first, _last_column, last in MERGED.findall(piece):
                    if last != first:
                        found.append((column_number(column.decode()), int(first) - 1, int(last) - 1))
        return found

    def _part(self, number: int) -> IO[bytes]:
        return cast(IO[bytes], self._book._archive.open(self._visible[number]._worksheet_path))


class WithoutEmptyCells(io.RawIOBase):
    """The part of a workbook that is a sheet, without the cells and rows in which nothing stands: of those that are
    only formatted there may be millions, each of which the library would make an object of."""

    def __init__(self, part: IO[bytes]) -> None:
        self._whole = part
        self._pieces = _pieces(part)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size or size < 0:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._rest += EMPTY_ROW.sub(b"", EMPTY_CELL.sub(b"", piece))
        size = len(self._rest) if size < 0 else size
        found, self._rest = self._rest[:size], self._rest[size:]
        return found

    def close(self) -> None:
        self._whole.close()
        super().close()


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    """A part, piece by piece, so that no tag is cut in two."""
    rest = b""
    while read := part.read(PIECE):
        rest += read
        cut = rest.rfind(b"<")
        if cut > 0:
            yield rest[:cut]
            rest = rest[cut:]
    yield rest


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


def _whole(rows: list[tuple[int, Row]]) -> list[tuple[int, Row]]:
    """Without what is empty below. Refuses EmptyTable where nothing is left."""
    while rows and not any(rows[-1][1]):
        rows.pop()
    if not rows:
        raise EmptyTable
    return rows


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
