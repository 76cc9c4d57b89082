"""What passes through a door: the reading of a code, who stands behind it, what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core.db import new_uid
from door.models import Outcome, Source
from participants.models import RegistrationStatus

PRESENT = (Outcome.IN, Outcome.LATE)


@dataclass(frozen=True)
class Reading:
    """A code as a phone read it. `scan_id` is a UUID made there; `happened_at` is that phone's clock, put right.

    `is_live` when whoever read it saw the answer and could act on it; a reading that waited in a queue was not.
    """

    scan_id: str
    code: str
    happened_at: datetime
    source: Source = Source.CAMERA
    skew_seconds: int | None = None
    is_live: bool = True


@dataclass(frozen=True)
class Person:
    """Who a badge belongs to, as far as the asking device may know."""

    code: str
    name: str | None
    organisation: str | None


@dataclass(frozen=True)
class Answer:
    """What came of one reading."""

    scan_id: str
    outcome: Outcome
    first_at: datetime | None = None
    person: Person | None = None


@dataclass(frozen=True)
class Holder:
    """Whose a code is, and how things stand between this person and this session. A blank badge is nobody's yet."""

    registration_id: int | None
    status: RegistrationStatus | None = None
    code: str = ""
    revoked_at: datetime | None = None
    present_since: datetime | None = None
    is_elsewhere: bool = False
    person: Person | None = None

    @property
    def is_somebody(self) -> bool:
        return self.person is not None or self.registration_id is not None


@dataclass(frozen=True)
class Before:
    """A scan that came before under the same id."""

    fingerprint: str
    outcome: Outcome


@dataclass
class Visit:
    """A reading on its way through the door, under the key its scan will have."""

    reading: Reading
    holder: Holder | None
    outcome: Outcome
    before: Before | None = None
    key: str = field(default_factory=new_uid)
