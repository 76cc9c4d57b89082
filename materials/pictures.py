"""JPEG and PNG pictures: right way up, and without where, when, by whom and with what they were taken."""

from __future__ import annotations

import io
from collections.abc import Iterator

from materials.models import FileKind

MOST_PIXELS = 40_000_000  # an A4 page at 600 dots an inch has 35
ORIENTATION = 0x0112
# What a picture needs to be shown as it was meant: its colours. Everything else of these formats describes it.
JPEG_KEEPS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
PNG_KEEPS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs"}
START, END, SCAN, COMMENT = 0xD8, 0xD9, 0xDA, 0xFE


class Unreadable(Exception):
    """This is no whole picture, or one too large to be looked at."""


def clean(content: bytes, kind: FileKind) -> bytes:
    """The picture without metadata; turned if it only says that it lies on its side. Refuses with Unreadable.

    The pixels of a picture that need not be turned stay as they are, byte by byte.
    """
    # Pillow is loaded by an upload only.
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content), formats=[kind.name]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Unreadable
            picture.load()
            if picture.getexif().get(ORIENTATION, 1) != 1:
                turned = io.BytesIO()
                profile = picture.info.get("icc_profile")
                ImageOps.exif_transpose(picture).save(turned, kind.name, quality=92, icc_profile=profile)
                content = turned.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Unreadable from None
    return without_metadata(content, kind)


def without_metadata(content: bytes, kind: FileKind) -> bytes:
    """The same picture without a piece that describes it, and without what stands behind its end."""
    pieces = _jpeg_pieces(content) if kind == FileKind.JPEG else _png_pieces(content)
    return b"".join(pieces)


def _jpeg_pieces(content: bytes) -> Iterator[bytes]:
    """Segments: FF, a mark, two bytes of length; after the start of a scan come its dots until the next mark."""
    yield content[:2]
    at = 2
    while at + 4 <= len(content):
        mark = content[at + 1]
        if content[at] != 0xFF:
            raise Unreadable
        if mark == 0xFF:  # padding
            at += 1
            continue
        if mark == END:
            break
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if mark == SCAN:
            end = _end_of_scan(content, end)
        if _jpeg_needs(mark, content[at + 4 : at + 18]):
            yield content[at:end]
        at = end
    yield bytes((0xFF, END))


def _jpeg_needs(mark: int, body: bytes) -> bool:
    if 0xE0 <= mark <= 0xEF:
        return mark in JPEG_KEEPS and body.startswith(JPEG_KEEPS[mark])
    return mark != COMMENT


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the dots of a scan end: at the first FF that is neither a dot (FF 00) nor a restart (FF D0 to D7)."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            return len(content)
        if content[at + 1] != 0 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2


def _png_pieces(content: bytes) -> Iterator[bytes]:
    """Chunks: four bytes of length, four of name, the body, four of checksum."""
    yield content[:8]
    at = 8
    while at + 12 <= len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        name = content[at + 4 : at + 8]
        if name in PNG_KEEPS:
            yield content[at:end]
        if name == b"IEND":
            break
        at = end
