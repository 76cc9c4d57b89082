"""Writing to the people of an event: a message is kept at once, and made into letters at the hour it goes out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core import clock
from core.db import db, insert_if_new, new_uid
from core.errors import Refused
from core.i18n import Texts, speaking
from messages import placeholders, recipients, stops, wording
from messages.models import Letter, LetterState, Message, MessageKind, Recipients
from participants import roster
from participants.models import Participant, Registration
from places import answering
from trainings.models import Event


class NobodyToWriteTo(Refused):
    code = "nobody_to_write_to"
    sentence = _l("This message is for nobody now: nobody it is meant for still needs it.")


class GoesOutBefore(Refused):
    code = "goes_out_before"
    sentence = _l("This moment has passed. Leave it empty to send at once.")


@dataclass(frozen=True)
class Reach:
    """Whom a message would reach by e-mail, and who has to be reached otherwise."""

    by_mail: list[Registration]
    otherwise: list[Registration]


def reach(event: Event, kind: MessageKind, whom: Recipients) -> Reach:
    places = recipients.of(event, kind, whom)
    stopped = stops.reasons_of([place.participant for place in places])
    by_mail = [p for p in places if p.participant.email_sealed is not None and p.participant_id not in stopped]
    reached = {place.id for place in by_mail}
    return Reach(by_mail, [place for place in places if place.id not in reached])


def without_mail(event: Event, kind: MessageKind, whom: Recipients) -> list[Registration]:
    """Whom e-mail does not reach. Of letters that ask for answers everybody meant: who has answered is not told."""
    if kind not in recipients.ASK_FOR_ANSWERS:
        return reach(event, kind, whom).otherwise
    expected = roster.expected_at(event)
    meant = recipients.meant_by(event, whom, expected)
    stopped = stops.reasons_of([place.participant for place in expected])
    return [
        place
        for place in expected
        if place.id in meant and (place.participant.email_sealed is None or place.participant_id in stopped)
    ]


def write(
    event: Event,
    kind: MessageKind,
    whom: Recipients,
    body: Texts,
    *,
    by: User | None,
    uid: str | None = None,
    goes_out_at: datetime | None = None,
) -> Message:
    """Keep a message to people of an event; the same `uid` twice is one message.

    Refuses as placeholders.check(), GoesOutBefore, and NobodyToWriteTo for one that would go out at once.
    """
    placeholders.check(body)
    now = clock.now()
    if goes_out_at is not None and goes_out_at < now:
        raise GoesOutBefore
    if goes_out_at is None and not recipients.of(event, kind, whom):
        raise NobodyToWriteTo
    values = {
        "uid": uid or new_uid(),
        "event_id": event.id,
        "kind": kind,
        "recipients": whom,
        "body": body,
        "subject": wording.subject_of(event.programme),
        "written_by_id": by.id if by else None,
        "goes_out_at": goes_out_at or now,
    }
    made = insert_if_new(Message, written_at=now, sent_before=0, skipped_before=0, **values)
    return made or db.session.scalars(sa.select(Message).where(Message.uid == values["uid"])).one()


def spread(message: Message, site: str, among: Collection[Registration] | None = None) -> int:
    """Make a message into letters, one for each person it reaches by e-mail now; how many are new. Twice is once.

    `among` are the places it is for, where it is not for all of an event whom it fits. An invitation asks: who has not
    said whether they come is asked on their own page from then on.
    """
    if message.withdrawn_at is not None:
        return 0
    if message.kind == MessageKind.INVITATION and recipients.is_ahead(message.event):
        answering.ask(message.event)
    reached = reach(message.event, message.kind, message.recipients).by_mail
    if among is not None:
        meant = {place.id for place in among}
        reached = [place for place in reached if place.id in meant]
    made = [_letter(message, place.participant, site) for place in reached]
    message.spread_at = message.spread_at or clock.now()
    db.session.flush()
    return sum(made)


def due() -> list[Message]:
    """Messages whose hour has come and that are not letters yet."""
    query = sa.select(Message).where(
        Message.spread_at.is_(None), Message.withdrawn_at.is_(None), Message.goes_out_at <= clock.now()
    )
    return list(db.session.scalars(query.order_by(Message.goes_out_at)))


def language_of(person: Participant) -> str:
    return person.language or person.programme.language


def as_read_by(person: Participant, event: Event, body: Texts, site: str) -> str:
    """A letter's text as one person gets it, in their language."""
    language = language_of(person)
    with speaking(language):
        return placeholders.fill(body.in_language(language), person, event, site)


def seal(letter: Letter, site: str) -> None:
    """Write the text and the address of a letter anew, as they are now."""
    person = letter.participant
    letter.language, letter.link_version = language_of(person), person.link_version
    letter.address = person.email
    letter.body = as_read_by(person, letter.message.event, letter.message.body, site)


def withdraw(message: Message) -> int:
    """Send no more of a message; how many letters were still waiting."""
    message.withdrawn_at = clock.now()
    if message.spread_at is None:
        message.spread_at = message.withdrawn_at
    waiting = sa.select(Letter).where(Letter.message_id == message.id, Letter.state == LetterState.WAITING)
    letters = db.session.scalars(waiting).all()
    for letter in letters:
        empty(letter, LetterState.WITHDRAWN)
    db.session.flush()
    return len(letters)


def empty(letter: Letter, state: LetterState) -> None:
    """A letter of which nothing is to be sent any more: its address and text go."""
    letter.state, letter.address, letter.body = state, None, None


def by_hand(event: Event, places: Collection[Registration], body: Texts, site: str) -> list[tuple[Registration, str]]:
    """The same letter as text, for each of these people, to be handed on by the office's own means."""
    return [(place, as_read_by(place.participant, event, body, site)) for place in places]


def _letter(message: Message, person: Participant, site: str) -> bool:
    values = {"message_id": message.id, "participant_id": person.id, "state": LetterState.WAITING, "tries": 0}
    language = {"language": language_of(person), "link_version": person.link_version}
    letter = insert_if_new(Letter, uid=new_uid(), next_at=clock.now(), **values, **language)
    if letter is None:
        return False
    seal(letter, site)
    return True
