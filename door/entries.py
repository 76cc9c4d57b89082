"""The entries of a phone's queue, which it sends by the network or saves in a file: what each of them says.

A phone is never believed to the letter: whatever is odd about an entry, it stays an entry and gets its answer.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from door.models import Source
from door.readings import Reading

SKEW_WORTH_NOTING = timedelta(minutes=2)
STILL_LIVE = timedelta(minutes=1)
EARLIEST, LATEST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class WalkIn:
    """Somebody who was on no list; what is known of them was sealed on the phone."""

    reading: Reading
    sealed: str


@dataclass(frozen=True)
class Admitted:
    """Somebody whose place is elsewhere, cancelled or waiting, let in all the same by whoever stands at the door."""

    reading: Reading


@dataclass(frozen=True)
class TakenBack:
    """A scan that was undone at the door."""

    item_id: str
    scan_id: str
    happened_at: datetime


@dataclass(frozen=True)
class Malformed:
    """An entry that makes no sense; the id it may have had."""

    item_id: Any = None


Item = Reading | WalkIn | Admitted | TakenBack | Malformed


@dataclass(frozen=True)
class Clock:
    """The clock of a phone: how far it is behind ours, and our moment for entries that say none."""

    behind: timedelta
    now: datetime


def read(entry: Any, clock: Clock, *, may_be_live: bool) -> Item:
    """What an entry says, by our clock. Malformed without an id, or when it misses what it is about."""
    item_id = _uuid(entry.get("id")) if isinstance(entry, dict) else None
    if item_id is None:
        return Malformed(entry.get("id") if isinstance(entry, dict) else None)
    happened_at = moment(entry.get("happened_at"), clock.now) + clock.behind
    if "undoes" in entry:
        undone = _uuid(entry["undoes"])
        return TakenBack(item_id, undone, happened_at) if undone else Malformed(item_id)
    source = entry.get("source")
    reading = Reading(
        scan_id=item_id,
        code=str(entry.get("code") or ""),
        happened_at=happened_at,
        source=Source(source) if source in list(Source) else Source.CAMERA,
        skew_seconds=round(clock.behind.total_seconds()) if abs(clock.behind) >= SKEW_WORTH_NOTING else None,
        is_live=may_be_live and abs(clock.now - happened_at) < STILL_LIVE,
    )
    if "walk_in" in entry:
        sealed = entry["walk_in"]
        return WalkIn(reading, sealed) if isinstance(sealed, str) else Malformed(item_id)
    return Admitted(reading) if entry.get("confirmed") is True else reading


def moment(text: Any, otherwise: datetime) -> datetime:
    """An instant as a phone writes it; another one where it makes no sense."""
    try:
        found = datetime.fromisoformat(text)
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return otherwise
    return found if EARLIEST < found < LATEST else otherwise


def _uuid(text: Any) -> str | None:
    try:
        return str(uuid.UUID(text))
    except (ValueError, TypeError, AttributeError):
        return None
