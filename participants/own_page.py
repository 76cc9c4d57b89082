"""What a person's own page is about: the person of a link, the language, and the event that matters now."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager

from core import clock, i18n
from core.db import db
from core.errors import Refused
from participants import finding
from participants.models import Participant, Registration, RegistrationStatus
from trainings.models import Event, EventSession, EventStatus

REMEMBERED_FOR = timedelta(days=200)  # the follow-up comes three to six months later
# Built once: the page is read by a hall at a time, and making a statement costs more than asking it.
_PLACES = (
    sa.select(Registration)
    .join(Registration.event)
    .options(contains_eager(Registration.event))
    .where(
        Registration.participant_id == sa.bindparam("person"),
        Registration.status != RegistrationStatus.CANCELLED,
        Event.status != EventStatus.CANCELLED,
    )
)


class LinkUnknown(Refused):
    code = "link_unknown"
    sentence = _l("This link opens nothing, or not any more. Ask your trainer for a new one.")


def greet(token: str) -> Participant:
    """The person a link belongs to, spoken to in their language from now on. Refuses LinkUnknown."""
    person = finding.find_by_link(token)
    if person is None:
        raise LinkUnknown
    i18n.speak(person.language or i18n.preferred() or person.programme.language)
    return person


def place_that_matters(person: Participant) -> Registration | None:
    """The person's place at the event of today, else at the next, else at the last one not long ago."""
    found = db.session.scalars(_PLACES, {"person": person.id})
    places = sorted(found, key=lambda place: place.event.starts_on)
    today = person.programme.today()
    ahead = [place for place in places if place.event.ends_on >= today]
    behind = [place for place in places if today - REMEMBERED_FOR <= place.event.ends_on < today]
    return ahead[0] if ahead else behind[-1] if behind else None


def session_that_matters(event: Event) -> EventSession | None:
    """The session that is on or comes next; None after the last."""
    return next((session for session in event.sessions if session.ends_at >= clock.now()), None)


def day_that_matters(person: Participant, event: Event) -> list[EventSession]:
    """Every session of the day on which this event goes on: of it, and of any other that the person has a place at.

    Empty when the event has no session left.
    """
    following = session_that_matters(event)
    if following is None:
        return []
    zone = person.programme.time_zone
    day = clock.day_of(following.starts_at, zone)
    about = (following.starts_at - timedelta(days=1), following.starts_at + timedelta(days=1))
    query = (
        sa.select(EventSession)
        .join(Registration, Registration.event_id == EventSession.event_id)
        .join(Event, Event.id == EventSession.event_id)
        .where(Registration.participant_id == person.id, Registration.status != RegistrationStatus.CANCELLED)
        .where(Event.status != EventStatus.CANCELLED, EventSession.starts_at.between(*about))
        .order_by(EventSession.starts_at, EventSession.id)
    )
    return [session for session in db.session.scalars(query) if clock.day_of(session.starts_at, zone) == day]


def place_at(person: Participant, event: Event) -> Registration:
    """The person's place at an event. Refuses LinkUnknown when there is none."""
    query = sa.select(Registration).where(
        Registration.participant_id == person.id,
        Registration.event_id == event.id,
        Registration.status != RegistrationStatus.CANCELLED,
    )
    place = db.session.scalar(query)
    if place is None:
        raise LinkUnknown
    return place
