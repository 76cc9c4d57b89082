"""Two records of one person made one, and two again: exactly, as long as nobody has built on it since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core import clock
from core.db import db
from core.errors import Refused
from participants import list_rows, references, roster
from participants.import_models import ImportChange
from participants.models import Badge, Participant, Registration, RegistrationStatus
from participants.people_models import Merge
from participants.roster import PersonDetails
from privacy import erasure

FIELDS = ("name", "sex", "sector", "organisation", "position", "phone", "email", "language")
STAY = {"import_changes", "merges", "two_people", "participants", "registrations", "badges"}
ALIVE = (RegistrationStatus.REGISTERED, RegistrationStatus.INVITED, RegistrationStatus.WAITLISTED)


class NotTwoRecords(Refused):
    code = "not_two_records"
    sentence = _l(
        "These two cannot be made one: choose two people of this programme who are neither merged nor forgotten."
    )


class BothUsed(Refused):
    code = "both_used"
    sentence = _l(
        "Both have been at “%(event)s”, as two people. Settle there first who was present; nothing was changed."
    )


class NotMerged(Refused):
    code = "not_merged"
    sentence = _l("These records are two already.")


class MergedFurther(Refused):
    code = "merged_further"
    sentence = _l("This record was made one with a third one since. Take that back first.")


def merge(kept: Participant, merged: Participant, values: Mapping[str, str], by: User) -> Merge:
    """Make two records one. `values` says by field whether the one of "kept" or of "merged" holds; else the kept one's,
    or the other's where there is none.

    Places, badges and the link of both serve the kept record. Refuses NotTwoRecords, and BothUsed where both have been
    at the same event.
    """
    both = sa.select(Participant.id).where(Participant.id.in_((kept.id, merged.id))).order_by(Participant.id)
    db.session.execute(both.with_for_update())
    for person in (kept, merged):
        db.session.refresh(person)
    if kept.id == merged.id or kept.programme_id != merged.programme_id or _is_gone(kept) or _is_gone(merged):
        raise NotTwoRecords
    before, other = roster.details_of(kept), roster.details_of(merged)
    moved: dict[str, Any] = {"dropped": [], "statuses": [], "places": [], "badges": [], "rows": [], "changes": []}
    _move_places(kept, merged, moved)
    _move_badges(kept, merged, moved)
    _move_rows(kept, merged, moved)
    merged.merged_into_id = kept.id
    db.session.flush()
    roster.correct(kept, _chosen(before, other, values))
    made = Merge(kept_id=kept.id, merged_id=merged.id, moved=moved, merged_by_id=by.id)
    details = {"before": list_rows.as_plain(before), "after": list_rows.as_plain(roster.details_of(kept))}
    made.details = json.dumps(details, ensure_ascii=False)
    db.session.add(made)
    db.session.flush()
    return made


def undo(made: Merge, by: User) -> None:
    """Two records again, each with what was its own; corrections since stay. Refuses NotMerged, MergedFurther."""
    kept, merged, moved = made.kept, made.merged, made.moved
    if made.undone_at is not None or merged.merged_into_id != kept.id:
        raise NotMerged
    if kept.merged_into_id is not None:
        raise MergedFurther
    merged.merged_into_id = None
    db.session.flush()
    for table, column, row_id in moved["rows"]:
        _point(db.metadata.tables[table], column, row_id, kept.id, merged.id)
    for place_id in moved["places"]:
        _point(db.metadata.tables["registrations"], "participant_id", place_id, kept.id, merged.id)
    for badge_id, is_attached in moved["badges"]:
        mine = sa.update(Badge).where(Badge.id == badge_id, Badge.participant_id == kept.id)
        db.session.execute(mine.values(participant_id=merged.id, is_attached=is_attached))
    for place_id, status, given in moved["statuses"]:
        still = sa.update(Registration).where(Registration.id == place_id, Registration.status == given)
        db.session.execute(still.values(status=status))
    for row in moved["dropped"]:
        _write_back(row)
    for change_id, place_id in moved["changes"]:
        change = sa.update(ImportChange).where(ImportChange.id == change_id, ImportChange.registration_id.is_(None))
        db.session.execute(change.values(registration_id=place_id))
    db.session.expire_all()
    details = json.loads(made.details) if made.details else None
    if details and list_rows.as_plain(roster.details_of(kept)) == details["after"]:
        roster.correct(kept, list_rows.from_plain(details["before"]))
    made.undone_at, made.undone_by_id = clock.now(), by.id
    db.session.flush()


def of_person(person: Participant) -> list[Merge]:
    """What was made one with this person's record and still is, the newest first."""
    query = sa.select(Merge).where(Merge.kept_id == person.id, Merge.undone_at.is_(None))
    return list(db.session.scalars(query.order_by(Merge.id.desc())))


@erasure.forgets(Merge)
def forget(made: Merge) -> None:
    """The records stay one; what was known of each is forgotten with the person."""
    made.details = None


def _is_gone(person: Participant) -> bool:
    return person.merged_into_id is not None or person.erased_at is not None


def _chosen(before: PersonDetails, other: PersonDetails, values: Mapping[str, str]) -> PersonDetails:
    chosen = {}
    for field in FIELDS:
        mine, theirs = getattr(before, field), getattr(other, field)
        is_empty = not (mine.full if field == "name" else mine) or mine == "not_recorded"
        chosen[field] = theirs if values.get(field) == "merged" or is_empty else mine
    return PersonDetails(**chosen)


def _move_places(kept: Participant, merged: Participant, moved: dict[str, Any]) -> None:
    """One place at each event: where both have one, the one that nothing stands on goes."""
    both = sa.select(Registration).where(Registration.participant_id.in_((kept.id, merged.id)))
    both = both.with_for_update(of=Registration).execution_options(populate_existing=True)
    places = list(db.session.scalars(both))
    used = references.standing_on(Registration, [place.id for place in places], ("import_changes",))
    mine = {place.event_id: place for place in places if place.participant_id == kept.id}
    for place in [place for place in places if place.participant_id == merged.id]:
        own = mine.get(place.event_id)
        if own is not None:
            if own.id in used and place.id in used:
                raise BothUsed(event=str(place.event.title))
            gone, stays = (own, place) if place.id in used else (place, own)
            if gone.status in ALIVE and stays.status == RegistrationStatus.CANCELLED:
                moved["statuses"].append([stays.id, stays.status.value, gone.status.value])
                stays.status = gone.status
            _drop(gone, moved)
            if stays is own:
                continue
        place.participant_id = kept.id
        moved["places"].append(place.id)
    db.session.flush()


def _drop(place: Registration, moved: dict[str, Any]) -> None:
    """Delete a place nothing stands on, remembering its row."""
    changes = sa.select(ImportChange).where(ImportChange.registration_id == place.id)
    for change in db.session.scalars(changes):
        moved["changes"].append([change.id, place.id])
        change.registration_id = None
    table = Registration.__table__
    row = db.session.execute(sa.select(table).where(table.c.id == place.id)).mappings().one()
    moved["dropped"].append({name: _plain(value) for name, value in row.items()})
    db.session.delete(place)
    db.session.flush()


def _write_back(row: dict[str, Any]) -> None:
    """A place that was dropped, unless its owner has another one there by now."""
    table = Registration.__table__
    values = {name: _typed(table.c[name], value) for name, value in row.items() if name in table.c}
    taken = sa.select(table.c.id).where(
        table.c.event_id == row["event_id"], table.c.participant_id == row["participant_id"]
    )
    if db.session.scalar(taken) is None:
        db.session.execute(sa.insert(Registration).values(**values))


def _move_badges(kept: Participant, merged: Participant, moved: dict[str, Any]) -> None:
    """Whichever badge somebody carries checks them in; the kept record's is the one that is printed."""
    in_use = sa.select(Badge.id).where(
        Badge.participant_id == kept.id, Badge.revoked_at.is_(None), sa.not_(Badge.is_attached)
    )
    has_one = db.session.scalar(in_use) is not None
    for badge in db.session.scalars(sa.select(Badge).where(Badge.participant_id == merged.id)):
        moved["badges"].append([badge.id, badge.is_attached])
        if badge.revoked_at is None and has_one:
            badge.is_attached = True
        badge.participant_id = kept.id
    db.session.flush()


def _move_rows(kept: Participant, merged: Participant, moved: dict[str, Any]) -> None:
    """Whatever else refers to the person; what the kept record has already stays with the other one."""
    for column in references.to(Participant):
        if column.table.name in STAY:
            continue
        for row_id in references.move(column, merged.id, kept.id):
            moved["rows"].append([column.table.name, column.name, row_id])


def _point(table: sa.Table, column: str, row_id: Any, now: int, then: int) -> None:
    key = next(iter(table.primary_key.columns))
    change = sa.update(table).where(key == row_id, table.c[column] == now)
    db.session.execute(change.values({column: then}))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


def _typed(column: sa.ColumnElement[Any], value: Any) -> Any:
    if isinstance(value, str) and "DateTime" in type(column.type).__name__:
        return datetime.fromisoformat(value)
    return value
