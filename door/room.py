"""The screen in the room: a code that changes every half minute, and checking in by oneself with it."""

from __future__ import annotations

import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import clock
from core.db import db
from core.errors import Refused
from door import attendance
from door.models import Attendance, Outcome, Scan, Source
from door.readings import PRESENT, Answer, Holder, Reading
from door.scanning import OPENS_BEFORE, Door
from participants.models import Participant, Registration, RegistrationStatus
from privacy import codes
from privacy.crypto import key_ring
from trainings.models import Event, EventSession
from trainings.scheduling import NotPlanned

STEP = timedelta(seconds=30)
LENGTH = 6
# The symbol on the screen says R-ABCDEF: upper case, so the smallest QR code there is, which the last row can read. No
# address and no name, so a photograph of it leads nowhere and no phone opens anything by itself. And not six characters
# alone: those are a participant's own code, and a badge scanner that looks at the screen must find nobody.
MARK = "R-"
# Ten guesses of 2^30 in ten minutes lead nowhere; ten mistakes of honest fingers in a row do not happen.
MOST_TRIES = 10
TRIES_WITHIN = timedelta(minutes=10)


class NotOpenNow(Refused):
    code = "not_open_now"
    sentence = _l("You cannot check in by yourself here now. Please ask the trainer.")


class WrongRoomCode(Refused):
    code = "wrong_room_code"
    sentence = _l("This is not the code on the screen now. It changes every half minute: look again, please.")


class TooManyTries(Refused):
    code = "too_many_tries"
    sentence = _l("Too many wrong codes. Wait %(seconds)s s, or ask the trainer.")


class NoPlace(Refused):
    code = "no_place"
    sentence = _l("You have no confirmed place at this event. Please ask the trainer.")


class TakenBack(Refused):
    code = "taken_back"
    sentence = _l("Your check-in was taken back. Please ask the trainer.")


@dataclass(frozen=True)
class Entrance:
    """A session that is open to checking in by oneself, and how one person stands to it."""

    event_session: EventSession
    is_welcome: bool
    present_since: datetime | None

    @property
    def awaits(self) -> bool:
        return self.is_welcome and self.present_since is None


def session_key(event_session: EventSession) -> bytes:
    """The secret of a session's screen: it makes the codes of this session and of no other."""
    return hmac.digest(key_ring().secret("room screen"), event_session.uid.encode(), "sha256")


def step_at(moment: datetime) -> int:
    """The half minute that a moment is in, counted from 1970."""
    return int(moment.timestamp() // STEP.total_seconds())


def code_of(key: bytes, step: int) -> str:
    """The code of a half minute: the first 30 bits of an HMAC. static/js/room/code.js says the same in JavaScript."""
    bits = int.from_bytes(hmac.digest(key, step.to_bytes(8, "big"), "sha256")[:4], "big") >> 2
    return "".join(codes.ALPHABET[bits >> 5 * place & 31] for place in reversed(range(LENGTH)))


def code_at(event_session: EventSession, moment: datetime) -> str:
    """What the screen of a session shows at a moment."""
    return code_of(session_key(event_session), step_at(moment))


def accepts(event_session: EventSession, text: str, moment: datetime) -> bool:
    """Whether a text is the session's code at a moment of ours, or of the half minute before or after."""
    key, now = session_key(event_session), step_at(moment)
    typed = _meant(text).encode()
    fitting = [hmac.compare_digest(code_of(key, step).encode(), typed) for step in (now - 1, now, now + 1)]
    return any(fitting)  # all three are compared, whichever fits


def is_open(event_session: EventSession) -> bool:
    """Whether people may check in to a session by themselves now: from when its door opens until it ends."""
    event = event_session.event
    is_on = event_session.starts_at - OPENS_BEFORE <= clock.now() <= event_session.ends_at
    return event.allows_self_check_in and event.is_today and is_on


def entrance(place: Registration) -> Entrance | None:
    """The session that somebody with a place could check in to by themselves now, and how they stand to it."""
    event_session = next((session for session in place.event.sessions if is_open(session)), None)
    if event_session is None:
        return None
    is_confirmed = place.status in (RegistrationStatus.REGISTERED, RegistrationStatus.INVITED)
    is_welcome = is_confirmed and not _was_taken_back(place, event_session)
    return Entrance(event_session, is_welcome, present_since(place, event_session))


def present_since(place: Registration, event_session: EventSession) -> datetime | None:
    """Since when somebody is present at a session, whoever let them in."""
    return db.session.scalar(_presences(place, event_session).where(Attendance.annulled_at.is_(None)))


def self_check_in(place: Registration, event_session: EventSession, text: str) -> Answer:
    """Check somebody in with what they read on the room's screen. A second time is the same presence: already_in.

    Refuses NotOpenNow and TakenBack; TooManyTries; WrongRoomCode and NoPlace. With the last two what was read is kept
    as a scan, so that guessing is seen and counted: commit either way.
    """
    if place.event_id != event_session.event_id or not is_open(event_session):
        raise NotOpenNow
    if _was_taken_back(place, event_session):
        raise TakenBack
    _refuse_while_waiting(place)
    is_right = accepts(event_session, text, clock.now())
    # Sent again by a phone that lost the first answer: an old code of somebody who is in is no guess.
    if not is_right and present_since(place, event_session) is None:
        reading = Reading(str(uuid.uuid4()), text, clock.now(), Source.SELF)
        # Known is the person, not the code: of that a digest is kept.
        holder = Holder(place.id, place.status, codes.code_digest(_meant(text)))
        Door(event_session, None).turn_away(reading, holder, Outcome.UNKNOWN)
        raise WrongRoomCode
    reading = Reading(str(uuid.uuid4()), place.participant.code, clock.now(), Source.SELF)
    answer = attendance.check_in(event_session, [reading], by=None)[0]
    if answer.outcome not in (*PRESENT, Outcome.ALREADY_IN):
        raise NoPlace
    return answer


def allow(event: Event, is_allowed: bool) -> None:
    """Let people of a planned event check in by themselves, or no more. Refuses NotPlanned."""
    if not event.is_planned:
        raise NotPlanned
    event.allows_self_check_in = is_allowed
    db.session.flush()


def _presences(place: Registration, event_session: EventSession) -> sa.Select[datetime]:
    return (
        sa.select(Scan.happened_at)
        .join(Attendance, Attendance.scan_id == Scan.id)
        .where(Attendance.registration_id == place.id, Attendance.event_session_id == event_session.id)
    )


def _was_taken_back(place: Registration, event_session: EventSession) -> bool:
    """Whether staff annulled a check-in by oneself: then the person meets staff, and no friend sends another code."""
    annulled = _presences(place, event_session).where(Attendance.annulled_at.is_not(None), Scan.source == Source.SELF)
    return present_since(place, event_session) is None and db.session.scalar(annulled.limit(1)) is not None


def _meant(text: str) -> str:
    """A code as it was meant: what a hurried hand typed or a camera read, without the mark of the symbol."""
    typed = codes.normalised(text)
    return typed[1:] if len(typed) == LENGTH + 1 and typed.startswith(MARK[0]) else typed


def _refuse_while_waiting(place: Registration) -> None:
    """Refuse TooManyTries after MOST_TRIES of one person that let nobody in; they are counted from the kept scans."""
    # Tries of one person wait for each other here, so that many at once are no way around the limit.
    person = sa.select(Participant.id).where(Participant.id == place.participant_id)
    db.session.execute(person.with_for_update(key_share=True))
    query = (
        sa.select(Scan.received_at)
        .join(Registration, Registration.id == Scan.registration_id)
        .where(Registration.participant_id == place.participant_id, Scan.source == Source.SELF)
        .where(Scan.outcome.not_in(PRESENT), Scan.received_at > clock.now() - TRIES_WITHIN)
        .order_by(Scan.received_at.desc())
    )
    tries = db.session.scalars(query.limit(MOST_TRIES)).all()
    if len(tries) == MOST_TRIES:
        left = tries[-1] + TRIES_WITHIN - clock.now()
        raise TooManyTries(seconds=int(left.total_seconds()) + 1)
