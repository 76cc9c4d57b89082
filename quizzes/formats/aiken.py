"""Aiken, the plainest format of questions: a text, answers with letters, and a line that names the right letter."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from quizzes.formats import remarks
from quizzes.formats.blocks import MOST, Block, LeftOut, Read, judged, left_out, spoken
from quizzes.models import QuestionKind
from quizzes.plans import OptionPlan, QuestionPlan

_OPTION = re.compile(r"([A-ZА-ЯЁІЎ])[.)](\s*)(.*)")
_ANSWER = re.compile(r"(?:ANSWERS?|ОТВЕТЫ?|АДКАЗЫ?)\s*:\s*(.*)", re.IGNORECASE)
# Letters that look the same on two keyboards are the same.
_SAME = str.maketrans("АВСЕНІКМОРТХУ", "ABCEHIKMOPTXY")


@dataclass
class _Draft:
    """What was read since the last answer line."""

    line: int = 0
    text: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    after_blank: bool = False
    has_paragraphs: bool = False

    def is_empty(self) -> bool:
        return not self.text and not self.options

    def option(self, line: str) -> tuple[str, str] | None:
        """The letter and the text of an answer; “U.S. law” in the middle of a text is none."""
        found = _OPTION.fullmatch(line)
        if not found:
            return None
        letter = found[1].translate(_SAME)
        is_next = letter == (chr(ord(self.options[-1][0]) + 1) if self.options else "A")
        has_space = bool(found[2]) or not found[3]
        return (letter, found[3].strip()) if is_next or (self.options and has_space) else None

    def add(self, line: str) -> None:
        if option := self.option(line):
            self.options.append(option)
        elif self.options:
            letter, begun = self.options[-1]
            self.options[-1] = (letter, f"{begun}\n{line}".strip())
        else:
            self.has_paragraphs |= bool(self.text) and self.after_blank
            self.text.append(line)
        self.after_blank = False


def looks_like(text: str) -> bool:
    """Whether a text is Aiken: an answer line, and before it lines with letters."""
    lines = [line.strip() for line in text.split("\n")]
    return any(_ANSWER.match(line) for line in lines) and sum(bool(_OPTION.match(line)) for line in lines) >= 2


def read(text: str, language: str) -> list[Block]:
    """Every question of an Aiken file, and what stands between without being one, with the reason."""
    blocks: list[Block] = []
    draft = _Draft()
    for number, written in enumerate(text.split("\n"), 1):
        line = written.strip()
        answer = _ANSWER.fullmatch(line)
        if len(blocks) > MOST:
            return blocks
        if not line:
            draft.after_blank = True
            continue
        begins_anew = draft.options and draft.after_blank and not answer and not draft.option(line)
        if begins_anew:
            blocks.append(_unfinished(draft))
            draft = _Draft()
        draft.line = draft.line or number
        if answer:
            blocks.append(_finished(draft, answer[1], language))
            draft = _Draft()
        else:
            draft.add(line)
    return blocks if draft.is_empty() else [*blocks, _unfinished(draft)]


def _unfinished(draft: _Draft) -> Block:
    name = " ".join(draft.text)
    return left_out(draft.line, name, [remarks.NO_ANSWER_LINE if draft.options else remarks.INSTRUCTION])


def _finished(draft: _Draft, answer: str, language: str) -> Block:
    try:
        return judged(draft.line, _question(draft, answer, language), (language,))
    except LeftOut as reason:
        return left_out(draft.line, " ".join(draft.text) or answer, [reason.remark])


def _question(draft: _Draft, answer: str, language: str) -> Read:
    letters = [letter for letter, _text in draft.options]
    right, reason = _right_letters(answer)
    if not letters:
        raise LeftOut(remarks.NO_OPTIONS)
    if len(set(letters)) < len(letters):
        raise LeftOut(remarks.LETTER_TWICE)
    if not right or not right <= set(letters):
        raise LeftOut(remarks.NO_SUCH_LETTER)
    kind = QuestionKind.SINGLE if len(right) == 1 else QuestionKind.MULTIPLE
    options = [OptionPlan(spoken(text, language), letter in right) for letter, text in draft.options]
    plan = QuestionPlan(kind, spoken("\n".join(draft.text), language), options, spoken(reason, language) or None)
    looks = [remarks.PARAGRAPHS] if draft.has_paragraphs else []
    texts = [*draft.text, *(text for _letter, text in draft.options)]
    return Read(plan, remarks=[*looks, *([remarks.UNREADABLE] if any("\ufffd" in text for text in texts) else [])])


def _right_letters(answer: str) -> tuple[set[str], str]:
    """The letters that an answer line names, and what is written after them."""
    right: set[str] = set()
    at = 0
    for word in re.finditer(r"\w+", answer):
        if len(word[0]) > 1 or not word[0].isalpha():
            break
        right.add(word[0].upper().translate(_SAME))
        at = word.end()
    return right, answer[at:].strip(" .,;:)")
