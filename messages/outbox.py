"""The outbox: which letter is next, what became of it, trying again, giving up, and forgetting.

A letter is marked before it is handed over and again after. Where a worker dies in between nobody can tell whether the
server took it, so it is not sent again by itself: a person decides, and its Message-ID stays the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from core import clock
from core.db import db
from core.i18n import speaking
from core.mail import Answer, Envelope, Step, Verdict
from messages import recipients, stops, writing
from messages.models import Letter, LetterState, Message, ProgrammeMail, StopReason
from participants import registration
from participants.models import Participant
from places import waiting
from privacy import erasure
from trainings import calendars
from trainings.calendars import Face
from trainings.models import Event

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
GIVES_UP_AFTER = timedelta(days=2)
LEFT_BEHIND_AFTER = timedelta(minutes=10)
KEPT_FOR = timedelta(days=30)
OPEN = (LetterState.WAITING, LetterState.SENDING)
PROBLEMS = (LetterState.REFUSED, LetterState.GIVEN_UP, LetterState.UNSURE)


@dataclass(frozen=True)
class Tally:
    """A message in numbers."""

    waiting: int
    sent: int
    skipped: int
    failed: int


def claim(per_minute: int) -> Letter | None:
    """The next letter, marked as being sent and this person's alone to send; commit before handing it over.

    None when nothing is due, or when as many as allowed were tried in the last minute, by whichever worker.
    """
    now = clock.now()
    lately = sa.select(sa.func.count()).select_from(Letter).where(Letter.tried_at > now - timedelta(minutes=1))
    if (db.session.scalar(lately) or 0) >= per_minute:
        return None
    due = (
        sa.select(Letter.id)
        .join(Message, Message.id == Letter.message_id)
        .join(Event, Event.id == Message.event_id)
        .join(ProgrammeMail, ProgrammeMail.programme_id == Event.programme_id)
        .where(ProgrammeMail.is_on, Letter.state == LetterState.WAITING, Letter.next_at <= now)
        .order_by(Letter.next_at, Letter.id)
        .limit(1)
        .with_for_update(of=Letter, skip_locked=True)
    )
    letter_id = db.session.scalar(due)
    if letter_id is None:
        return None
    # Only a letter that still waits is taken: of two workers one gets the row.
    take = sa.update(Letter).where(Letter.id == letter_id, Letter.state == LetterState.WAITING)
    taken = take.values(state=LetterState.SENDING, tried_at=now, tries=Letter.tries + 1).returning(Letter.id)
    if db.session.scalar(taken, execution_options={"synchronize_session": False}) is None:
        return None
    return db.session.get(Letter, letter_id, populate_existing=True)


def prepare(letter: Letter, site: str, face: Face) -> Envelope | None:
    """What to hand over; None, and the letter is skipped, where it makes no sense any more.

    It does not for whoever has answered, gave the place back, wants no letters, was forgotten, has no address any more,
    or when it waited too long for its hour to be true. The calendar it brings is of the plan as it is now.
    """
    db.session.expire_all()  # what was true a minute ago is asked anew
    message, person = letter.message, letter.participant
    if clock.now() > message.goes_out_at + GIVES_UP_AFTER:
        writing.empty(letter, LetterState.GIVEN_UP)
        return None
    place = registration.find(person, message.event)
    fits = recipients.still_fits(message.event, message.kind, message.recipients, place)
    if not fits or person.email_sealed is None or stops.reason_of(person) is not None:
        writing.empty(letter, LetterState.SKIPPED)
        return None
    if letter.link_version != person.link_version or letter.address != person.email:
        writing.seal(letter, site)
    subject, calendar = message.subject.in_language(letter.language), None
    if message.kind in recipients.BRING_THE_CALENDAR and place and place.status in recipients.HAVE_A_PLACE:
        with speaking(letter.language):
            calendar = calendars.written([message.event], face)
    return Envelope(letter.address, subject, letter.body, letter.uid, calendar)


def settle(letter: Letter, answer: Answer) -> None:
    """Write down what the server said, in numbers, and what follows from it."""
    letter.step, letter.code = answer.step, answer.code
    if answer.verdict == Verdict.TAKEN:
        letter.sent_at, letter.step, letter.code = clock.now(), None, None
        writing.empty(letter, LetterState.SENT)
    elif answer.verdict == Verdict.UNSURE:
        writing.empty(letter, LetterState.UNSURE)
    elif answer.verdict == Verdict.NEVER:
        writing.empty(letter, LetterState.REFUSED)
        if answer.step == Step.RECIPIENT:
            stops.note(letter.participant, StopReason.REFUSED, answer.code)
    else:
        put_off(letter, answer.step, answer.code)


def put_off(letter: Letter, step: Step, code: int | None) -> None:
    """Try a letter again later, each time twice as much later; after two days give it up."""
    wait = min(FIRST_WAIT * 2 ** min(letter.tries - 1, 10), LONGEST_WAIT)
    letter.state, letter.step, letter.code = LetterState.WAITING, step, code
    letter.next_at = clock.now() + wait
    if letter.next_at > letter.message.goes_out_at + GIVES_UP_AFTER:
        writing.empty(letter, LetterState.GIVEN_UP)


def find_left_behind() -> int:
    """Letters that were being sent when their worker died: nobody knows whether they were taken. How many."""
    since = clock.now() - LEFT_BEHIND_AFTER
    query = sa.select(Letter).where(Letter.state == LetterState.SENDING, Letter.tried_at < since)
    letters = db.session.scalars(query).all()
    for letter in letters:
        letter.step = Step.CONTENT
        writing.empty(letter, LetterState.UNSURE)
    return len(letters)


def hold_back() -> int:
    """After a backup was restored: what waited in it may have gone since, so nothing of it goes by itself. How many.

    A person decides on each message: to try again, or to leave it.
    """
    letters = db.session.scalars(sa.select(Letter).where(Letter.state.in_(OPEN))).all()
    for letter in letters:
        writing.empty(letter, LetterState.UNSURE)
    for message in writing.due():
        writing.withdraw(message)
    waiting.take_untold()
    db.session.flush()
    return len(letters)


def drop_without_address() -> int:
    """Letters to people whose address is not kept any more are not kept either; how many."""
    query = sa.select(Letter).join(Participant, Participant.id == Letter.participant_id)
    letters = db.session.scalars(query.where(Letter.state == LetterState.WAITING, Participant.email_sealed.is_(None)))
    found = letters.all()
    for letter in found:
        writing.empty(letter, LetterState.SKIPPED)
    return len(found)


def try_again(message: Message, site: str) -> int:
    """Let the letters that failed wait for another try, if they still make sense then; how many."""
    query = sa.select(Letter).where(Letter.message_id == message.id, Letter.state.in_(PROBLEMS))
    letters = db.session.scalars(query).all()
    for letter in letters:
        stop = stops.reason_of(letter.participant)
        if stop is not None and stop != StopReason.UNWANTED:
            stops.lift(letter.participant)
        letter.state, letter.tries, letter.next_at = LetterState.WAITING, 0, clock.now()
        writing.seal(letter, site)
    if letters:
        message.goes_out_at, message.withdrawn_at = clock.now(), None
    db.session.flush()
    return len(letters)


def tallies(messages: list[Message]) -> dict[int, Tally]:
    """Messages in numbers, by id; letters that were forgotten since count too."""
    query = sa.select(Letter.message_id, Letter.state, sa.func.count()).group_by(Letter.message_id, Letter.state)
    counted: dict[tuple[int, str], int] = {
        (message_id, state): number
        for message_id, state, number in db.session.execute(
            query.where(Letter.message_id.in_([message.id for message in messages]))
        ).tuples()
    }

    def number(message: Message, *states: LetterState) -> int:
        return sum(counted.get((message.id, state), 0) for state in states)

    return {
        message.id: Tally(
            number(message, *OPEN),
            number(message, LetterState.SENT) + message.sent_before,
            number(message, LetterState.SKIPPED, LetterState.WITHDRAWN) + message.skipped_before,
            number(message, *PROBLEMS),
        )
        for message in messages
    }


def of_event(event: Event) -> list[Message]:
    """What was written to the people of an event, the newest first."""
    query = (
        sa.select(Message).where(Message.event_id == event.id).order_by(Message.written_at.desc(), Message.id.desc())
    )
    return list(db.session.scalars(query))


def problems_of(message: Message) -> list[Letter]:
    """The letters that did not go, and those that wait for another try, for people to look into."""
    has_problem = sa.or_(
        Letter.state.in_(PROBLEMS), sa.and_(Letter.state == LetterState.WAITING, Letter.step.is_not(None))
    )
    query = sa.select(Letter).where(Letter.message_id == message.id, has_problem)
    return list(db.session.scalars(query.order_by(Letter.state, Letter.id)))


def forget_old() -> int:
    """Keep of letters that are done only how many they were: after a month, and at once where who got a reminder
    tells who had answered. Letters somebody has to look into stay for the month. How many are forgotten."""
    now = clock.now()
    done = (LetterState.SENT, LetterState.SKIPPED, LetterState.WITHDRAWN)
    open_ones = sa.select(Letter.message_id).where(Letter.state.in_(OPEN))
    of_answers = sa.and_(
        Message.kind.in_(recipients.ASK_FOR_ANSWERS),
        Message.id.not_in(open_ones),
        # Those of the last minute still count for how many may go out in one.
        sa.or_(Letter.tried_at.is_(None), Letter.tried_at < now - timedelta(minutes=1)),
    )
    old = Message.goes_out_at < now - KEPT_FOR
    query = sa.select(Letter, Message).join(Message, Message.id == Letter.message_id)
    rows = (
        db.session.execute(
            query.where(sa.or_(sa.and_(of_answers, Letter.state.in_(done)), sa.and_(old, Letter.state.not_in(OPEN))))
        )
        .tuples()
        .all()
    )
    for letter, message in rows:
        message.sent_before += letter.state == LetterState.SENT
        message.skipped_before += letter.state in (LetterState.SKIPPED, LetterState.WITHDRAWN)
        db.session.delete(letter)
    db.session.flush()
    return len(rows)


def forget_letters_to(person: Participant) -> None:
    """Delete every letter to a person and why they got none; the messages keep their numbers."""
    for letter in db.session.scalars(sa.select(Letter).where(Letter.participant_id == person.id)):
        letter.message.sent_before += letter.state == LetterState.SENT
        db.session.delete(letter)
    stops.lift(person)
    db.session.flush()


@erasure.forgets(Letter)
def forget(letter: Letter) -> None:
    """The address and the text of one letter."""
    writing.empty(letter, LetterState.SENT if letter.sent_at else LetterState.WITHDRAWN)
