"""What marks and shares are called on pages and in files."""

from __future__ import annotations

from flask_babel import gettext as _

from feedback.models import QuestionKind
from feedback.tallies import Asked


def value_in_words(asked: Asked, value: int) -> str:
    """What an answer is called: 1 and 5 say what they mean."""
    if asked.kind == QuestionKind.SCALE:
        ends = {1: _("1, not at all"), 5: _("5, very")}
        return ends.get(value, str(value))
    if asked.kind == QuestionKind.YES_NO:
        return _("Yes") if value else _("No")
    return str(asked.choices[value - 1])


def values_in_order(asked: Asked) -> list[int]:
    """Answers as a reader wants them: the best first, choices as they stand."""
    is_rated = asked.kind in (QuestionKind.SCALE, QuestionKind.YES_NO)
    return list(reversed(asked.values)) if is_rated else list(asked.values)
