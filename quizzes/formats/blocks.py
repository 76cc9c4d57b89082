"""What became of each block of a file of questions: taken, taken but worth a look, or left out, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from flask_babel import LazyString

from core.i18n import Texts
from quizzes.formats import remarks
from quizzes.plans import QuestionPlan, faults_of

SHORT = 60
MOST = 5000  # blocks of a file; a reader stops after one more
MOST_ANSWERS = 200  # of a question
MOST_REMARKS = 20  # about one block


class Fate(StrEnum):
    IMPORTED = "imported"
    WARNED = "warned"  # taken, and worth a look
    LEFT_OUT = "left_out"


class LeftOut(Exception):
    """Inside a reader: this block makes no question, for the reason given."""

    def __init__(self, remark: LazyString) -> None:
        super().__init__("left out")
        self.remark = remark


@dataclass
class Block:
    """One block of a file. `line` is its first line, counted from one; in a workbook its row."""

    line: int
    name: str
    fate: Fate
    plan: QuestionPlan | None = None
    remarks: list[LazyString] = field(default_factory=list)
    category: str = ""


@dataclass
class Read:
    """What a reader made of one block before anybody judged it."""

    plan: QuestionPlan
    name: str = ""
    remarks: list[LazyString] = field(default_factory=list)


def judged(line: int, read: Read, languages: Sequence[str], category: str = "") -> Block:
    """The block of a question that could be read: left out if quizzes.plans finds an error in it."""
    if len(read.plan.options) > MOST_ANSWERS:
        return left_out(line, read.name, [remarks.TOO_MANY_ANSWERS], category)
    faults = faults_of(read.plan, languages)
    is_wrong = any(fault.is_error for fault in faults)
    # An error says what to mend; what is only worth a look of a question nobody gets would be noise.
    said = [*(fault.sentence for fault in faults if fault.is_error or not is_wrong), *read.remarks]
    fate = Fate.LEFT_OUT if is_wrong else Fate.WARNED if said else Fate.IMPORTED
    name = short(read.name) or short(read.plan.text.in_language(next(iter(languages), "en")))
    return Block(line, name, fate, None if is_wrong else read.plan, once(said), category)


def left_out(line: int, name: str, reasons: Iterable[LazyString], category: str = "") -> Block:
    return Block(line, short(name), Fate.LEFT_OUT, None, once(reasons), category)


def once(said: Iterable[LazyString]) -> list[LazyString]:
    """The remarks without repetitions, in their order, as many as anybody reads."""
    kept: list[LazyString] = []
    for remark in said:
        if len(kept) < MOST_REMARKS and not any(remark is other or remark == other for other in kept):
            kept.append(remark)
    return kept


def short(text: str) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text[: 4 * SHORT].split())
    return line if len(line) <= SHORT else line[: SHORT - 1].rstrip() + "…"


def spoken(text: str, language: str) -> Texts:
    """A text of a file in one language."""
    return Texts({language: text} if text else {})
