"""Whether people of a list are known already, or stand in it twice: by phone and address, by name, never by a guess."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import sqlalchemy as sa

from core.db import db
from participants.list_rows import Fate, RowFate
from participants.models import Organisation, Participant, Registration, RegistrationStatus, open_name
from participants.names import PersonName, plain
from participants.remarks import Remark
from participants.roster import PersonDetails
from privacy.crypto import key_ring
from trainings.models import Event

Who = TypeVar("Who")


@dataclass(frozen=True)
class Known:
    """Somebody of the programme whose name is kept, and whether they have a place at the event."""

    uid: str
    code: str
    name: PersonName
    phone_index: bytes | None
    email_index: bytes | None
    organisation: str
    position_sealed: bytes | None
    has_place: bool

    @property
    def position(self) -> str:
        if self.position_sealed is None:
            return ""
        return key_ring().unseal(bytes(self.position_sealed), f"participants.position_sealed:{self.uid}")


class Contacts(Generic[Who]):
    """People found again by contact and by name, without comparing each with each."""

    def __init__(self) -> None:
        self._by_contact: dict[Hashable, list[Who]] = defaultdict(list)
        self._by_sound: dict[str, list[Who]] = defaultdict(list)

    def add(self, who: Who, contacts: Iterable[Hashable], name: PersonName) -> None:
        for contact in contacts:
            if contact:
                self._by_contact[contact].append(who)
        self._by_sound[name.sound].append(who)

    def sharing(self, contacts: Iterable[Hashable]) -> list[Who]:
        found = [who for contact in contacts if contact for who in self._by_contact.get(contact, ())]
        return list({id(who): who for who in found}.values())

    def alike(self, name: PersonName) -> list[Who]:
        return self._by_sound.get(name.sound, [])


def known_people(event: Event) -> Contacts[Known]:
    """Everybody of the event's programme whose name is kept; names are opened in memory, contacts are not."""
    person, place = Participant, Registration
    rows = db.session.execute(
        sa.select(
            person.uid,
            person.code,
            person.name_sealed,
            person.phone_index,
            person.email_index,
            Organisation.name,
            person.position_sealed,
            place.status,
        )
        .outerjoin(Organisation, Organisation.id == person.organisation_id)
        .outerjoin(place, sa.and_(place.participant_id == person.id, place.event_id == event.id))
        .where(
            person.programme_id == event.programme_id,
            person.name_sealed.is_not(None),
            person.merged_into_id.is_(None),
        )
    )
    known: Contacts[Known] = Contacts()
    for uid, code, sealed, phone, email, organisation, position, status in rows:
        name = open_name(sealed, uid)
        assert name is not None
        has_place = status not in (None, RegistrationStatus.CANCELLED)
        somebody = Known(uid, code, name, phone, email, organisation or "", position, has_place)
        known.add(somebody, (phone, email), name)
    return known


def within_file(fates: list[RowFate]) -> None:
    """Set the fate of every row by whom stands higher in the file."""
    seen: Contacts[RowFate] = Contacts()
    for row in fates:
        if row.details is not None:
            _compare_with_file(row, row.details, seen)
            seen.add(row, _written(row.details), row.details.name)


def with_known(fates: list[RowFate], known: Contacts[Known]) -> None:
    """Set the fate of every row that is new so far by whom the programme knows; indexes of contacts must be there."""
    for row in fates:
        if row.details is not None and row.fate == Fate.NEW:
            _compare_with_known(row, row.details, known)


def _compare_with_file(row: RowFate, details: PersonDetails, seen: Contacts[RowFate]) -> None:
    for other in seen.sharing(_written(details)):
        assert other.details
        if other.details.name.key == details.name.key:
            return _is_of_row(row, Fate.REPEATED, "same_person_row", other)
        if other.details.name.resembles(details.name):
            return _is_of_row(row, Fate.SIMILAR, "perhaps_row", other)
        row.remarks.append(Remark("shares_row", values={"number": other.number}))
    for other in seen.alike(details.name):
        assert other.details
        if other.details.name.is_namesake(details.name):
            continue
        if other.details.name.key == details.name.key and not (details.phone or details.email):
            return _is_of_row(row, Fate.REPEATED, "same_name_row", other)
        return _is_of_row(row, Fate.SIMILAR, "similar_row", other)
    return None


def _is_of_row(row: RowFate, fate: Fate, remark: str, other: RowFate) -> None:
    row.fate, row.matched_row = fate, other.number
    row.remarks.append(Remark(remark, values={"number": other.number}))


def _compare_with_known(row: RowFate, details: PersonDetails, known: Contacts[Known]) -> None:
    phone, email = details.indexes.get(details.phone), details.indexes.get(details.email)
    for somebody in known.sharing((phone, email)):
        if somebody.name.key == details.name.key:
            return _is(row, somebody, "by_phone" if phone and phone == somebody.phone_index else "by_email")
        if somebody.name.resembles(details.name):
            return _may_be(row, somebody)
        row.remarks.append(Remark("shares", values={"code": somebody.code}))
    for somebody in known.alike(details.name):
        if somebody.name.is_namesake(details.name):
            continue
        if somebody.has_place and _is_same_line(somebody, details):
            return _is(row, somebody, "by_line")
        return _may_be(row, somebody)
    return None


def _is(row: RowFate, somebody: Known, by: str) -> None:
    row.fate, row.match = Fate.REGISTERED if somebody.has_place else Fate.EXISTING, somebody.uid
    row.remarks.append(Remark(by))


def _may_be(row: RowFate, somebody: Known) -> None:
    row.fate, row.match = Fate.SIMILAR, somebody.uid
    row.remarks.append(Remark("perhaps", values={"code": somebody.code}))


def _is_same_line(somebody: Known, details: PersonDetails) -> bool:
    """Whether a row without phone and address says again what is known of somebody who is on the list already."""
    return (
        not (details.phone or details.email)
        and somebody.name.key == details.name.key
        and plain(somebody.organisation) == plain(details.organisation)
        and plain(somebody.position) == plain(details.position)
    )


def _written(details: PersonDetails) -> tuple[str, str]:
    return details.phone, details.email.casefold()
