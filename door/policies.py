"""Who may stand at a door, pair and end phones, and settle what clashed."""

from __future__ import annotations

from accounts.access import open_to_devices
from accounts.models import Role, User
from door import devices
from door.models import Attendance, Device, ScanReview
from trainings.models import Event, EventSession, Programme
from trainings.policies import manages, may_run_event, role_in


def may_check_in(user: User, event_session: EventSession) -> bool:
    return may_run_event(user, event_session.event)


@open_to_devices
def may_hand_in_scans(who: User | Device, event_session: EventSession) -> bool:
    """Send what was read at a session: who may check in there, and devices of its event, ended ones too for a while."""
    if isinstance(who, Device):
        return who.event_id == event_session.event_id and devices.is_heard(who)
    return may_check_in(who, event_session)


@open_to_devices
def is_at_the_door(who: User | Device) -> bool:
    """Work as a device of its event: a paired phone that has not ended, and nobody else."""
    return isinstance(who, Device) and who.is_trusted


@open_to_devices
def may_stand_at(who: User | Device, event_session: EventSession) -> bool:
    """Ask, as a device, about a session of its own event."""
    return is_at_the_door(who) and isinstance(who, Device) and who.event_id == event_session.event_id


def may_pair(user: User, event: Event) -> bool:
    return may_run_event(user, event)


def may_end_device(user: User, device: Device) -> bool:
    return may_run_event(user, device.event)


def may_review(user: User, event: Event) -> bool:
    """Settle what clashed at an event's doors: managers of the programme."""
    return manages(user, event.programme_id)


def may_settle(user: User, review: ScanReview) -> bool:
    return may_review(user, review.event)


def may_undo(user: User, attendance: Attendance) -> bool:
    return may_run_event(user, attendance.event_session.event)


def may_watch(user: User, programme: Programme) -> bool:
    """The live board: those of the programme's staff who run events. A trainer's shows the own ones only."""
    return role_in(user, programme.id) not in (None, Role.MONITOR)
