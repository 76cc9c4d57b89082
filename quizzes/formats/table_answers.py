"""The answers of a row of a table: one under the other in a cell, the same number in every language."""

from __future__ import annotations

import re
from decimal import Decimal

from flask_babel import LazyString

from core.i18n import Texts
from quizzes.formats import numbers, remarks, weights
from quizzes.formats.blocks import LeftOut
from quizzes.formats.gift_answers import true_false
from quizzes.formats.weights import Weighed
from quizzes.models import WHOLE, QuestionKind
from quizzes.plans import OptionPlan, number_of

TRUE_FALSE = QuestionKind.TRUE_FALSE
TRUE_WORDS = {"true", "t", "yes", "right", "верно", "да", "правда", "истина", "дакладна", "так", "праўда"}
FALSE_WORDS = {"false", "f", "no", "wrong", "неверно", "нет", "ложь", "неправда", "недакладна", "не", "няпраўда"}
_KINDS = {
    QuestionKind.SINGLE: ("single", "single choice", "choice", "один", "один ответ", "выбор", "адзін", "адзін адказ"),
    QuestionKind.MULTIPLE: ("multiple", "multiple choice", "several", "несколько", "несколько ответов", "некалькі"),
    QuestionKind.TRUE_FALSE: (
        "true_false",
        "true/false",
        "true false",
        "верно/неверно",
        "да/нет",
        "дакладна/недакладна",
    ),
    QuestionKind.SHORT: ("short", "short answer", "слово", "короткий ответ", "слова", "кароткі адказ"),
    QuestionKind.NUMBER: ("number", "numeric", "numerical", "число", "лік"),
    QuestionKind.MATCHING: ("matching", "match", "соответствие", "пары", "адпаведнасць"),
    QuestionKind.ORDERING: ("ordering", "order", "порядок", "последовательность", "парадак"),
    QuestionKind.FREE: ("free", "essay", "свободный ответ", "эссе", "свабодны адказ"),
}
_KIND = {word: kind for kind, words in _KINDS.items() for word in words}
_ARROW = re.compile(r"\s*(?:->|→)\s*")

Lists = list[Texts]


def lists(parts: dict[str, list[str]]) -> Lists:
    """The answers of all languages put together. Raises LeftOut where they are not the same number."""
    answers = {code: [answer for cell in cells for answer in _divided(cell)] for code, cells in parts.items()}
    if len({len(found) for found in answers.values()}) > 1:
        raise LeftOut(remarks.UNEVEN_LANGUAGES)
    count = max((len(found) for found in answers.values()), default=0)
    return [Texts({code: found[place] for code, found in answers.items()}) for place in range(count)]


def answers(word: str, right: Lists, wrong: Lists, lost: list[LazyString]) -> tuple[QuestionKind, list[OptionPlan]]:
    """The kind and the options of a row. Raises LeftOut with the reason."""
    kind = _KIND.get(" ".join(word.split()).casefold()) if word else _guessed(right, wrong)
    if kind is None:
        raise LeftOut(remarks.no_such_kind(word) if word else remarks.NO_RIGHT_CELL)
    if not word:
        lost.append(remarks.KIND_GUESSED)
    if kind == QuestionKind.FREE:
        return kind, []
    if not right:
        raise LeftOut(remarks.NO_RIGHT_CELL)
    if kind == QuestionKind.TRUE_FALSE:
        return kind, _true_false(right)
    if kind == QuestionKind.NUMBER:
        return kind, [_number(answer, lost) for answer in right]
    if kind == QuestionKind.MATCHING:
        return kind, [_pair(answer) for answer in right] + [OptionPlan(Texts(), match=answer) for answer in wrong]
    if kind == QuestionKind.ORDERING:
        return kind, [OptionPlan(answer) for answer in right]
    if kind == QuestionKind.SHORT:
        found = [weights.accepted(_weighed(answer), lost) for answer in right]
        return kind, found
    options = [_option(answer, lost, is_right=True) for answer in right]
    return kind, options + [_option(answer, lost, is_right=False) for answer in wrong]


def _guessed(right: Lists, wrong: Lists) -> QuestionKind | None:
    texts = [text for answer in right for text in answer.values()]
    if not texts:
        return None
    if all(_ARROW.search(text) for text in texts):
        return QuestionKind.MATCHING
    if wrong:
        return QuestionKind.SINGLE if len(right) == 1 else QuestionKind.MULTIPLE
    if len(right) == 1 and all(text.casefold() in TRUE_WORDS | FALSE_WORDS for text in texts):
        return QuestionKind.TRUE_FALSE
    return QuestionKind.NUMBER if all(number_of(text) is not None for text in texts) else QuestionKind.SHORT


def _true_false(right: Lists) -> list[OptionPlan]:
    said = {text.casefold() in TRUE_WORDS for text in right[0].values()}
    if len(right) > 1 or len(said) > 1 or any(t.casefold() not in TRUE_WORDS | FALSE_WORDS for t in right[0].values()):
        raise LeftOut(remarks.NOT_TRUE_OR_FALSE)
    each = [true_false(said == {True}, code) for code in right[0]]
    both = [OptionPlan(Texts(), is_right=option.is_right) for option in each[0]]
    for options in each:
        for option, other in zip(both, options, strict=True):
            option.text = option.text | other.text
    return both


def _number(answer: Texts, lost: list[LazyString]) -> OptionPlan:
    weighed = _weighed(answer)
    option = weights.accepted(weighed, lost)
    limits = {numbers.limits_of(text) for text in weighed.text.values()}
    if len(limits) > 1:
        raise LeftOut(remarks.UNEVEN_LANGUAGES)
    option.text, (option.low, option.high) = Texts(), limits.pop()
    return option


def _pair(answer: Texts) -> OptionPlan:
    left, right = Texts(), Texts()
    for code, text in answer.items():
        parts = _ARROW.split(text, maxsplit=1)
        if len(parts) < 2:
            raise LeftOut(remarks.NO_PAIR)
        left[code], right[code] = parts
    return OptionPlan(left if any(left.values()) else Texts(), match=right)


def _option(answer: Texts, lost: list[LazyString], *, is_right: bool) -> OptionPlan:
    weighed = _weighed(answer)
    points = weights.points_of(weighed.weight, lost)
    return OptionPlan(weighed.text, is_right, points=None if is_right and points == WHOLE else points)


def _weighed(answer: Texts) -> Weighed:
    """An answer and the share in percent that may stand before it, in any of its languages."""
    split = {code: weights.split_weight(text) for code, text in answer.items()}
    weight: Decimal | None = next((weight for weight, _text in split.values() if weight is not None), None)
    return Weighed(Texts({code: text.strip() for code, (_weight, text) in split.items()}), weight)


def _divided(cell: str) -> list[str]:
    """The answers in a cell: one a line, or divided by | where all stand on one line."""
    return [answer.strip() for answer in cell.split("\n" if "\n" in cell else "|") if answer.strip(" |")]
