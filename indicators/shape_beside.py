"""The public shape of what stands beside the logframe: quizzes, and recommendations with what became of them."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from monitoring.models import Implementation, ResponseKind, Voice

Words = dict[str, str]


class QuizAtEvent(msgspec.Struct):
    """A quiz at one event: people tested both times, and their means in points of 100."""

    event: Words
    on: date
    people: int
    state: Literal["number", "not_reported", "withheld"]
    before: float | None
    after: float | None


class Quiz(msgspec.Struct):
    """What people knew before and after a quiz, at all held events together and at each."""

    title: Words
    people: int
    state: Literal["number", "not_reported", "withheld"]
    before: float | None
    after: float | None
    gain: float | None
    low: float | None
    high: float | None
    events: list[QuizAtEvent]


class View(msgspec.Struct):
    """How far a recommendation is implemented, in the view of one voice, as judged last."""

    voice: Voice
    implementation: Implementation
    on: date


class Recommendation(msgspec.Struct):
    """What a published report asks of whom. No response and no assessment are null.

    implementation is the view that counts: civil society's, else a UN body's.
    """

    id: str
    report: Words
    issued_on: date
    number: int
    addressee: str
    text: str
    theme: str
    standard: str | None
    due_on: date | None
    response: ResponseKind | None
    responded_on: date | None
    implementation: Implementation | None
    views: list[View]


class OutsideRecommendation(msgspec.Struct):
    """What a body from outside recommended; reference is the number its source gave it."""

    id: str
    body: str
    cycle: str
    issued_on: date
    number: int
    reference: str | None
    recommended_by: str | None
    addressee: str
    text: str
    theme: str
    standard: str | None
    due_on: date | None
    response: ResponseKind | None
    responded_on: date | None
    implementation: Implementation | None
    views: list[View]
