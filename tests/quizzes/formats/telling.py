"""A block of a file told in one line, so that what is expected of a file can be read at a glance."""

from __future__ import annotations

from quizzes import plans
from quizzes.formats import remarks
from quizzes.formats.blocks import Block
from quizzes.models import WHOLE, QuestionKind
from quizzes.plans import Fault, OptionPlan

_CODES = {str(fault.sentence): fault.code for fault in vars(plans).values() if isinstance(fault, Fault)}
_CODES |= {str(said): name.lower() for name, said in vars(remarks).items() if name.isupper()}


def told(block: Block, language: str = "en") -> str:
    """`line fate kind (category): text | answers #### explanation ! remarks`."""
    remarked = " ! ".join(["", *(_CODES.get(str(said), str(said)) for said in block.remarks)])
    where = f"{block.line} {block.fate}"
    if block.category:
        where += f" [{block.category}]"
    if block.plan is None:
        return f"{where}: {block.name}{remarked}"
    plan = block.plan
    text = plan.text.in_language(language).replace("\n", " / ")
    if not block.name.startswith(block.plan.text.in_language(language)[:5]):
        where += f" “{block.name}”"
    answers = "".join(f" | {_option(option, plan.kind, language)}" for option in plan.options)
    explanation = f" #### {plan.explanation.in_language(language)}" if plan.explanation else ""
    return f"{where} {plan.kind}: {text}{answers}{explanation}{remarked}"


def _option(option: OptionPlan, kind: QuestionKind, language: str) -> str:
    text = option.text.in_language(language).replace("\n", " / ")
    sign = "+" if option.is_right else "-"
    if kind == QuestionKind.NUMBER:
        text = f"{option.low}..{option.high}"
    elif kind == QuestionKind.MATCHING:
        sign, text = "", f"{text} -> {option.match.in_language(language) if option.match else ''}"
    elif kind == QuestionKind.ORDERING:
        sign = ""
    share = "" if option.points is None else f"({option.points * 100 / WHOLE:g}%)"
    feedback = f" # {option.feedback.in_language(language)}" if option.feedback else ""
    return f"{sign}{share}{text}{feedback}{' (last)' if option.is_last else ''}"
