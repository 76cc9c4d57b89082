"""Tables in and out: CSV and XLSX as offices send them, and CSV that no spreadsheet can run."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from charset_normalizer import from_bytes
from flask_babel import lazy_gettext as _l

from core.errors import Refused

Row = list[str]
CYRILLIC = ("cp1251", "cp866", "koi8_r", "mac_cyrillic")
WIDEST = 60


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


def read(content: bytes, limit: int) -> list[Row]:
    """The rows of the first visible sheet or of a CSV file, every cell a stripped text.

    Refuses NotATable, OldExcel, EmptyTable, and TooManyRows above `limit` rows that hold anything.
    """
    if content.startswith(b"PK"):
        rows = _read_workbook(content, limit)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise OldExcel
    else:
        rows = _read_csv(content, limit)
    while rows and not any(rows[-1]):
        rows.pop()
    if not any(any(row) for row in rows):
        raise EmptyTable
    return rows


def write_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file that every spreadsheet opens and none can run: UTF-8 with BOM, semicolons."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in head])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def write_workbook(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """An XLSX file: named sheets of rows, numbers as numbers, and texts as nothing but texts, whatever they begin with.

    The first row of a sheet stays in view. Names are cut to what a spreadsheet takes.
    """
    from openpyxl import Workbook  # memory that only an export needs
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, TYPE_STRING

    book = Workbook(write_only=True)
    for number, (name, rows) in enumerate(sheets.items(), 1):
        sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", name)[:31].strip("' ") or str(number))
        sheet.freeze_panes = "A2"
        for column, wide in zip("ABCDEFGHIJKL", _widths(rows), strict=False):
            sheet.column_dimensions[column].width = wide
        for row in rows:
            cells = []
            for value in row:
                if isinstance(value, (int, float)) or value is None:
                    cells.append(WriteOnlyCell(sheet, value))
                    continue
                cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", str(value)))
                cell.data_type = TYPE_STRING  # or a text that begins with = would be a formula
                cells.append(cell)
            sheet.append(cells)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def harmless(cell: object) -> object:
    """A cell as it may stand in a file: a text that a spreadsheet would run gets an apostrophe before it."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return "" if cell is None else cell


def _widths(rows: Sequence[Sequence[object]]) -> list[int]:
    """How wide each column has to be, within reason."""
    columns = max((len(row) for row in rows), default=0)
    texts = [[len(row[n]) if isinstance(row[n], str) else 8 for row in rows if n < len(row)] for n in range(columns)]  # type: ignore[arg-type]
    return [min(max(lengths) + 2, 60) for lengths in texts]


def _read_workbook(content: bytes, limit: int) -> list[Row]:
    from openpyxl import load_workbook  # memory that only an import needs
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = next((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), None)
        if sheet is None:
            raise EmptyTable
        sheet.reset_dimensions()  # what a sheet declares is often a million cells
        return _limited(([_cell(value) for value in row[:WIDEST]] for row in sheet.iter_rows(values_only=True)), limit)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError):
        raise NotATable from None


def _read_csv(content: bytes, limit: int) -> list[Row]:
    text, is_guessed = _decoded(content)
    if "\0" in text or (not text.isprintable() and _share_of_rubbish(text, is_guessed) > 0.02):
        raise NotATable
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    delimiter = _delimiter(text)
    if text.lower().startswith("sep="):
        delimiter, text = text[4:5] or delimiter, text.partition("\n")[2]
    try:
        rows = csv.reader(io.StringIO(text), delimiter=delimiter, strict=False)
        return _limited(([_cell(value) for value in row[:WIDEST]] for row in rows), limit)
    except csv.Error:
        raise NotATable from None


def _limited(rows: Iterable[Row], limit: int) -> list[Row]:
    kept: list[Row] = []
    filled = 0
    for row in rows:
        filled += any(row)
        if filled > limit:
            raise TooManyRows(limit=limit)
        if any(row) or len(kept) < 2 * limit:  # trailing formatted emptiness is not kept for ever
            kept.append(row)
    return kept


def _decoded(content: bytes) -> tuple[str, bool]:
    """(text, whether its encoding had to be guessed)."""
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


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())[:500]
