"""Phones at the door: paired by a secret shown once, working at one event, ended at any time."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core import clock
from core.db import db
from core.errors import Refused
from door.models import Device, DevicePairing, Scan
from privacy import erasure
from privacy.codes import secret_token, token_digest
from trainings.models import Event

PAIRING_LASTS = timedelta(minutes=15)
WORKS_AFTER = timedelta(hours=12)  # the last session's end: what is left to do on the day
HEARD_AFTER = timedelta(days=14)  # an ended device's queue is still taken in, for a manager to look at
MOST_UNTRUSTED = 5000  # scans an ended device may hand in: more is not a queue but an attack
TOUCH_EVERY = timedelta(minutes=1)
_BY_DIGEST = sa.select(Device).where(Device.token_digest == sa.bindparam("digest"))


class PairingUnknown(Refused):
    code = "pairing_unknown"
    sentence = _l("This code pairs nothing any more: each works once, for 15 minutes. Show a new one.")


def offer(event: Event, by: User) -> str:
    """A secret with which one phone can become a device of an event; shown as a QR code, kept as a digest."""
    token = secret_token()
    db.session.add(
        DevicePairing(
            token_digest=token_digest(token),
            event_id=event.id,
            made_by_id=by.id,
            expires_at=clock.now() + PAIRING_LASTS,
        )
    )
    db.session.flush()
    return token


def pair(secret: str, name: str) -> tuple[Device, str]:
    """Make a phone a device, once per secret; returns it and its own token. Refuses PairingUnknown."""
    taken = db.session.execute(
        sa.update(DevicePairing)
        .where(
            DevicePairing.token_digest == token_digest(secret),
            DevicePairing.used_at.is_(None),
            DevicePairing.expires_at > clock.now(),
        )
        .values(used_at=clock.now())
        .returning(DevicePairing.event_id, DevicePairing.made_by_id)
    ).first()
    if taken is None:
        raise PairingUnknown
    event = db.session.get_one(Event, taken.event_id)
    token = secret_token()
    device = Device(
        event_id=event.id,
        token_digest=token_digest(token),
        paired_by_id=taken.made_by_id,
        expires_at=max(event.sessions[-1].ends_at, clock.now()) + WORKS_AFTER,
        last_seen_at=clock.now(),
    )
    device.name = name.strip()[:60]
    db.session.add(device)
    db.session.flush()
    return device, token


def find(token: str) -> Device | None:
    """The device with this token, trusted or ended."""
    return db.session.scalars(_BY_DIGEST, {"digest": token_digest(token)}).one_or_none()


def is_heard(device: Device) -> bool:
    """Whether what it hands in is taken: while it works, and for two weeks after, into review."""
    if device.is_trusted:
        return True
    if clock.now() > device.ended_at + HEARD_AFTER:
        return False
    handed_in = sa.select(sa.func.count()).where(Scan.device_id == device.id, Scan.received_at > device.ended_at)
    return (db.session.scalar(handed_in) or 0) < MOST_UNTRUSTED


def revoke(device: Device) -> None:
    """End a device at once. A phone that hears of it forgets everything but what it has not sent."""
    if device.is_trusted:
        device.revoked_at = clock.now()
        db.session.flush()


def note_seen(device: Device, unsent: int | None) -> None:
    """Remember when a device was here and how much it still holds; written once a minute, or when that changes."""
    if device.last_seen_at and clock.now() - device.last_seen_at < TOUCH_EVERY and device.unsent == unsent:
        return
    values = {"last_seen_at": clock.now(), "unsent": unsent}
    db.session.execute(sa.update(Device).where(Device.id == device.id).values(**values))


def of_event(event: Event) -> list[Device]:
    """The devices of an event, those that work first."""
    found = db.session.scalars(sa.select(Device).where(Device.event_id == event.id).order_by(Device.id.desc()))
    return sorted(found, key=lambda device: not device.is_trusted)


@erasure.forgets(Device)
def forget(device: Device) -> None:
    """What staff called a phone."""
    device.name = None
