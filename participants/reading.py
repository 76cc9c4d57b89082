"""An uploaded list read: its rows, what each column holds, and what would become of every row."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from flask_babel import lazy_gettext as _l

from core import clock, tables
from core.db import db, release
from core.errors import Refused
from core.tables import Row
from participants import columns, comparing, identity, layouts, list_rows
from participants.columns import Header
from participants.contacts import alike
from participants.list_rows import Fate, RowFate
from participants.models import RosterImport, Sector
from privacy.crypto import key_ring

NOTED_EVERY = 1000  # contacts
NOT_PEOPLE = 1000  # rows of titles, headings, totals and notes that a list may have besides its people
Note = Callable[[int, int], None]


class NoHeader(Refused):
    code = "no_header"
    sentence = _l("No column with names was found. Give the columns a heading, for example “Full name” or “Surname”.")


class TooManyPeople(Refused):
    code = "too_many_people"
    sentence = _l("This list has more than %(limit)s people. Split it into smaller ones; nothing was saved.")


class NobodyInside(Refused):
    code = "nobody_inside"
    sentence = _l("This list has a heading but nobody under it.")


REFUSALS = {
    refusal.code: refusal
    for refusal in (
        NoHeader,
        NobodyInside,
        tables.NotATable,
        tables.EmptyTable,
        TooManyPeople,
        tables.OldExcel,
    )
}


@dataclass(frozen=True)
class Plan:
    """What is shown before anybody says yes: the sheets there are, the headings, and the fate of every row."""

    sheets: list[str]
    titles: list[str]
    rows: list[RowFate]

    def as_bytes(self) -> bytes:
        """The plan as it is kept."""
        return _packed(self)

    @classmethod
    def from_bytes(cls, kept: bytes) -> Plan:
        """A plan that as_bytes() wrote. Refuses with ValueError what an earlier version of this program wrote."""
        return msgspec.json.decode(_unpacked(kept), type=cls)


def rows_in(kept: bytes) -> list[Row]:
    """The rows of a list as they were kept."""
    return msgspec.json.decode(_unpacked(kept), type=list[Row])


def _packed(kept: Any) -> bytes:
    """Small, because sealing and keeping hold several copies of it in memory."""
    return zlib.compress(msgspec.json.encode(kept), 1)


def _unpacked(kept: bytes) -> bytes:
    try:
        return zlib.decompress(kept)
    except zlib.error as problem:
        raise ValueError from problem


@dataclass(frozen=True)
class Reading:
    """Everything that reading a list needs of the register, so that it holds nobody up."""

    content: bytes | None
    rows: list[Row] | None
    sheet: int | None
    sheets: list[str]
    header: Header | None
    sector: Sector
    programme_id: int
    country: str
    keeps_names: bool
    layouts: layouts.Layouts
    indexes: dict[str, bytes]  # of contacts that were read before, as alike() writes them


@dataclass(frozen=True)
class Read:
    """What came of it: everything a RosterImport keeps."""

    rows: list[Row]
    sheet: int
    header: Header
    plan: Plan


def gather(staged: RosterImport) -> Reading:
    event = staged.event
    return Reading(
        content=staged.content,
        rows=rows_in(staged.rows) if staged.rows else None,
        sheet=staged.sheet,
        sheets=Plan.from_bytes(staged.plan).sheets if staged.plan else [],
        header=Header.from_json(staged.arrangement) if staged.arrangement else None,
        sector=staged.sector,
        programme_id=event.programme_id,
        country=event.programme.country,
        keeps_names=identity.keeps_names(event),
        layouts=layouts.of_programme(event.programme_id),
        indexes=_indexes_of(staged),
    )


def read(reading: Reading, limit: int, note: Note = lambda done, total: None) -> Read:
    """Read it, up to `limit` people; the register is asked nothing, keep() does that. Refuses those of REFUSALS."""
    rows, sheet, sheets = reading.rows, reading.sheet or 0, reading.sheets
    if rows is None:
        assert reading.content is not None, "a file or its rows"
        try:
            rows, sheet, sheets = _rows_of(reading.content, reading.sheet, limit + NOT_PEOPLE)
        except tables.TooManyRows:
            raise TooManyPeople(limit=limit) from None
    header = reading.header or reading.layouts.find(rows) or columns.find_header(rows) or columns.guess_by_content(rows)
    if header is None:
        raise NoHeader
    fates = list_rows.read(rows, header, reading.sector, reading.country)
    if not any(fate.details for fate in fates):
        raise NobodyInside
    if sum(fate.fate != Fate.NO_PERSON for fate in fates) > limit:
        raise TooManyPeople(limit=limit)
    comparing.within_file(fates)
    if reading.keeps_names:
        _index(fates, reading, note)
    else:
        fates = list_rows.as_numbers(fates)
    return Read(rows, sheet, header, Plan(sheets, header.titles(rows) if reading.keeps_names else [], fates))


def keep(staged: RosterImport, read: Read) -> None:
    """Keep what was read, compared with the people we know now, encrypted; without names only as_numbers()."""
    event = staged.event
    if identity.keeps_names(event):
        comparing.with_known(read.plan.rows, comparing.known_people(event))
        staged.rows = _packed(read.rows)
        if len(read.plan.sheets) < 2:
            staged.content = None
    else:
        # It may have been uploaded while names were still kept.
        read = replace(read, plan=Plan([], [], list_rows.as_numbers(read.plan.rows)))
        staged.content, staged.rows = None, _packed([])
    staged.plan = read.plan.as_bytes()
    staged.sheet, staged.arrangement = read.sheet, read.header.as_json()
    staged.read_at, staged.problem = clock.now(), None
    staged.total, staged.done = len(read.plan.rows), 0
    db.session.flush()


def at_once(staged: RosterImport, limit: int) -> None:
    """Read a small list now. Refuses those of REFUSALS."""
    keep(staged, read(gather(staged), limit))


def release_and_read(staged: RosterImport, limit: int, note: Note) -> Read:
    """Read a large list while nobody waits for us: the transaction ends before the slow work."""
    reading = gather(staged)
    release()
    return read(reading, limit, note)


def _rows_of(content: bytes, sheet: int | None, limit: int) -> tuple[list[Row], int, list[str]]:
    """(rows, which sheet, names of the sheets): the chosen one, else the first that names people, else the first."""
    if not tables.is_workbook(content):
        return tables.read(content, limit), sheet or 0, []
    book = tables.Workbook(content)
    if sheet is None:
        for number in range(len(book.sheets) if len(book.sheets) > 1 else 0):
            try:
                rows = book.rows(number, limit)
            except tables.EmptyTable:
                continue
            if columns.find_header(rows):
                return _filled_down(rows, book, number), number, book.sheets
    rows = book.rows(sheet or 0, limit)
    return _filled_down(rows, book, sheet or 0), sheet or 0, book.sheets


def _filled_down(rows: list[Row], book: tables.Workbook, sheet: int) -> list[Row]:
    """Below the heading, a cell that is merged with others says the same in all their rows."""
    header = columns.find_header(rows)
    below = header.last + 1 if header else 0
    for column, first, last in book.merged_down(sheet):
        if first < below or first >= len(rows) or column >= len(rows[first]):
            continue
        for row in rows[first + 1 : last + 1]:
            if any(row):
                row += [""] * (column + 1 - len(row))
                row[column] = row[column] or rows[first][column]
    return rows


def _indexes_of(staged: RosterImport) -> dict[str, bytes]:
    """What was computed when the list was read before: another arrangement of its columns has the same contacts."""
    rows = Plan.from_bytes(staged.plan).rows if staged.plan else []
    return {alike(contact): index for row in rows if row.details for contact, index in row.details.indexes.items()}


def _index(fates: list[RowFate], reading: Reading, note: Note) -> None:
    """Give every row the indexes of its contacts; each distinct contact is computed once."""
    found = dict(reading.indexes)
    people: list[Any] = [row.details for row in fates if row.details]
    contacts = {alike(contact) for details in people for contact in (details.phone, details.email) if contact}
    wanted = contacts - found.keys()
    for number, (contact, index) in enumerate(key_ring().indexes(wanted, str(reading.programme_id)), 1):
        found[contact] = index
        if number % NOTED_EVERY == 0:
            note(number, len(wanted))
    for details in people:
        details.indexes = {contact: found[alike(contact)] for contact in (details.phone, details.email) if contact}
