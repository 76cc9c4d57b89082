"""Codes people carry: the badge code, the participant's short code, a certificate's code, and secret links."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from privacy.crypto import key_ring

# No 0/O and no 1/I: what is printed can be read aloud and typed back.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
BADGE_LENGTH = 12
SHORT_LENGTH = 6
CERTIFICATE_LENGTH = 16

# What a hurried hand or a Cyrillic keyboard writes for a letter of ours.
_LOOK_ALIKES = str.maketrans("АВЕКМНРСТУХ", "ABEKMHPCTYX", " -–—·.\t\r\n")


def badge_code() -> str:
    """A new badge code: 11 random characters (55 bits) and a check character."""
    return _with_check(BADGE_LENGTH - 1)


def short_code() -> str:
    """A participant's code, shown instead of the name: five random characters and a check character."""
    return _with_check(SHORT_LENGTH - 1)


def certificate_code() -> str:
    """A new code of a certificate: 15 random characters (75 bits), which nobody can guess, and a check character."""
    return _with_check(CERTIFICATE_LENGTH - 1)


def normalised(text: str) -> str:
    """A code as it was meant: upper case, without spaces and hyphens, Cyrillic look-alikes made Latin.

    What cannot be printed (half a character, a control character) is no part of a code, and no database takes it.
    """
    meant = text[:200].upper().translate(_LOOK_ALIKES)
    return meant if meant.isprintable() else "".join(letter for letter in meant if letter.isprintable())


def is_badge_code(code: str) -> bool:
    """Whether a normalised text has the shape of a badge code and its check character is right."""
    return len(code) == BADGE_LENGTH and _is_checked(code)


def is_certificate_code(code: str) -> bool:
    """Whether a normalised text has the shape of a certificate's code and its check character is right."""
    return len(code) == CERTIFICATE_LENGTH and _is_checked(code)


def grouped(code: str) -> str:
    """A code as printed: ABCD-EFGH-JKLM."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _with_check(length: int) -> str:
    body = "".join(ALPHABET[byte & 31] for byte in secrets.token_bytes(length))  # 32 letters: each as likely
    return body + check_character(body)


def _is_checked(code: str) -> bool:
    return all(letter in ALPHABET for letter in code) and check_character(code[:-1]) == code[-1]


def check_character(body: str) -> str:
    """The check character of ISO 7064 hybrid systems, here MOD 33,32: finds every single wrong character."""
    size = len(ALPHABET)
    product = size
    for letter in body:
        total = (product % (size + 1) + ALPHABET.index(letter)) % size or size
        product = total * 2 % (size + 1)
    return ALPHABET[(size + 1 - product) % size]


def secret_token() -> str:
    """A new 128-bit secret for a link, 22 URL-safe characters."""
    return secrets.token_urlsafe(16)


def token_digest(token: str) -> bytes:
    """What is kept of a secret link. The token is random, so a plain fast hash cannot be turned back."""
    return hashlib.sha256(token.encode()).digest()


def personal_token(uid: str, version: int) -> str:
    """The secret of a person's link, made again from the key ring whenever cards are printed; 128 bits.

    The database holds its digest only, so a stolen database opens no page.
    """
    digest = hmac.digest(key_ring().secret("personal link"), f"{uid}:{version}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def typed_code(uid: str, version: int) -> str:
    """The same person's secret for typing, made as the link is: 11 characters (55 bits) and a check character."""
    digest = hmac.digest(key_ring().secret("typed code"), f"{uid}:{version}".encode(), "sha256")
    bits = int.from_bytes(digest[:8], "big")
    body = "".join(ALPHABET[bits >> 5 * place & 31] for place in reversed(range(BADGE_LENGTH - 1)))
    return body + check_character(body)


def is_typed_code(code: str) -> bool:
    """Whether a normalised text can be a typed code; it is shaped like a badge code and opens something else."""
    return is_badge_code(code)


def typed_digest(code: str) -> bytes:
    """What is kept of a typed code. It is shorter than a link, so the digest is of no use without the key ring."""
    return hmac.digest(key_ring().secret("typed code digest"), code.encode(), "sha256")


def code_digest(code: str) -> str:
    """What is kept of a code nobody knows: enough to see that it came again."""
    return hmac.digest(key_ring().secret("unknown code"), code.encode(), "sha256")[:16].hex()
