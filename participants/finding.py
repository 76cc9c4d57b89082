"""Finding people of a programme: by link, code, contact or name; a page of a roster at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from core.db import db
from participants import links
from participants.identity import keeps_names
from participants.models import (
    Badge,
    Organisation,
    Participant,
    Registration,
    RegistrationStatus,
    open_name,
)
from participants.names import PersonName, plain, sound
from privacy import codes
from trainings.models import Event, Programme

LEAF = 50  # rows of a page of the roster
# Built once: every page of a participant begins with it.
_BY_LINK = (
    sa.select(Participant)
    .options(joinedload(Participant.programme))
    .where(Participant.link_digest == sa.bindparam("digest"))
)


@dataclass(frozen=True)
class Leaf:
    """A page of a roster: its places, which page it is of how many, and how many people were found."""

    places: list[Registration]
    number: int
    leaves: int
    total: int


@dataclass(frozen=True)
class PeopleLeaf:
    """A page of a programme's people: which page it is of how many, and how many people were found."""

    people: list[Participant]
    number: int
    leaves: int
    total: int


def find_by_uid(programme: Programme, uid: str) -> Participant | None:
    """The person of a programme with this uid."""
    return db.session.scalar(
        sa.select(Participant).where(Participant.programme_id == programme.id, Participant.uid == uid)
    )


def called(programme: Programme, uids: Collection[str]) -> dict[str, str]:
    """What these people are called, by uid."""
    query = sa.select(Participant).where(Participant.programme_id == programme.id, Participant.uid.in_(uids))
    return {person.uid: person.called for person in db.session.scalars(query)} if uids else {}


def find_by_link(token: str) -> Participant | None:
    """The person a personal link belongs to."""
    return by_link_digest(codes.token_digest(token))


def by_link_digest(digest: bytes) -> Participant | None:
    """The person of a link, or the record theirs was made one with."""
    return links.record_of(db.session.scalar(_BY_LINK, {"digest": digest}))


def find_by_code(programme: Programme, code: str) -> Participant | None:
    """Whose badge code or own code this is; None for nobody's and for a revoked badge."""
    meant = codes.normalised(code)
    badge = sa.select(Badge.participant_id).where(Badge.code == meant, Badge.revoked_at.is_(None))
    query = sa.select(Participant).where(
        Participant.programme_id == programme.id, sa.or_(Participant.id.in_(badge), Participant.code == meant)
    )
    return links.record_of(db.session.scalar(query))


def sounding_like(programme: Programme, name: PersonName, but: Collection[int]) -> list[Participant]:
    """People of a programme whose name may be this one in either script, except those with the ids in `but`.

    Names are compared as they are kept in memory; only who is found is loaded.
    """
    person = Participant
    query = sa.select(person.id, person.uid, person.name_sealed).where(
        person.programme_id == programme.id, person.name_sealed.is_not(None), person.merged_into_id.is_(None)
    )
    alike = [
        found_id
        for found_id, uid, sealed in db.session.execute(query)
        if found_id not in but and (other := open_name(sealed, uid)) and other.may_be(name)
    ]
    return list(db.session.scalars(sa.select(person).where(person.id.in_(alike)).order_by(person.id))) if alike else []


def leaf(event: Event, search: str = "", number: int = 1) -> Leaf:
    """One leaf of the roster, by name; only its people are loaded, of the others just what they are found by."""
    person, place = Participant, Registration
    rows = db.session.execute(
        sa.select(place.id, place.status, person.uid, person.code, person.name_sealed, Organisation.name)
        .join(person, person.id == place.participant_id)
        .outerjoin(Organisation, Organisation.id == person.organisation_id)
        .where(place.event_id == event.id)
    )
    wanted, has_names = Wanted(search), keeps_names(event)
    found = []
    for place_id, status, uid, code, sealed, organisation in rows:
        # Where names are not kept, nobody is found by a name that another event knows.
        name = open_name(sealed, uid) if has_names else None
        if wanted.is_in(name, code, organisation):
            found.append((status == RegistrationStatus.CANCELLED, name.key if name else code.casefold(), place_id))
    found.sort()
    leaves = max(-(-len(found) // LEAF), 1)
    number = min(max(number, 1), leaves)
    chosen = [place_id for _cancelled, _key, place_id in found[(number - 1) * LEAF : number * LEAF]]
    places = {place.id: place for place in db.session.scalars(sa.select(place).where(place.id.in_(chosen)))}
    return Leaf([places[place_id] for place_id in chosen], number, leaves, len(found))


def people_leaf(programme: Programme, search: str = "", number: int = 1) -> PeopleLeaf:
    """One leaf of everybody of a programme, by name; only its people are loaded."""
    person = Participant
    rows = db.session.execute(
        sa.select(person.id, person.uid, person.code, person.name_sealed, Organisation.name)
        .outerjoin(Organisation, Organisation.id == person.organisation_id)
        .where(person.programme_id == programme.id, person.merged_into_id.is_(None))
    )
    wanted, found = Wanted(search), []
    for person_id, uid, code, sealed, organisation in rows:
        name = open_name(sealed, uid)
        if wanted.is_in(name, code, organisation):
            found.append((name is None, name.key if name else code.casefold(), person_id))
    found.sort()
    leaves = max(-(-len(found) // LEAF), 1)
    number = min(max(number, 1), leaves)
    chosen = [person_id for *_key, person_id in found[(number - 1) * LEAF : number * LEAF]]
    people = {one.id: one for one in db.session.scalars(sa.select(person).where(person.id.in_(chosen)))}
    return PeopleLeaf([people[person_id] for person_id in chosen], number, leaves, len(found))


class Wanted:
    """A search of names in either script, codes and organisations; an empty one finds everybody."""

    def __init__(self, search: str) -> None:
        self.words = plain(search)
        self.sound = sound(search)

    def is_in(self, name: PersonName | None, code: str, organisation: str | None) -> bool:
        if not self.words:
            return True
        if name and (self.words in name.key or (self.sound and self.sound in name.whole_sound)):
            return True
        return self.words in code.casefold() or bool(organisation and self.words in plain(organisation))
