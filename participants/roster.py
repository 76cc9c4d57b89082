"""The people of a programme and of an event: adding, filling in, and listing them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from core import clock
from core.db import db, insert_if_new, new_uid
from participants import contacts, identity, links
from participants.models import (
    Badge,
    Organisation,
    Participant,
    Registration,
    RegistrationStatus,
    Sector,
    Sex,
)
from participants.names import PersonName, plain
from participants.people_models import OrganisationAlias
from privacy import codes, erasure
from trainings.models import Event, EventKind, Programme

NAMELESS = PersonName("")


@dataclass(slots=True)
class PersonDetails:
    """What may be known of a person; only the sector must be. Empty texts mean not known."""

    sector: Sector
    name: PersonName = NAMELESS
    sex: Sex = Sex.NOT_RECORDED
    organisation: str = ""
    position: str = ""
    phone: str = ""
    email: str = ""
    language: str | None = None
    indexes: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)  # of contacts, where known

    def without_identity(self) -> PersonDetails:
        """What of this may be kept where names are not."""
        return replace(self, name=NAMELESS, position="", phone="", email="")


def add(programme: Programme, details: PersonDetails) -> Participant:
    """A new participant with a code, a badge, a personal link and a code for typing."""
    person = Participant(**columns_of(programme.id, _free_code(programme), details))
    person.organisation = find_organisation(programme, details.organisation)
    db.session.add(person)
    db.session.flush()
    issue_badge(person)
    return person


def columns_of(programme_id: int, code: str, details: PersonDetails) -> dict[str, Any]:
    """The row of a person as it will be kept, with link and typed code, before the register is asked anything."""
    uid, known = new_uid(), details.indexes
    return {
        "uid": uid,
        "programme_id": programme_id,
        "code": code,
        "name_sealed": Participant.name_text.sealed_for(uid, details.name.as_line() if details.name.full else None),
        "position_sealed": Participant.position.sealed_for(uid, details.position),
        "phone_sealed": Participant.phone.sealed_for(uid, details.phone),
        "email_sealed": Participant.email.sealed_for(uid, details.email),
        "phone_index": _index_of(details.phone, known, programme_id),
        "email_index": _index_of(details.email, known, programme_id),
        "sector": details.sector,
        "sex": details.sex,
        "language": details.language,
        **links.columns_of(uid, 1),
    }


def details_of(person: Participant) -> PersonDetails:
    """What is known of a person."""
    return PersonDetails(
        sector=person.sector,
        name=person.name or NAMELESS,
        sex=person.sex,
        organisation=person.organisation.name if person.organisation else "",
        position=person.position or "",
        phone=person.phone or "",
        email=person.email or "",
        language=person.language,
    )


def replace_known(person: Participant, details: PersonDetails) -> None:
    """Write down what is said now, instead of what was known; what is not said stays. The sector stays too."""
    if details.name.full and details.name != person.name:
        person.name = details.name
    if details.sex != Sex.NOT_RECORDED:
        person.sex = details.sex
    if details.position and details.position != person.position:
        person.position = details.position
    if details.organisation:
        person.organisation = find_organisation_of(person, details.organisation)
    _set_contacts(person, details.phone or person.phone, details.email or person.email, details.indexes)
    person.language = details.language or person.language


def fill_gaps(person: Participant, details: PersonDetails) -> None:
    """Write down what was not known before; what is known stays."""
    if person.sex == Sex.NOT_RECORDED:
        person.sex = details.sex
    if not person.position and details.position:
        person.position = details.position
    if person.organisation is None:
        person.organisation = find_organisation_of(person, details.organisation)
    _set_contacts(person, person.phone or details.phone, person.email or details.email, details.indexes)
    person.language = person.language or details.language


def correct(person: Participant, details: PersonDetails) -> None:
    """Replace what is known of a person by what was typed; a name is kept where it may be."""
    if not identity.may_be_kept(person):
        details = details.without_identity()
    person.name = details.name if details.name.full else None
    person.sector, person.sex, person.language = details.sector, details.sex, details.language
    person.position = details.position
    person.organisation = find_organisation_of(person, details.organisation)
    _set_contacts(person, details.phone, details.email)
    db.session.flush()


def issue_badge(person: Participant) -> Badge:
    """A new badge; the one before is revoked."""
    db.session.execute(
        sa.update(Badge)
        .where(Badge.participant_id == person.id, Badge.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )
    badge = Badge(code=codes.badge_code(), participant_id=person.id)
    db.session.add(badge)
    db.session.flush()
    return badge


def personal_token(person: Participant) -> str:
    """The secret of the person's own page."""
    return links.token_of(person)


def replace_link(person: Participant) -> None:
    """Give a person a new link and a new typed code; the old ones open nothing any more."""
    links.renew(person, person.link_version + 1)
    db.session.flush()


def of(event: Event) -> list[Registration]:
    """Who has a place at an event or had one, by name; by code where names are not kept."""
    query = (
        sa.select(Registration)
        .join(Registration.participant)
        .outerjoin(Participant.organisation)
        .options(contains_eager(Registration.participant).contains_eager(Participant.organisation))
        .where(Registration.event_id == event.id)
    )
    return sorted(db.session.scalars(query), key=_by_name)


def expected_at(event: Event) -> list[Registration]:
    """Who has a place at an event, in the order in which every sheet and table numbers them."""
    return [place for place in of(event) if place.status != RegistrationStatus.CANCELLED]


def badges_of(event: Event) -> list[tuple[Participant, str]]:
    """(participant, badge code in use) of everybody with a place, by name."""
    in_use = dict(
        db.session.execute(
            sa.select(Badge.participant_id, Badge.code)
            .join(Registration, Registration.participant_id == Badge.participant_id)
            .where(Registration.event_id == event.id, Badge.revoked_at.is_(None), Badge.is_attached.is_(False))
        ).all()
    )
    people = [place.participant for place in expected_at(event)]
    return [(person, in_use[person.id]) for person in people if person.id in in_use]


def find_organisation(programme: Programme, name: str) -> Organisation | None:
    """The organisation of this name, made when there is none; None for an empty name."""
    return _organisation(programme.id, name)


def find_organisation_of(person: Participant, name: str) -> Organisation | None:
    return _organisation(person.programme_id, name)


def organisations(programme: Programme) -> list[Organisation]:
    query = sa.select(Organisation).where(Organisation.programme_id == programme.id).order_by(Organisation.name_key)
    return list(db.session.scalars(query))


def usual_sector(event: Event) -> Sector:
    """Who mostly comes to events of this kind."""
    return Sector.POLICE if event.kind == EventKind.WORKSHOP else Sector.CSO


@erasure.forgets(Participant)
def forget(person: Participant) -> None:
    """Everything that names a person; sector, sex and attendance stay as numbers."""
    identity.drop(person)
    person.erased_at = clock.now()
    replace_link(person)


def _by_name(place: Registration) -> tuple[bool, str]:
    name = place.participant.name if identity.keeps_names(place.event) else None
    return place.status == RegistrationStatus.CANCELLED, name.key if name else place.participant.code.casefold()


def _organisation(programme_id: int, name: str) -> Organisation | None:
    key = plain(name)[:200]
    if not key:
        return None
    query = sa.select(Organisation).where(Organisation.programme_id == programme_id, Organisation.name_key == key)
    values = {"programme_id": programme_id, "name": name.strip()[:200], "name_key": key}
    called = sa.select(Organisation).join(OrganisationAlias, OrganisationAlias.organisation_id == Organisation.id)
    other = called.where(OrganisationAlias.programme_id == programme_id, OrganisationAlias.name_key == key)
    found = db.session.scalar(query) or db.session.scalar(other) or insert_if_new(Organisation, uid=new_uid(), **values)
    return found or db.session.scalar(query)  # of two who write it down at the same moment


def _set_contacts(
    person: Participant, phone: str | None, email: str | None, indexes: dict[str, bytes] | None = None
) -> None:
    known, programme_id = indexes or {}, person.programme_id
    if (phone or None) != person.phone:
        person.phone = phone
        person.phone_index = _index_of(phone, known, programme_id)
    if (email or None) != person.email:
        person.email = email
        person.email_index = _index_of(email, known, programme_id)


def _index_of(contact: str | None, known: dict[str, bytes], programme_id: int) -> bytes | None:
    return known.get(contact) or contacts.index(contact, programme_id) if contact else None


def _free_code(programme: Programme) -> str:
    while True:
        code = codes.short_code()
        taken = sa.select(Participant.id).where(Participant.programme_id == programme.id, Participant.code == code)
        if db.session.scalar(taken) is None:
            return code
