"""The register behind the runs: one programme, and for every chunk of runs an event with badges and phones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from accounts.models import User
from core import clock
from core.db import db, new_uid
from door import devices
from participants import roster
from participants.models import Participant, Registration, RegistrationStatus
from privacy import codes, sealing
from tests import make
from tests.faults.plans import CELLS, Item, Whose
from tests.phones import seal
from trainings.scheduling import SessionPlan

PEOPLE = 300  # whose badges are each read by one run only; a multiple of CELLS
LIVE = 6  # sessions at which a code read now is in time
LASTS = timedelta(minutes=20)
RUNS = PEOPLE * LIVE // CELLS  # so many find badges of their own at one event
KNOWN = {
    Whose.OWN: RegistrationStatus.REGISTERED,
    Whose.SHARED: RegistrationStatus.REGISTERED,
    Whose.REVOKED: RegistrationStatus.REGISTERED,
    Whose.CANCELLED: RegistrationStatus.CANCELLED,
}
NEW = {"family": "Новикова", "given": "Вера", "sector": "cso", "sex": "female", "organisation": "Центр"}


@dataclass
class Crowd:
    """Everybody who ever comes to a door, and the codes they show there."""

    by: User
    people: dict[Whose, list[Participant]]
    codes: dict[Whose, list[str]]


@dataclass
class World:
    """An event as one chunk of runs meets it."""

    event_id: int
    sessions: list[tuple[int, str]]  # id and uid; the last one is tomorrow
    crowd: Crowd
    places: list[int]  # of those whose badges one run reads
    tokens: list[str]  # of the phones
    seal_with: str

    def shown(self, item: Item, run: int) -> dict[str, Any]:
        """An item as the phone keeps it, in the run that stands at this place of the chunk."""
        kept = {"id": item.id, "session": self.session(item, run)[1], "code": self.code(item, run)}
        kept |= {"seconds": item.seconds}
        if item.undoes:
            return kept | {"undoes": item.undoes}
        if item.whose == Whose.WALK_IN:
            return kept | {"walk_in": seal(NEW, self.seal_with, item.id), "source": "manual"}
        return kept | {"source": item.source} | ({"confirmed": True} if item.is_confirmed else {})

    def code(self, item: Item, run: int) -> str:
        """What an item reads."""
        if item.whose == Whose.WALK_IN:
            return ""
        if item.whose in (Whose.OWN, Whose.OTHER_DAY):
            return self.crowd.codes[Whose.OWN][self._person(item, run)]
        return self.crowd.codes[item.whose][item.which]

    def session(self, item: Item, run: int) -> tuple[int, str]:
        """Where an item happens. One of a run's badges comes to another session than its other three."""
        is_elsewhere = item.which == CELLS - 1
        number = (run * CELLS // PEOPLE + is_elsewhere) % LIVE
        return self.sessions[LIVE if item.whose == Whose.OTHER_DAY else number]

    def cell(self, item: Item, run: int) -> tuple[int, int]:
        """The place and the session of an item with a badge of the run's own."""
        return self.places[self._person(item, run)], self.session(item, run)[0]

    def _person(self, item: Item, run: int) -> int:
        return (run * CELLS + item.which) % PEOPLE


def crowd() -> Crowd:
    """Make everybody; once."""
    by = make.user("manager", make.programme())
    people = {whose: [make.person() for _ in range(CELLS)] for whose in (*KNOWN, Whose.STRANGER)}
    people[Whose.OWN] += [make.person() for _ in range(PEOPLE - CELLS)]
    shown = {whose: [make.badge_code(person) for person in group] for whose, group in people.items()}
    shown[Whose.UNKNOWN] = ["https://example.org/menu", "7", "Ж" * 40, codes.badge_code()]
    for person in people[Whose.REVOKED]:
        roster.issue_badge(person)  # they go on showing the one before
    db.session.commit()
    return Crowd(by, people, shown)


def event(crowd: Crowd, phones: int) -> World:
    """A new event with places for the crowd, sessions around now, and phones paired to it."""
    begins = clock.now() - LIVE * LASTS / 2
    plans = [SessionPlan(begins + number * LASTS, begins + (number + 1) * LASTS) for number in range(LIVE)]
    tomorrow = begins + timedelta(days=1)
    made = make.event(sessions=[*plans, SessionPlan(tomorrow, tomorrow + timedelta(hours=3))])
    rows = [
        {"uid": new_uid(), "participant_id": person.id, "event_id": made.id, "status": status}
        for whose, status in KNOWN.items()
        for person in crowd.people[whose]
    ]
    db.session.execute(sa.insert(Registration), rows)
    query = sa.select(Registration.participant_id, Registration.id).where(Registration.event_id == made.id)
    places = dict(db.session.execute(query).all())
    tokens = [devices.pair(devices.offer(made, crowd.by), f"Phone {number}")[1] for number in range(phones)]
    db.session.commit()
    return World(
        event_id=made.id,
        sessions=[(session.id, session.uid) for session in made.sessions],
        crowd=crowd,
        places=[places[person.id] for person in crowd.people[Whose.OWN]],
        tokens=tokens,
        seal_with=sealing.public_key(),
    )
