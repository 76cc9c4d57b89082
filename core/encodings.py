"""Texts as offices save them: with or without a mark, in UTF-8, UTF-16 or one of the encodings of Cyrillic."""

from __future__ import annotations

from charset_normalizer import from_bytes

CYRILLIC = ("cp1251", "cp866", "koi8_r", "mac_cyrillic")


def decoded(content: bytes) -> tuple[str, bool]:
    """A text as it was written, in UTF-8, UTF-16 or an encoding of Cyrillic, and whether that had to be guessed."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
        (b"", "utf-8"),
    ):
        if not mark and b"\0" in content and (text := _utf_16(content)):
            return text, True
        if content.startswith(mark):
            try:
                return content.decode(encoding), False
            except UnicodeDecodeError:
                continue
    guess = from_bytes(content[:20000], cp_isolation=[*CYRILLIC, "utf_16_le", "utf_16_be"]).best()
    return content.decode(guess.encoding if guess else "cp1251", errors="replace"), True


def _utf_16(content: bytes) -> str | None:
    """A text in UTF-16 that has lost its mark; None where it would be no text of ours."""
    sample = content[:20_000]
    encoding = "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    text = content.decode(encoding, errors="replace")
    known = sum(mark in "\t\r\n" or " " <= mark < "\u0530" for mark in text[:5000])
    return text if known > 0.9 * len(text[:5000]) else None
