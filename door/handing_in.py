"""What phones hand in: readings of codes, walk-ins, and what was undone at the door; each item gets its answer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from accounts.models import User
from door import attendance, turns, walk_ins
from door.entries import (
    Admitted,
    Item,
    Malformed,
    TakenBack,
    WalkIn,
)
from door.models import Device
from door.readings import Answer, Reading
from trainings.models import EventSession

MALFORMED, UNDONE, NOT_UNDONE = "malformed", "undone", "not_undone"


def take_in(event_session: EventSession, items: Sequence[Item], *, by: User | Device | None) -> list[dict[str, Any]]:
    """Keep what was handed in, in the order in which it happened; one answer per item, in order.

    Readings that follow each other go through the door together. Refuses more than attendance.MOST_AT_ONCE.
    """
    if len(items) > attendance.MOST_AT_ONCE:
        raise attendance.TooManyScans
    if len(items) > 1 or any(type(item) is not Reading for item in items):
        turns.wait_for_turn(event_session.event_id)
    answers: list[dict[str, Any]] = []
    for kind, group in groupby(items, key=type):
        if kind is Reading:
            readings = [item for item in group if isinstance(item, Reading)]
            answers += [shown(answer) for answer in attendance.check_in(event_session, readings, by=by)]
        else:
            answers += [_settled(event_session, item, by) for item in group]
    return answers


def shown(answer: Answer) -> dict[str, Any]:
    """An answer as a phone gets it."""
    shown: dict[str, Any] = {"id": answer.scan_id, "outcome": answer.outcome}
    if answer.first_at:
        shown["first_at"] = answer.first_at.isoformat()
    if answer.person:
        person = answer.person
        shown["person"] = {"code": person.code, "name": person.name, "organisation": person.organisation}
    return shown


def let_in(event_session: EventSession, item: WalkIn | Admitted, *, by: User | Device | None) -> Answer:
    """Let in somebody of whom more is said than a code. Refuses walk_ins.Unreadable."""
    if isinstance(item, WalkIn):
        return walk_ins.let_in_sealed(event_session, item.sealed, item.reading, by=by)
    return walk_ins.admit(event_session, item.reading, by=by)


def _settled(event_session: EventSession, item: Item, by: User | Device | None) -> dict[str, Any]:
    if isinstance(item, WalkIn | Admitted):
        try:
            return shown(let_in(event_session, item, by=by))
        except walk_ins.Unreadable:
            return {"id": item.reading.scan_id, "outcome": MALFORMED}
    if isinstance(item, TakenBack):
        is_undone = attendance.take_back(event_session, item.scan_id, item.happened_at, by=by)
        return {"id": item.item_id, "outcome": UNDONE if is_undone else NOT_UNDONE}
    assert isinstance(item, Malformed)
    return {"id": item.item_id, "outcome": MALFORMED}
