"""The institutions people come from: one record each, found by any of its names; who of them sees its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core import clock
from core.db import db, insert_if_new
from core.errors import Refused
from participants import references
from participants.models import Organisation, Origin, Participant, Registration, RegistrationStatus
from participants.names import plain
from participants.people_models import OrganisationAlias, OrganisationContact
from privacy import erasure
from privacy.codes import secret_token, token_digest
from trainings.models import Event, EventStatus, PrivacyLevel, Programme


class NameTaken(Refused):
    code = "name_taken"
    sentence = _l("Another organisation has this name. Make the two one instead.")


class SameOrganisation(Refused):
    code = "same_organisation"
    sentence = _l("Choose another organisation of this programme.")


class ContactLinkOver(Refused):
    code = "contact_link_over"
    sentence = _l("This link has expired or was withdrawn. Ask whoever sent it to you for a new one.")


@dataclass(frozen=True)
class Line:
    """An organisation, how many of the programme's people are of it, and its other names."""

    organisation: Organisation
    people: int
    aliases: list[str]


@dataclass(frozen=True)
class Counts:
    """How many people of one organisation stand on the list of an event, and how they stand; numbers only."""

    event: Event
    invited: int
    registered: int
    came: int


def of_programme(programme: Programme) -> list[Line]:
    """All organisations of a programme by name."""
    person = Participant
    counted = sa.select(person.organisation_id, sa.func.count()).where(
        person.programme_id == programme.id, person.merged_into_id.is_(None), person.organisation_id.is_not(None)
    )
    people = dict(db.session.execute(counted.group_by(person.organisation_id)).all())
    aliases: dict[int, list[str]] = {}
    named = sa.select(OrganisationAlias).where(OrganisationAlias.programme_id == programme.id)
    for alias in db.session.scalars(named.order_by(OrganisationAlias.name_key)):
        aliases.setdefault(alias.organisation_id, []).append(alias.name)
    query = sa.select(Organisation).where(Organisation.programme_id == programme.id).order_by(Organisation.name_key)
    return [Line(one, people.get(one.id, 0), aliases.get(one.id, [])) for one in db.session.scalars(query)]


def rename(organisation: Organisation, name: str) -> None:
    """Call it otherwise; it is still found by the name before. Refuses NameTaken."""
    key, before = plain(name)[:200], (organisation.name, organisation.name_key)
    others = sa.select(Organisation.id).where(
        Organisation.programme_id == organisation.programme_id,
        Organisation.name_key == key,
        Organisation.id != organisation.id,
    )
    alias = _alias(organisation.programme_id, key)
    if db.session.scalar(others) is not None or (alias and alias.organisation_id != organisation.id):
        raise NameTaken
    if alias is not None:
        db.session.delete(alias)
        db.session.flush()
    organisation.name, organisation.name_key = name, key
    db.session.flush()
    if key != before[1]:
        _call(organisation, *before)


def merge(kept: Organisation, merged: Organisation) -> None:
    """Make two one: people, visits and other names move, and the name of the one that goes finds the one that stays.

    Links of its contacts end with it, as they were given for another organisation. Refuses SameOrganisation.
    """
    if kept.id == merged.id or kept.programme_id != merged.programme_id:
        raise SameOrganisation
    db.session.execute(sa.delete(OrganisationContact).where(OrganisationContact.organisation_id == merged.id))
    for column in references.to(Organisation):
        references.move(column, merged.id, kept.id)
    name, key = merged.name, merged.name_key
    db.session.expire_all()
    db.session.delete(merged)
    db.session.flush()
    _call(kept, name, key)


def give_link(organisation: Organisation, label: str, days: int, by: User) -> tuple[OrganisationContact, str]:
    """A link for somebody of the organisation, for so many days; (contact, its secret, shown this once)."""
    token = secret_token()
    contact = OrganisationContact(
        organisation_id=organisation.id,
        token_digest=token_digest(token),
        created_by_id=by.id,
        expires_at=clock.now() + timedelta(days=days),
    )
    contact.label = label
    db.session.add(contact)
    db.session.flush()
    return contact, token


def revoke(contact: OrganisationContact) -> None:
    """Let a link open nothing any more, and forget whose it was."""
    contact.revoked_at = contact.revoked_at or clock.now()
    forget(contact)


def open_link(token: str) -> OrganisationContact:
    """The contact of a secret. Refuses ContactLinkOver."""
    query = sa.select(OrganisationContact).where(OrganisationContact.token_digest == token_digest(token))
    contact = db.session.scalar(query)
    if contact is None or contact.revoked_at is not None or contact.expires_at < clock.now():
        raise ContactLinkOver
    return contact


def contacts_of(organisation: Organisation) -> list[OrganisationContact]:
    """Who has a link that still opens something."""
    query = sa.select(OrganisationContact).where(
        OrganisationContact.organisation_id == organisation.id,
        OrganisationContact.revoked_at.is_(None),
        OrganisationContact.expires_at > clock.now(),
    )
    return list(db.session.scalars(query.order_by(OrganisationContact.id)))


def places_put_on_lists(organisation: Organisation) -> list[Registration]:
    """Places of the organisation's people whom the office put on a list, at events with names, the newest first.

    Not those who came by themselves or registered themselves: whether they told their institution is theirs to say.
    """
    query = (
        sa.select(Registration)
        .join(Registration.participant)
        .join(Registration.event)
        .where(
            Participant.organisation_id == organisation.id,
            Registration.origin.in_((Origin.IMPORT, Origin.BY_HAND)),
            Event.privacy == PrivacyLevel.NAMED,
            Event.status != EventStatus.CANCELLED,
        )
    )
    return list(db.session.scalars(query.order_by(Event.starts_on.desc(), Registration.id)))


def counts_of(places: list[Registration], attended: Mapping[int, int]) -> list[Counts]:
    """How these places stand, by event; `attended` has the sessions attended by place. Whoever came was invited."""
    by_event: dict[int, list[Registration]] = {}
    for place in places:
        by_event.setdefault(place.event_id, []).append(place)
    counts = []
    for of_event in by_event.values():
        came = sum(bool(attended.get(place.id)) for place in of_event)
        registered = sum(place.status == RegistrationStatus.REGISTERED for place in of_event)
        counts.append(Counts(of_event[0].event, len(of_event), registered, came))
    return counts


@erasure.forgets(OrganisationContact)
def forget(contact: OrganisationContact) -> None:
    contact.label = None
    db.session.flush()


def _alias(programme_id: int, key: str) -> OrganisationAlias | None:
    return db.session.scalar(
        sa.select(OrganisationAlias).where(
            OrganisationAlias.programme_id == programme_id, OrganisationAlias.name_key == key
        )
    )


def _call(organisation: Organisation, name: str, key: str) -> None:
    values = {"programme_id": organisation.programme_id, "name": name, "name_key": key}
    insert_if_new(OrganisationAlias, organisation_id=organisation.id, **values)
