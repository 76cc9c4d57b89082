"""The same four people through every trap of a file, and every roster that an office sent, row by row."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

import openpyxl
import pytest
from flask import Flask

from participants import importing
from participants.columns import Column
from participants.list_rows import Fate, RowFate
from participants.models import RosterImport, Sector
from tests import make
from tests.conftest import ROSTERS

pytestmark = pytest.mark.usefixtures("request_context")
HEAD = ("№", "Фамилия", "Имя", "Отчество", "Пол", "Подразделение", "Должность", "Телефон", "E-mail")
LINES = (
    ("1", "Иванова", "Анна", "Петровна", "ж", "Брестский РОВД", "следователь", "+375(29)111-22-33", "anna@example.org"),
    ("2", "ПЕТРОВ", "Пётр", "Ильич", "муж.", "Брестский РОВД", "участковый", "8 029 555-66-77", ""),
    ("3", "Сидорова-Жук", "Инна", "Львовна", "Ж", "ИВС, г. Кобрин", "", "", "inna@example.org"),
    ("4", "Мамедов", "Рашид", "Гасан оглы", "м", "Коллегия адвокатов", "адвокат", "375336667788", ""),
)  # fmt: skip
PEOPLE = (
    ("Иванова", "Анна", "Петровна", "female", "Брестский РОВД", "следователь", "+375291112233", "anna@example.org"),
    ("ПЕТРОВ", "Пётр", "Ильич", "male", "Брестский РОВД", "участковый", "+375295556677", ""),
    ("Сидорова-Жук", "Инна", "Львовна", "female", "ИВС, г. Кобрин", "", "", "inna@example.org"),
    ("Мамедов", "Рашид", "Гасан оглы", "male", "Коллегия адвокатов", "адвокат", "+375336667788", ""),
)
TITLES = (("ПРИЛОЖЕНИЕ 1",), ("Список участников семинара 14 мая 2027 г.",), ())
BELOW = ((), ("", "Итого: 4 чел."), ("Исполнитель: Орлова Т.В.", "", "", "", "", "", "тел. 22-33-44"))


@dataclass(frozen=True)
class Roster:
    """A file as an office sent it: the row of the first person, and the numbers of all rows that hold none."""

    content: bytes
    first: int = 2
    nobody: tuple[int, ...] = (1,)
    columns: dict[int, Column] = field(default_factory=dict)  # where somebody has to say them
    people: tuple[tuple[str, ...], ...] = PEOPLE


def text(*rows: tuple[str, ...], mark: str = ";", end: str = "\r\n", quote: bool = False) -> str:
    target = io.StringIO()
    csv.writer(
        target, delimiter=mark, lineterminator=end, quoting=csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL
    ).writerows(rows)
    return target.getvalue()


def book(*sheets: tuple[tuple[object, ...], ...], change: Callable[[openpyxl.Workbook], None] | None = None) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for number, rows in enumerate(sheets):
        sheet = made.create_sheet(f"Лист {number + 1}")
        for row in rows:
            sheet.append(row)
    if change is not None:
        change(made)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def hide(made: openpyxl.Workbook) -> None:
    made.worksheets[0].sheet_state, made.worksheets[1].sheet_state = "hidden", "veryHidden"


def merge(made: openpyxl.Workbook) -> None:
    for cells in ("A1:I1", "B4:D4", "E4:E5", "F4:G4", "H4:I4", "A4:A5"):
        made.active.merge_cells(cells)


def format_the_last_cell(made: openpyxl.Workbook) -> None:
    made.active.cell(row=1_048_576, column=16_384).number_format = "0"


def declaring_a_million_cells() -> bytes:
    """A sheet that says it is as large as a sheet can be; what it holds is not."""
    target, dimension = io.BytesIO(), re.compile(rb'<dimension ref="[^"]*"')
    with zipfile.ZipFile(io.BytesIO(book((HEAD, *LINES)))) as parts, zipfile.ZipFile(target, "w") as made:
        for name in parts.namelist():
            made.writestr(name, dimension.sub(b'<dimension ref="A1:XFD1048576"', parts.read(name)))
    assert b"XFD1048576" in zipfile.ZipFile(target).read("xl/worksheets/sheet1.xml")
    return target.getvalue()


def in_full(line: tuple[str, ...]) -> tuple[str, ...]:
    return (line[0], f"  {line[1]}  {line[2]} {line[3]}", *line[4:])


def apart(line: tuple[str, ...]) -> tuple[str, ...]:
    """The organisation in two columns and the phone in two, as one office has it."""
    parts = {"Брестский РОВД": ("Брестский", "РОВД"), "ИВС, г. Кобрин": ("ИВС", "г. Кобрин")}
    return (*line[:5], *parts.get(line[5], (line[5], "")), line[6], line[7][:6], line[7][6:], line[8])


TWO_ROWS = (
    ("№ п/п", "Сотрудник", None, None, "Пол", "Служба", None, "Контакты", None),
    (None, "Фамилия", "Имя", "Отчество", None, "Подразделение", "Должность", "Телефон", "E-mail"),
)
FULL = ("№", "Ф.И.О.", "Пол", "Подразделение", "Должность", "Телефон", "E-mail")
APART = {2: Column.GIVEN, 1: Column.FAMILY, 3: Column.PATRONYMIC, 4: Column.SEX, 5: Column.ORGANISATION} | {
    6: Column.ORGANISATION, 7: Column.POSITION, 8: Column.PHONE, 9: Column.PHONE, 10: Column.EMAIL
}  # fmt: skip
TOGETHER = {("Брестский РОВД",): ("Брестский, РОВД",)}
BELARUSIAN = ("№", "Прозвішча", "Імя", "Імя па бацьку", "Пол", "Месца працы", "Пасада", "Тэлефон", "Эл. пошта")
UKRAINIAN = ("№", "Прізвище", "Ім’я", "По батькові", "Стать", "Установа", "Посада", "Телефон", "Ел. пошта")
ENGLISH = ("No.", "Surname", "First name", "Middle name", "Sex", "Institution", "Job title", "Phone", "E-mail")
WHOLE = (HEAD, *LINES)

MADE = {
    "UTF-8 with a mark, semicolons": Roster(text(*WHOLE).encode("utf-8-sig")),
    "UTF-16 and tabs, as a spreadsheet saves “Unicode text”": Roster(text(*WHOLE, mark="\t").encode("utf-16")),
    "UTF-16 the other way round": Roster(b"\xfe\xff" + text(*WHOLE, mark="\t").encode("utf-16-be")),
    "UTF-16 without a mark": Roster(text(*WHOLE).encode("utf-16-le")),
    "cp1251 and a line that names the delimiter": Roster(("sep=;\r\n" + text(*WHOLE)).encode("cp1251")),
    "cp866 of an old terminal": Roster(text(*WHOLE).encode("cp866")),
    "commas, everything in quotes": Roster(text(*WHOLE, mark=",", quote=True).encode()),
    "lone carriage returns of an old Macintosh": Roster(text(*WHOLE, end="\r").encode("mac_cyrillic")),
    "titles above, a total and a signature below": Roster(
        text(*TITLES, HEAD, *LINES, *BELOW).encode("cp1251"), first=5, nobody=(1, 2, 4, 10, 11)
    ),
    "a merged heading of two rows below titles, a total": Roster(
        book((*TITLES, *TWO_ROWS, *LINES, *BELOW), change=merge), first=6, nobody=(1, 2, 4, 5, 11, 12)
    ),
    "two hidden sheets before the list": Roster(
        book((("ФИО",), ("Скрытый Человек",)), (("ФИО",), ("Очень Скрытый",)), WHOLE, change=hide)
    ),
    "a cover sheet before the list": Roster(book((("Уважаемые коллеги!",), ("Направляем список.",)), WHOLE)),
    "a sheet that declares a million cells": Roster(declaring_a_million_cells()),
    "a format in the very last cell of the sheet": Roster(book(WHOLE, change=format_the_last_cell)),
    "the full name in one cell": Roster(book((FULL, *(in_full(line) for line in LINES)))),
    "several columns that are one field": Roster(
        book((("№", "Фамилия", *(f"Графа {n}" for n in range(2, 11))), *(apart(line) for line in LINES))),
        columns=APART,
        people=tuple((*person[:4], *TOGETHER.get(person[4:5], person[4:5]), *person[5:]) for person in PEOPLE),
    ),
    "Belarusian headings": Roster(text(BELARUSIAN, *LINES).encode()),
    "Ukrainian headings": Roster(text(UKRAINIAN, *LINES, mark="|").encode()),
    "English headings": Roster(text(ENGLISH, *LINES, mark=",").encode()),
}


def staged_of(content: bytes, sector: Sector = Sector.POLICE) -> RosterImport:
    return importing.stage(make.event(), content, sector, make.user("manager", make.programme()))


def said(row: RowFate) -> tuple[str, ...]:
    assert row.details
    name, details = row.details.name, row.details
    parts = (name.family, name.given, name.patronymic, details.sex.value)
    return (*parts, details.organisation, details.position, details.phone, details.email)


@pytest.mark.parametrize("roster", MADE.values(), ids=MADE.keys())
def test_the_same_four_people_are_read_through_every_trap(app: Flask, roster: Roster) -> None:
    staged = staged_of(roster.content)
    if roster.columns:
        importing.arrange(staged, 1, roster.columns, remember=False)
    rows = importing.preview(staged)
    people = {row.number: said(row) for row in rows if row.fate == Fate.NEW}
    assert people == dict(enumerate(roster.people, roster.first))
    assert tuple(row.number for row in rows if row.fate == Fate.NO_PERSON) == roster.nobody
    assert len(rows) == len(people) + len(roster.nobody), "every filled row has its fate"


@pytest.mark.parametrize("name", ["police-brest.xlsx", "lawyers-cp1251.csv", "cso-utf8.csv"])
def test_every_row_of_a_roster_that_an_office_sent_is_read_as_it_was_meant(app: Flask, name: str) -> None:
    staged = staged_of((ROSTERS / name).read_bytes())
    rows = importing.preview(staged)
    with (ROSTERS / f"{name}.expected.csv").open(encoding="utf-8", newline="") as file:
        expected = [tuple(line) for line in csv.reader(file)]
    read = [
        (str(row.number), row.fate.value, *(said(row) if row.details else ()), *(r.code for r in row.remarks))
        for row in rows
    ]
    assert read == expected
