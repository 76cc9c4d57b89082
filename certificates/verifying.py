"""Checking a certificate by its code: whether it is genuine, and no more than that needs.

The page names nobody, not even by initials. Whoever checks holds the paper and reads the name there; a page that
repeated it would turn every lost or photographed certificate into proof, from the installation itself, that this
person was at that event, and would keep saying so for ever. What is told (kind and dates of the event, programme, day
of issue) is what a forger would have to change on the paper; it is the same for an event with names and one without. A
code has 75 random bits, so nobody finds one by trying, and a mistyped one is answered like an unknown one. Who tries
all the same waits, by network: a hall is one address, so not for long.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from accounts import failures
from certificates import issuing
from core.db import release
from core.errors import Refused
from core.i18n import Texts
from participants.links import network_of
from privacy import codes
from privacy.crypto import key_ring
from trainings.models import EventKind

LONGEST_WAIT = timedelta(seconds=30)


class TooManyCertificates(Refused):
    code = "too_many_certificates"
    sentence = _l("Too many codes that no certificate has. Wait %(seconds)s s, then try again.")


class Verdict(StrEnum):
    VALID = "valid"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Told:
    """All that a page open to anyone learns of a certificate; of a revoked one only that it is."""

    verdict: Verdict
    code: str = ""
    kind: EventKind | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    programme: Texts | None = None
    contact: str = ""
    issued_on: date | None = None


def verify(typed: str, asked_from: str) -> Told:
    """What may be told of a code as it was typed; `asked_from` is the network address of who asks.

    An invented code is counted as a guess, at once; a mistyped one is none, its check character gives it away. Refuses
    TooManyCertificates after several.
    """
    asker = key_ring().index(network_of(asked_from), "certificate code")
    seconds = failures.seconds_to_wait(asker, LONGEST_WAIT)
    if seconds:
        raise TooManyCertificates(seconds=seconds)
    certificate = issuing.find_by_code(typed)
    if certificate is None:
        if codes.is_certificate_code(codes.normalised(typed)):
            release()
            failures.count_at_once(asker)
        return Told(Verdict.UNKNOWN)
    if not certificate.is_valid:
        return Told(Verdict.REVOKED, codes.grouped(certificate.code))
    event = certificate.event
    return Told(
        Verdict.VALID,
        codes.grouped(certificate.code),
        event.kind,
        event.starts_on,
        event.ends_on,
        event.programme.title,
        event.programme.contact,
        certificate.issued_on,
    )
