"""An import taken back: the register holds what it held before, but for what somebody has used since."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import InstrumentedAttribute

from accounts.models import User
from core import clock
from core.db import db
from core.errors import Refused
from participants import list_rows, references, roster
from participants.import_models import ImportChange
from participants.models import Badge, ImportState, Organisation, Participant, Registration, RosterImport

OWN = ("import_changes",)


class NotApplied(Refused):
    code = "not_applied"
    sentence = _l("There is nothing to take back: this list was not imported, or was taken back already.")


class AllUsed(Refused):
    code = "all_used"
    sentence = _l("Nothing was taken back: everybody of this list has been used since, for example was at a session.")


@dataclass(frozen=True)
class Effect:
    """What taking back would do: how many rows it takes back, and whose it has to leave (codes)."""

    rows: int
    kept: list[str]


def effect_of(staged: RosterImport) -> Effect:
    """What undo() would do now."""
    changes = _changes(staged)
    used = _used(changes)
    codes = sa.select(Participant.code).where(Participant.id.in_({change.participant_id for change in used}))
    return Effect(len(changes) - len(used), sorted(db.session.scalars(codes)) if used else [])


def undo(staged: RosterImport, by: User) -> Effect:
    """Take an import back. What was used since stays and is named. Refuses NotApplied, AllUsed.

    Used is a place that something stands on: a presence, a certificate, a message. Details that were corrected since
    stay as they were corrected.
    """
    if staged.state != ImportState.APPLIED:
        raise NotApplied
    effect = effect_of(staged)
    if effect.kept and not effect.rows:
        raise AllUsed
    changes = _changes(staged)
    used = {change.id for change in _used(changes)}
    unused = [change for change in changes if change.id not in used]
    for change in unused:
        _restore(change)
    db.session.flush()
    _delete(unused)
    _delete_organisations(staged)
    staged.empty()
    staged.undone_at, staged.undone_by_id, staged.kept = clock.now(), by.id, len(used)
    db.session.flush()
    return effect


def _changes(staged: RosterImport) -> list[ImportChange]:
    query = sa.select(ImportChange).where(ImportChange.import_id == staged.id)
    return list(db.session.scalars(query.order_by(ImportChange.row_number)))


def _used(changes: list[ImportChange]) -> list[ImportChange]:
    """The changes that something stands on by now; who is locked is not used while we look."""
    places = {
        change.registration_id: change
        for change in changes
        if change.registration_id and (change.made_place or change.status_before)
    }
    for some in references.in_batches(places):
        db.session.execute(sa.select(Registration.id).where(Registration.id.in_(some)).with_for_update())
    used_places = references.standing_on(Registration, places, OWN)
    people = {change.participant_id: change for change in changes if change.made_person}
    used_people = references.standing_on(Participant, people, (*OWN, "registrations", "badges"))
    used_people |= _with_other_places(people) | _with_bound_badges(people)
    return [
        change
        for change in changes
        if change.registration_id in used_places or (change.made_person and change.participant_id in used_people)
    ]


def _with_other_places(people: dict[int, ImportChange]) -> set[int]:
    """Who has got a place elsewhere since."""
    found: set[int] = set()
    for some in references.in_batches(people):
        query = sa.select(Registration.participant_id, Registration.id).where(Registration.participant_id.in_(some))
        found |= {person for person, place in db.session.execute(query) if people[person].registration_id != place}
    return found


def _with_bound_badges(people: dict[int, ImportChange]) -> set[int]:
    """Who has got a badge from a roll, or one that a manager attached: something that was in somebody's hand."""
    found: set[int] = set()
    for some in references.in_batches(people):
        bound = sa.or_(Badge.roll.is_not(None), Badge.is_attached)
        found |= set(db.session.scalars(sa.select(Badge.participant_id).where(Badge.participant_id.in_(some), bound)))
    return found


def _restore(change: ImportChange) -> None:
    """How a place stood and what was known, where nobody has changed it since."""
    if change.status_before is not None:
        place = db.session.get(Registration, change.registration_id)
        assert place is not None
        place.status = change.status_before
    if change.details is not None:
        kept = json.loads(change.details)
        person = db.session.get(Participant, change.participant_id)
        assert person is not None
        if list_rows.as_plain(roster.details_of(person)) == kept["after"]:
            roster.correct(person, list_rows.from_plain(kept["before"]))


def _delete(changes: list[ImportChange]) -> None:
    places = [change.registration_id for change in changes if change.made_place and change.registration_id]
    people = [change.participant_id for change in changes if change.made_person]
    _delete_by_id(ImportChange, ImportChange.id, [change.id for change in changes])
    _delete_by_id(Registration, Registration.id, places)
    _delete_by_id(Badge, Badge.participant_id, people)
    _delete_by_id(Participant, Participant.id, people)


def _delete_by_id(model: type, column: InstrumentedAttribute[Any], ids: list[int]) -> None:
    for some in references.in_batches(ids):
        db.session.execute(sa.delete(model).where(column.in_(some)))


def _delete_organisations(staged: RosterImport) -> None:
    """Those that came with the list and nobody is of any more."""
    made = set(staged.new_organisations)
    for some in references.in_batches(made - references.standing_on(Organisation, made)):
        db.session.execute(sa.delete(Organisation).where(Organisation.id.in_(some)))
