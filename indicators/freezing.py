"""A dashboard as bytes and back: the same one is always the same bytes, so that a fingerprint can stand for it."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from core.i18n import Texts
from indicators.publication import Dashboard


def frozen(board: Dashboard) -> bytes:
    """The dashboard as JSON, keys in order, every number of the kind that its field has."""
    as_typed = thawed(msgspec.json.encode(board))
    return msgspec.json.encode(as_typed, order="deterministic")


def thawed(content: bytes) -> Dashboard:
    """The dashboard of `frozen`; fields that came later than the bytes have their defaults."""
    return msgspec.json.decode(content, type=Dashboard, dec_hook=_read)


def fingerprint(content: bytes) -> str:
    """The SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _read(kind: type, value: Any) -> Any:
    if kind is Texts:
        return Texts(value)
    raise NotImplementedError(kind)
