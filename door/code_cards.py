"""Cards for an event without names: places that are nobody's name, each with a code and a badge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import clock
from core.db import db
from core.errors import Refused
from door.models import Attendance
from participants import badges, identity, registration, roster
from participants.models import (
    Badge,
    Origin,
    Participant,
    Registration,
    RegistrationStatus,
    Sector,
    Sex,
)
from participants.roster import PersonDetails
from trainings.models import Event

MOST = 200


class NamesAreKept(Refused):
    code = "names_are_kept"
    sentence = _l("Cards without names are for events planned without names. People of this event have names.")


@dataclass(frozen=True)
class Batch:
    """Cards added together: when, how many, and how many of them have been seen at a door."""

    uid: str  # of its first place
    made_at: datetime
    size: int
    seen: int


def add(event: Event, number: int, sector: Sector, sex: Sex = Sex.NOT_RECORDED) -> list[Registration]:
    """So many places at an event without names, each with a new code and a badge. Refuses NamesAreKept."""
    if identity.keeps_names(event):
        raise NamesAreKept
    made_at = clock.now()
    places = []
    for _number in range(number):
        place = registration.register(
            roster.add(event.programme, PersonDetails(sector, sex=sex)), event, Origin.BY_HAND
        )
        place.created_at = made_at  # one moment for all: by it they are printed together
        places.append(place)
    db.session.flush()
    return places


def batches(event: Event) -> list[Batch]:
    """The cards of an event by when they were added, the newest first."""
    first = sa.func.min(Registration.id)
    grouped = db.session.execute(
        sa.select(first, Registration.created_at, sa.func.count())
        .where(_is_card(event))
        .group_by(Registration.created_at)
        .order_by(Registration.created_at.desc())
    ).all()
    uids = dict(
        db.session.execute(
            sa.select(Registration.id, Registration.uid).where(Registration.id.in_([row[0] for row in grouped]))
        )
        .tuples()
        .all()
    )
    seen = dict(
        db.session.execute(
            sa.select(Registration.created_at, sa.func.count(sa.distinct(Registration.id)))
            .join(Attendance, Attendance.registration_id == Registration.id)
            .where(_is_card(event), Attendance.annulled_at.is_(None))
            .group_by(Registration.created_at)
        )
        .tuples()
        .all()
    )
    return [Batch(uids[place], made_at, size, seen.get(made_at, 0)) for place, made_at, size in grouped]


def draw(event: Event, first: Registration) -> bytes:
    """The cards added together with this place, as a PDF."""
    query = (
        sa.select(Participant, Badge.code)
        .join(Registration, Registration.participant_id == Participant.id)
        .join(Badge, Badge.participant_id == Participant.id)
        .where(_is_card(event), Registration.created_at == first.created_at)
        .where(Badge.revoked_at.is_(None), Badge.is_attached.is_(False))
        .order_by(Registration.id)
    )
    cards = [(person, code) for person, code in db.session.execute(query)]
    return badges.draw_sheet(cards, keeps_names=False, remark=identity.level_in_words(event))


def _is_card(event: Event) -> sa.ColumnElement[bool]:
    """A place added by hand, not cancelled: those of walk-ins and lists are no cards to print together."""
    return sa.and_(
        Registration.event_id == event.id,
        Registration.origin == Origin.BY_HAND,
        Registration.status != RegistrationStatus.CANCELLED,
    )
