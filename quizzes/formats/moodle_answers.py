"""The parts of a question in Moodle's XML: its texts, its answers and what they are worth."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import LazyString
from lxml import etree

from core.i18n import Texts
from quizzes.formats import gift_answers, markup, numbers, remarks, weights
from quizzes.formats.blocks import LeftOut, spoken
from quizzes.formats.markup import Markup
from quizzes.formats.weights import Weighed
from quizzes.models import QuestionKind
from quizzes.plans import OptionPlan

Element = Any  # lxml has no types
_FORMATS = {
    "html": Markup.HTML,
    "moodle_auto_format": Markup.MOODLE,
    "plain_text": Markup.PLAIN,
    "markdown": Markup.MARKDOWN,
}


def plain(element: Element | None) -> str:
    """The text of an element that holds one, as it stands."""
    if element is None:
        return ""
    inner = element.find("text")
    return markup.clean("".join((element if inner is None else inner).itertext())).strip()


def _source(element: Element) -> str:
    """The text of an element with whatever tags somebody left in it unprotected."""
    inner = element.find("text")
    if inner is None or not len(inner):
        return plain(element)
    tags = "".join(etree.tostring(child, encoding="unicode") for child in inner)
    return markup.clean((inner.text or "") + tags).strip()


class Reader:
    """Reads one question in one language; what gets lost on the way is in `lost`."""

    def __init__(self, element: Element, language: str) -> None:
        self._element = element
        self._language = language
        self.lost: list[LazyString] = []

    def answers(self) -> tuple[QuestionKind, list[OptionPlan]]:
        """The kind and the options. Raises LeftOut for a kind that cannot be asked here."""
        kind = (self._element.get("type") or "").strip()
        if kind == "description":
            raise LeftOut(remarks.INSTRUCTION)
        if kind in ("cloze", "multianswer"):
            raise LeftOut(remarks.GAPS)
        if kind not in self._kinds():
            raise LeftOut(remarks.no_such_kind(kind))
        return self._kinds()[kind]()

    def texts(self, element: Element | None, usual: Markup = Markup.MOODLE) -> Texts:
        """The text of an element, made plain by the format that it says it has."""
        if element is None:
            return Texts()
        own = _FORMATS.get(element.get("format") or "", usual)
        text, lost = markup.told(_source(element), own)
        self.lost += lost
        if element.find("file") is not None:
            self.lost.append(remarks.PICTURE)
        return spoken(text, self._language)

    def flag(self, name: str, *, usual: bool) -> bool:
        word = plain(self._element.find(name)).lower()
        return word in ("1", "true", "yes") if word else usual

    def _kinds(self) -> dict[str, Callable[[], tuple[QuestionKind, list[OptionPlan]]]]:
        return {
            "multichoice": self._choice,
            "multichoiceset": self._all_or_nothing,
            "truefalse": self._true_false,
            "shortanswer": self._short,
            "numerical": self._numeric,
            "matching": self._pairs,
            "match": self._pairs,
            "ordering": self._in_order,
            "essay": lambda: (QuestionKind.FREE, []),
        }

    def _choice(self) -> tuple[QuestionKind, list[OptionPlan]]:
        answers = [self._weighed(answer) for answer in self._element.findall("answer")]
        if self.flag("single", usual=True):
            return weights.one_of(answers, remarks.SEVERAL_FULL, self.lost)
        return weights.several_of(answers, self.lost)

    def _all_or_nothing(self) -> tuple[QuestionKind, list[OptionPlan]]:
        answers = [self._weighed(answer) for answer in self._element.findall("answer")]
        return QuestionKind.MULTIPLE, [
            OptionPlan(answer.text, bool(answer.weight and answer.weight > 0), feedback=answer.feedback)
            for answer in answers
        ]

    def _true_false(self) -> tuple[QuestionKind, list[OptionPlan]]:
        found = {plain(answer).lower(): answer for answer in self._element.findall("answer")}
        if not {"true", "false"} <= set(found):
            raise LeftOut(remarks.NOT_TRUE_OR_FALSE)
        is_true = (self._fraction(found["true"]) or 0) > (self._fraction(found["false"]) or 0)
        options = gift_answers.true_false(is_true, self._language)
        for option, word in zip(options, ("true", "false"), strict=True):
            option.feedback = self.texts(found[word].find("feedback")) or None
        return QuestionKind.TRUE_FALSE, options

    def _short(self) -> tuple[QuestionKind, list[OptionPlan]]:
        if self.flag("usecase", usual=False):
            self.lost.append(remarks.CASE_COUNTED)
        answers = [self._weighed(answer, Markup.PLAIN, keeps_none=False) for answer in self._element.findall("answer")]
        return QuestionKind.SHORT, [weights.accepted(answer, self.lost) for answer in answers]

    def _numeric(self) -> tuple[QuestionKind, list[OptionPlan]]:
        options = []
        for element in self._element.findall("answer"):
            answer = self._weighed(element, Markup.PLAIN, keeps_none=False)
            option = weights.accepted(answer, self.lost)
            number = str(answer.text.get(self._language, ""))
            if number == "*":
                if option.is_right or option.points:
                    raise LeftOut(remarks.ANY_NUMBER)
                self.lost += [remarks.other_numbers(text) for text in (answer.feedback or {}).values()]
                continue
            option.low, option.high = numbers.around(number, plain(element.find("tolerance")) or "0")
            option.text = Texts()
            options.append(option)
        if not any(option.is_right for option in options):
            raise LeftOut(remarks.NO_FULL_MARK)
        if self._element.find("units/unit") is not None:
            self.lost.append(remarks.UNITS)
        return QuestionKind.NUMBER, options

    def _pairs(self) -> tuple[QuestionKind, list[OptionPlan]]:
        return QuestionKind.MATCHING, [
            OptionPlan(self.texts(pair), match=self.texts(pair.find("answer"), Markup.PLAIN) or None)
            for pair in self._element.findall("subquestion")
        ]

    def _in_order(self) -> tuple[QuestionKind, list[OptionPlan]]:
        answers = self._element.findall("answer")
        fractions = [self._fraction(answer) or Decimal(0) for answer in answers]
        if len(set(fractions)) == len(fractions):  # its place, or a share that grows with the place
            answers = [
                answer for _place, answer in sorted(zip(fractions, answers, strict=True), key=lambda one: one[0])
            ]
        count = plain(self._element.find("selectcount"))
        chosen = plain(self._element.find("selecttype")).upper()
        if chosen not in ("", "ALL", "0") and count.isdecimal() and 0 < int(count[:6]) < len(answers):
            self.lost.append(remarks.ONLY_SOME)
        return QuestionKind.ORDERING, [OptionPlan(self.texts(answer)) for answer in answers]

    def _weighed(self, answer: Element, usual: Markup = Markup.MOODLE, *, keeps_none: bool = True) -> Weighed:
        fraction = self._fraction(answer)
        weight = None if keeps_none and not fraction else fraction or Decimal(0)
        # An answer that is typed is text as it stands, whatever format the file says.
        text = spoken(plain(answer), self._language) if usual == Markup.PLAIN else self.texts(answer, usual)
        return Weighed(text, weight, self.texts(answer.find("feedback")) or None)

    def _fraction(self, answer: Element) -> Decimal | None:
        try:
            fraction = Decimal((answer.get("fraction") or "").strip().replace(",", "."))
        except InvalidOperation:
            return None
        return fraction if fraction.is_finite() and abs(fraction.adjusted()) < 20 else None
