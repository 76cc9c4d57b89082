"""Who would have to be in two places at once, and how the places of an event stand in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import ngettext
from sqlalchemy.orm import aliased

from core.db import db
from core.i18n import short_day
from participants.models import Registration, RegistrationStatus
from trainings.models import Event, EventSession, EventStatus
from trainings.scheduling import Clashing, SessionPlan


@dataclass(frozen=True)
class AudienceClash:
    """Another event, not cancelled, at the same time, and how many people are registered at both."""

    other: Event
    on: date
    people: int

    def __str__(self) -> str:
        return ngettext(
            "%(num)s person is registered at “%(event)s” on %(day)s too",
            "%(num)s people are registered at “%(event)s” on %(day)s too",
            self.people,
            event=self.other.name,
            day=short_day(self.on),
        )


def clashes(event: Event, sessions: Sequence[SessionPlan | EventSession]) -> list[AudienceClash]:
    """The events that take people of this one away if its sessions were these."""
    found: dict[int, AudienceClash] = {}
    for planned in sessions:
        for other in db.session.scalars(_at_the_same_time(event, planned)):
            if other.id not in found:
                on = planned.starts_at.astimezone(ZoneInfo(other.programme.time_zone)).date()
                found[other.id] = AudienceClash(other, on, _registered_at_both(event, other))
    return [clash for clash in found.values() if clash.people]


def refuse_clashes(event: Event, *, despite: bool = False) -> None:
    """Refuse Clashing where people of an event have to be elsewhere at its time, unless told to go on."""
    if not despite:
        found = clashes(event, event.sessions)
        if found:
            raise Clashing(clashes="; ".join(str(clash) for clash in found))


def counts(event: Event) -> dict[RegistrationStatus, int]:
    """How many places of an event stand how; a status nobody has is there with 0."""
    query = sa.select(Registration.status, sa.func.count()).where(Registration.event_id == event.id)
    found = dict(db.session.execute(query.group_by(Registration.status)).tuples().all())
    return {status: found.get(status, 0) for status in RegistrationStatus}


def _at_the_same_time(event: Event, planned: SessionPlan | EventSession) -> sa.Select[Event]:
    then = sa.select(EventSession.event_id).where(
        EventSession.starts_at < planned.ends_at, EventSession.ends_at > planned.starts_at
    )
    return sa.select(Event).where(
        Event.id.in_(then),
        Event.id != event.id,
        Event.programme_id == event.programme_id,
        Event.status != EventStatus.CANCELLED,
    )


def _registered_at_both(event: Event, other: Event) -> int:
    elsewhere = aliased(Registration)
    query = (
        sa.select(sa.func.count())
        .select_from(Registration)
        .join(elsewhere, elsewhere.participant_id == Registration.participant_id)
        .where(
            Registration.event_id == event.id,
            Registration.status == RegistrationStatus.REGISTERED,
            elsewhere.event_id == other.id,
            elsewhere.status == RegistrationStatus.REGISTERED,
        )
    )
    return db.session.scalar(query) or 0
