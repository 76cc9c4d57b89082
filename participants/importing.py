"""Lists as offices send them: every row gets a fate that is shown before anything is kept, and none is lost."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core import clock, tables
from core.db import db
from core.errors import Refused
from participants import columns, finding, identity, list_rows, registration, roster
from participants.finding import Contacts
from participants.list_rows import Fate, RowFate
from participants.models import (
    Origin,
    Participant,
    Registration,
    RegistrationStatus,
    RosterImport,
    Sector,
)
from participants.names import plain
from participants.roster import PersonDetails
from privacy import erasure
from trainings.models import Event

KEPT_FOR = timedelta(days=1)


class NoHeader(Refused):
    code = "no_header"
    sentence = _l("No column with names was found. Give the columns a heading, for example “Full name” or “Surname”.")


class NobodyInside(Refused):
    code = "nobody_inside"
    sentence = _l("This list has a heading but nobody under it.")


class AlreadySettled(Refused):
    code = "already_settled"
    sentence = _l("This list has been settled already.")


def stage(event: Event, content: bytes, sector: Sector, user: User, limit: int) -> RosterImport:
    """Read a file and keep its rows, encrypted, until somebody says yes. Refuses as tables.read(), and NoHeader.

    At an event without names no name is kept even for that long: only what list_rows.as_numbers() leaves.
    """
    rows = tables.read(content, limit)
    header = columns.find_header(rows)
    if header is None:
        raise NoHeader
    staged = RosterImport(event_id=event.id, sector=sector, user_id=user.id)
    fates = list_rows.read(rows, header, sector, event)
    if not any(fate.details for fate in fates):
        raise NobodyInside
    if identity.keeps_names(event):
        staged.rows = json.dumps(rows, ensure_ascii=False)
    else:
        _compare_within_file(fates, event)
        staged.rows = list_rows.as_numbers(fates)
    db.session.add(staged)
    db.session.flush()
    return staged


def preview(staged: RosterImport) -> list[RowFate]:
    """The fate of every row, as things stand now. Refuses AlreadySettled."""
    if staged.rows is None:
        raise AlreadySettled
    rows: list[Any] = json.loads(staged.rows)
    if not identity.keeps_names(staged.event):
        if not all(isinstance(row, dict) for row in rows):
            raise AlreadySettled  # uploaded while names were still kept: it may not be used any more
        return list_rows.from_numbers(rows)
    header = columns.find_header(rows)
    assert header is not None, "staged with a header"
    fates = list_rows.read(rows, header, staged.sector, staged.event)
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


def _compare(fates: list[RowFate], event: Event) -> None:
    """Set the fate of every person by whom we know already and who stood higher in the file."""
    _compare_within_file(fates, event)
    known = finding.known_people(event.programme)
    here = {r.participant_id: r for r in registration.of_event(event)}
    for row in fates:
        if row.details is not None and row.fate == Fate.NEW:
            _compare_with_known(row, known, here)


def _compare_within_file(fates: list[RowFate], event: Event) -> None:
    seen: Contacts[RowFate] = Contacts(event.programme)
    for row in fates:
        if row.details is not None:
            _compare_with_file(row, seen)
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
