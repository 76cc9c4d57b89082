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
from door import attendance, handing_in, turns
from door.attendance import MOST_AT_ONCE
from door.entries import Admitted, Malformed, TakenBack, WalkIn
from door.models import Device, Outcome
from door.queue_file import Entry, QueueFile
from door.readings import Answer, Reading
from trainings.models import Event, EventSession


@dataclass(frozen=True)
class Row:
    """What came of an entry: an outcome of the door, or a sentence where it never came to the door."""

    entry: Entry
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
    for (kind, session), run in groupby(queue.entries, key=lambda entry: (entry.kind, entry.session)):
        entries, event_session = list(run), sessions.get(session)
        if kind is Malformed:
            sentence = _("This entry is damaged: it does not say what was read.")
            rows += [_not_taken(entry, event_session, sentence) for entry in entries]
        elif event_session is None:
            sentence = _("This is of a session of another event. Take the file in there.")
            rows += [_not_taken(entry, None, sentence) for entry in entries]
        elif kind is Reading:
            rows += _read(event_session, entries, who)
        else:
            rows += [_take_one(event_session, entry, who) for entry in entries]
    return rows


def _not_taken(entry: Entry, event_session: EventSession | None, sentence: str) -> Row:
    return Row(entry, event_session, sentence=sentence, is_lost=True)


def _read(event_session: EventSession, entries: Sequence[Entry], who: User | Device) -> list[Row]:
    rows = []
    for start in range(0, len(entries), MOST_AT_ONCE):
        part = entries[start : start + MOST_AT_ONCE]
        readings = [entry.item for entry in part if isinstance(entry.item, Reading)]
        answers = attendance.check_in(event_session, readings, by=who)
        rows += [Row(entry, event_session, answer) for entry, answer in zip(part, answers, strict=True)]
    return rows


def _take_one(event_session: EventSession, entry: Entry, who: User | Device) -> Row:
    """An entry that is more than a reading; what cannot be done leaves nothing behind."""
    item = entry.item
    try:
        with db.session.begin_nested():
            if isinstance(item, WalkIn | Admitted):
                return Row(entry, event_session, handing_in.let_in(event_session, item, by=who))
            assert isinstance(item, TakenBack)
            is_undone = attendance.take_back(event_session, item.scan_id, item.happened_at, by=who)
    except Refused as refusal:
        return _not_taken(entry, event_session, refusal.message)
    if is_undone:
        return Row(entry, event_session, sentence=_("Undone at the door."))
    nothing = _("Nothing to undo: that reading is unknown, too old, or let nobody in.")
    return Row(entry, event_session, sentence=nothing)
