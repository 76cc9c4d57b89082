"""What time it is, in one place: the register keeps instants in UTC and shows them where the programme lives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_pretended: ContextVar[datetime | None] = ContextVar("pretended_now", default=None)


def now() -> datetime:
    """This instant, in UTC."""
    return _pretended.get() or datetime.now(UTC)


def today(zone: str = "UTC") -> date:
    """The date it is now in a time zone."""
    return now().astimezone(ZoneInfo(zone)).date()


def day_of(moment: datetime, zone: str) -> date:
    """The date of an instant in a time zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def milliseconds(moment: datetime) -> int:
    """An instant as a browser counts it: milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let now() answer `moment`: the demo lives through a programme, a test stands at a deadline."""
    token = _pretended.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pretended.reset(token)
