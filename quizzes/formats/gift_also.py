"""What a question of ours has and GIFT has no place for: one comment line before it, which other programs pass over.

Moodle keeps the tags of a question the same way. The line reads `// [also {"standard": "…"}]`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from core.i18n import Texts
from quizzes.formats import markup
from quizzes.formats.blocks import spoken
from quizzes.models import Form, QuestionKind
from quizzes.plans import QuestionPlan

_START, _END = "// [also ", "]"
_LONGEST = 20_000
_WITHOUT_FEEDBACK = (QuestionKind.MATCHING, QuestionKind.ORDERING)


def line_of(plan: QuestionPlan, language: str, **more: Any) -> str:
    """The comment line of a question; nothing where GIFT says everything."""
    also: dict[str, Any] = dict(more)
    if plan.standard and plan.standard.in_language(language):
        also["standard"] = plan.standard.in_language(language)
    if plan.form:
        also["form"] = plan.form.value
    if plan.keeps_order != (plan.kind == QuestionKind.TRUE_FALSE):
        also["keeps_order"] = plan.keeps_order
    if any(option.is_last for option in plan.options):
        also["last"] = [place for place, option in enumerate(plan.options, 1) if option.is_last]
    if plan.kind in _WITHOUT_FEEDBACK and any(option.feedback for option in plan.options):
        also["feedback"] = [str((o.feedback or Texts()).in_language(language)) for o in plan.options]
    return f"{_START}{json.dumps(also, ensure_ascii=False)}{_END}\n" if also else ""


def apply(plan: QuestionPlan, comments: Iterable[str], language: str) -> None:
    """Give a question what its comment line says; a line that makes no sense says nothing."""
    also = next((_read(comment) for comment in comments if comment.startswith(_START)), {})
    standard, feedback, last = also.get("standard"), also.get("feedback"), also.get("last")
    if also.get("kind") == QuestionKind.TRUE_FALSE and plan.kind == QuestionKind.SINGLE and len(plan.options) == 2:
        plan.kind, plan.keeps_order = QuestionKind.TRUE_FALSE, True
    if isinstance(standard, str):
        plan.standard = spoken(_text(standard), language) or None
    if also.get("form") in list(Form):
        plan.form = Form(also["form"])
    if isinstance(also.get("keeps_order"), bool):
        plan.keeps_order = also["keeps_order"]
    if isinstance(last, list):
        for place, option in enumerate(plan.options, 1):
            option.is_last = place in last
    if isinstance(feedback, list) and plan.kind in _WITHOUT_FEEDBACK:
        for option, text in zip(plan.options, feedback, strict=False):
            option.feedback = spoken(_text(str(text)), language) or None
    if isinstance(also.get("right"), list) and plan.kind == QuestionKind.MULTIPLE:
        for place, option in enumerate(plan.options, 1):
            option.is_right = place in also["right"]


def _read(comment: str) -> dict[str, Any]:
    try:
        also = json.loads(comment[len(_START) : -len(_END)]) if len(comment) < _LONGEST else {}
    except (ValueError, RecursionError):
        return {}
    return also if isinstance(also, dict) else {}


def _text(text: str) -> str:
    return markup.clean(text).strip()
