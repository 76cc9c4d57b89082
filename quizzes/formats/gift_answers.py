"""The answer part of a GIFT question, by Moodle's rules: which kind it makes, and its answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from flask_babel import LazyString

from core.i18n import Texts
from quizzes.formats import markup, numbers, remarks, weights
from quizzes.formats.blocks import MOST_ANSWERS, LeftOut, spoken
from quizzes.formats.gift_blocks import hidden, shown
from quizzes.formats.markup import Markup
from quizzes.formats.weights import Weighed
from quizzes.models import QuestionKind
from quizzes.plans import OptionPlan

TRUE_FALSE = {"en": ("True", "False"), "ru": ("Верно", "Неверно"), "be": ("Дакладна", "Недакладна")}
_CLOZE = re.compile(r"\s*\d*:(MULTI|MC|MR|MW|SHORT|SA|SAC|NUM|NM)[A-Z_]*:", re.IGNORECASE)
# A tag of HTML with attributes, whose “=” nobody escaped.
_TAG = re.compile(r"<[a-zA-Z][^<>{}~]*>")
_ORDER_WORDS = (
    r"(\d+|ALL|EXACT|REL|RELATED|RANDOM|CONTIGUOUS|CONTIG|HORIZONTAL|HORI|VERTICAL|VERT|[HV]|SHOW|HIDE|TRUE|FALSE|YES|NO|"
    r"ALL_OR_NOTHING|ABSOLUTE|ABSOLUTE_POSITION|RELATIVE\w*|LONGEST\w*)"
)
_ORDER_HEAD = re.compile(rf"{_ORDER_WORDS}([ ]+{_ORDER_WORDS})*", re.IGNORECASE)


@dataclass
class Speech:
    """How the texts of one question are read: their language, their usual markup, and what was lost with it."""

    language: str
    usual: Markup
    lost: list[LazyString] = field(default_factory=list)

    def plain(self, raw: str) -> str:
        raw, own = markup.tagged(raw.strip(), self.usual)
        text, lost = markup.told(shown(raw).strip(), own)
        self.lost += lost
        return text

    def texts(self, raw: str) -> Texts:
        return spoken(self.plain(raw), self.language)

    def maybe(self, raw: str) -> Texts | None:
        return self.texts(raw) or None


def is_cloze(part: str) -> bool:
    return bool(_CLOZE.match(part))


def answers(part: str, speech: Speech) -> tuple[QuestionKind, list[OptionPlan]]:
    """The kind and the options of an answer part. Raises LeftOut with the reason."""
    if part.count("~") + part.count("=") > 2 * MOST_ANSWERS:  # before work that nobody would see
        raise LeftOut(remarks.TOO_MANY_ANSWERS)
    if not part:
        return QuestionKind.FREE, []
    if part.startswith(">"):
        return QuestionKind.ORDERING, _in_order(part[1:], speech)
    if part.startswith("#"):
        return QuestionKind.NUMBER, _numeric(part[1:], speech)
    if "~" in part:
        return _choice(part, speech)
    if "=" in part and "->" in part:
        return QuestionKind.MATCHING, _pairs(part, speech)
    word = part.partition("#")[0].strip()
    if word.upper() in ("T", "TRUE", "F", "FALSE"):
        speech.lost += [] if word.isupper() else [remarks.LOWER_CASE]
        return QuestionKind.TRUE_FALSE, _true_false(part, word.upper().startswith("T"), speech)
    return QuestionKind.SHORT, [weights.accepted(answer, speech.lost) for answer in _typed(part, speech)]


def true_false(is_true: bool, language: str) -> list[OptionPlan]:
    """The two options of a true-or-false question, in its language."""
    yes, no = TRUE_FALSE.get(language, TRUE_FALSE["en"])
    return [OptionPlan(spoken(yes, language), is_true), OptionPlan(spoken(no, language), not is_true)]


def _true_false(part: str, is_true: bool, speech: Speech) -> list[OptionPlan]:
    _word, wrong, right = [*part.split("#", 2), "", ""][:3]
    options = true_false(is_true, speech.language)
    for option in options:
        option.feedback = speech.maybe(right if option.is_right else wrong)
    return options


def _choice(part: str, speech: Speech) -> tuple[QuestionKind, list[OptionPlan]]:
    tags = _TAG.sub(lambda tag: re.sub(r"=(?=\s*[\"'])", hidden("\\="), tag[0]), part)
    if tags != part:
        speech.lost.append(remarks.EQUALS_IN_TAG)
        part = tags
    if not part.startswith(("~", "=")):
        speech.lost.append(remarks.TEXT_BEFORE)
    if re.search(r"~\s*=", part):
        speech.lost.append(remarks.EMPTY_BEFORE_KEY)
        part = re.sub(r"~\s*=", "=", part)
    found = []
    is_divided = False  # “=%50%” is no sign of Moodle's, but what it means is plain
    for sign, answer in re.findall(r"([~=]?)([^~=]*)", part):
        if sign or answer:
            weight, rest = weights.split_weight(answer.strip())
            is_divided |= sign == "=" and weight is not None and weight < 100
            found.append(_weighed(rest, Decimal(100) if sign == "=" and weight is None else weight, speech))
    if is_divided:
        speech.lost.append(remarks.EQUALS_WITH_WEIGHT)
    if "=" not in part or is_divided:
        return weights.several_of(found, speech.lost)
    if part.count("=") > 1 and re.search(r"[^\s~=]=", part):
        speech.lost.append(remarks.EQUALS_INSIDE)
    return weights.one_of(found, remarks.SEVERAL_KEYS, speech.lost)


def _pairs(part: str, speech: Speech) -> list[OptionPlan]:
    options = []
    for pair in _by_equals(part):
        left, arrow, right = pair.partition("->")
        if not arrow:
            raise LeftOut(remarks.NO_PAIR)
        options.append(OptionPlan(speech.texts(left), match=speech.maybe(right)))
    return options


def _typed(part: str, speech: Speech) -> list[Weighed]:
    # What is typed is text as it stands, whatever the markup of the question.
    as_typed = Speech(speech.language, Markup.PLAIN)
    found = []
    for answer in _by_equals(part):
        weight, rest = weights.split_weight(answer)
        text, _sign, feedback = rest.partition("#")
        found.append(Weighed(as_typed.texts(text), weight, speech.maybe(feedback)))
    speech.lost += as_typed.lost
    return found


def _numeric(part: str, speech: Speech) -> list[OptionPlan]:
    part, _tilde, others = part.partition("~")
    _note_other_numbers(others.partition("#")[2], speech)
    options = []
    for answer in _by_equals(part):
        weight, rest = weights.split_weight(answer)
        number, _sign, feedback = rest.partition("#")
        option = weights.accepted(Weighed(Texts(), weight, speech.maybe(feedback)), speech.lost)
        if speech.plain(number) == "*":
            if option.is_right or option.points:
                raise LeftOut(remarks.ANY_NUMBER)
            _note_other_numbers(feedback, speech)
            continue
        option.low, option.high = numbers.limits_of(speech.plain(number))
        options.append(option)
    if not any(option.is_right for option in options):
        raise LeftOut(remarks.NO_FULL_MARK)
    return options


def _note_other_numbers(feedback: str, speech: Speech) -> None:
    if text := speech.plain(feedback):
        speech.lost.append(remarks.other_numbers(text))


def _in_order(part: str, speech: Speech) -> list[OptionPlan]:
    """The items of Moodle's ordering, one a line; before them words about how it is shown, which do not matter here."""
    lines = [line.strip() for line in part.split("\n") if line.strip()]
    head = _ORDER_HEAD.fullmatch(lines[0]) if lines else None
    if head and not part.startswith("\n"):
        count = re.match(r"\d+", lines[0])
        lines = lines[1:]
        if count and 0 < int(count[0][:6]) < len(lines):
            speech.lost.append(remarks.ONLY_SOME)
    return [OptionPlan(speech.texts(line)) for line in lines]


def _weighed(answer: str, weight: Decimal | None, speech: Speech) -> Weighed:
    text, _sign, feedback = answer.partition("#")
    return Weighed(speech.texts(text), weight, speech.maybe(feedback))


def _by_equals(part: str) -> list[str]:
    """The answers that “=” divides. Raises LeftOut where there are none."""
    first, *others = (answer.strip() for answer in part.split("="))
    found = [first, *others] if first else others
    if not found:
        raise LeftOut(remarks.NOTHING_INSIDE)
    return found
