"""A manager hands in the queue of a phone as a file: each entry comes to what it would have come to by the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa
from flask_babel import gettext as _

from accounts.models import User
from core.db import db
from core.errors import Refused
from door import attendance, turns, walk_ins
from door.attendance import MOST_AT_ONCE
from door.models import Device, Outcome
from door.queue_file import Item, Kind, QueueFile
from door.readings import Answer
from trainings.models import Event, EventSession


@dataclass(frozen=True)
class Row:
    """What came of an entry: an outcome of the door, or a sentence where it never came to the door."""

    item: Item
    event_session: EventSession | None = None
    answer: Answer | None = None
    sentence: str = ""
    is_lost: bool = False  # the register did not take it: keep the file

    @property
    def outcome(self) -> Outcome | None:
        return self.answer.outcome if self.answer else None


def take_in(event: Event, queue: QueueFile, by: User) -> list[Row]:
    """Take in all entries that can be, in order; a row for each. Taking the same file in again changes nothing.

    They count as handed in by the device the file is of, if it is one of this event, otherwise by the member of staff.
    """
    turns.wait_for_turn(event.id)
    device = db.session.scalar(sa.select(Device).where(Device.uid == queue.device, Device.event_id == event.id))
    who = device or by
    sessions = {event_session.uid: event_session for event_session in event.sessions}
    rows: list[Row] = []
    for (kind, session), run in groupby(queue.items, key=lambda item: (item.kind, item.session)):
        items, event_session = list(run), sessions.get(session)
        if kind == Kind.ODD:
            sentence = _("This entry is damaged: it does not say what was read.")
            rows += [_not_taken(item, event_session, sentence) for item in items]
        elif event_session is None:
            sentence = _("This is of a session of another event. Take the file in there.")
            rows += [_not_taken(item, None, sentence) for item in items]
        elif kind == Kind.READING:
            rows += _read(event_session, items, who)
        else:
            rows += [_take_one(event_session, item, who) for item in items]
    return rows


def _not_taken(item: Item, event_session: EventSession | None, sentence: str) -> Row:
    return Row(item, event_session, sentence=sentence, is_lost=True)


def _read(event_session: EventSession, items: Sequence[Item], who: User | Device) -> list[Row]:
    rows = []
    for start in range(0, len(items), MOST_AT_ONCE):
        part = items[start : start + MOST_AT_ONCE]
        answers = attendance.check_in(event_session, [item.reading for item in part if item.reading], by=who)
        rows += [Row(item, event_session, answer) for item, answer in zip(part, answers, strict=True)]
    return rows


def _take_one(event_session: EventSession, item: Item, who: User | Device) -> Row:
    """An entry that is more than a reading; what cannot be done leaves nothing behind."""
    assert item.reading is not None
    try:
        with db.session.begin_nested():
            if item.kind == Kind.WALK_IN:
                answer = walk_ins.let_in_sealed(event_session, item.sealed, item.reading, by=who)
            elif item.kind == Kind.ADMITTED:
                answer = walk_ins.admit(event_session, item.reading, by=who)
            else:
                return _undo(event_session, item, who)
    except Refused as refusal:
        return _not_taken(item, event_session, refusal.message)
    return Row(item, event_session, answer)


def _undo(event_session: EventSession, item: Item, who: User | Device) -> Row:
    assert item.reading is not None
    is_undone = attendance.take_back(event_session, item.undoes, item.reading.happened_at, by=who)
    if is_undone:
        return Row(item, event_session, sentence=_("Undone at the door."))
    return Row(item, event_session, sentence=_("Nothing to undo: that reading is unknown, too old, or let nobody in."))
