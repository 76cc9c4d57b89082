"""Checking a certificate by its code: whether it is genuine, and no more than that needs.

The page names nobody, not even by initials. Whoever checks holds the paper and reads the name there; a page that
repeated it would turn every lost or photographed certificate into proof, from the installation itself, that this
person was at that event, and would keep saying so for ever. What is told (kind and dates of the event, programme, day
of issue) is what a forger would have to change on the paper; it is the same for an event with names and one without. A
code has 75 random bits, so nobody finds one by trying, and a mistyped one is answered like an unknown one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from certificates import issuing
from core.i18n import Texts
from privacy import codes
from trainings.models import EventKind


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


def verify(typed: str) -> Told:
    """What may be told of a code as it was typed."""
    certificate = issuing.find_by_code(typed)
    if certificate is None:
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
