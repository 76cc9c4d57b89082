"""Who may see people and what is kept of them."""

from __future__ import annotations

import sqlalchemy as sa

from accounts.models import User
from core.db import db
from participants import identity
from participants.models import Organisation, Participant, Registration, RosterImport
from participants.people_models import Merge, OrganisationContact
from trainings.models import Event, EventTrainer, PrivacyLevel, Programme
from trainings.policies import manages, may_run_event


def may_see_people(user: User, event: Event) -> bool:
    """The roster of an event: managers and the event's own trainers."""
    return may_run_event(user, event)


def may_change_place(user: User, registration: Registration) -> bool:
    return may_run_event(user, registration.event)


def may_settle_import(user: User, staged: RosterImport) -> bool:
    return may_run_event(user, staged.event)


def may_see_person(user: User, participant: Participant) -> bool:
    """A person's page: managers of the programme, and trainers of an event the person has a place at.

    A trainer of an event without names opens the pages of its codes, not of people whom another event knows by name.
    """
    return manages(user, participant.programme_id) or _teaches(user, participant)


def may_erase(user: User, participant: Participant) -> bool:
    return manages(user, participant.programme_id)


def may_see_register(user: User, programme: Programme) -> bool:
    """Everybody of a programme in one list, possible duplicates, organisations: its managers."""
    return manages(user, programme.id)


def may_merge(user: User, participant: Participant, other: Participant) -> bool:
    """Make two records one, or say that they are two people: managers of the programme of both."""
    return manages(user, participant.programme_id) and manages(user, other.programme_id)


def may_undo_merge(user: User, merge: Merge) -> bool:
    return manages(user, merge.kept.programme_id)


def may_keep_organisation(user: User, organisation: Organisation) -> bool:
    return manages(user, organisation.programme_id)


def may_end_contact(user: User, contact: OrganisationContact) -> bool:
    return manages(user, contact.organisation.programme_id)


def may_ask_for_consent(user: User, programme: Programme) -> bool:
    return manages(user, programme.id)


def may_print_blanks(user: User, programme: Programme) -> bool:
    """Print badges ahead that are nobody's yet, and void their rolls: managers of the programme."""
    return manages(user, programme.id)


def _teaches(user: User, participant: Participant) -> bool:
    if not user.is_authenticated:
        return False
    query = (
        sa.select(Registration.id)
        .join(EventTrainer, EventTrainer.event_id == Registration.event_id)
        .where(Registration.participant_id == participant.id, EventTrainer.user_id == user.id)
    )
    if identity.is_known(participant):
        query = query.join(Event, Event.id == Registration.event_id).where(Event.privacy == PrivacyLevel.NAMED)
    return db.session.scalar(query.limit(1)) is not None
