"""Finding the header of a list and what each column holds, in Russian, Belarusian, Ukrainian and English."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.forms import is_email
from core.i18n import LANGUAGES
from core.tables import Row
from participants.models import Sector, Sex
from participants.names import PersonName, plain


class Column(StrEnum):
    FULL_NAME = "full_name"
    FAMILY = "family"
    GIVEN = "given"
    PATRONYMIC = "patronymic"
    ORGANISATION = "organisation"
    POSITION = "position"
    SEX = "sex"
    PHONE = "phone"
    EMAIL = "email"
    LANGUAGE = "language"
    SECTOR = "sector"
    NUMBER = "number"


# Words a header cell is recognised by, whole cell first. More telling ones stand higher.
_WORDS: list[tuple[Column, str]] = [
    (Column.EMAIL, r"e-?mail|эл\.? ?почта|электронн\w+ (почта|адрес)|адрас эл|эл\.? ?пошта|почта|пошта|имейл"),
    (Column.PHONE, r"тел(\b|ефон|\.)|тэлефон|моб\w*|phone|mobile|\btel\b"),
    (
        Column.FULL_NAME,
        r"\b[фп]\.? ?[иі]\.? ?[об]\b|фамилия,? ?имя|прозвішча,? ?імя|прізвище,? ?ім'?я"
        r"|полное имя|full name|^name$|^участник\w*$|имя и фамилия|имя,? фамилия",
    ),
    (Column.PATRONYMIC, r"отчеств\w*|імя па бацьку|па бацьку|по[ -]?батькові|patronymic|middle name"),
    (Column.FAMILY, r"фамилия|прозвішча|прізвище|surname|last name|family name"),
    (Column.GIVEN, r"\bимя\b|\bімя\b|ім'я|given name|first name|\bname\b"),
    (Column.POSITION, r"должность|пасада|посада|position|job title|звание|\bпост\b"),
    (
        Column.ORGANISATION,
        r"подразделение|організація|организаци\w+|арганізацы\w+|установа|учреждение|ведомство|коллегия|калегія"
        r"|место работы|месца працы|organi[sz]ation|institution|employer|\bорган\b|\bunit\b",
    ),
    (Column.SEX, r"\bпол\b|стать|\bsex\b|gender"),
    (Column.LANGUAGE, r"\bязык\b|\bмова\b|language"),
    (Column.SECTOR, r"\bсектор\b|sector|катэгорыя|категория"),
    (Column.NUMBER, r"^№|^n ?п/п|^no\.?$|^#$|п/п"),
]
_PATTERNS = [(column, re.compile(pattern)) for column, pattern in _WORDS]
NAMING = {Column.FULL_NAME, Column.FAMILY}
LOOK_FOR_HEADER_IN = 15


SHOWN = 50  # rows from which is guessed what a column without a heading holds
_LOOKS: dict[Column, Callable[[str], Any]] = {
    Column.EMAIL: is_email,
    Column.PHONE: re.compile(r"^\+?[\d ()–-]{7,20}$").match,
    Column.FULL_NAME: re.compile(r"^[^\W\d_][^\d@]*( [^\W\d_][^\d@]*){1,3}$").match,
}


@dataclass(frozen=True)
class Header:
    """Where the header is (row indexes, the last included) and which column of ours each cell begins."""

    first: int
    last: int
    columns: dict[int, Column]

    def titles(self, rows: list[Row]) -> list[str]:
        """What stands above each column; of two rows of a header the lower one where it says something."""
        heading = rows[self.first : self.last + 1]
        width = max((len(row) for row in rows[self.first : self.first + 50]), default=0)
        return [next((row[i] for row in reversed(heading) if i < len(row) and row[i]), "") for i in range(width)]

    def as_json(self) -> dict[str, Any]:
        columns = {str(index): column.value for index, column in self.columns.items()}
        return {"first": self.first, "last": self.last, "columns": columns}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Header:
        columns = {int(index): Column(column) for index, column in kept["columns"].items()}
        return cls(kept["first"], kept["last"], columns)

    @property
    def names_people(self) -> bool:
        return bool(NAMING & set(self.columns.values()))


def find_header(rows: list[Row]) -> Header | None:
    """The header of a list, of one row or of two; None where there is none that names a person."""
    for index, row in enumerate(rows[:LOOK_FOR_HEADER_IN]):
        columns = _recognised(row)
        if len(columns) < 2 and not (columns and len([cell for cell in row if cell]) == 1):
            continue
        below = rows[index + 1] if index + 1 < len(rows) else []
        merged = _recognised(_merged(row, below))
        if _is_second_row(row, below) and NAMING & set(merged.values()):
            return Header(index, index + 1, merged)
        if NAMING & set(columns.values()):
            return Header(index, index, columns)
    return None


def guess_by_content(rows: list[Row]) -> Header | None:
    """The columns of a list without a heading, by what stands in them; None where no names are among several."""
    width = max((len(row) for row in rows), default=0)
    found: dict[int, Column] = {}
    for index in range(width):
        cells = [row[index] for row in rows[:SHOWN] if index < len(row) and row[index]]
        for column, looks_like in _LOOKS.items():
            alike = sum(bool(looks_like(cell)) for cell in cells)
            if cells and column not in found.values() and alike >= 0.8 * len(cells):
                found[index] = column
                break
    return Header(-1, -1, found) if len(found) > 1 and Column.FULL_NAME in found.values() else None


def _recognised(row: Row) -> dict[int, Column]:
    found: dict[int, Column] = {}
    for index, cell in enumerate(row):
        column = _column_of(cell)
        if column and column not in found.values():
            found[index] = column
    return found


def _column_of(cell: str) -> Column | None:
    words = plain(cell).casefold()  # once more: “№” becomes “No” on the way
    if not words or len(words) > 80:
        return None
    for column, pattern in _PATTERNS:
        if pattern.search(words):
            return column
    return None


def _is_second_row(row: Row, below: Row) -> bool:
    """Whether the row below only details cells that the header spans or leaves open."""
    filled = [index for index, cell in enumerate(below) if cell]
    return (
        bool(filled)
        and all(_column_of(below[index]) for index in filled)
        and any(not cell for cell in below[: len(row)])
    )


def _merged(row: Row, below: Row) -> Row:
    width = max(len(row), len(below))
    return [(below[i] if i < len(below) and below[i] else row[i] if i < len(row) else "") for i in range(width)]


# What single cells mean.

_SEXES = {
    Sex.MALE: ("м", "муж", "мужской", "мужчина", "мужчынскі", "чоловіча", "ч", "m", "male", "man"),
    Sex.FEMALE: ("ж", "жен", "женский", "женщина", "жаночы", "жіноча", "f", "female", "woman", "w"),
    Sex.OTHER: ("другое", "другой", "іншы", "іншае", "other", "x"),
}
_LANGUAGES = {
    "ru": ("ru", "rus", "русский", "руская", "рус"),
    "be": ("be", "by", "bel", "белорусский", "беларуская", "бел"),
    "en": ("en", "eng", "английский", "англійская", "english"),
}
_SECTORS = {
    Sector.POLICE: ("полиц", "милиц", "міліц", "мвд", "police"),
    Sector.LAWYER: ("адвокат", "адвакат", "юрист", "юрыст", "lawyer", "advocate"),
    Sector.CSO: ("нко", "общественн", "грамадск", "cso", "ngo"),
    Sector.AUTHORITY: ("орган власти", "парламент", "министерство", "authority", "parliament", "ministry"),
}


def cells_of(row: Row, header: Header) -> dict[Column, str]:
    """What a row says, by our columns; where several hold one thing, one after the other."""
    cells: dict[Column, str] = {}
    for index, column in sorted(header.columns.items()):
        if index < len(row) and row[index]:
            mark = ", " if column in (Column.ORGANISATION, Column.POSITION) else " "
            cells[column] = f"{cells[column]}{mark}{row[index]}" if column in cells else row[index]
    return cells


def sex_of(cell: str) -> Sex | None:
    """The sex a cell says; None where it says something we do not know, NOT_RECORDED where it is empty."""
    word = plain(cell).rstrip(".")
    if not word:
        return Sex.NOT_RECORDED
    return next((sex for sex, words in _SEXES.items() if word in words), None)


def language_of(cell: str) -> str | None:
    word = plain(cell).rstrip(".")
    return next((code for code in LANGUAGES if word in _LANGUAGES[code]), None)


def sector_of(cell: str) -> Sector | None:
    words = plain(cell)
    return (
        next((sector for sector, stems in _SECTORS.items() if any(stem in words for stem in stems)), None)
        if words
        else None
    )


def name_of(cells: dict[Column, str]) -> PersonName | None:
    """The name a row holds, from its parts or from one cell; None where there is none."""
    if cells.get(Column.FAMILY):
        return PersonName(cells[Column.FAMILY], cells.get(Column.GIVEN, ""), cells.get(Column.PATRONYMIC, ""))
    full = cells.get(Column.FULL_NAME, "")
    if not any(mark.isalpha() for mark in full):
        return None
    parts = (full, cells.get(Column.GIVEN, ""), cells.get(Column.PATRONYMIC, ""))
    return PersonName.from_full(" ".join(part for part in parts if part))
