"""The rows of a list as an office sent it: what each says, and what may be left of it where names are not kept."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from core.forms import is_email
from core.tables import Row, column_letters
from participants import columns, contacts
from participants.columns import Column, Header
from participants.models import Sector, Sex
from participants.names import PersonName, plain
from participants.remarks import Remark
from participants.roster import PersonDetails


class Fate(StrEnum):
    """What will become of a row."""

    NEW = "new"
    EXISTING = "existing"
    REGISTERED = "registered"
    SIMILAR = "similar"
    REPEATED = "repeated"
    ERROR = "error"
    NO_PERSON = "no_person"


@dataclass(slots=True)
class RowFate:
    """One row of the file: what it says, what will become of it, and what to know about it.

    `cells` are kept where nothing else was made of them or they are to be corrected. `match` is the uid of whom it
    matches among the people we know, `matched_row` whom further up in the file.
    """

    number: int  # as a spreadsheet counts, from 1
    cells: Row
    fate: Fate
    details: PersonDetails | None = None
    match: str | None = None
    matched_row: int | None = None
    remarks: list[Remark] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.details.name.full if self.details and self.details.name else ""

    @property
    def is_to_correct(self) -> bool:
        """Whether something of the row could not be used."""
        return self.fate == Fate.ERROR or any(remark.asks_to_correct for remark in self.remarks)

    def said(self, called: dict[str, str] | None = None) -> list[str]:
        """The remarks in words; `called` has by uid what people are called."""
        return [remark.said((called or {}).get(self.match or "", "")) for remark in self.remarks]


def read(rows: list[Row], header: Header, sector: Sector, country: str) -> list[RowFate]:
    """What every row says that holds anything; whether we know these people is not asked here.

    A phone without a country is one of `country`.
    """
    return [_read_row(number, row, header, sector, country) for number, row in enumerate(rows, 1) if any(row)]


def as_plain(details: PersonDetails) -> dict[str, Any]:
    """Details as JSON can hold them."""
    kept = {one.name: getattr(details, one.name) for one in fields(details) if one.name != "indexes"}
    name = details.name
    return kept | {"name": {"family": name.family, "given": name.given, "patronymic": name.patronymic}}


def from_plain(kept: dict[str, Any]) -> PersonDetails:
    """Details that as_plain() wrote."""
    values = {"sector": Sector(kept["sector"]), "sex": Sex(kept["sex"]), "name": PersonName(**kept["name"])}
    return PersonDetails(**kept | values)


def as_numbers(rows: list[RowFate]) -> list[RowFate]:
    """What may be kept of rows at an event without names: sector, sex, and whether a row repeats another."""
    return [_as_number(row) for row in rows]


def _as_number(row: RowFate) -> RowFate:
    details = PersonDetails(row.details.sector, sex=row.details.sex) if row.details else None
    remarks = []
    if row.fate == Fate.ERROR:
        remarks.append(Remark("no_name", row.remarks[0].cell if row.remarks else ""))
    elif row.fate == Fate.REPEATED:
        remarks.append(Remark("same_person_row", values={"number": row.matched_row}))
    elif row.fate == Fate.SIMILAR:
        remarks.append(Remark("perhaps_row", values={"number": row.matched_row}))
    return RowFate(row.number, [], row.fate, details, matched_row=row.matched_row, remarks=remarks)


def _read_row(number: int, row: Row, header: Header, sector: Sector, country: str) -> RowFate:
    if number - 1 <= header.last:
        is_heading = number - 1 >= header.first
        return RowFate(number, row, Fate.NO_PERSON, remarks=[Remark("heading" if is_heading else "title")])
    cells = columns.cells_of(row, header)
    names = _Cells(number, header)
    name = columns.name_of(cells)
    if name is None:
        if _is_signature(row):
            return RowFate(number, row, Fate.NO_PERSON, remarks=[Remark("note")])
        return RowFate(number, row, Fate.ERROR, remarks=[Remark("no_name", names.of_name())])
    others = [cell for column, cell in cells.items() if column not in (Column.FULL_NAME, Column.FAMILY)]
    if _is_note(name, others, Column.NUMBER in header.columns.values(), cells):
        return RowFate(number, row, Fate.NO_PERSON, remarks=[Remark("note")])
    remarks: list[Remark] = []
    details = PersonDetails(
        name=name,
        sector=columns.sector_of(cells.get(Column.SECTOR, "")) or sector,
        sex=_sex(cells.get(Column.SEX, ""), names, remarks),
        organisation=cells.get(Column.ORGANISATION, "")[:200],
        position=cells.get(Column.POSITION, "")[:200],
        phone=_phone(cells.get(Column.PHONE, ""), country, names, remarks),
        email=_email(cells.get(Column.EMAIL, ""), names, remarks),
        language=columns.language_of(cells.get(Column.LANGUAGE, "")),
    )
    if details.organisation[:1] in ("=", "+", "@"):
        remarks.append(Remark("formula", names.of(Column.ORGANISATION)))
    read = RowFate(number, [], Fate.NEW, details, remarks=remarks)
    if read.is_to_correct:
        read.cells = row
    return read


class _Cells:
    """What a spreadsheet calls the cells of a row."""

    def __init__(self, number: int, header: Header) -> None:
        self.number, self.header = number, header

    def of(self, column: Column) -> str:
        indexes = [index for index, meant in sorted(self.header.columns.items()) if meant == column]
        return f"{column_letters(indexes[0])}{self.number}" if indexes else ""

    def of_name(self) -> str:
        return self.of(Column.FAMILY) or self.of(Column.FULL_NAME)


ENDINGS = (
    *("всего", "итого", "исполнитель", "подпись", "усяго", "разам", "выканаўца", "подпіс"),
    *("усього", "виконавець", "підпис", "total", "signature", "prepared"),
)


def _is_signature(row: Row) -> bool:
    """Whether a row without a name begins as one below the people does: with a total or with who made the list."""
    first = next(cell for cell in row if cell)
    return plain(first).split(" ")[0].rstrip(":.,") in ENDINGS


def _is_note(name: PersonName, others: list[str], has_numbers: bool, cells: dict[Column, str]) -> bool:
    """Whether a row below the people is a total, a signature or another note, not a person."""
    words = name.key.split()
    is_telling = name.full.rstrip().endswith(":") or words[0].rstrip(":.,") in (*ENDINGS, "начальник")
    return is_telling and (not others or (has_numbers and Column.NUMBER not in cells))


def _sex(cell: str, names: _Cells, remarks: list[Remark]) -> Sex:
    sex = columns.sex_of(cell)
    if sex is None:
        remarks.append(Remark("sex", names.of(Column.SEX), {"cell": cell}))
    return sex or Sex.NOT_RECORDED


def _email(cell: str, names: _Cells, remarks: list[Remark]) -> str:
    if cell and not is_email(cell):
        remarks.append(Remark("email", names.of(Column.EMAIL), {"cell": cell}))
        return ""
    return cell[:254]


def _phone(cell: str, country: str, names: _Cells, remarks: list[Remark]) -> str:
    number = contacts.phone(cell, country) if cell else ""
    if number is None:
        remarks.append(Remark("phone", names.of(Column.PHONE), {"cell": cell}))
    return number or ""
