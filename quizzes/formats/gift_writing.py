"""A question written as a block of GIFT."""

from __future__ import annotations

import re
from typing import Any

from core.i18n import Texts
from quizzes.formats import gift_also
from quizzes.formats.gift_answers import true_false
from quizzes.formats.gift_blocks import escaped
from quizzes.models import WHOLE, QuestionKind
from quizzes.plans import OptionPlan, QuestionPlan

# What a reader could take for something else than text.
_LIKE_MARKUP = re.compile(r"[<&]")
_LIKE_A_TAG = re.compile(r"\[(html|markdown|plain|moodle)\]|%|//|\$CATEGORY", re.IGNORECASE)


class Writer:
    """The texts of one question as GIFT, in one language."""

    def __init__(self, plan: QuestionPlan, language: str) -> None:
        self._language = language
        texts = [plan.text, plan.explanation, *(t for o in plan.options for t in (o.text, o.match, o.feedback))]
        self.is_plain = any(_LIKE_MARKUP.search(self._in_language(text)) for text in texts)

    def question(self, text: Texts) -> str:
        plain = self._in_language(text)
        return ("[plain]" if self.is_plain or _LIKE_A_TAG.match(plain) else "") + escaped(plain)

    def text(self, text: Texts | None) -> str:
        plain = self._in_language(text)
        return ("[plain]" if _LIKE_A_TAG.match(plain) else "") + escaped(plain)

    def before_an_arrow(self, text: Texts | None) -> str:
        """A text in which “->” would be taken for the sign between two that match."""
        plain = self._in_language(text)
        if "->" not in plain:
            return self.text(text)
        safe = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
        return "[html]" + escaped(safe)

    def feedback(self, text: Texts | None, *, keeps_arrow: bool = True) -> str:
        written = self.text(text) if keeps_arrow else self.before_an_arrow(text)
        return f"#{written}" if written else ""

    def _in_language(self, text: Texts | None) -> str:
        return text.in_language(self._language) if text else ""


def block(plan: QuestionPlan, language: str) -> str:
    """A question as its block, with the comment line of what GIFT has no place for."""
    writer = Writer(plan, language)
    also: dict[str, Any] = {}
    if plan.kind == QuestionKind.TRUE_FALSE and not _has_usual_words(plan, language):
        also["kind"] = plan.kind.value
    right = [place for place, option in enumerate(plan.options, 1) if option.is_right]
    if plan.kind == QuestionKind.MULTIPLE and _has_points(plan):
        worth = [place for place, option in enumerate(plan.options, 1) if (option.points or 0) > 0]
        also |= {"right": right} if worth != right else {}
    lines = _lines(plan, writer, language)
    general = writer.text(plan.explanation)
    inside = [*lines, *([f"####{general}"] if general else [])]
    head = gift_also.line_of(plan, language, **also) + writer.question(plan.text)
    if plan.kind == QuestionKind.TRUE_FALSE and len(lines) == 1:
        return f"{head} {{{''.join(inside)}}}\n"
    opening = {QuestionKind.NUMBER: "#", QuestionKind.ORDERING: f">{len(plan.options)} ALL VERTICAL"}.get(plan.kind, "")
    return head + f" {{{opening}" + "".join(f"\n{line}" for line in inside) + ("\n}\n" if inside else "}\n")


def _lines(plan: QuestionPlan, writer: Writer, language: str) -> list[str]:
    if plan.kind == QuestionKind.TRUE_FALSE and _has_usual_words(plan, language):
        return [_true_false(plan, writer)]
    if plan.kind in (QuestionKind.SINGLE, QuestionKind.TRUE_FALSE):
        return [_chosen(option, writer) for option in plan.options]
    if plan.kind == QuestionKind.MULTIPLE:
        return _weighed(plan, writer)
    if plan.kind == QuestionKind.SHORT:
        return [_accepted(option, writer) for option in plan.options]
    if plan.kind == QuestionKind.NUMBER:
        return [f"={_percent(o)}{_range(o)}{writer.feedback(o.feedback)}" for o in plan.options]
    if plan.kind == QuestionKind.MATCHING:
        return [f"={writer.before_an_arrow(o.text)} -> {writer.text(o.match)}" for o in plan.options]
    return [writer.text(option.text) for option in plan.options]


def _true_false(plan: QuestionPlan, writer: Writer) -> str:
    right, wrong = sorted(plan.options, key=lambda option: not option.is_right)
    feedback = writer.feedback(wrong.feedback), writer.feedback(right.feedback)
    return ("TRUE" if plan.options[0].is_right else "FALSE") + (feedback[0] or "#" * bool(feedback[1])) + feedback[1]


def _chosen(option: OptionPlan, writer: Writer) -> str:
    sign = "=" if option.is_right else "~" if option.points is None else f"~%{_decimal(option.points)}%"
    return f"{sign}{writer.text(option.text)}{writer.feedback(option.feedback)}"


def _accepted(option: OptionPlan, writer: Writer) -> str:
    feedback = writer.feedback(option.feedback, keeps_arrow=False)
    return f"={_percent(option)}{writer.before_an_arrow(option.text)}{feedback}"


def _weighed(plan: QuestionPlan, writer: Writer) -> list[str]:
    """Answers of which several are right: an even share where nothing else is said, taken away for a wrong one."""
    right = sum(option.is_right for option in plan.options)
    share = WHOLE // max(right, 1)
    lines = []
    for option in plan.options:
        points = option.points if _has_points(plan) else share if option.is_right else -share
        sign = "~" if points is None else f"~%{_decimal(points)}%"
        lines.append(f"{sign}{writer.text(option.text)}{writer.feedback(option.feedback)}")
    return lines


def _has_points(plan: QuestionPlan) -> bool:
    return any(option.points is not None for option in plan.options)


def _has_usual_words(plan: QuestionPlan, language: str) -> bool:
    usual = [option.text.in_language(language) for option in true_false(True, language)]
    return [option.text.in_language(language) for option in plan.options] == usual


def _percent(option: OptionPlan) -> str:
    points = option.points if option.points is not None else WHOLE if option.is_right else 0
    return "" if points == WHOLE else f"%{_decimal(points)}%"


def _decimal(points: int) -> str:
    """Points of a whole in percent, exactly."""
    return f"{'-' if points < 0 else ''}{abs(points) * 100 / WHOLE:.4f}".rstrip("0").rstrip(".")


def _range(option: OptionPlan) -> str:
    return f"{option.low}" if option.low == option.high else f"{option.low}..{option.high}"
