"""The statements of the door, built once: making them costs more than asking them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from core.db import insert_of
from door.models import Attendance, Outcome, Scan
from participants.models import Badge, Organisation, Participant, Registration
from trainings.models import Event, EventSession

_badge, _person, _organisation = Badge.__table__.c, Participant.__table__.c, Organisation.__table__.c
_place, _presence = Registration.__table__.c, Attendance.__table__.c
_first = Scan.__table__.alias("first_scans")


def _elsewhere() -> sa.ScalarSelect[Any]:
    """Whether the person is present at another session that is on at the same time."""
    other_place, other = Registration.__table__.alias("other_places"), Attendance.__table__.alias("others")
    rooms = EventSession.__table__
    joined = other_place.join(other, other.c.registration_id == other_place.c.id).join(
        rooms, rooms.c.id == other.c.event_session_id
    )
    return (
        sa.select(sa.literal(1))
        .select_from(joined)
        .where(
            other_place.c.participant_id == _person.id,
            other.c.annulled_at.is_(None),
            other.c.event_session_id != sa.bindparam("session"),
            rooms.c.starts_at < sa.bindparam("ends", type_=rooms.c.ends_at.type),
            rooms.c.ends_at > sa.bindparam("starts", type_=rooms.c.starts_at.type),
        )
        .limit(1)
        .scalar_subquery()
    )


def _columns() -> tuple[Any, ...]:
    person = (_person.uid, _person.code, _person.name_sealed, _organisation.name)
    return (_of_event(Event.privacy), *person, _place.id, _place.status, _first.c.happened_at, _elsewhere())


def _with_place(people: Any) -> Any:
    """People with their organisation, their place at an event and their presence at a session."""
    at_event = sa.and_(_place.participant_id == _person.id, _place.event_id == sa.bindparam("event"))
    at_session = sa.and_(
        _presence.registration_id == _place.id,
        _presence.event_session_id == sa.bindparam("session"),
        _presence.annulled_at.is_(None),
    )
    return (
        people.outerjoin(Organisation.__table__, _organisation.id == _person.organisation_id)
        .outerjoin(Registration.__table__, at_event)
        .outerjoin(Attendance.__table__, at_session)
        .outerjoin(_first, _first.c.id == _presence.scan_id)
    )


def _of_event(column: Any) -> sa.ScalarSelect[Any]:
    """Something of the event, in the same question: its privacy; its programme, for others' people are nobody here."""
    return sa.select(column).where(Event.id == sa.bindparam("event")).scalar_subquery()


def _by_badge() -> sa.Select[*tuple[Any, ...]]:
    """Badge codes of a programme with whose they are; a blank one is nobody's."""
    people = Badge.__table__.outerjoin(Participant.__table__, _person.id == _badge.participant_id)
    programme = _of_event(Event.programme_id)
    return (
        sa.select(_badge.code, _badge.revoked_at, *_columns())
        .select_from(_with_place(people))
        .where(_badge.code.in_(sa.bindparam("codes", expanding=True)))
        .where(sa.or_(_person.programme_id == programme, _badge.programme_id == programme))
    )


def _by_code() -> sa.Select[*tuple[Any, ...]]:
    """Participants' own codes, which people say aloud, with whose they are."""
    return (
        sa.select(_person.code, sa.null(), *_columns())
        .select_from(_with_place(Participant.__table__))
        .where(_person.code.in_(sa.bindparam("codes", expanding=True)))
        .where(_person.programme_id == _of_event(Event.programme_id))
    )


BY_BADGE = _by_badge()
BY_CODE = _by_code()
BEFORE = sa.select(Scan.__table__.c.scan_id, Scan.__table__.c.fingerprint, Scan.__table__.c.outcome).where(
    Scan.__table__.c.scan_id.in_(sa.bindparam("scan_ids", expanding=True)), Scan.__table__.c.outcome != Outcome.CONFLICT
)


@dataclass(frozen=True)
class Inserts:
    """Inserts that leave the decision to a unique index."""

    attend: Any
    scan: Any


@cache
def inserts(dialect: str) -> Inserts:
    """The inserts of a database, built once for each."""
    insert = insert_of(dialect)
    attendances: Any = Attendance.__table__
    scans: Any = Scan.__table__
    once: dict[str, Any] = {
        "index_elements": ["registration_id", "event_session_id"],
        "index_where": sa.text("annulled_at IS NULL"),
    }
    return Inserts(
        attend=insert(attendances).on_conflict_do_nothing(**once).returning(attendances.c.scan_id),
        scan=insert(scans).on_conflict_do_nothing().returning(scans.c.id),
    )
