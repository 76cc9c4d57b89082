"""Visits: what was seen by the protocol, written down bit by bit, handed in, returned or approved by somebody else."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import Role, User
from core import clock
from core.db import db
from core.errors import Refused
from monitoring import protocol
from monitoring.models import Announcement, Judgement, PoliceUnit, Visit, VisitState
from participants.models import Organisation
from privacy import erasure
from privacy.crypto import key_ring
from trainings.models import Programme
from trainings.policies import role_in

FEWEST_MONITORS = 2
APPROVED_WITHIN = timedelta(days=14)


class AlreadyApproved(Refused):
    code = "already_approved"
    sentence = _l("This visit is approved; its protocol stays as it is.")


class HandedIn(Refused):
    code = "handed_in"
    sentence = _l("This visit is handed in and waits for approval. It can be changed when it is returned.")


class NotHandedIn(Refused):
    code = "not_handed_in"
    sentence = _l("This visit is not handed in yet.")


class NotWhole(Refused):
    code = "not_whole"
    sentence = _l("Before it is handed in, please say which organisation the monitors are from and how many they were.")


class NotYet(Refused):
    code = "not_yet"
    sentence = _l("This visit is in the future.")


class OwnVisit(Refused):
    code = "own_visit"
    sentence = _l("A visit is approved by somebody other than the person who recorded it.")


@dataclass
class VisitRecord:
    """What a monitor writes down."""

    visited_on: date
    organisation: Organisation | None
    monitor_count: int | None
    findings: dict[str, Judgement] = field(default_factory=dict)
    notes: str = ""
    announcement: Announcement | None = None


@dataclass
class Jotting:
    """Some of the answers, as a phone sends them while they are given; what is None was not touched."""

    visited_on: date | None = None
    organisation: Organisation | None = None
    monitor_count: int | None = None
    findings: dict[str, Judgement] = field(default_factory=dict)
    notes: str | None = None
    announcement: Announcement | None = None


def begin(unit: PoliceUnit, by: User) -> Visit:
    """A draft to be filled in, dated today; who went is taken from the writer's last visit.

    Pressing twice is beginning once: an untouched draft of today is the same one.
    """
    today = unit.programme.today()
    own = sa.select(Visit).where(Visit.user_id == by.id).order_by(Visit.id.desc()).limit(1)
    last = db.session.scalar(own)
    if last and last.police_unit_id == unit.id and last.state == VisitState.DRAFT and last.visited_on == today:
        return last
    record_of = VisitRecord(today, last.organisation if last else None, FEWEST_MONITORS)
    return record(unit, record_of, by)


def record(unit: PoliceUnit, seen: VisitRecord, by: User) -> Visit:
    """Write down a visit as a draft. Refuses NotYet."""
    visit = Visit(police_unit=unit, police_unit_id=unit.id, user_id=by.id, state=VisitState.DRAFT)
    revise(visit, seen)
    db.session.add(visit)
    db.session.flush()
    return visit


def revise(visit: Visit, seen: VisitRecord) -> None:
    """Write the whole anew. Refuses HandedIn, AlreadyApproved and NotYet."""
    _refuse_closed(visit)
    _refuse_future(visit, seen.visited_on)
    visit.visited_on, visit.monitor_count, visit.announcement = seen.visited_on, seen.monitor_count, seen.announcement
    _came_from(visit, seen.organisation)
    visit.findings = {key: judgement.value for key, judgement in seen.findings.items()}
    visit.notes = seen.notes or None
    visit.is_complete = meets_method(visit)


def jot(visit: Visit, jotting: Jotting) -> None:
    """Add some answers to what is there, whoever else is writing. Refuses HandedIn, AlreadyApproved and NotYet."""
    db.session.refresh(visit, with_for_update={"of": Visit})
    _refuse_closed(visit)
    if jotting.visited_on is not None:
        _refuse_future(visit, jotting.visited_on)
        visit.visited_on = jotting.visited_on
    if jotting.organisation is not None:
        _came_from(visit, jotting.organisation)
    if jotting.monitor_count is not None:
        visit.monitor_count = jotting.monitor_count
    if jotting.announcement is not None:
        visit.announcement = jotting.announcement
    if jotting.notes is not None:
        visit.notes = jotting.notes or None
    visit.findings = visit.findings | {key: judgement.value for key, judgement in jotting.findings.items()}
    visit.is_complete = meets_method(visit)
    db.session.flush()


def hand_in(visit: Visit) -> None:
    """Give it to somebody else to read; what is unanswered may stay so. Refuses NotWhole, HandedIn, AlreadyApproved."""
    _refuse_closed(visit)
    if visit.organisation_id is None or visit.monitor_count is None:
        raise NotWhole
    visit.state, visit.handed_in_at = VisitState.HANDED_IN, clock.now()
    db.session.flush()


def send_back(visit: Visit, note: str) -> None:
    """Return it with a note on what to mend. Refuses NotHandedIn and AlreadyApproved."""
    _refuse_unready(visit)
    visit.state, visit.return_note = VisitState.RETURNED, note
    db.session.flush()


def approve(visit: Visit, by: User) -> None:
    """Accept a visit's protocol; from now on it counts. Refuses AlreadyApproved, NotHandedIn and OwnVisit."""
    _refuse_unready(visit)
    if visit.user_id == by.id:
        raise OwnVisit
    today = visit.police_unit.programme.today()  # before anything is changed: the database lets it change once only
    visit.state, visit.approved_at, visit.approved_on = VisitState.APPROVED, clock.now(), today
    visit.approved_by_id = by.id
    db.session.flush()


def discard(visit: Visit) -> None:
    """Throw a draft away. Refuses HandedIn and AlreadyApproved, also of what came back: somebody has read it."""
    _refuse_closed(visit)
    if visit.state != VisitState.DRAFT:
        raise HandedIn
    db.session.delete(visit)
    db.session.flush()


def of_programme(programme: Programme, *, by: User | None = None, state: VisitState | None = None) -> list[Visit]:
    """The visits of a programme, the newest first: all, or of one writer, or in one state."""
    query = sa.select(Visit).join(Visit.police_unit).where(PoliceUnit.programme_id == programme.id)
    if by is not None:
        query = query.where(Visit.user_id == by.id)
    if state is not None:
        query = query.where(Visit.state == state)
    return list(db.session.scalars(query.order_by(Visit.visited_on.desc(), Visit.id.desc())))


def seen_by(programme: Programme, reader: User, state: VisitState | None = None) -> list[Visit]:
    """The visits that somebody may open, the newest first: a monitor's own, a manager's all."""
    return of_programme(programme, by=reader if role_in(reader, programme.id) == Role.MONITOR else None, state=state)


def phone_key(visit: Visit) -> str:
    """The key under which a phone keeps the answers of this visit that it could not send yet.

    It comes with the page and is kept nowhere on the phone: whoever finds the phone without the page reads nothing.
    """
    return base64.b64encode(key_ring().secret(f"unsent answers of visit {visit.uid}")).decode()


def unanswered(visit: Visit) -> list[str]:
    """Keys of the points that have no answer yet, in the order of the protocol."""
    return [item.key for item in protocol.items(visit.police_unit.programme) if item.key not in visit.findings]


def days_taken(visit: Visit) -> int:
    """Days from the visit to its approval, until today where it is not approved."""
    until = visit.approved_on or visit.police_unit.programme.today()
    return (until - visit.visited_on).days


def is_late(visit: Visit) -> bool:
    """Whether it was not approved within 14 days of the visit."""
    return days_taken(visit) > APPROVED_WITHIN.days


def meets_method(visit: Visit) -> bool:
    """The quality criteria of the method: two monitors or more, and every point of the protocol answered."""
    asked = {item.key for item in protocol.items(visit.police_unit.programme)}
    return (visit.monitor_count or 0) >= FEWEST_MONITORS and asked <= visit.findings.keys()


def _came_from(visit: Visit, organisation: Organisation | None) -> None:
    visit.organisation, visit.organisation_id = organisation, organisation.id if organisation else None


def _refuse_closed(visit: Visit) -> None:
    if visit.is_approved:
        raise AlreadyApproved
    if visit.state == VisitState.HANDED_IN:
        raise HandedIn


def _refuse_unready(visit: Visit) -> None:
    if visit.is_approved:
        raise AlreadyApproved
    if visit.state != VisitState.HANDED_IN:
        raise NotHandedIn


def _refuse_future(visit: Visit, on_day: date) -> None:
    if on_day > visit.police_unit.programme.today():
        raise NotYet


@erasure.forgets(Visit)
def forget_notes(visit: Visit) -> None:
    """Keep the judgements only."""
    visit.notes, visit.return_note = None, None
