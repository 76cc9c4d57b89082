"""Workbooks for Excel and its like: tables with a heading that stays in sight, and no cell that a spreadsheet runs."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core import excel, tables


@dataclass
class Sheet:
    """One sheet: a heading, rows, widths in characters (else as wide as they need), cells chosen from a list.

    A wide one is printed across the page, all columns on it, the heading on each.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[object]]
    widths: Sequence[int] = ()
    choices: dict[int, Sequence[str]] = field(default_factory=dict)
    is_wide: bool = False


def written(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as a workbook (.xlsx). A text is a text in it, whatever sign it begins with."""
    book = excel.library().Workbook()
    book.remove(book.active)
    for sheet in sheets:
        _write(book.create_sheet(_named(sheet.title)), sheet)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _write(page: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for at, row in enumerate([sheet.head, *sheet.rows] if sheet.head else sheet.rows, 1):
        for place, value in enumerate(row, 1):
            cell = page.cell(at, place)
            cell.value = _legal(value) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"
                # An apostrophe that nobody sees: the text stays one when somebody edits the cell.
                cell.quotePrefix = tables.harmless(value) != value
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    for place, width in enumerate(sheet.widths or _widths([sheet.head, *sheet.rows]), 1):
        page.column_dimensions[get_column_letter(place)].width = width
    for cell in page[1] if sheet.head else ():
        cell.font = Font(bold=True)
    if sheet.head:
        page.freeze_panes = "A2"
    if sheet.is_wide:
        page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
        page.print_title_rows = "1:1"
    for place, words in sheet.choices.items():
        choice = DataValidation(type="list", formula1='"' + ",".join(words) + '"', allow_blank=True)
        choice.add(f"{get_column_letter(place)}2:{get_column_letter(place)}2000")
        page.add_data_validation(choice)


def _named(title: str) -> str:
    """A name that a spreadsheet takes."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip("' ") or "1"


def _widths(rows: Sequence[Sequence[object]]) -> list[int]:
    """How wide each column has to be, within reason."""
    columns = max((len(row) for row in rows), default=0)
    lengths = [[len(str(row[place])) for row in rows if place < len(row)] for place in range(columns)]
    return [min(max(column) + 2, 60) for column in lengths]


def _legal(text: str) -> str:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return str(ILLEGAL_CHARACTERS_RE.sub("", text))
