"""What each possible decision on a review would do, said in a sentence before it is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from core.db import db
from door.cases import PRESENT_ALREADY, Case
from door.effects import TAKES_NO_PART
from door.models import Attendance, Decision, ReviewReason, Scan
from participants import finding
from participants.finding import Wanted
from participants.models import Organisation, Participant, Registration, open_name
from trainings.models import Event, EventSession

FOUND_AT_ONCE = 20


@dataclass(frozen=True)
class Choice:
    """One way to settle a review: the word on its button and what it will do."""

    decision: Decision
    word: str
    effect: str
    session: str = ""  # uids of what the choice names
    person: str = ""


@dataclass(frozen=True)
class Candidate:
    """Somebody whose code it may be, and what would become of them."""

    person: Participant
    effect: str


def of(case: Case) -> list[Choice]:
    """The choices there are for a case, the one that counts what happened first."""
    if case.review.reason == ReviewReason.LOOK_ALIKE:
        return _of_look_alike(case)
    if case.whom is None:
        return [Choice(Decision.DISMISSED, _("Dismiss"), _nobodys(case))]
    if case.review.reason in PRESENT_ALREADY:
        return [
            Choice(Decision.COUNTED, _("Keep"), _counting(case, case.event_session)),
            Choice(Decision.DISMISSED, _("Take out"), _dismissing(case)),
        ]
    choices = [Choice(Decision.COUNTED, _("Count"), _counting(case, case.event_session))]
    if case.fitting:
        word = _("Count at session %(number)s", number=case.fitting.number)
        effect = _counting(case, case.fitting)
        choices.append(Choice(Decision.COUNTED, word, effect, session=case.fitting.uid))
    return [*choices, Choice(Decision.DISMISSED, _("Dismiss"), _dismissing(case))]


def candidates(event: Event, search: str, readings: Sequence[tuple[Scan, EventSession]]) -> list[Candidate]:
    """Who is found by a search, the event's own people first, and what it would mean that the code is theirs."""
    here = [place.participant for place in finding.leaf(event, search).places[:FOUND_AT_ONCE]]
    people = here + (_found_elsewhere(event, search) if search else [])
    sessions = list({event_session.id: event_session for _scan, event_session in readings}.values())
    query = sa.select(Registration).where(
        Registration.participant_id.in_([person.id for person in people]),
        Registration.event_id.in_({event_session.event_id for event_session in sessions}),
    )
    places = {(place.participant_id, place.event_id): place for place in db.session.scalars(query)}
    query_present = sa.select(Attendance.registration_id, Attendance.event_session_id).where(
        Attendance.registration_id.in_([place.id for place in places.values()]), Attendance.annulled_at.is_(None)
    )
    present = {(place_id, session_id) for place_id, session_id in db.session.execute(query_present)}
    return [Candidate(person, _attaching(person, event, sessions, places, present)) for person in people]


def _counting(case: Case, event_session: EventSession) -> str:
    assert case.whom is not None
    values = {"person": case.whom.called, "number": event_session.number}
    if event_session.id in case.present_at and (case.is_own or not case.needs_place):
        return _("%(person)s is present at session %(number)s already; nothing changes.", **values)
    if event_session.id in case.present_at:
        return _("%(person)s is present at session %(number)s already and takes the place up again.", **values)
    if case.place is None:
        return _("%(person)s gets a place at this event and counts as present at session %(number)s.", **values)
    if case.needs_place:
        return _("%(person)s takes the place up again and counts as present at session %(number)s.", **values)
    return _("%(person)s counts as present at session %(number)s.", **values)


def _dismissing(case: Case) -> str:
    assert case.whom is not None
    values = {"person": case.whom.called, "number": case.event_session.number}
    if case.review.reason in PRESENT_ALREADY and case.is_own:
        return _("%(person)s no longer counts as present at session %(number)s.", **values)
    if case.event_session.id in case.present_at:
        return _("Nothing changes: %(person)s is present at session %(number)s by another reading.", **values)
    return _("Nothing counts: %(person)s stays absent from session %(number)s.", **values)


def _nobodys(case: Case) -> str:
    if not case.along:
        return _("This reading does not count; the code stays nobody's.")
    return ngettext(
        "%(num)s reading does not count; the code stays nobody's.",
        "%(num)s readings do not count; the code stays nobody's.",
        len(case.along) + 1,
    )


def _of_look_alike(case: Case) -> list[Choice]:
    walk_in = case.whom.called if case.whom else ""
    choices = [
        Choice(
            Decision.SAME_PERSON,
            _("The same person"),
            _(
                "Presence and badge of the walk-in go to %(known)s (%(code)s); the walk-in's own place is cancelled.",
                known=person.called,
                code=person.code,
            ),
            person=person.uid,
        )
        for person in case.alike
    ]
    effect = _("Nothing changes: %(walk_in)s is somebody else and keeps the place.", walk_in=walk_in)
    return [*choices, Choice(Decision.DISMISSED, _("Another person"), effect)]


def _attaching(
    person: Participant,
    event: Event,
    sessions: Sequence[EventSession],
    places: dict[tuple[int, int], Registration],
    present: set[tuple[int, int]],
) -> str:
    """What becomes of a person who gets the code: at this event by session, at others by number."""
    absent_from = []
    for event_session in sessions:
        place = places.get((person.id, event_session.event_id))
        if place is None or (place.id, event_session.id) not in present:
            absent_from.append(event_session)
    numbers = sorted(event_session.number for event_session in absent_from if event_session.event_id == event.id)
    elsewhere = sum(event_session.event_id != event.id for event_session in absent_from)
    place = places.get((person.id, event.id))
    sentences = []
    if place is None:
        sentences.append(_("Gets a place at this event."))
    elif place.status in TAKES_NO_PART:
        sentences.append(_("Takes the place up again."))
    if numbers:
        listed = ", ".join(str(number) for number in numbers)
        sentences.append(
            ngettext(
                "Counts as present at session %(listed)s.",
                "Counts as present at sessions %(listed)s.",
                len(numbers),
                listed=listed,
            )
        )
    else:
        sentences.append(_("Is present there already."))
    if elsewhere:
        sentences.append(
            ngettext(
                "Counts as present at %(num)s session of other events too.",
                "Counts as present at %(num)s sessions of other events too.",
                elsewhere,
            )
        )
    return " ".join(sentences)


def _found_elsewhere(event: Event, search: str) -> list[Participant]:
    """People of the programme without a place at an event, by the same search."""
    person = Participant
    here = sa.select(Registration.participant_id).where(Registration.event_id == event.id)
    rows = db.session.execute(
        sa.select(person.id, person.uid, person.code, person.name_sealed, Organisation.name)
        .outerjoin(Organisation, Organisation.id == person.organisation_id)
        .where(person.programme_id == event.programme_id, person.erased_at.is_(None), person.id.not_in(here))
    )
    wanted = Wanted(search)
    found = []
    for person_id, uid, code, sealed, organisation in rows:
        name = open_name(sealed, uid)
        if wanted.is_in(name, code, organisation):
            found.append((name.key if name else code.casefold(), person_id))
    chosen = [person_id for _key, person_id in sorted(found)[:FOUND_AT_ONCE]]
    people = {found.id: found for found in db.session.scalars(sa.select(person).where(person.id.in_(chosen)))}
    return [people[person_id] for person_id in chosen]
