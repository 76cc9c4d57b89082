"""The people of a list written down: a few statements for some hundreds of rows, which are all that is in memory."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa

from core.db import Base, db, new_uid
from participants import list_rows, references, roster
from participants.import_models import ImportChange
from participants.list_rows import RowFate
from participants.models import (
    Badge,
    KnownPeople,
    Organisation,
    Origin,
    Participant,
    Registration,
    RegistrationStatus,
    RosterImport,
)
from participants.names import plain
from participants.roster import PersonDetails
from privacy import codes
from trainings.models import Event, Programme

AT_ONCE = 500  # rows


@dataclass(slots=True)
class Decided:
    """What is done about one row: for a new person (the columns of one), for one we know (`uid`), or for whoever
    another row is."""

    row: RowFate
    person: dict[str, Any] | None = None
    uid: str | None = None
    as_row: int | None = None


@dataclass(slots=True)
class _Place:
    id: int | None
    status: RegistrationStatus


def known_ids(event: Event, uids: Collection[str]) -> dict[str, int]:
    """Those of these people who are there still, whole: neither erased nor made one with another record."""
    known: dict[str, int] = {}
    for some in references.in_batches(uids):
        query = sa.select(Participant.uid, Participant.id).where(
            Participant.uid.in_(some),
            Participant.programme_id == event.programme_id,
            Participant.erased_at.is_(None),
            Participant.merged_into_id.is_(None),
        )
        known |= dict(db.session.execute(query).tuples().all())
    return known


def place(staged: RosterImport, decided: list[Decided], known: dict[str, int]) -> None:
    """Places for everybody, new people with badges, details for whom we know, and a line about each row that changed
    anything."""
    event = staged.event
    query = sa.select(Registration.participant_id, Registration.id, Registration.status)
    here = {
        person: _Place(number, status)
        for person, number, status in db.session.execute(query.where(Registration.event_id == event.id)).tuples()
    }
    mine = sa.select(Organisation.id).where(Organisation.programme_id == event.programme_id)
    before = set(db.session.scalars(mine))
    people: dict[int, int] = {}  # ids by the number of the row
    organisations: dict[str, int | None] = {}
    for start in range(0, len(decided), AT_ONCE):
        some = decided[start : start + AT_ONCE]
        _add_people(event.programme, some, people, organisations)
        for found in some:
            if found.person is None:
                # Who is the same as a row that was left out is left out too.
                found_id = known[found.uid] if found.uid is not None else people.get(found.as_row or 0)
                if found_id is not None:
                    people[found.row.number] = found_id
        _give_places(staged, [found for found in some if found.row.number in people], people, here)
    staged.new_organisations = [number for number in organisations.values() if number and number not in before]


def _add_people(
    programme: Programme, some: list[Decided], people: dict[int, int], organisations: dict[str, int | None]
) -> None:
    """Who of these is new, with organisation and badge."""
    new = [(found.row, found.person) for found in some if found.person is not None]
    for row, columns in new:
        assert row.details
        key = plain(row.details.organisation)
        if key not in organisations:
            organisation = roster.find_organisation(programme, row.details.organisation)
            organisations[key] = organisation.id if organisation else None
        columns["organisation_id"] = organisations[key]
    ids = _inserted(Participant, [columns for _row, columns in new])
    if ids:
        badges = [{"code": codes.badge_code(), "participant_id": number} for number in ids.values()]
        db.session.execute(sa.insert(_table(Badge)), badges)
    for row, columns in new:
        people[row.number] = ids[columns["uid"]]


def _give_places(staged: RosterImport, some: list[Decided], people: dict[int, int], here: dict[int, _Place]) -> None:
    details = _write_details(staged.known, some, people)
    new: dict[str, _Place] = {}
    rows: list[dict[str, Any]] = []
    taken_up: list[int | None] = []
    noted: list[tuple[dict[str, Any], _Place]] = []
    for found in some:
        person = people[found.row.number]
        place, status_before = here.get(person), None
        is_new = place is None
        if place is None:
            uid = new_uid()
            here[person] = new[uid] = place = _Place(None, RegistrationStatus.REGISTERED)
            rows.append(
                {
                    "uid": uid,
                    "participant_id": person,
                    "event_id": staged.event_id,
                    "origin": Origin.IMPORT,
                    "import_id": staged.id,
                }
            )
        elif place.status != RegistrationStatus.REGISTERED:
            status_before, place.status = place.status, RegistrationStatus.REGISTERED
            taken_up.append(place.id)
        change = {
            "uid": new_uid(),
            "import_id": staged.id,
            "row_number": found.row.number,
            "participant_id": person,
            "made_person": found.person is not None,
            "made_place": is_new,
            "status_before": status_before,
        }
        said = details.get(found.row.number)
        change["details_sealed"] = ImportChange.details.sealed_for(change["uid"], said)
        if is_new or found.person is not None or status_before or said:
            noted.append((change, place))
    for uid, number in _inserted(Registration, rows).items():
        new[uid].id = number
    again = sa.update(Registration).where(Registration.id.in_(taken_up))
    if taken_up:
        db.session.execute(again.values(status=RegistrationStatus.REGISTERED))
    changes = [change | {"registration_id": place.id} for change, place in noted]
    if changes:
        db.session.execute(sa.insert(_table(ImportChange)), changes)


def _write_details(known: KnownPeople, some: list[Decided], people: dict[int, int]) -> dict[int, str]:
    """Fill in or replace what is known, as was said; what that changed, as JSON, by the number of the row."""
    if known == KnownPeople.SKIP:
        return {}
    ids = {people[found.row.number] for found in some if found.person is None}
    query = sa.select(Participant).where(Participant.id.in_(ids))
    persons = {person.id: person for person in db.session.scalars(query)} if ids else {}
    changed = {}
    for found in some:
        if found.person is None:
            assert found.row.details
            said = _written(persons[people[found.row.number]], found.row.details, known)
            if said is not None:
                changed[found.row.number] = said
    db.session.flush()
    return changed


def _written(person: Participant, details: PersonDetails, known: KnownPeople) -> str | None:
    before = list_rows.as_plain(roster.details_of(person))
    if known == KnownPeople.FILL:
        roster.fill_gaps(person, details)
    else:
        roster.replace_known(person, details)
    after = list_rows.as_plain(roster.details_of(person))
    return None if before == after else json.dumps({"before": before, "after": after}, ensure_ascii=False)


def _inserted(model: type[Base], rows: list[dict[str, Any]]) -> dict[str, int]:
    """New rows, written at once: the id of each by its uid."""
    if not rows:
        return {}
    table = _table(model)
    db.session.execute(sa.insert(table), rows)
    query = sa.select(table.c.uid, table.c.id).where(table.c.uid.in_([row["uid"] for row in rows]))
    return dict(db.session.execute(query).tuples().all())


def _table(model: type[Base]) -> sa.Table:
    return cast(sa.Table, model.__table__)
