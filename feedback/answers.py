"""Reading what somebody filled in: the first question's answer, those to the further ones, and what was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from feedback.models import FeedbackQuestion, QuestionKind, Questionnaire

LONGEST = 2000
Given = Mapping[str, Sequence[str]]


@dataclass
class Filled:
    """A filled questionnaire; `first` is None where the one question that must be answered was not."""

    first: int | None = None
    values: dict[FeedbackQuestion, list[int]] = field(default_factory=dict)
    texts: dict[FeedbackQuestion, str] = field(default_factory=dict)


def read(questionnaire: Questionnaire, given: Given) -> Filled:
    """What was given, by the keys of questions. What is no answer of the question is none: every other may be left."""
    filled = Filled()
    for question in questionnaire.questions:
        parts = given.get(question.key, ())
        if question.kind == QuestionKind.TEXT:
            text = "".join(parts[:1]).strip()[:LONGEST]
            if text:
                filled.texts[question] = text
            continue
        values = _values(question, parts)
        if question.is_first:
            filled.first = values[0] if values else None
        elif values:
            filled.values[question] = values
    return filled


def _values(question: FeedbackQuestion, parts: Sequence[str]) -> list[int]:
    chosen = {int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 3}
    values = sorted(value for value in chosen if value in question.values)
    return values if question.kind == QuestionKind.SEVERAL else values[:1]
