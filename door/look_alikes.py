"""Walk-ins who sound like somebody the programme knows: filed, and made one person when a manager says so."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core.db import db
from core.errors import Refused
from door import filing
from door.decisions import deciding
from door.effects import TAKES_NO_PART
from door.models import Attendance, Decision, ReviewReason, Scan, ScanReview
from participants import finding, registration
from participants.models import Badge, Participant, Registration
from trainings.models import EventSession, Programme


class NotAlike(Refused):
    code = "not_alike"
    sentence = _l("Choose one of the people whose names sound alike.")


def file_look_alikes(scan_key: str, person: Participant, event_session: EventSession) -> list[Participant]:
    """File the scan (by its key) that let a walk-in in when the programme knows people of a like name; returns them."""
    alike = _alike(person)
    if alike and not _is_filed(scan_key):
        filing.add([(scan_key, ReviewReason.LOOK_ALIKE)], event_session)
    return alike


def of(review: ScanReview) -> list[Participant]:
    """Who the walk-in of a review may be, those with a place at its event first."""
    if review.reason != ReviewReason.LOOK_ALIKE:
        return []
    walk_in = _walk_in(review)
    here = sa.select(Registration.participant_id).where(Registration.event_id == review.event_id)
    placed = set(db.session.scalars(here))
    return sorted(_alike(walk_in), key=lambda person: person.id not in placed) if walk_in else []


def same_person(review: ScanReview, known: Participant, by: User) -> None:
    """The walk-in is somebody the programme knows: place, presences and badge become theirs.

    The walk-in's own places are cancelled. Refuses NotAlike, and SettledBefore.
    """
    walk_in = _walk_in(review)
    if walk_in is None or known.id not in {person.id for person in _alike(walk_in)}:
        raise NotAlike
    with deciding(review, Decision.SAME_PERSON, by) as effect:
        effect.whom = known.id
        for place in registration.of_person(walk_in):
            if place.status in TAKES_NO_PART:
                continue
            presences = _presences(place)
            effect.annul(presences, by, "the walk-in is somebody else")
            effect.give_place(known, place.event)
            for presence in presences:
                effect.make_present(known, presence.event_session, presence.scan_id)
            effect.give_up(place)
        in_use = sa.select(Badge).where(Badge.participant_id == walk_in.id, Badge.revoked_at.is_(None))
        for badge in db.session.scalars(in_use).all():
            effect.hand_over(badge, known)


def _walk_in(review: ScanReview) -> Participant | None:
    place = db.session.get(Registration, review.scan.registration_id) if review.scan.registration_id else None
    return place.participant if place else None


def _alike(person: Participant) -> list[Participant]:
    if person.name is None:
        return []
    programme = db.session.get_one(Programme, person.programme_id)
    return finding.sounding_like(programme, person.name, {person.id, *_merged(programme)})


def _merged(programme: Programme) -> list[int]:
    """Walk-ins who turned out to be somebody else: nobody needs to be compared with them again."""
    query = (
        sa.select(Registration.participant_id)
        .join(Scan, Scan.registration_id == Registration.id)
        .join(ScanReview, ScanReview.scan_id == Scan.id)
        .join(Participant, Participant.id == Registration.participant_id)
        .where(ScanReview.decision == Decision.SAME_PERSON, Participant.programme_id == programme.id)
    )
    return list(db.session.scalars(query))


def _presences(place: Registration) -> list[Attendance]:
    query = sa.select(Attendance).where(Attendance.registration_id == place.id, Attendance.annulled_at.is_(None))
    return list(db.session.scalars(query))


def _is_filed(scan_key: str) -> bool:
    query = sa.select(ScanReview.id).where(ScanReview.scan_id == scan_key, ScanReview.reason == ReviewReason.LOOK_ALIKE)
    return db.session.scalar(query) is not None
