"""Lists as offices send them: every row gets a fate that is shown before anything is kept, and none is lost."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

import phonenumbers
import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core import clock, tables
from core.db import db
from core.errors import Refused
from core.forms import is_email
from core.tables import Row
from participants import columns, registration, roster
from participants.columns import Column, Header
from participants.models import (
    Origin,
    Participant,
    Registration,
    RegistrationStatus,
    RosterImport,
    Sector,
    Sex,
)
from participants.names import plain
from participants.roster import Contacts, PersonDetails
from privacy import erasure
from trainings.models import Event

KEPT_FOR = timedelta(days=1)


class Fate(StrEnum):
    """What will become of a row."""

    NEW = "new"
    EXISTING = "existing"
    REGISTERED = "registered"
    SIMILAR = "similar"
    REPEATED = "repeated"
    ERROR = "error"
    NO_PERSON = "no_person"


class NoHeader(Refused):
    code = "no_header"
    sentence = _l("No column with names was found. Give the columns a heading, for example “Full name” or “Surname”.")


class NobodyInside(Refused):
    code = "nobody_inside"
    sentence = _l("This list has a heading but nobody under it.")


class AlreadySettled(Refused):
    code = "already_settled"
    sentence = _l("This list has been settled already.")


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


def stage(event: Event, content: bytes, sector: Sector, user: User, limit: int) -> RosterImport:
    """Read a file and keep its rows, encrypted, until somebody says yes. Refuses as tables.read(), and NoHeader."""
    rows = tables.read(content, limit)
    header = columns.find_header(rows)
    if header is None:
        raise NoHeader
    staged = RosterImport(event_id=event.id, sector=sector, user_id=user.id)
    staged.rows = json.dumps(rows, ensure_ascii=False)
    if not any(fate.details for fate in _read_rows(rows, header, sector, event)):
        raise NobodyInside
    db.session.add(staged)
    db.session.flush()
    return staged


def preview(staged: RosterImport) -> list[RowFate]:
    """The fate of every row, as things stand now. Refuses AlreadySettled."""
    if staged.rows is None:
        raise AlreadySettled
    rows = json.loads(staged.rows)
    header = columns.find_header(rows)
    assert header is not None, "staged with a header"
    fates = _read_rows(rows, header, staged.sector, staged.event)
    _compare(fates, staged.event)
    return fates


def apply(staged: RosterImport, choices: dict[int, str]) -> dict[Fate, int]:
    """Do what the preview said. `choices` answers similar rows by number: "same", or anything else for a new person.

    Returns how many rows met each fate. Refuses AlreadySettled.
    """
    fates = preview(staged)
    added: dict[int, Registration] = {}
    counts = dict.fromkeys(Fate, 0)
    for row in fates:
        counts[row.fate] += 1
        if row.details is None or row.fate in (Fate.ERROR, Fate.REPEATED):
            continue
        is_same = row.fate == Fate.SIMILAR and choices.get(row.number) == "same"
        person = row.match if row.fate in (Fate.EXISTING, Fate.REGISTERED) or is_same else None
        if is_same and row.matched_row in added:
            person = added[row.matched_row].participant
        if person is not None:
            roster.fill_gaps(person, row.details)
        else:
            person = roster.add(staged.event.programme, row.details)
        added[row.number] = registration.register(person, staged.event, Origin.IMPORT, import_id=staged.id)
    staged.rows, staged.applied_at = None, clock.now()
    db.session.flush()
    return counts


@erasure.forgets(RosterImport)
def withdraw(staged: RosterImport) -> None:
    """Forget an uploaded list without using it."""
    staged.rows = None
    db.session.flush()


def withdraw_abandoned() -> int:
    """Forget lists that nobody has said yes or no to for a day; how many."""
    too_old = clock.now() - KEPT_FOR
    query = sa.select(RosterImport).where(RosterImport.rows_sealed.is_not(None), RosterImport.uploaded_at < too_old)
    abandoned = list(db.session.scalars(query))
    for staged in abandoned:
        withdraw(staged)
    return len(abandoned)


def _read_rows(rows: list[Row], header: Header, sector: Sector, event: Event) -> list[RowFate]:
    return [_read_row(number, row, header, sector, event) for number, row in enumerate(rows, 1) if any(row)]


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


def _compare(fates: list[RowFate], event: Event) -> None:
    """Set the fate of every person by whom we know already and who stood higher in the file."""
    known = roster.known_people(event.programme)
    here = {r.participant_id: r for r in registration.of_event(event)}
    seen: Contacts[RowFate] = Contacts(event.programme)
    for row in fates:
        if row.details is None:
            continue
        _compare_with_file(row, seen)
        if row.fate == Fate.NEW:
            _compare_with_known(row, known, here)
        seen.add(row, row.details)


def _compare_with_file(row: RowFate, seen: Contacts[RowFate]) -> None:
    assert row.details
    for other in seen.sharing_contact(row.details):
        assert other.details
        if other.details.name.key == row.details.name.key:
            row.fate, row.matched_row = Fate.REPEATED, other.number
            row.remarks.append(_("the same person as row %(number)s", number=other.number))
            return
        if other.details.name.resembles(row.details.name):
            row.fate, row.matched_row = Fate.SIMILAR, other.number
            row.remarks.append(_("perhaps the same person as row %(number)s", number=other.number))
            return
        row.remarks.append(_("shares a phone or an address with row %(number)s", number=other.number))
    for other in seen.alike(row.details.name):
        assert other.details
        if other.details.name.key == row.details.name.key and not (row.details.phone or row.details.email):
            row.fate, row.matched_row = Fate.REPEATED, other.number
            row.remarks.append(_("the same name as row %(number)s", number=other.number))
        else:
            row.fate, row.matched_row = Fate.SIMILAR, other.number
            row.remarks.append(_("a similar name stands in row %(number)s", number=other.number))
        return


def _compare_with_known(row: RowFate, known: Contacts[Participant], here: dict[int, Registration]) -> None:
    assert row.details
    candidates: Iterable[Participant] = known.sharing_contact(row.details)
    for person in candidates:
        if person.name is None:
            continue
        if person.name.key == row.details.name.key:
            row.match = person
            place = here.get(person.id)
            is_here = place is not None and place.status != RegistrationStatus.CANCELLED
            row.fate = Fate.REGISTERED if is_here else Fate.EXISTING
            return
        if person.name.resembles(row.details.name):
            row.fate, row.match = Fate.SIMILAR, person
            row.remarks.append(_("perhaps %(name)s (%(code)s)", name=person.called, code=person.code))
            return
        row.remarks.append(_("shares a phone or an address with %(code)s", code=person.code))
    for person in known.alike(row.details.name):
        row.match = person
        place = here.get(person.id)
        if place and _is_same_line(person, row.details):
            row.fate = Fate.REGISTERED
        else:
            row.fate = Fate.SIMILAR
            row.remarks.append(_("perhaps %(name)s (%(code)s)", name=person.called, code=person.code))
        return


def _is_same_line(person: Participant, details: PersonDetails) -> bool:
    """Whether a row without phone and address says again what is known of somebody who is on the list already."""
    organisation = person.organisation.name if person.organisation else ""
    return (
        not (details.phone or details.email)
        and person.name is not None
        and person.name.key == details.name.key
        and plain(organisation) == plain(details.organisation)
        and plain(person.position or "") == plain(details.position)
    )
