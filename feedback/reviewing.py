"""Free texts are read by a manager before anybody else: shared as they are, with names edited out, or kept inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from accounts.models import User
from core import clock
from core.db import db
from core.errors import Refused
from feedback.models import Evaluation, FreeText, ReviewState
from feedback.tallies import may_be_seen
from participants.models import Pairing, PairingPurpose
from trainings.models import Event, Programme

KEPT_FOR = timedelta(days=30)


class NotToBeSeenYet(Refused):
    code = "text_not_to_be_seen_yet"
    sentence = _l("Too few people have answered to read this without knowing whose it is.")


class NothingLeft(Refused):
    code = "nothing_left_of_text"
    sentence = _l("Write what others may read, or keep the text inside.")


class OriginalForgotten(Refused):
    code = "original_forgotten"
    sentence = _l("The original is forgotten by now; the wording that was shared can be changed or kept inside.")


@dataclass(frozen=True)
class Written:
    """A free text with the event it is about."""

    free: FreeText
    event: Event


def of_programme(programme: Programme, state: ReviewState | None = ReviewState.UNREAD) -> list[Written]:
    """The texts a manager may read now, in no order of time; of one state, or all.

    Those of an event that is still asking come with the answers, K at a time; once it is closed all can be read: what
    somebody has to complain about must not be lost because few answered.
    """
    query = (
        sa.select(FreeText, Event)
        .join(Evaluation, Evaluation.id == FreeText.evaluation_id)
        .join(Event, Event.id == Evaluation.event_id)
        .options(joinedload(FreeText.question), joinedload(FreeText.reviewed_by))
        .where(Event.programme_id == programme.id)
        .where(sa.or_(FreeText.text_sealed.is_not(None), FreeText.redacted_sealed.is_not(None)))
        .order_by(Event.starts_on.desc(), Event.id, FreeText.question_id, FreeText.uid)
    )
    if state is not None:
        query = query.where(FreeText.state == state)
    rows = db.session.execute(query).tuples().all()
    hidden = _hidden_voices(programme.id)
    return [Written(free, event) for free, event in rows if free.evaluation_id not in hidden]


def unread_count(programme: Programme) -> int:
    """How many texts wait to be read."""
    query = (
        sa.select(FreeText.evaluation_id)
        .join(Evaluation, Evaluation.id == FreeText.evaluation_id)
        .join(Event, Event.id == Evaluation.event_id)
        .where(Event.programme_id == programme.id, FreeText.state == ReviewState.UNREAD)
    )
    hidden = _hidden_voices(programme.id)
    return sum(voice not in hidden for voice in db.session.scalars(query))


def event_of(free: FreeText) -> Event:
    return db.session.get_one(Event, free.evaluation.event_id)


def settle(free: FreeText, state: ReviewState, by: User, redacted: str = "") -> None:
    """Decide what becomes of a text; a later decision replaces this one, as long as the original is there.

    Refuses NotToBeSeenYet, NothingLeft when names were edited out and no words are left, and OriginalForgotten.
    """
    if free.evaluation_id in _hidden_voices(event_of(free).programme_id):
        raise NotToBeSeenYet
    if state == ReviewState.SHAREABLE and free.text_sealed is None:
        raise OriginalForgotten
    words = redacted.strip()
    if state == ReviewState.REDACTED and not words:
        raise NothingLeft
    if state == ReviewState.REDACTED and words == free.text:
        state = ReviewState.SHAREABLE
    free.state, free.redacted = state, words if state == ReviewState.REDACTED else None
    free.reviewed_by_id, free.reviewed_at = by.id, clock.now()
    db.session.flush()


def forget_originals() -> int:
    """Forget what nobody needs any more in the words of whoever wrote it; how many.

    Of a text that was shared with names edited out the original, thirty days after that was decided; of one that was
    kept inside everything, thirty days after the programme has ended or after the decision, whichever is later. One
    that nobody has read yet stays: a complaint must not be lost.
    """
    long_ago = clock.now() - KEPT_FOR
    over = sa.and_(FreeText.state == ReviewState.INSIDE, Programme.ends_on < long_ago.date())
    query = (
        sa.select(FreeText)
        .join(Evaluation, Evaluation.id == FreeText.evaluation_id)
        .join(Event, Event.id == Evaluation.event_id)
        .join(Programme, Programme.id == Event.programme_id)
        .where(FreeText.text_sealed.is_not(None), FreeText.reviewed_at < long_ago)
        .where(sa.or_(FreeText.state == ReviewState.REDACTED, over))
    )
    found = db.session.scalars(query).all()
    for free in found:
        free.text = None
    db.session.flush()
    return len(found)


def _hidden_voices(programme_id: int) -> set[int]:
    """Voices of events that are still asking, beyond the last full K."""
    closed = sa.exists().where(
        Pairing.event_id == Evaluation.event_id,
        Pairing.purpose == Evaluation.purpose,
        Pairing.destroyed_at.is_not(None),
    )
    query = (
        sa.select(Evaluation.event_id, Evaluation.purpose, Evaluation.id)
        .join(Event, Event.id == Evaluation.event_id)
        .where(Event.programme_id == programme_id, ~closed)
        .order_by(Evaluation.id)
    )
    by_event: dict[tuple[int, PairingPurpose], list[int]] = {}
    for event_id, purpose, voice in db.session.execute(query).tuples():
        by_event.setdefault((event_id, purpose), []).append(voice)
    return {voice for voices in by_event.values() for voice in voices[len(may_be_seen(voices, True)) :]}
