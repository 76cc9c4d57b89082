"""A question as somebody wrote it, in whatever way: what a programme file, an editor and an import all come to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from core.i18n import LANGUAGES, Texts
from quizzes.models import WHOLE, Form, QuestionKind

CHOICES = (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE)
TYPED = (QuestionKind.SHORT, QuestionKind.NUMBER, QuestionKind.FREE)
# “All of these” in the languages of our quizzes: such an option says nothing anywhere but at the end.
_ABOUT_THE_OTHERS = re.compile(
    r"^(all|none|both|any) of (the )?(above|these|them)|^(все|всё|ничего из|ни одно|оба|любой из) "
    r"(перечисленн|вышеперечисленн|эт|назван|указан|вариант|ответ)|"
    r"^(усе|усё|нічога з|ніводн\w+ з|абодва) (пералічан|вышэйпералічан|гэт|назван|варыянт|адказ)",
    re.IGNORECASE,
)


@dataclass
class OptionPlan:
    """What quizzes.models.Option holds, by the same names."""

    text: Texts
    is_right: bool = False
    is_last: bool = False
    points: int | None = None
    match: Texts | None = None
    low: str | None = None
    high: str | None = None
    feedback: Texts | None = None


@dataclass
class QuestionPlan:
    """What quizzes.models.Question holds, by the same names; `origin` where it is a later form of another question."""

    kind: QuestionKind
    text: Texts
    options: list[OptionPlan] = field(default_factory=list)
    explanation: Texts | None = None
    standard: Texts | None = None
    form: Form | None = None
    keeps_order: bool = False
    origin: str | None = None


@dataclass(frozen=True)
class Fault:
    """Something wrong with a question: a stable code and a sentence. One that is no error is only worth a look."""

    code: str
    sentence: LazyString
    is_error: bool = True


NO_TEXT = Fault("no_text", _l("The question has no text."))
NO_RIGHT = Fault("no_right", _l("No answer is right."))
TOO_MANY_RIGHT = Fault("too_many_right", _l("More than one answer is right, but only one can be chosen."))
TOO_FEW = Fault("too_few", _l("A question to choose from has two answers at least."))
EMPTY_OPTION = Fault("empty_option", _l("One of the answers is empty."))
EQUAL_OPTIONS = Fault("equal_options", _l("Two answers are equal."))
NO_NUMBER = Fault("no_number", _l("A right answer must be a number, or from one number to another."))
NO_MATCH = Fault("no_match", _l("Every text to match needs its match."))
SHUFFLED_ALL = Fault(
    "shuffled_all",
    _l("An answer like “all of these” is shuffled among the others. Keep it last, or keep the order."),
    is_error=False,
)
MISSING_LANGUAGE = Fault("missing_language", _l("Some texts are not written in every language."), is_error=False)
ODD_POINTS = Fault("odd_points", _l("The parts do not add up to the whole."), is_error=False)


def faults_of(plan: QuestionPlan, languages: Sequence[str] = tuple(LANGUAGES)) -> list[Fault]:
    """What is wrong with a question, errors first. One without errors can be published."""
    found = [] if any(plan.text.values()) else [NO_TEXT]
    if plan.kind in CHOICES:
        found += _choice_faults(plan)
    elif plan.kind == QuestionKind.MATCHING:
        found += _matching_faults(plan)
    elif plan.kind == QuestionKind.NUMBER:
        ranges = [(number_of(option.low), number_of(option.high)) for option in plan.options]
        if not plan.options or any(low is None or high is None or low > high for low, high in ranges):
            found.append(NO_NUMBER)
    elif plan.kind == QuestionKind.ORDERING:
        found += _option_faults(plan, least=2)
    elif plan.kind == QuestionKind.SHORT:
        found += _option_faults(plan, least=1)
        found += [] if any(option.is_right for option in plan.options) else [NO_RIGHT]
    if not _is_written_everywhere(plan, languages):
        found.append(MISSING_LANGUAGE)
    return sorted(dict.fromkeys(found), key=lambda fault: not fault.is_error)


def number_of(text: str | None) -> Decimal | None:
    """A finite number as people write it, with a comma or a point; None for anything else."""
    try:
        number = Decimal(
            (text or "").strip().replace(" ", "").replace("\u00a0", "").replace(",", ".").replace("−", "-")
        )
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 30 else None


def is_about_the_others(text: str) -> bool:
    """Whether an answer speaks of the other answers, like “all of these”."""
    return bool(_ABOUT_THE_OTHERS.match(text.strip()))


def _choice_faults(plan: QuestionPlan) -> list[Fault]:
    found = _option_faults(plan, least=2)
    right = sum(option.is_right for option in plan.options)
    if right == 0:
        found.append(NO_RIGHT)
    elif right > 1 and plan.kind != QuestionKind.MULTIPLE:
        found.append(TOO_MANY_RIGHT)
    floating = [option for option in plan.options if not option.is_last]
    if not plan.keeps_order and any(is_about_the_others(text) for o in floating for text in o.text.values()):
        found.append(SHUFFLED_ALL)
    worth = [option.points for option in plan.options if option.points is not None and option.points > 0]
    # Where one is chosen the parts are what a nearly right one is worth; only parts chosen together make a whole.
    if plan.kind == QuestionKind.MULTIPLE and worth and abs(sum(worth) - WHOLE) > len(worth):
        found.append(ODD_POINTS)
    return found


def _option_faults(plan: QuestionPlan, least: int) -> list[Fault]:
    found = []
    if len(plan.options) < least:
        found.append(TOO_FEW if least > 1 else NO_RIGHT)
    if any(not any(text.strip() for text in option.text.values()) for option in plan.options):
        found.append(EMPTY_OPTION)
    for language in LANGUAGES:
        texts = [
            " ".join(option.text[language].split()).casefold() for option in plan.options if option.text.get(language)
        ]
        if len(set(texts)) < len(texts):
            found.append(EQUAL_OPTIONS)
    return found


def _matching_faults(plan: QuestionPlan) -> list[Fault]:
    asked = [option for option in plan.options if any(option.text.values())]
    found = [TOO_FEW] if len(asked) < 2 else []
    if any(not option.match or not any(option.match.values()) for option in plan.options):
        found.append(NO_MATCH)
    return found


def _is_written_everywhere(plan: QuestionPlan, languages: Sequence[str]) -> bool:
    texts = [plan.text, *(option.text for option in plan.options if plan.kind != QuestionKind.NUMBER)]
    texts += [option.match for option in plan.options if option.match]
    return all(text.get(language) for text in texts if any(text.values()) for language in languages)
