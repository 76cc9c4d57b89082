"""A question as it stands in the editor: everything that was typed, right or wrong, until it is saved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from core.i18n import LANGUAGES, Texts
from quizzes.formats.gift_answers import TRUE_FALSE
from quizzes.models import WHOLE, Form, QuestionKind
from quizzes.plans import CHOICES, OptionPlan, QuestionPlan, number_of

MOST_OPTIONS = 200  # as many as a file may give one question
LONGEST = {"text": 10_000, "explanation": 4000, "standard": 1000, "match": 500, "feedback": 1000}
LONGEST_OPTION, LONGEST_NUMBER = 500, 40
ONE_PERCENT = WHOLE // 100
_OPTION = re.compile(r"option-(\d{1,3})-")

# What each kind of question says of its answers.
FIELDS: dict[QuestionKind, tuple[str, ...]] = {
    QuestionKind.SINGLE: ("text", "is_right", "is_last", "points", "feedback"),
    QuestionKind.MULTIPLE: ("text", "is_right", "is_last", "points", "feedback"),
    QuestionKind.TRUE_FALSE: ("text", "is_right", "feedback"),
    QuestionKind.SHORT: ("text", "points", "feedback"),
    QuestionKind.NUMBER: ("low", "high", "points", "feedback"),
    QuestionKind.MATCHING: ("text", "match"),
    QuestionKind.ORDERING: ("text",),
    QuestionKind.FREE: (),
}
USUAL_NUMBER = {QuestionKind.SHORT: 2, QuestionKind.NUMBER: 1, QuestionKind.TRUE_FALSE: 2, QuestionKind.FREE: 0}
TRUE, FALSE = (Texts({code: words[at] for code, words in TRUE_FALSE.items()}) for at in (0, 1))


@dataclass
class OptionForm:
    """One answer as it was typed."""

    text: Texts = field(default_factory=Texts)
    match: Texts = field(default_factory=Texts)
    feedback: Texts = field(default_factory=Texts)
    is_right: bool = False
    is_last: bool = False
    points: str = ""
    low: str = ""
    high: str = ""

    def is_empty(self, kind: QuestionKind) -> bool:
        """Whether nothing was typed of what this kind of question asks."""
        return not any(_filled(getattr(self, name)) for name in FIELDS[kind] if not name.startswith("is_"))

    def kept(self, kind: QuestionKind) -> Iterator[tuple[str, str]]:
        """(name, text) of what was typed while the question was of another kind: nothing is lost by looking."""
        for name in ("text", "match", "feedback"):
            if name not in FIELDS[kind]:
                yield from ((f"{name}-{code}", text) for code, text in getattr(self, name).items() if text)
        for name in ("low", "high", "points"):
            if name not in FIELDS[kind] and getattr(self, name):
                yield name, getattr(self, name)
        if self.is_last and "is_last" not in FIELDS[kind]:
            yield "is_last", "yes"


@dataclass
class QuestionForm:
    """The editor's form. `errors` says by the name of a field what keeps it from being saved."""

    kind: QuestionKind = QuestionKind.SINGLE
    text: Texts = field(default_factory=Texts)
    explanation: Texts = field(default_factory=Texts)
    standard: Texts = field(default_factory=Texts)
    form: Form | None = None
    keeps_order: bool = False
    options: list[OptionForm] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    focus: str = ""

    @classmethod
    def of(cls, plan: QuestionPlan) -> QuestionForm:
        """The form of a question that is there already."""
        return cls(
            kind=plan.kind,
            text=plan.text,
            explanation=plan.explanation or Texts(),
            standard=plan.standard or Texts(),
            form=plan.form,
            keeps_order=plan.keeps_order,
            options=[_option_form(plan.kind, option) for option in plan.options],
        )

    @classmethod
    def read(cls, sent: MultiDict[str, str]) -> QuestionForm:
        """The form as it came back, whatever stands in it."""
        kind, form = sent.get("kind", ""), sent.get("form", "")
        numbers = sorted({int(found[1]) for name in sent if (found := _OPTION.match(name))})
        right = sent.getlist("right")
        return cls(
            kind=QuestionKind(kind) if kind in set(QuestionKind) else QuestionKind.SINGLE,
            text=_texts(sent, "text"),
            explanation=_texts(sent, "explanation"),
            standard=_texts(sent, "standard"),
            form=Form(form) if form in set(Form) else None,
            keeps_order="keeps_order" in sent,
            options=[_read_option(sent, f"option-{number}", str(number) in right) for number in numbers[:MOST_OPTIONS]],
        ).furnished()

    def furnished(self) -> QuestionForm:
        """With as many answers as this kind usually has, for a question that has none yet."""
        if self.kind == QuestionKind.TRUE_FALSE and all(option.is_empty(self.kind) for option in self.options):
            self.options = [OptionForm(text=TRUE), OptionForm(text=FALSE)]
        if not self.options:
            self.options = [OptionForm() for _number in range(USUAL_NUMBER.get(self.kind, 4))]
        return self

    def press(self, step: str) -> None:
        """What a button of an answer does: `add`, or `remove-2`, `up-2`, `down-2` of the answer at that place."""
        verb, _dash, number = step.partition("-")
        at = int(number) if number.isdecimal() and len(number) < 4 else -1
        if verb == "add" and len(self.options) < MOST_OPTIONS:
            self.options.append(OptionForm())
            self.focus = f"option-{len(self.options) - 1}"
        elif verb == "kind":
            self.focus = "kind"
        elif at not in range(len(self.options)):
            return
        elif verb == "remove":
            self.options.pop(at)
            self.focus = "add"
        elif verb in ("up", "down"):
            to = min(max(at + (1 if verb == "down" else -1), 0), len(self.options) - 1)
            self.options.insert(to, self.options.pop(at))
            self.focus = f"{verb}-{to}"

    def is_fine(self) -> bool:
        """Whether this can be kept in a draft; a question with faults can, and is mended later."""
        self.errors = {}
        if not any(self.text.values()):
            self.errors["text"] = _("Please write this in one language at least.")
        for name in ("text", "explanation", "standard"):
            self._measure(name, getattr(self, name), LONGEST[name])
        for number, option in enumerate(self.options):
            self._check(f"option-{number}", option)
        return not self.errors

    def _check(self, name: str, option: OptionForm) -> None:
        self._measure(f"{name}-text", option.text, LONGEST_OPTION)
        for part in ("match", "feedback"):
            self._measure(f"{name}-{part}", getattr(option, part), LONGEST[part])
        if any(len(text) > LONGEST_NUMBER for text in (option.low, option.high)):
            self.errors[f"{name}-low"] = _("At most %(max)d characters, please.", max=LONGEST_NUMBER)
        percent = number_of(option.points)
        if option.points and (percent is None or abs(percent) > 100):
            self.errors[f"{name}-points"] = _("A number from -100 to 100, please.")

    def _measure(self, name: str, texts: Texts, longest: int) -> None:
        if any(len(text) > longest for text in texts.values()):
            self.errors[name] = _("At most %(max)d characters, please.", max=longest)

    def plan(self, origin: str | None = None) -> QuestionPlan:
        """The question that stands in the form; answers left empty are none."""
        return QuestionPlan(
            kind=self.kind,
            text=self.text,
            options=[self._option(option) for option in self.options if not option.is_empty(self.kind)],
            explanation=self.explanation or None,
            standard=self.standard or None,
            form=self.form,
            keeps_order=self.keeps_order,
            origin=origin,
        )

    def _option(self, typed: OptionForm) -> OptionPlan:
        asked = FIELDS[self.kind]
        points = _points(typed.points) if "points" in asked else None
        return OptionPlan(
            text=typed.text if "text" in asked else Texts(),
            is_right=typed.is_right if "is_right" in asked else "points" in asked and points in (None, WHOLE),
            is_last=typed.is_last and "is_last" in asked,
            points=points,
            match=typed.match or None if "match" in asked else None,
            low=typed.low or typed.high if "low" in asked else None,
            high=typed.high or typed.low if "high" in asked else None,
            feedback=typed.feedback or None if "feedback" in asked else None,
        )


def _option_form(kind: QuestionKind, option: OptionPlan) -> OptionForm:
    points = option.points
    if points is None and not option.is_right and kind in (QuestionKind.SHORT, QuestionKind.NUMBER):
        points = 0  # what is recognised and not right is worth nothing: there the worth says what is right
    return OptionForm(
        text=option.text,
        match=option.match or Texts(),
        feedback=option.feedback or Texts(),
        is_right=option.is_right and kind in CHOICES,
        is_last=option.is_last,
        points="" if points is None else f"{points / ONE_PERCENT:.4f}".rstrip("0").rstrip("."),
        low=option.low or "",
        high="" if option.high == option.low else option.high or "",
    )


def _read_option(sent: MultiDict[str, str], name: str, is_right: bool) -> OptionForm:
    return OptionForm(
        text=_in_one_line(_texts(sent, f"{name}-text")),
        match=_in_one_line(_texts(sent, f"{name}-match")),
        feedback=_texts(sent, f"{name}-feedback"),
        is_right=is_right,
        is_last=f"{name}-is_last" in sent,
        points=sent.get(f"{name}-points", "").strip(),
        low=sent.get(f"{name}-low", "").strip(),
        high=sent.get(f"{name}-high", "").strip(),
    )


def _texts(sent: MultiDict[str, str], name: str) -> Texts:
    typed = {code: sent.get(f"{name}-{code}", "").replace("\r\n", "\n").strip() for code in LANGUAGES}
    return Texts({code: text for code, text in typed.items() if text})


def _in_one_line(texts: Texts) -> Texts:
    return Texts({code: " ".join(text.split()) for code, text in texts.items()})


def _points(typed: str) -> int | None:
    percent = number_of(typed)
    if percent is None or abs(percent) > 100:
        return None
    return int((percent * ONE_PERCENT).to_integral_value(ROUND_HALF_UP))


def _filled(value: object) -> bool:
    return any(value.values()) if isinstance(value, Texts) else bool(value)
