"""Many certificates at once: drawn in the background, with progress anybody who runs the event finds again.

The finished file lies sealed by the key ring beside the database and is gone after a day: it can be drawn again at any
time, and a folder of names is the last thing to keep.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from flask_babel import lazy_gettext as _l

from accounts.models import User
from certificates import issuing, papers
from certificates.models import CertificatePrinting
from certificates.papers import Paper
from core import clock
from core.db import db, insert_if_new, new_uid, short_write
from core.errors import Refused
from privacy.crypto import key_ring
from trainings.models import Event

AT_ONCE = 50  # more than these are drawn in the background
KEPT_FOR = timedelta(days=1)
LEFT_BEHIND_AFTER = timedelta(minutes=10)
NOTED_EVERY = 10  # pages


class NothingToPrint(Refused):
    code = "nothing_to_print"
    sentence = _l("There is no valid certificate yet. Issue them first.")


class TooManyAtOnce(Refused):
    code = "too_many_at_once"
    sentence = _l("More than 50 certificates are drawn in the background. Press the button on the event's page.")


class FileGone(Refused):
    code = "file_gone"
    sentence = _l("This file is not there: it is kept for one day. Have it drawn again.")


def papers_of(event: Event) -> list[Paper]:
    """All certificates of an event, to be drawn now. Refuses NothingToPrint and TooManyAtOnce."""
    certificates = issuing.valid_of_event(event)
    if not certificates:
        raise NothingToPrint
    if len(certificates) > AT_ONCE:
        raise TooManyAtOnce
    return papers.of(event, certificates)


def ask(event: Event, *, by: User) -> CertificatePrinting:
    """Have all certificates of an event drawn; asked twice while under way, it is one. Refuses NothingToPrint."""
    total = issuing.number_valid(event)
    if not total:
        raise NothingToPrint
    under_way = sa.select(CertificatePrinting).where(
        CertificatePrinting.event_id == event.id, CertificatePrinting.finished_at.is_(None)
    )
    values = {"uid": new_uid(), "event_id": event.id, "asked_by_id": by.id, "asked_at": clock.now(), "total": total}
    return insert_if_new(CertificatePrinting, **values) or db.session.scalars(under_way).one()


def find(uid: str) -> CertificatePrinting | None:
    return db.session.scalar(sa.select(CertificatePrinting).where(CertificatePrinting.uid == uid))


def latest(event: Event) -> list[CertificatePrinting]:
    """What was asked for at an event and is still kept, the newest first."""
    query = sa.select(CertificatePrinting).where(CertificatePrinting.event_id == event.id)
    return list(db.session.scalars(query.order_by(CertificatePrinting.id.desc())))


def begin(printing: CertificatePrinting) -> list[Paper]:
    """Everything that is to be drawn, so that drawing itself asks the database nothing and holds nobody up."""
    found = papers.of(printing.event, issuing.valid_of_event(printing.event))
    printing.total, printing.drawn = len(found), 0
    db.session.flush()
    return found


def note_progress(printing: CertificatePrinting, drawn: int) -> None:
    """Say how far it is, at once and beside any transaction, every so many pages."""
    if drawn % NOTED_EVERY == 0:
        with short_write() as connection:
            this = sa.update(CertificatePrinting).where(CertificatePrinting.id == printing.id)
            connection.execute(this.values(drawn=drawn))


def finish(printing: CertificatePrinting, content: bytes) -> None:
    """Keep the file, sealed, and say that it is there."""
    path = _path(printing.uid)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(key_ring().seal_bytes(content, _place(printing.uid)))
    unfinished.replace(path)
    printing.drawn, printing.finished_at = printing.total, clock.now()
    db.session.flush()


def fetch(printing: CertificatePrinting) -> bytes:
    """The file. Refuses FileGone."""
    try:
        return key_ring().unseal_bytes(_path(printing.uid).read_bytes(), _place(printing.uid))
    except FileNotFoundError:
        raise FileGone from None


def left_behind() -> list[str]:
    """The uids of those that nobody is drawing any more, as the server was stopped meanwhile."""
    query = sa.select(CertificatePrinting.uid).where(
        CertificatePrinting.finished_at.is_(None), CertificatePrinting.asked_at < clock.now() - LEFT_BEHIND_AFTER
    )
    return list(db.session.scalars(query))


def forget_old() -> None:
    """Delete what is older than a day, and files that belong to nothing."""
    oldest = clock.now() - KEPT_FOR
    db.session.execute(sa.delete(CertificatePrinting).where(CertificatePrinting.asked_at < oldest))
    kept = set(db.session.scalars(sa.select(CertificatePrinting.uid)))
    for path in _folder().glob("*"):
        if path.stem not in kept:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    home: Path = current_app.extensions["settings"].home
    return home / "printed"


def _path(uid: str) -> Path:
    return _folder() / uid


def _place(uid: str) -> str:
    return f"certificate_printings:{uid}"
