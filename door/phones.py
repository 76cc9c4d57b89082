"""Phones as staff see them: whether each still works, when it was heard last, what it holds and handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

import sqlalchemy as sa

from core import clock
from core.db import db
from door import devices
from door.models import Device, Scan
from trainings.models import Event, EventSession

SILENT_AFTER = timedelta(minutes=10)  # a phone with a network says something every minute


class Standing(StrEnum):
    """Whether a phone still works as a device."""

    WORKING = "working"
    ENDED = "ended"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Phone:
    """A device of an event with how many scans it handed in, by session id."""

    device: Device
    scans: dict[int, int] = field(default_factory=dict)

    @property
    def standing(self) -> Standing:
        if self.device.is_trusted:
            return Standing.WORKING
        return Standing.ENDED if self.device.revoked_at else Standing.EXPIRED

    @property
    def is_silent(self) -> bool:
        """Whether it works and has not been heard for a while: without a network, switched off, or gone."""
        heard_at = self.device.last_seen_at or self.device.paired_at
        return self.device.is_trusted and clock.now() - heard_at > SILENT_AFTER

    @property
    def scan_count(self) -> int:
        return sum(self.scans.values())


def of(event: Event) -> list[Phone]:
    """The phones of an event, those that work first, with all they handed in."""
    handed_in = scans_by_device(Scan.event_session_id.in_([event_session.id for event_session in event.sessions]))
    return [Phone(device, handed_in.get(device.id, {})) for device in devices.of_event(event)]


def at_work(event_sessions: Sequence[EventSession]) -> tuple[dict[int, list[Phone]], dict[int, int]]:
    """The phones at these sessions, by event id, and how much staff read without one, by session id.

    A phone that has ended is listed while it may still hold something, or when it handed in something here.
    """
    handed_in = scans_by_device(Scan.event_session_id.in_([event_session.id for event_session in event_sessions]))
    events = {event_session.event_id for event_session in event_sessions}
    query = sa.select(Device).where(Device.event_id.in_(events)).order_by(Device.paired_at)
    found: dict[int, list[Phone]] = {event_id: [] for event_id in events}
    for device in db.session.scalars(query):
        phone = Phone(device, handed_in.get(device.id, {}))
        if device.is_trusted or device.unsent or phone.scans:
            found[device.event_id].append(phone)
    return found, handed_in.get(None, {})


def scans_by_device(where: sa.ColumnElement[bool]) -> dict[int | None, dict[int, int]]:
    """How many scans were handed in, by device and session; under None those of staff who are signed in."""
    query = (
        sa.select(Scan.device_id, Scan.event_session_id, sa.func.count())
        .where(where, sa.or_(Scan.device_id.is_not(None), Scan.user_id.is_not(None)))
        .group_by(Scan.device_id, Scan.event_session_id)
    )
    found: dict[int | None, dict[int, int]] = {}
    for device_id, session_id, number in db.session.execute(query):
        found.setdefault(device_id, {})[session_id] = number
    return found
