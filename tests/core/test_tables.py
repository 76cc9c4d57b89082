"""Tables in and out: whatever an office sends, and nothing that a spreadsheet would run."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import tables
from core.errors import Refused


@given(st.binary(max_size=3000))
def test_any_bytes_are_a_table_or_a_sentence(content: bytes) -> None:
    try:
        rows = tables.read(content, 100)
        assert all(isinstance(cell, str) for row in rows for cell in row)
    except Refused as refusal:
        assert refusal.code in ("not_a_table", "empty_table", "too_many_rows", "old_excel")


cells = st.text(st.characters(exclude_categories=("C", "Z")), max_size=20)


@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=8))
def test_what_we_write_we_read_back(rows: list[list[str]]) -> None:
    content = tables.write_csv(["one", "two"], rows)
    try:
        found = tables.read(content, 100)
    except Refused:
        assert False, "our own file"  # noqa: B011, PT015
    wanted = [[str(tables.harmless(cell)) for cell in row] for row in rows]
    assert [row for row in found[1:] if any(row)] == [row for row in wanted if any(row)]


@pytest.mark.parametrize("cell", ["=1+1", "+7", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_spreadsheet_runs_what_we_write(cell: str) -> None:
    assert tables.write_csv(["x"], [[cell]]).decode("utf-8-sig").splitlines()[1].lstrip('"').startswith("'")


def test_a_file_may_say_its_delimiter_and_end_its_lines_as_it_likes() -> None:
    assert tables.read(b"sep=;\r\na;b,c\r\n", 9) == [["a", "b,c"]]
    assert tables.read(b"a;b\rc;d\r", 9) == [["a", "b"], ["c", "d"]]
    assert tables.read(b'a,"one; two"\nb,"three\nfour"\n', 9) == [["a", "one; two"], ["b", "three four"]]


def test_cells_of_a_workbook_stay_in_their_columns_whether_they_say_where_they_stand_or_not() -> None:
    said = "<row r='{0}'><c r='A{0}' t='str'><v>a</v></c><c r='B{0}' s='1'/><c r='C{0}' t='str'><v>c</v></c></row>"
    silent = "<row><c t='str'><v>a</v></c><c s='1'/><c t='str'><v>c</v></c></row>"
    for rows in (said.format(1) + "<row r='2'/>" + said.format(3), silent + "<row></row>" + silent):
        assert tables.read(workbook_of(rows.replace("'", '"')), 9) == [["a", "", "c"], [], ["a", "", "c"]]


def workbook_of(rows: str) -> bytes:
    """A workbook with this as the rows of its only sheet, as programs write them that are no spreadsheets."""
    book = openpyxl.Workbook()
    made, sheet = io.BytesIO(), io.BytesIO()
    filled = f"<sheetData>{rows}</sheetData>".encode()
    book.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(sheet, "w") as changed:
        for part in parts.namelist():
            content = parts.read(part)
            if part == "xl/worksheets/sheet1.xml":
                content = re.sub(rb"<sheetData ?/>|<sheetData>.*</sheetData>", filled, content)
            changed.writestr(part, content)
    return sheet.getvalue()
