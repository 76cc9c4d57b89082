"""Which questions a person gets and in which order: always the same for the same person, on whatever phone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

from quizzes import published
from quizzes.models import Form, Option, Phase, Question, QuestionKind, Quiz

Thing = TypeVar("Thing")


def form_for(quiz: Quiz, pseudonym: bytes, phase: Phase) -> Form | None:
    """Half the people begin with form A; after the event everybody gets the other one. None where there is one form."""
    if not any(question.form for question in published.questions_of(quiz)):
        return None
    begins_with_a = pseudonym[0] % 2 == 0
    return Form.A if begins_with_a == (phase == Phase.PRE) else Form.B


def seed_of(pseudonym: bytes) -> int:
    """The seed of a person's order; it tells nothing about the pseudonym that the pseudonym does not."""
    return int.from_bytes(pseudonym[-3:], "big")


def questions_of(quiz: Quiz, form: Form | None, seed: int) -> list[Question]:
    """The questions of a form, in the order of this seed."""
    asked = of_form(quiz, form)
    return _shuffled(asked, f"{seed}") if quiz.shuffles_questions else asked


def of_form(quiz: Quiz, form: Form | None) -> list[Question]:
    """The questions of a form, in the order in which they were written."""
    return [question for question in published.questions_of(quiz) if form is None or question.form in (None, form)]


def options_of(question: Question, seed: int) -> list[Option]:
    """The options of a question in the order of this seed; the last ones stay last."""
    if question.keeps_order or question.kind == QuestionKind.TRUE_FALSE:
        return list(question.options)
    options = question.options
    if question.kind == QuestionKind.MATCHING:
        options = [option for option in options if option.text]
    shuffled = _shuffled([option for option in options if not option.is_last], f"{seed}:{question.origin}")
    return shuffled + [option for option in options if option.is_last]


def matches_of(question: Question, seed: int) -> list[Option]:
    """The matches to choose from, shuffled on their own; equal ones once."""
    distinct = {str(sorted((option.match or {}).items())): option for option in reversed(question.options)}
    return _shuffled(sorted(distinct.values(), key=lambda option: option.position), f"{seed}:{question.origin}:matches")


def _shuffled(things: Sequence[Thing], seed: str) -> list[Thing]:
    # Not a secret: only the order in which things are shown.
    return random.Random(seed).sample(list(things), len(things))  # noqa: S311
