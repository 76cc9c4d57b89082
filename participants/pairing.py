"""Pseudonyms: before and after belong to the same person, and once the key is gone nobody can say to whom."""

from __future__ import annotations

import hmac
import secrets

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from core import clock
from core.db import db
from core.errors import Refused
from participants.models import Pairing, PairingPurpose, Registration
from privacy import erasure
from trainings.models import Event

# Built once: a participant's page asks it several times, and making a statement costs more than asking it.
_OF_EVENT = sa.select(Pairing).where(
    Pairing.event_id == sa.bindparam("event"), Pairing.purpose == sa.bindparam("purpose")
)


class KeyDestroyed(Refused):
    code = "key_destroyed"
    sentence = _l("This event is closed. Answers are anonymous now and can no longer be added or shown to you.")


def find(event_id: int, purpose: PairingPurpose) -> Pairing | None:
    return db.session.scalar(_OF_EVENT, {"event": event_id, "purpose": purpose})


def start(event: Event, purpose: PairingPurpose) -> Pairing:
    """The pairing of an event, with a new key if there was none. Refuses KeyDestroyed."""
    pairing = find(event.id, purpose)
    if pairing is None:
        made = Pairing(event_id=event.id, purpose=purpose)
        made.secret = secrets.token_hex(32)
        try:  # of a room that begins to answer at the same moment the quickest makes the key
            with db.session.begin_nested():
                db.session.add(made)
            pairing = made
        except IntegrityError:
            pairing = find(event.id, purpose)
    assert pairing is not None
    if pairing.destroyed_at is not None:
        raise KeyDestroyed
    return pairing


def pseudonym(pairing: Pairing, registration: Registration) -> bytes:
    """The same 16 bytes for the same person at the same event. Refuses KeyDestroyed."""
    if pairing.secret is None:
        raise KeyDestroyed
    return hmac.digest(bytes.fromhex(pairing.secret), registration.uid.encode(), "sha256")[:16]


@erasure.forgets(Pairing)
def destroy(pairing: Pairing) -> None:
    """Throw the key away; pairs stay pairs, names can never be put to them again."""
    if pairing.destroyed_at is None:
        pairing.secret, pairing.destroyed_at = None, clock.now()
        db.session.flush()
