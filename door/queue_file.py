"""The file into which a phone saves its queue when all else fails: read piece by piece, so that nothing is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from core.errors import Refused
from door.entries import (
    Admitted,
    Clock,
    Item,
    Malformed,
    WalkIn,
    moment,
    read,
)

KIND, VERSION = "muster-queue", 1
MOST_ITEMS = 20_000
FARTHEST_OFF = timedelta(days=3660)
_ITEMS = re.compile(r',?\s*"items"\s*:\s*\[')
_SEPARATOR = re.compile(r"[\s,]*")


class NotAQueueFile(Refused):
    code = "not_a_queue_file"
    sentence = _l("This is not a queue file. Take the file that the phone saved its queue in.")


class NewerQueueFile(Refused):
    code = "newer_queue_file"
    sentence = _l("This file was made by a newer version. Nothing was taken in; keep the file.")


class TooManyItems(Refused):
    code = "too_many_items"
    sentence = _l("This file holds more entries than a phone can have read. Nothing was taken in.")


@dataclass(frozen=True)
class Entry:
    """An entry, by its number in the file: at which session (a uid), and what happened there."""

    number: int
    session: str
    item: Item

    @property
    def kind(self) -> type[Item]:
        return type(self.item)

    @property
    def happened_at(self) -> datetime | None:
        """When, by the phone's clock put right; None for what makes no sense."""
        if isinstance(self.item, Malformed):
            return None
        told = self.item.reading if isinstance(self.item, WalkIn | Admitted) else self.item
        return told.happened_at


@dataclass(frozen=True)
class QueueFile:
    """The queue of one device; not whole when the file breaks off in the middle."""

    device: str
    entries: list[Entry]
    is_whole: bool = True


def parse(content: bytes, now: datetime) -> QueueFile:
    """The entries of a queue file, in order, odd ones too; `now` is for those that say no time.

    Refuses NotAQueueFile, NewerQueueFile, TooManyItems.
    """
    head, written, is_whole = _read(_decoded(content))
    if head.get("kind") != KIND or not isinstance(written, list):
        raise NotAQueueFile
    version = head.get("version")
    if version != VERSION:
        raise NewerQueueFile if isinstance(version, int) and version > VERSION else NotAQueueFile
    if len(written) > MOST_ITEMS:
        raise TooManyItems
    phone = Clock(_behind(head.get("clock_offset_ms")), moment(head.get("exported_at"), now))
    entries = [_entry(number, entry, phone) for number, entry in enumerate(written, start=1)]
    return QueueFile(_text(head.get("device")), entries, is_whole)


def _decoded(content: bytes) -> str:
    try:
        return content.decode(json.detect_encoding(content)).lstrip("\ufeff")
    except UnicodeDecodeError:
        # Half a file may end in half a letter.
        return content.decode("utf-8-sig", "replace")


def _read(text: str) -> tuple[dict[str, Any], Any, bool]:
    """(what stands above the entries, the entries, whether the file is whole)."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return _read_what_is_left(text)
    return (whole, whole.get("items"), True) if isinstance(whole, dict) else ({}, None, True)


def _read_what_is_left(text: str) -> tuple[dict[str, Any], Any, bool]:
    """The whole entries of a file that breaks off."""
    begin = _ITEMS.search(text)
    try:
        head = json.loads(text[: begin.start()] + "}") if begin else None
    except (ValueError, RecursionError):
        head = None
    if begin is None or not isinstance(head, dict):
        raise NotAQueueFile
    return head, list(_whole_entries(text, begin.end())), False


def _whole_entries(text: str, start: int) -> Iterator[Any]:
    decoder = json.JSONDecoder()
    separated = _SEPARATOR.match(text, start)
    while separated and separated.end() < len(text):
        try:
            entry, end = decoder.raw_decode(text, separated.end())
        except (ValueError, RecursionError):
            return
        yield entry
        separated = _SEPARATOR.match(text, end)


def _entry(number: int, entry: Any, phone: Clock) -> Entry:
    session = entry.get("session") if isinstance(entry, dict) else None
    return Entry(number, _text(session), read(entry, phone, may_be_live=False))


def _text(value: Any) -> str:
    return value if isinstance(value, str) and value.isprintable() else ""


def _behind(milliseconds: Any) -> timedelta:
    """How far the phone's clock is behind ours, as it found out when it last met us."""
    try:
        behind = timedelta(milliseconds=milliseconds)
    except (TypeError, ValueError, OverflowError):
        return timedelta(0)
    return behind if abs(behind) <= FARTHEST_OFF else timedelta(0)
