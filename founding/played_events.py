"""How the demo's events went: who came, and what they knew before and after."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from accounts.models import User
from certificates import qualifying
from core import clock
from door import attendance
from door.readings import Reading
from feedback import evaluations
from founding import invented, played_feedback
from participants import registration, roster
from participants.models import Origin, PairingPurpose, Participant, Registration, RegistrationStatus, Sector
from quizzes import attempts, openings
from quizzes.models import EventQuiz, Phase
from trainings import scheduling
from trainings.models import Event, EventKind, EventSession, Programme

# Who comes to which kind of event, as sector and number out of ten places.
MIX = {
    EventKind.WORKSHOP: {Sector.POLICE: 8, Sector.LAWYER: 2},
    EventKind.CSO_TRAINING: {Sector.CSO: 10},
    EventKind.FORUM: {Sector.CSO: 5, Sector.AUTHORITY: 2, Sector.POLICE: 1, Sector.OTHER: 2},
    EventKind.DISCUSSION: {Sector.CSO: 5, Sector.AUTHORITY: 3, Sector.LAWYER: 2},
    EventKind.SEMINAR: {Sector.POLICE: 5, Sector.LAWYER: 5},
    EventKind.STUDY_VISIT: {Sector.POLICE: 6, Sector.CSO: 4},
}
COMES_AGAIN = 0.6  # of the guests of forums and discussions who are of a kind met before


class Guests:
    """The invented people of a programme: new ones, and those who come again."""

    def __init__(self, programme: Programme, chance: Random) -> None:
        self.programme = programme
        self.chance = chance
        self.number = 0
        self.met: dict[Sector, list[Participant]] = defaultdict(list)
        self.ability: dict[int, float] = {}

    def invite(self, event: Event) -> list[Registration]:
        """Fill an event's places, by the hands that import a list."""
        places = event.capacity or 20
        wanted = places if event.kind == EventKind.WORKSHOP else round(places * 0.7)
        invited: list[Registration] = []
        for sector, share in MIX[event.kind].items():
            for _ in range(round(wanted * share / 10)):
                person = self._somebody(event, sector, invited)
                invited.append(registration.register(person, event, Origin.IMPORT))
        return invited

    def one_more(self, event: Event) -> Registration:
        """Somebody who asks for a place when the list is made already."""
        sector = next(iter(MIX[event.kind]))
        person = self._somebody(event, sector, [])
        return registration.register(person, event, Origin.SELF)

    def _somebody(self, event: Event, sector: Sector, invited: list[Registration]) -> Participant:
        here = {place.participant_id for place in invited}
        known = [person for person in self.met[sector] if person.id not in here]
        is_open = event.kind in (EventKind.FORUM, EventKind.DISCUSSION)
        if is_open and known and self.chance.random() < COMES_AGAIN:
            return self.chance.choice(known)
        self.number += 1
        person = roster.add(self.programme, invented.person(self.chance, sector, self.number))
        self.met[sector].append(person)
        self.ability[person.id] = self.chance.gauss(0, 0.12)
        return person


def fill(event: Event, guests: Guests) -> None:
    """A planned event with its people, some days ahead."""
    with clock.standing_at(min(clock.now(), event.sessions[0].starts_at - timedelta(days=20))):
        guests.invite(event)


def begin(event: Event, guests: Guests) -> None:
    """An event of today: its people are on the list, most are in, the quiz before it is open."""
    fill(event, guests)
    places = registration.of_event(event)
    trainer = event.trainers[0]
    first = event.sessions[0]
    came = places[: round(len(places) * 0.7)]
    _scan(first, came, trainer, guests.chance)
    for used in openings.of_event(event):
        openings.open_phase(used, Phase.PRE)
        for place in came[: len(came) // 2]:
            _take(used, Phase.PRE, place, guests)


def hold(event: Event, guests: Guests) -> None:
    """An event of the past, from the list to the closing, at the hours it was held."""
    with clock.standing_at(event.sessions[0].starts_at - timedelta(days=12)):
        places = guests.invite(event)
        for place in places:
            if guests.chance.random() < 0.03:
                registration.cancel(place)
    expected = [place for place in places if place.status == RegistrationStatus.REGISTERED]
    keen = {place.id: guests.chance.random() for place in expected}
    trainer = event.trainers[0]
    for event_session in event.sessions:
        came = [
            p for p in expected if keen[p.id] > 0.09 and guests.chance.random() > (0.03 if keen[p.id] > 0.2 else 0.5)
        ]
        with clock.standing_at(event_session.starts_at + timedelta(minutes=5)):
            _scan(event_session, came, trainer, guests.chance)
        _quiz(event, event_session, came, guests)
    last = event.sessions[-1]
    with clock.standing_at(last.ends_at - timedelta(minutes=5)):
        played_feedback.evaluate(event, came)
    with clock.standing_at(last.ends_at + timedelta(minutes=30)):
        scheduling.close(event)
        qualifying.settle(event)
        openings.seal(event)
        evaluations.close(event, PairingPurpose.EVALUATION)


def _scan(event_session: EventSession, places: list[Registration], trainer: User, chance: Random) -> None:
    """Badges read at the door one after the other; some twice, and once a code nobody knows."""
    codes = {person.id: code for person, code in roster.badges_of(event_session.event)}
    at = min(clock.now(), event_session.starts_at + timedelta(minutes=5))
    readings = [_reading(codes[place.participant_id], at, chance) for place in places if place.participant_id in codes]
    if places:
        # Somebody is read twice, and something that is no badge; today the latter waits for the manager's eye.
        stray = replace(_reading("K7Q2M9XXXXXX", at, chance), is_live=not event_session.event.is_today)
        readings += [_reading(codes[places[0].participant_id], at, chance), stray]
    for start in range(0, len(readings), attendance.MOST_AT_ONCE):
        attendance.check_in(event_session, readings[start : start + attendance.MOST_AT_ONCE], by=trainer)


def _reading(code: str, around: datetime, chance: Random) -> Reading:
    scan_id = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    return Reading(scan_id, code, around - timedelta(seconds=chance.randrange(600)))


def _quiz(event: Event, event_session: EventSession, came: list[Registration], guests: Guests) -> None:
    for used in openings.of_event(event):
        for phase, when in ((Phase.PRE, event.sessions[0]), (Phase.POST, event.sessions[-1])):
            if event_session is not when:
                continue
            minutes = 15 if phase == Phase.PRE else 60
            with clock.standing_at(event_session.starts_at + timedelta(minutes=minutes)):
                openings.open_phase(used, phase)
                for place in came:
                    if guests.chance.random() < 0.95:
                        _take(used, phase, place, guests)
                openings.close_phase(used, phase)


def _take(used: EventQuiz, phase: Phase, place: Registration, guests: Guests) -> None:
    """Answers of somebody who knows about half before and more after, by their own ability."""
    ability = guests.ability.get(place.participant_id, 0.0)
    chosen = {}
    for number, question in enumerate(used.quiz.questions):
        knows = (0.52 if phase == Phase.PRE else 0.76) + ability + 0.1 * ((number * 7) % 5 - 2) / 2
        right = question.right_options()
        wrong = [option.position for option in question.options if option.position not in right]
        picked = sorted(right) if guests.chance.random() < knows else [guests.chance.choice(wrong)]
        chosen[question.uid] = [str(position) for position in picked]
    attempts.submit(used, phase, place, chosen, language=place.participant.language or "ru")
