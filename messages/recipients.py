"""Whom a message is for, and whether it still makes sense for a person at the moment it is sent."""

from __future__ import annotations

from collections.abc import Callable

from certificates import issuing
from core import clock
from door import attendance
from feedback import evaluations
from materials import library
from messages.models import MessageKind, Recipients
from participants import roster
from participants.models import PairingPurpose, Registration, RegistrationStatus
from places import answering, waiting
from places.models import Said
from quizzes import openings, taken
from quizzes.models import Phase
from trainings.models import Event, EventStatus

HAVE_A_PLACE = (RegistrationStatus.REGISTERED, RegistrationStatus.INVITED)
Condition = Callable[[Event, list[Registration]], set[int]]
# Who is reminded has not answered, and that is nobody's business: of these letters only numbers are shown and kept.
ASK_FOR_ANSWERS = frozenset({MessageKind.POST_QUIZ, MessageKind.FOLLOW_UP})
# With these comes the event for the person's calendar, if they have a place.
BRING_THE_CALENDAR = frozenset({MessageKind.INVITATION, MessageKind.CHANGE, MessageKind.MOVED_UP})


def of(event: Event, kind: MessageKind, whom: Recipients) -> list[Registration]:
    """The places whose people get this now, in the order of the list."""
    expected = roster.expected_at(event)
    meant = meant_by(event, whom, expected)
    fitting = CONDITIONS[kind](event, [place for place in expected if place.id in meant])
    return [place for place in expected if place.id in meant and place.id in fitting]


def meant_by(event: Event, whom: Recipients, places: list[Registration]) -> set[int]:
    """The ids of those of these places whom the writer meant."""
    if whom == Recipients.ALL:
        return {place.id for place in places}
    attended = attendance.sessions_attended(event.id)
    return {place.id for place in places if bool(attended.get(place.id)) == (whom == Recipients.CAME)}


def still_fits(event: Event, kind: MessageKind, whom: Recipients, place: Registration | None) -> bool:
    """Whether one person should still get it: nobody who has answered since is reminded."""
    if place is None or place.status == RegistrationStatus.CANCELLED:
        return False
    return bool(meant_by(event, whom, [place]) & CONDITIONS[kind](event, [place]))


def _unanswered(event: Event, places: list[Registration]) -> set[int]:
    """Who has a place and has not said whether they come, asked before or not: an invitation asks."""
    if not is_ahead(event):
        return set()
    said = answering.said_at(event)
    return {p.id for p in places if p.status == RegistrationStatus.INVITED or _is_unasked(p, said)}


def _is_unasked(place: Registration, said: dict[int, Said]) -> bool:
    return place.status == RegistrationStatus.REGISTERED and place.id not in said


def _expected(event: Event, places: list[Registration]) -> set[int]:
    return {place.id for place in places if place.status in HAVE_A_PLACE} if is_ahead(event) else set()


def _concerned(_event: Event, places: list[Registration]) -> set[int]:
    return {place.id for place in places}


def _readers(_event: Event, places: list[Registration]) -> set[int]:
    if not places or not library.open_to(places[0].participant):
        return set()
    return {place.id for place in places if place.status in HAVE_A_PLACE}


def _without_post_quiz(event: Event, places: list[Registration]) -> set[int]:
    if not any(used.is_open(Phase.POST) for used in openings.of_event(event)):
        return set()
    answered = taken.who_has_taken(event, Phase.POST, places)
    return {place.id for place in places if place.status in HAVE_A_PLACE} - answered


def _without_follow_up(event: Event, places: list[Registration]) -> set[int]:
    purpose = PairingPurpose.FOLLOW_UP
    if not evaluations.is_asked(event, purpose):
        return set()
    have = [place for place in places if place.status in HAVE_A_PLACE]
    return {place.id for place in have if not evaluations.has_answered(event, purpose, place)}


def _certified(event: Event, places: list[Registration]) -> set[int]:
    if event.status == EventStatus.CANCELLED:
        return set()
    valid = {certificate.registration_id for certificate in issuing.valid_of_event(event)}
    return {place.id for place in places} & valid


def _moved_up(event: Event, places: list[Registration]) -> set[int]:
    return _expected(event, places) & waiting.moved_up(event)


def is_ahead(event: Event) -> bool:
    """Whether people can still come, or say that they will."""
    return event.is_planned and event.sessions[-1].ends_at > clock.now()


CONDITIONS: dict[MessageKind, Condition] = {
    MessageKind.INVITATION: _unanswered,
    MessageKind.REMINDER: _expected,
    MessageKind.CHANGE: _concerned,
    MessageKind.MATERIALS: _readers,
    MessageKind.POST_QUIZ: _without_post_quiz,
    MessageKind.FOLLOW_UP: _without_follow_up,
    MessageKind.CERTIFICATE: _certified,
    MessageKind.MOVED_UP: _moved_up,
}
