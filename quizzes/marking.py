"""Right or wrong: every question counts one; several right answers count only all together."""

from __future__ import annotations

from collections.abc import Sequence

from quizzes.models import Question


def is_right(question: Question, chosen: Sequence[int]) -> bool:
    """Whether exactly the right options were chosen."""
    return set(chosen) == question.right_options()
