"""What a decision changed, by ids, and how it is taken back: exactly, as long as nobody has built on it since."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from accounts.models import User
from core import clock
from core.db import db, new_uid
from door.models import Attendance, Scan
from door.queries import inserts
from participants import registration
from participants.models import (
    Badge,
    Origin,
    Participant,
    Registration,
    RegistrationStatus,
)
from trainings.models import Event, EventSession

TAKES_NO_PART = (RegistrationStatus.CANCELLED, RegistrationStatus.WAITLISTED)


@dataclass
class Effect:
    """Collects what a decision does while it is carried out; ids only, kept with the review.

    `places` and `badges` hold how each was before; a place that was made has no status before.
    """

    whom: int | None = None
    made: list[int] = field(default_factory=list)
    annulled: list[int] = field(default_factory=list)
    places: list[tuple[int, str | None]] = field(default_factory=list)
    badges: list[tuple[int, int | None, bool]] = field(default_factory=list)
    new_badges: list[int] = field(default_factory=list)
    new_person: int | None = None
    along: list[int] = field(default_factory=list)  # reviews settled with this one
    lead: int | None = None  # the review whose decision settled this one too

    @classmethod
    def kept(cls, content: dict[str, Any] | None) -> Effect:
        return cls(**(content or {}))

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value not in (None, [])}

    def give_place(self, person: Participant, event: Event) -> Registration:
        """The person's place at an event: made, or taken up again, where there is none."""
        place = registration.find(person, event)
        if place is None:
            place = registration.register(person, event, Origin.WALK_IN)
            self.places.append((place.id, None))
        elif place.status in TAKES_NO_PART:
            self.places.append((place.id, place.status.value))
            registration.restore(place)
        return place

    def give_up(self, place: Registration) -> None:
        """Cancel a place."""
        if place.status != RegistrationStatus.CANCELLED:
            self.places.append((place.id, place.status.value))
            registration.cancel(place)

    def make_present(self, person: Participant, event_session: EventSession, scan_id: str) -> None:
        """Present at a session on the strength of a scan; who is present already is not so twice."""
        place = self.give_place(person, event_session.event)
        connection = db.session.connection()
        values = {
            "uid": new_uid(),
            "registration_id": place.id,
            "event_session_id": event_session.id,
            "event_id": event_session.event_id,
            "scan_id": scan_id,
        }
        if connection.execute(inserts(connection.dialect.name).attend, [values]).scalars().all():
            self.made.append(db.session.scalars(sa.select(Attendance.id).where(Attendance.uid == values["uid"])).one())

    def annul(self, presences: list[Attendance], by: User, reason: str) -> None:
        """These presences are in force no more."""
        annul([presence.id for presence in presences], by, reason)
        self.annulled += [presence.id for presence in presences]

    def hand_over(self, badge: Badge, person: Participant) -> None:
        """A badge is this person's from now on, beside the one in use if there is one."""
        self.badges.append((badge.id, badge.participant_id, badge.is_attached))
        in_use = sa.select(Badge.id).where(
            Badge.participant_id == person.id, Badge.revoked_at.is_(None), sa.not_(Badge.is_attached)
        )
        badge.is_attached = badge.is_attached or db.session.scalar(in_use) is not None
        badge.participant_id = person.id
        db.session.flush()

    def take_back(self, by: User) -> None:
        """Undo all of it. A place on which another presence stands by now is left; who came back is not doubled."""
        annul(self.made, by, "the decision was taken back")
        self._give_badges_back()
        for place_id, status in self.places:
            if not _carries_presence(place_id):
                _restore_place(place_id, status, self.made)
        for presence_id in self.annulled:
            _put_in_force(presence_id)
        if self.new_person is not None:
            _forget_person(self.new_person)

    def _give_badges_back(self) -> None:
        db.session.execute(sa.delete(Badge).where(Badge.id.in_(self.new_badges)))
        for badge_id, participant_id, is_attached in self.badges:
            values = {"participant_id": participant_id, "is_attached": is_attached}
            db.session.execute(sa.update(Badge).where(Badge.id == badge_id).values(**values))


def annul(ids: list[int], by: User, reason: str) -> None:
    values = {"annulled_at": clock.now(), "annulled_by_id": by.id, "annul_reason": reason}
    in_force = sa.update(Attendance).where(Attendance.id.in_(ids), Attendance.annulled_at.is_(None))
    db.session.execute(in_force.values(**values))


def _carries_presence(place_id: int) -> bool:
    query = sa.select(Attendance.id).where(Attendance.registration_id == place_id, Attendance.annulled_at.is_(None))
    return db.session.scalar(query.limit(1)) is not None


def _restore_place(place_id: int, status: str | None, made: list[int]) -> None:
    """The place as it was. One that was made goes again; if something was read for it since, it is cancelled."""
    if status is None:
        try:
            with db.session.begin_nested():
                own = sa.delete(Attendance).where(Attendance.id.in_(made), Attendance.registration_id == place_id)
                db.session.execute(own)
                db.session.execute(sa.delete(Registration).where(Registration.id == place_id))
            return
        except IntegrityError:
            status = RegistrationStatus.CANCELLED.value
    values = {"status": RegistrationStatus(status)}
    db.session.execute(sa.update(Registration).where(Registration.id == place_id).values(**values))


def _put_in_force(presence_id: int) -> None:
    """In force again, unless the person came in otherwise meanwhile."""
    presence = db.session.get_one(Attendance, presence_id)
    values = {"annulled_at": None, "annulled_by_id": None, "annulled_by_device_id": None, "annul_reason": None}
    try:
        with db.session.begin_nested():
            db.session.execute(sa.update(Attendance).where(Attendance.id == presence.id).values(**values))
    except IntegrityError:
        db.session.refresh(presence)


def _forget_person(participant_id: int) -> None:
    """Somebody who was added by the decision goes again, unless there is more of them by now."""
    try:
        with db.session.begin_nested():
            db.session.execute(sa.delete(Badge).where(Badge.participant_id == participant_id))
            db.session.execute(sa.delete(Participant).where(Participant.id == participant_id))
    except IntegrityError:
        pass  # they have a place elsewhere: they stay


def read_since(code: str, effect: Effect) -> list[Attendance]:
    """Presences that later readings of a code made, beside those of a decision."""
    query = (
        sa.select(Attendance)
        .join(Scan, Scan.id == Attendance.scan_id)
        .where(Scan.code == code, Attendance.annulled_at.is_(None), Attendance.id.not_in(effect.made))
    )
    return list(db.session.scalars(query))
