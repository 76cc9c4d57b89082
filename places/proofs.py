"""Proof of work in the place of a captcha: a browser reckons for a second or two before a form of strangers is taken.

A challenge says how hard it is, until when it may be solved and for which page, signed by the key ring, so nothing is
kept until it is spent. It is solved by a number that makes the SHA-256 of “challenge.number” begin with so many zero
bits. It shows nothing to anybody and asks no other host; it makes a thousand forms cost a thousand times as much.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import clock
from core.db import db, insert_of
from core.errors import Refused
from places.models import SpentProof
from privacy.crypto import key_ring

EASIEST, HARDEST = 14, 20  # zero bits: 16 thousand to a million hashes on average
VALID_FOR = timedelta(minutes=40)
LONGEST_ANSWER = 20


class ProofMissing(Refused):
    code = "proof_missing"
    sentence = _l(
        "Your browser has not done the small sum that keeps robots out. Wait a little and send again. "
        "If that does not help, ask whoever told you about this page to write you down."
    )


class ProofStale(Refused):
    code = "proof_stale"
    sentence = _l("This page was open for too long or was sent already. What you wrote is still here: send it again.")


def challenge(page: str, bits: int = EASIEST) -> str:
    """A new challenge for a form of one page; it carries its own end."""
    until = int((clock.now() + VALID_FOR).timestamp())
    body = f"{min(max(bits, EASIEST), HARDEST)}.{until}.{secrets.token_urlsafe(12)}"
    return f"{body}.{_signature(body, page)}"


def spend(page: str, challenge: str, answer: str) -> None:
    """Take a solved challenge, once.

    Refuses ProofMissing for one that is not solved or not ours, ProofStale for one that is too old or spent.
    """
    body, _dot, signature = challenge.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(body, page).encode()):
        raise ProofMissing
    bits, until = (int(part) for part in body.split(".")[:2])
    if not answer.isascii() or not answer.isdigit() or len(answer) > LONGEST_ANSWER:
        raise ProofMissing
    if not is_solved(challenge, answer, bits):
        raise ProofMissing
    expires_at = datetime.fromtimestamp(until, UTC)
    if expires_at < clock.now():
        raise ProofStale
    # The primary key decides, whichever worker is asked: of two that bring the same proof one is taken.
    values = {"digest": hashlib.sha256(challenge.encode()).digest(), "expires_at": expires_at}
    insert = insert_of(db.engine.dialect.name)(SpentProof).values(**values).on_conflict_do_nothing()
    if db.session.scalar(insert.returning(SpentProof.digest)) is None:
        raise ProofStale


def is_solved(challenge: str, answer: str, bits: int) -> bool:
    digest = hashlib.sha256(f"{challenge}.{answer}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0


def forget_expired() -> None:
    """Delete what could not be spent again anyway."""
    db.session.execute(sa.delete(SpentProof).where(SpentProof.expires_at < clock.now()))


def _signature(body: str, page: str) -> str:
    digest = hmac.digest(key_ring().secret("proof of work"), f"{page}:{body}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
