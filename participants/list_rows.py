"""The rows of a list as an office sent it: what each says, and what may be left of it where names are not kept."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import phonenumbers
from flask_babel import gettext as _

from core.forms import is_email
from core.tables import Row
from participants import columns
from participants.columns import Column, Header
from participants.models import Participant, Sector, Sex
from participants.names import plain
from participants.roster import PersonDetails
from trainings.models import Event


class Fate(StrEnum):
    """What will become of a row."""

    NEW = "new"
    EXISTING = "existing"
    REGISTERED = "registered"
    SIMILAR = "similar"
    REPEATED = "repeated"
    ERROR = "error"
    NO_PERSON = "no_person"


@dataclass
class RowFate:
    """One row of the file: what it says, what will become of it, and what to know about it."""

    number: int  # as a spreadsheet counts, from 1
    cells: Row
    fate: Fate
    details: PersonDetails | None = None
    match: Participant | None = None
    matched_row: int | None = None
    remarks: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.details.name.full if self.details and self.details.name else ""


def read(rows: list[Row], header: Header, sector: Sector, event: Event) -> list[RowFate]:
    """What every row says that holds anything; whether we know these people is not asked here."""
    return [_read_row(number, row, header, sector, event) for number, row in enumerate(rows, 1) if any(row)]


def as_numbers(rows: list[RowFate]) -> str:
    """What may be kept of rows at an event without names: sector, sex, and whether a row repeats another."""
    return json.dumps([_as_numbers(row) for row in rows])


def from_numbers(kept: list[dict[str, Any]]) -> list[RowFate]:
    """The rows again, of people without names."""
    return [_from_numbers(entry) for entry in kept]


def _as_numbers(row: RowFate) -> dict[str, Any]:
    entry: dict[str, Any] = {"number": row.number, "fate": row.fate.value}
    if row.details is not None:
        entry |= {"sector": row.details.sector.value, "sex": row.details.sex.value, "matched_row": row.matched_row}
    return entry


def _from_numbers(entry: dict[str, Any]) -> RowFate:
    row = RowFate(entry["number"], [], Fate(entry["fate"]), matched_row=entry.get("matched_row"))
    if "sector" in entry:
        row.details = PersonDetails(Sector(entry["sector"]), sex=Sex(entry["sex"]))
    if row.fate == Fate.ERROR:
        row.remarks.append(_("no name"))
    elif row.fate == Fate.REPEATED:
        row.remarks.append(_("the same person as row %(number)s", number=row.matched_row))
    elif row.fate == Fate.SIMILAR:
        row.remarks.append(_("perhaps the same person as row %(number)s", number=row.matched_row))
    return row


def _read_row(number: int, row: Row, header: Header, sector: Sector, event: Event) -> RowFate:
    if number - 1 <= header.last:
        is_heading = number - 1 >= header.first
        return RowFate(number, row, Fate.NO_PERSON, remarks=[_("heading") if is_heading else _("title")])
    cells = {column: row[index] for index, column in header.columns.items() if index < len(row) and row[index]}
    name = columns.name_of(cells)
    if name is None:
        return RowFate(number, row, Fate.ERROR, remarks=[_("no name")])
    others = [cell for column, cell in cells.items() if column not in (Column.FULL_NAME, Column.FAMILY)]
    if _is_note(name.full, others, Column.NUMBER in header.columns.values(), cells):
        return RowFate(number, row, Fate.NO_PERSON, remarks=[_("a total or a note")])
    remarks: list[str] = []
    details = PersonDetails(
        name=name,
        sector=columns.sector_of(cells.get(Column.SECTOR, "")) or sector,
        sex=_sex(cells.get(Column.SEX, ""), remarks),
        organisation=cells.get(Column.ORGANISATION, "")[:200],
        position=cells.get(Column.POSITION, "")[:200],
        phone=_phone(cells.get(Column.PHONE, ""), event.programme.country, remarks),
        email=_email(cells.get(Column.EMAIL, ""), remarks),
        language=columns.language_of(cells.get(Column.LANGUAGE, "")),
    )
    if details.organisation[:1] in ("=", "+", "@"):
        remarks.append(_("the organisation looks like a formula; it is kept as text"))
    return RowFate(number, row, Fate.NEW, details, remarks=remarks)


def _is_note(name: str, others: list[str], has_numbers: bool, cells: dict[Column, str]) -> bool:
    """Whether a row below the people is a total, a signature or another note, not a person."""
    words = plain(name).split()
    telling = ("всего", "итого", "исполнитель", "начальник", "подпись", "усяго", "разам", "выканаўца", "усього")
    is_telling = name.rstrip().endswith(":") or words[0].rstrip(":.,") in (*telling, "total", "signature", "prepared")
    return is_telling and (not others or (has_numbers and Column.NUMBER not in cells))


def _sex(cell: str, remarks: list[str]) -> Sex:
    sex = columns.sex_of(cell)
    if sex is None:
        remarks.append(_("the sex “%(cell)s” is not understood; not recorded", cell=cell))
    return sex or Sex.NOT_RECORDED


def _email(cell: str, remarks: list[str]) -> str:
    if cell and not is_email(cell):
        remarks.append(_("“%(cell)s” is no e-mail address; it is left out", cell=cell))
        return ""
    return cell


def _phone(cell: str, country: str, remarks: list[str]) -> str:
    if not cell:
        return ""
    try:
        number = phonenumbers.parse(cell, country)
    except phonenumbers.NumberParseException:
        remarks.append(_("“%(cell)s” is no phone number; it is left out", cell=cell))
        return ""
    # A number that only looks unusual is kept: numbering plans change faster than lists.
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
