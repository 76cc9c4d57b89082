"""What happens to uploaded lists in the background: large ones read and applied, abandoned ones forgotten."""

from __future__ import annotations

from functools import partial

from core.db import db
from core.errors import Refused
from core.queue import queue
from participants import applying, importing, reading
from participants.applying import ChangedMeanwhile
from participants.models import ImportState


@queue.when_asked
def read_list(uid: str) -> None:
    """Read a list that was uploaded or whose columns were said anew; nothing when that is done or it is forgotten."""
    staged = importing.find(uid)
    if staged is None or staged.state != ImportState.READING:
        return
    import_id = staged.id
    try:
        read = reading.release_and_read(staged, importing.most_rows(), partial(importing.note_progress, import_id))
    except Refused as refusal:
        importing.refuse(importing.waiting(uid), refusal)
    else:
        reading.keep(importing.waiting(uid), read)
    db.session.commit()


@queue.when_asked
def apply_list(uid: str) -> None:
    """Do what somebody said yes to, all of it or nothing."""
    staged = importing.find(uid)
    if staged is None or staged.state != ImportState.APPLYING:
        return
    import_id, gathered = staged.id, applying.gather(staged)
    db.session.rollback()  # from here on nobody waits for us
    prepared = applying.prepare(gathered, partial(importing.note_progress, import_id))
    try:
        applying.write(importing.waiting(uid), prepared)
    except ChangedMeanwhile:
        db.session.rollback()
        importing.ask_again(importing.waiting(uid))
    db.session.commit()


@queue.every(minute="*/10")
def take_up_lists_again() -> None:
    for staged in importing.left_behind():
        (read_list if staged.state == ImportState.READING else apply_list)(staged.uid)


@queue.every(minute="30", hour="*")
def forget_abandoned_lists() -> None:
    importing.withdraw_abandoned()
    db.session.commit()
