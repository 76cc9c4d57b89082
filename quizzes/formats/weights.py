"""What answers to choose from are worth: shares in percent made into right answers and points."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import LazyString

from core.i18n import Texts
from quizzes.formats import remarks
from quizzes.models import WHOLE, QuestionKind
from quizzes.plans import OptionPlan

_WEIGHT = re.compile(r"%\s*-*\s*\d{1,3}(?:[.,]\d{0,20})?\s*%")


@dataclass
class Weighed:
    """An answer with what it is worth, in percent; None where nothing is said."""

    text: Texts
    weight: Decimal | None = None
    feedback: Texts | None = None


def split_weight(answer: str) -> tuple[Decimal | None, str]:
    """The `%n%` before an answer, and the answer."""
    found = _WEIGHT.match(answer)
    if not found:
        return None, answer
    digits = found[0].strip("% ").replace(",", ".")
    weight = Decimal(digits.strip("- "))
    return -weight if digits.startswith("-") else weight, answer[found.end() :]


def points_of(weight: Decimal | None, said: list[LazyString]) -> int | None:
    """Percent as points, of WHOLE at most; says so if it was more."""
    if weight is None:
        return None
    if abs(weight) > 100:
        said.append(remarks.WEIGHT_TOO_BIG)
    return int(max(min(weight, Decimal(100)), Decimal(-100)) * WHOLE / 100)


def accepted(answer: Weighed, said: list[LazyString]) -> OptionPlan:
    """An answer that is typed: right if it is worth everything, which it is where nothing is said."""
    points = points_of(answer.weight, said)
    is_right = points is None or points == WHOLE
    return OptionPlan(
        answer.text, is_right=is_right, points=None if is_right else max(points or 0, 0), feedback=answer.feedback
    )


def one_of(
    answers: list[Weighed], several: LazyString, said: list[LazyString]
) -> tuple[QuestionKind, list[OptionPlan]]:
    """A question where one answer is chosen. If several are worth everything, all of them are to be chosen."""
    points = [points_of(answer.weight, said) for answer in answers]
    if sum(point == WHOLE for point in points) > 1:
        said.append(several)
        return QuestionKind.MULTIPLE, [
            OptionPlan(answer.text, is_right=point == WHOLE, feedback=answer.feedback)
            for answer, point in zip(answers, points, strict=True)
        ]
    return QuestionKind.SINGLE, [
        OptionPlan(answer.text, point == WHOLE, points=None if point == WHOLE else point, feedback=answer.feedback)
        for answer, point in zip(answers, points, strict=True)
    ]


def several_of(answers: list[Weighed], said: list[LazyString]) -> tuple[QuestionKind, list[OptionPlan]]:
    """A question where several answers are chosen: right is what is worth something."""
    points = [points_of(answer.weight, said) for answer in answers]
    is_even = _is_even([point or 0 for point in points])
    return QuestionKind.MULTIPLE, [
        OptionPlan(answer.text, (point or 0) > 0, points=None if is_even else point, feedback=answer.feedback)
        for answer, point in zip(answers, points, strict=True)
    ]


def _is_even(points: list[int]) -> bool:
    """Whether every right answer is worth the same share and a wrong one takes it away: what no points mean here."""
    right = [point for point in points if point > 0]
    return bool(right) and all(abs(abs(point) * len(right) - WHOLE) <= 10 * len(right) for point in points)
