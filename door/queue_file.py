"""The file into which a phone saves its queue when all else fails: read piece by piece, so that nothing is lost."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from core.errors import Refused
from door.models import Source
from door.readings import Reading

KIND, VERSION = "muster-queue", 1
MOST_ITEMS = 20_000
SKEW_WORTH_NOTING = timedelta(minutes=2)
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


class Kind(StrEnum):
    """What an entry of the queue is."""

    READING = "reading"
    ADMITTED = "admitted"
    UNDO = "undo"
    WALK_IN = "walk_in"
    ODD = "odd"


@dataclass(frozen=True)
class Item:
    """An entry: what was read, at which session (a uid), by the phone's clock put right. An odd one says nothing."""

    number: int
    kind: Kind
    session: str = ""
    reading: Reading | None = None
    undoes: str = ""
    sealed: str = ""


@dataclass(frozen=True)
class QueueFile:
    """The queue of one device; not whole when the file breaks off in the middle."""

    device: str
    items: list[Item]
    is_whole: bool = True


def parse(content: bytes, now: datetime) -> QueueFile:
    """The entries of a queue file, in order, odd ones too; `now` is for those that say no time.

    Refuses NotAQueueFile, NewerQueueFile, TooManyItems.
    """
    head, entries, is_whole = _read(_decoded(content))
    if head.get("kind") != KIND or not isinstance(entries, list):
        raise NotAQueueFile
    version = head.get("version")
    if version != VERSION:
        raise NewerQueueFile if isinstance(version, int) and version > VERSION else NotAQueueFile
    if len(entries) > MOST_ITEMS:
        raise TooManyItems
    offset = _offset(head.get("clock_offset_ms"))
    otherwise = _moment(head.get("exported_at"), now)
    items = [_item(number, entry, offset, otherwise) for number, entry in enumerate(entries, start=1)]
    return QueueFile(str(head.get("device") or ""), items, is_whole)


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
    return head, list(_entries(text, begin.end())), False


def _entries(text: str, start: int) -> Iterator[Any]:
    decoder = json.JSONDecoder()
    separated = _SEPARATOR.match(text, start)
    while separated and separated.end() < len(text):
        try:
            entry, end = decoder.raw_decode(text, separated.end())
        except (ValueError, RecursionError):
            return
        yield entry
        separated = _SEPARATOR.match(text, end)


def _item(number: int, entry: Any, offset: timedelta, otherwise: datetime) -> Item:
    if not isinstance(entry, dict):
        return Item(number, Kind.ODD)
    scan_id = _uuid(entry.get("id"))
    session = entry["session"] if isinstance(entry.get("session"), str) else ""
    if scan_id is None:
        return Item(number, Kind.ODD, session)
    source = entry.get("source")
    reading = Reading(
        scan_id=scan_id,
        code=str(entry.get("code") or ""),
        happened_at=_moment(entry.get("happened_at"), otherwise) + offset,
        source=Source(source) if source in list(Source) else Source.CAMERA,
        skew_seconds=round(offset.total_seconds()) if abs(offset) >= SKEW_WORTH_NOTING else None,
        is_live=False,
    )
    if "undoes" in entry:
        undoes = _uuid(entry["undoes"])
        return Item(number, Kind.UNDO if undoes else Kind.ODD, session, reading, undoes=undoes or "")
    if "walk_in" in entry:
        sealed = entry["walk_in"]
        is_text = isinstance(sealed, str)
        return Item(number, Kind.WALK_IN if is_text else Kind.ODD, session, reading, sealed=sealed if is_text else "")
    return Item(number, Kind.ADMITTED if entry.get("confirmed") is True else Kind.READING, session, reading)


def _uuid(text: Any) -> str | None:
    try:
        return str(uuid.UUID(text))
    except (ValueError, TypeError, AttributeError):
        return None


def _offset(milliseconds: Any) -> timedelta:
    """How far the phone's clock is behind ours, as it found out when it last met us."""
    try:
        offset = timedelta(milliseconds=milliseconds)
    except (TypeError, ValueError, OverflowError):
        return timedelta(0)
    return offset if abs(offset) <= FARTHEST_OFF else timedelta(0)


def _moment(text: Any, otherwise: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return otherwise
    return moment if datetime(2020, 1, 1, tzinfo=UTC) < moment < datetime(2090, 1, 1, tzinfo=UTC) else otherwise
