"""Questions written into a workbook, and the empty one to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _

from core import workbooks
from core.i18n import LANGUAGES, Texts
from core.workbooks import Sheet
from quizzes.formats import examples
from quizzes.formats.columns import EXPLANATION, FORM, KIND, QUESTION, RIGHT, STANDARD, WRONG
from quizzes.models import WHOLE, QuestionKind
from quizzes.plans import OptionPlan, QuestionPlan

_SPOKEN = (QUESTION, RIGHT, WRONG, EXPLANATION, STANDARD)
_WIDTHS = {QUESTION: 45, RIGHT: 30, WRONG: 30, EXPLANATION: 35, STANDARD: 25}
_KINDS = [kind.value for kind in QuestionKind]


def workbook(plans: Iterable[QuestionPlan]) -> bytes:
    plans = list(plans)
    languages = [code for code in LANGUAGES if any(plan.text.get(code) for plan in plans)] or list(LANGUAGES)
    return workbooks.written([_sheet(_("Questions"), plans, languages)])


def template() -> bytes:
    languages = list(LANGUAGES)
    return workbooks.written(
        [
            _sheet(_("Questions"), [], languages),
            _sheet(_("Examples"), examples.PLANS, languages),
            Sheet(_("Columns"), [_("Column"), _("What it holds")], _meanings(), widths=[24, 100]),
        ]
    )


def _sheet(title: str, plans: Sequence[QuestionPlan], languages: Sequence[str]) -> Sheet:
    head = [KIND, *(f"{role}.{code}" for role in _SPOKEN for code in languages), FORM]
    widths = [12, *(_WIDTHS[role] for role in _SPOKEN for _code in languages), 7]
    return Sheet(title, head, [_row(plan, languages) for plan in plans], widths, {1: _KINDS, len(head): ["A", "B"]})


def _row(plan: QuestionPlan, languages: Sequence[str]) -> list[str]:
    cells = {
        QUESTION: lambda code: plan.text.get(code, ""),
        RIGHT: lambda code: _right(plan, code),
        WRONG: lambda code: _wrong(plan, code),
        EXPLANATION: lambda code: (plan.explanation or {}).get(code, ""),
        STANDARD: lambda code: (plan.standard or {}).get(code, ""),
    }
    return [plan.kind.value, *(cells[role](code) for role in _SPOKEN for code in languages), plan.form or ""]


def _right(plan: QuestionPlan, code: str) -> str:
    if plan.kind == QuestionKind.TRUE_FALSE:
        return _true_or_false(plan) if any(option.text.get(code) for option in plan.options) else ""
    if plan.kind == QuestionKind.NUMBER:
        numbers = [
            _share(o) + (f"{o.low}" if o.low == o.high else f"{o.low}..{o.high}")
            for o in plan.options
            if plan.text.get(code)
        ]
        return "\n".join(numbers)
    if plan.kind == QuestionKind.MATCHING:
        pairs = [
            (o.text.get(code, ""), (o.match or Texts()).get(code, "")) for o in plan.options if any(o.text.values())
        ]
        return "\n".join(f"{_line(left)} -> {_line(right)}" for left, right in pairs if left or right)
    if plan.kind in (QuestionKind.ORDERING, QuestionKind.SHORT):
        return _lines(plan.options, code)
    return _lines([option for option in plan.options if option.is_right], code)


def _wrong(plan: QuestionPlan, code: str) -> str:
    if plan.kind == QuestionKind.MATCHING:
        extra = [option.match for option in plan.options if option.match and not any(option.text.values())]
        return "\n".join(_line(match.get(code, "")) for match in extra)
    if plan.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE):
        return _lines([option for option in plan.options if not option.is_right], code)
    return ""


def _lines(options: Iterable[OptionPlan], code: str) -> str:
    texts = [(option, _line(option.text.get(code, ""))) for option in options]
    lines = [_share(option) + text for option, text in texts if text]
    # Alone on its line a “|” would divide the answer; a second line says that lines divide here.
    return "\n".join(lines if len(lines) != 1 or "|" not in lines[0] else [*lines, "|"])


def _line(text: str) -> str:
    return " ".join(text.split())


def _share(option: OptionPlan) -> str:
    return "" if option.points is None else f"%{option.points * 100 / WHOLE:.4f}".rstrip("0").rstrip(".") + "%"


def _true_or_false(plan: QuestionPlan) -> str:
    return "true" if plan.options[0].is_right else "false"


def _meanings() -> list[list[str]]:
    kinds = ", ".join(_KINDS)
    return [
        [KIND, _("One of: %(kinds)s.", kinds=kinds)],
        [f"{QUESTION}.en", _("The question in a language: en, ru or be. A language you do not need stays empty.")],
        [RIGHT, _("The right answers, one under the other (Alt+Enter begins a line in a cell), or divided by |.")],
        [
            "",
            _("true_false: true or false. number: 7, or from one to another 6.5..7.5, or give or take 7:0.5."),
        ],
        [
            "",
            _("matching: text -> its match. ordering: the parts in order. short: what is accepted; * is anything."),
        ],
        [WRONG, _("The wrong answers to choose from, one under the other. matching: matches that belong to no text.")],
        [EXPLANATION, _("What people read after the quiz is closed.")],
        [STANDARD, _("The standard or the law that the right answer rests on.")],
        [FORM, _("A or B, where the quiz has two forms; empty otherwise.")],
    ]
