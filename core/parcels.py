"""A file between looking at it and saying yes: the page carries it, the server keeps nothing.

For files that are no secret and hold no person (questions, recommendations): no table is needed that somebody would
have to empty, and what is taken in is read out of the same bytes that were looked at.
"""

from __future__ import annotations

import base64
import binascii
import zlib

from flask_babel import lazy_gettext as _l

from core.errors import Refused

LARGEST_FILE = 5_000_000
LARGEST_PARCEL = 1_500_000  # characters in a field of the page; a form holds two million


class TooLarge(Refused):
    code = "parcel_too_large"
    sentence = _l("This file is too large. Take the pictures out of it, or split it; nothing was saved.")


class Damaged(Refused):
    code = "parcel_damaged"
    sentence = _l("The file did not come back as it was sent. Choose it once more; nothing was saved.")


def pack(content: bytes) -> str:
    """A file as a field of a page holds it. Refuses TooLarge."""
    if len(content) > LARGEST_FILE:
        raise TooLarge
    packed = base64.b64encode(zlib.compress(content, 6)).decode()
    if len(packed) > LARGEST_PARCEL:
        raise TooLarge
    return packed


def unpack(packed: str) -> bytes:
    """The file of a field of a page. Refuses Damaged, and never makes more of it than `pack` takes."""
    opener = zlib.decompressobj()
    try:
        content = opener.decompress(base64.b64decode(packed, validate=True), LARGEST_FILE)
    except (binascii.Error, zlib.error, ValueError):
        raise Damaged from None
    if not opener.eof:
        raise Damaged
    return content
