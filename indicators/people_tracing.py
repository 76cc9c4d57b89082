"""How counts of events, people, answers and copies are traced to what was counted and what was not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.db import db
from door.models import Attendance
from feedback.models import Evaluation
from indicators.measures import attended_by
from indicators.tracing import Reason, Row, Trace, count, sorted_out, traces
from materials.models import CopiesEntry, CopiesKind, Material
from participants.models import PairingPurpose, Participant, Registration, RegistrationStatus, Sector
from quizzes.models import Attempt, EventQuiz, Phase
from trainings.models import Event, EventKind, EventSession, EventStatus, Programme


@traces("events.held", "events.dialogue", "events.mixed")
def events(programme: Programme, until: date, metric: str, kinds: Sequence[str], sectors: Sequence[str] = ()) -> Trace:
    """Events of these kinds that are over: held ones, with every side in the room where that is asked."""
    query = _over(programme, until, kinds, Event)
    sides = [Sector(sector) for sector in sectors]
    condition = sa.and_(sa.true(), *(attended_by(side) for side in sides))
    if metric == "events.dialogue":
        condition = attended_by(Sector.CSO) & attended_by(Sector.POLICE, Sector.AUTHORITY)
    mixed = set(db.session.scalars(_over(programme, until, kinds, Event.id).where(condition)))

    def judge(event: Event) -> Reason | None:
        return _not_held(event.status) or (None if event.id in mixed else Reason.SIDE_MISSING)

    found = db.session.scalars(query.order_by(Event.ends_on, Event.id)).all()
    return sorted_out(found, judge, _as_event, candidates_counted=count(query))


@traces("people.completed", "people.places", "orgs.trained")
def people(
    programme: Programme,
    until: date,
    metric: str,
    kinds: Sequence[str],
    sectors: Sequence[str] = (),
    threshold: int | None = None,
) -> Trace:
    """Places at events of these kinds that are over, in the order of the events' ends: so the first one counts."""
    needed = programme.completion_percent if threshold is None else threshold
    query = _places(programme, until, kinds)
    seen: set[Any] = set()

    def judge(place: Any) -> Reason | None:
        reason = _not_held(place.status) or _not_completed(place, needed, sectors)
        if reason is not None or metric == "people.places":
            return reason
        who = place.participant_id if metric == "people.completed" else place.organisation_id
        if who is None:
            return Reason.NO_ORGANISATION
        if who in seen:
            return Reason.AGAIN
        seen.add(who)
        return None

    def as_row(place: Any) -> Row:
        return Row("people", place.participant, f"{place.code} · {place.title}", place.ends_on)

    found = db.session.execute(query.order_by(Event.ends_on, Event.id, Registration.id)).all()
    return sorted_out(
        found, judge, as_row, candidates_counted=_count_places(programme, until, kinds), speaks_of_people=True
    )


@traces("test.gain", "test.mastery")
def quizzes(programme: Programme, until: date, _metric: str, kinds: Sequence[str]) -> Trace:
    """People who took a quiz of an event, by event: those who took it both times are counted."""
    sitting = (
        sa.select(
            EventQuiz.event_id,
            Attempt.event_quiz_id,
            Attempt.pseudonym,
            sa.func.count(sa.distinct(Attempt.phase)).label("phases"),
        )
        .join(EventQuiz, EventQuiz.id == Attempt.event_quiz_id)
        .where(Attempt.counts(), Attempt.phase.in_((Phase.PRE, Phase.POST)))
        .group_by(EventQuiz.event_id, Attempt.event_quiz_id, Attempt.pseudonym)
        .subquery()
    )
    both = sa.func.sum(sa.case((sitting.c.phases == 2, 1), else_=0))
    query = _over(programme, until, kinds, Event, both, sa.func.count()).join(sitting, sitting.c.event_id == Event.id)
    attempts = (
        _over(programme, until, kinds, Attempt.event_quiz_id, Attempt.pseudonym)
        .join(EventQuiz, EventQuiz.event_id == Event.id)
        .join(Attempt, Attempt.event_quiz_id == EventQuiz.id)
        .where(Attempt.counts(), Attempt.phase.in_((Phase.PRE, Phase.POST)))
    )
    groups = db.session.execute(query.group_by(Event.id).order_by(Event.ends_on, Event.id))
    return _answers(
        [(event, int(pairs), everybody) for event, pairs, everybody in groups],
        Reason.ONE_TEST,
        count(attempts.distinct()),
    )


@traces("test.both")
def tested(programme: Programme, until: date, _metric: str, kinds: Sequence[str]) -> Trace:
    """Completions of held events with a quiz, by event."""
    with_quiz = sa.exists().where(EventQuiz.event_id == Event.id)
    found = db.session.execute(
        _places(programme, until, kinds).where(with_quiz).order_by(Event.ends_on, Event.id)
    ).all()

    def judge(place: Any) -> Reason | None:
        return _not_held(place.status) or _not_completed(place, programme.completion_percent, ())

    def as_row(place: Any) -> Row:
        return Row("people", place.participant, f"{place.code} · {place.title}", place.ends_on, None, 1)

    counted = _count_places(programme, until, kinds, with_quiz)
    return sorted_out(found, judge, as_row, candidates_counted=counted, speaks_of_people=True)


@traces("feedback.useful", "followup.applied")
def voices(programme: Programme, until: date, metric: str, kinds: Sequence[str]) -> Trace:
    """Answers by event; how they fell is not said, because of a small event it is nobody's to read."""
    purpose = PairingPurpose.EVALUATION if metric == "feedback.useful" else PairingPurpose.FOLLOW_UP
    given = (Evaluation.purpose == purpose, Evaluation.given_on <= until)
    query = _of_kinds(programme, kinds, Event, sa.func.count()).join(Evaluation, Evaluation.event_id == Event.id)
    groups = db.session.execute(query.where(*given).group_by(Event.id).order_by(Event.ends_on, Event.id)).all()
    ours = sa.select(Event.id).where(Event.programme_id == programme.id, Event.kind.in_(_kinds(kinds)))
    candidates = count(sa.select(Evaluation.id).where(Evaluation.event_id.in_(ours), *given))
    return _answers([(event, number, number) for event, number in groups], Reason.ONE_TEST, candidates)


@traces("copies.printed", "copies.distributed")
def copies(programme: Programme, until: date, metric: str, materials: Sequence[str]) -> Trace:
    """Lines of the ledger, corrections with their sign."""
    kind = CopiesKind.PRINTED if metric == "copies.printed" else CopiesKind.HANDED_OUT
    query = (
        sa.select(CopiesEntry)
        .join(CopiesEntry.material)
        .where(Material.programme_id == programme.id, Material.key.in_(materials))
        .where(CopiesEntry.kind == kind, CopiesEntry.on_day <= until)
    )

    def as_row(entry: CopiesEntry) -> Row:
        return Row("materials", entry.material.uid, entry.batch or entry.note or "", entry.on_day, entry.number)

    found = db.session.scalars(query.order_by(CopiesEntry.on_day, CopiesEntry.id)).all()
    return sorted_out(found, lambda _entry: None, as_row, candidates_counted=count(query))


@traces("materials.published")
def published(programme: Programme, until: date, _metric: str, materials: Sequence[str]) -> Trace:
    """The chosen materials: those that are out."""
    query = sa.select(Material).where(Material.programme_id == programme.id, Material.key.in_(materials))

    def judge(material: Material) -> Reason | None:
        is_out = material.published_on is not None and material.published_on <= until
        return None if is_out else Reason.NOT_PUBLISHED

    def as_row(material: Material) -> Row:
        return Row("materials", material.uid, material.title, material.published_on)

    found = db.session.scalars(query.order_by(Material.id)).all()
    return sorted_out(found, judge, as_row, candidates_counted=count(query))


def _answers(groups: Sequence[tuple[Event, int, int]], otherwise: Reason, candidates: int) -> Trace:
    """(event, counted, all) of every event: the others stand under the event's reason or under `otherwise`."""
    rows: list[Row] = []
    left_out: dict[str, int] = {}
    for event, counted, everybody in groups:
        reason = _not_held(event.status)
        if reason is None and counted:
            rows.append(Row("events", event.uid, event.title, event.ends_on, None, counted))
        missing = everybody if reason else everybody - counted
        if missing:
            name = (reason or otherwise).value
            left_out[name] = left_out.get(name, 0) + missing
    return Trace(rows, sum(row.out_of for row in rows), candidates, left_out, speaks_of_people=True)


def _kinds(kinds: Sequence[str]) -> list[EventKind]:
    return [EventKind(kind) for kind in kinds]


def _of_kinds(programme: Programme, kinds: Sequence[str], *columns: Any) -> sa.Select[Any]:
    query = sa.select(*columns).select_from(Event)
    return query.where(Event.programme_id == programme.id, Event.kind.in_(_kinds(kinds)))


def _over(programme: Programme, until: date, kinds: Sequence[str], *columns: Any) -> sa.Select[Any]:
    return _of_kinds(programme, kinds, *columns).where(Event.ends_on <= until)


def _not_held(status: EventStatus) -> Reason | None:
    if status == EventStatus.CANCELLED:
        return Reason.CANCELLED
    return None if status == EventStatus.HELD else Reason.NOT_CLOSED


def _not_completed(place: Any, needed: int, sectors: Sequence[str]) -> Reason | None:
    if sectors and place.sector not in sectors:
        return Reason.OTHER_SECTOR
    if not place.attended:
        return Reason.ABSENT
    return None if place.attended * 100 >= place.sessions * needed else Reason.BELOW_SHARE


def _places(programme: Programme, until: date, kinds: Sequence[str]) -> sa.Select[Any]:
    """Who had a place or was there, with how many sessions of how many."""
    sessions = (
        sa.select(EventSession.event_id, sa.func.count().label("number")).group_by(EventSession.event_id).subquery()
    )
    attended = (
        sa.select(Attendance.registration_id, sa.func.count().label("number"))
        .where(Attendance.annulled_at.is_(None))
        .group_by(Attendance.registration_id)
        .subquery()
    )
    number = sa.func.coalesce(attended.c.number, 0)
    return (
        _over(
            programme, until, kinds, Participant.id.label("participant_id"), Participant.uid.label("participant"),
            Participant.code, Participant.sector, Participant.organisation_id, Event.title, Event.ends_on, Event.status,
            number.label("attended"), sa.func.coalesce(sessions.c.number, 0).label("sessions"),
        )
        .join(Registration, Registration.event_id == Event.id)
        .join(Participant, Participant.id == Registration.participant_id)
        .outerjoin(attended, attended.c.registration_id == Registration.id)
        .outerjoin(sessions, sessions.c.event_id == Event.id)
        .where((Registration.status == RegistrationStatus.REGISTERED) | (number > 0))
    )  # fmt: skip


def _count_places(programme: Programme, until: date, kinds: Sequence[str], *conditions: Any) -> int:
    """The same places counted from the other side: registrations, and presences of whoever is not registered."""
    ours = _over(programme, until, kinds, Event.id).where(*conditions)
    was_there = sa.exists().where(Attendance.registration_id == Registration.id, Attendance.annulled_at.is_(None))
    query = sa.select(Registration.id).where(Registration.event_id.in_(ours))
    return count(query.where(sa.or_(Registration.status == RegistrationStatus.REGISTERED, was_there)))


def _as_event(event: Event) -> Row:
    return Row("events", event.uid, event.title, event.ends_on)
