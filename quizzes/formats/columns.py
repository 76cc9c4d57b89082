"""Columns of a table of questions: which is which, whatever language their headings are in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.i18n import LANGUAGES

KIND, QUESTION, RIGHT, WRONG, EXPLANATION, STANDARD, FORM = (
    "kind", "question", "right", "wrong", "explanation", "standard", "form",
)  # fmt: skip
_WORDS = {
    KIND: ("kind", "type", "question type", "вид", "тип", "тип вопроса", "тып", "від", "тып пытання"),
    QUESTION: ("question", "question text", "text", "вопрос", "текст вопроса", "пытанне", "тэкст пытання"),
    RIGHT: (
        *("right", "correct", "answer", "right answer", "right answers", "correct answer", "correct answers"),
        *("верно", "правильно", "ответ", "правильный ответ", "верный ответ", "правильные ответы", "верные ответы"),
        *("правільна", "адказ", "правільны адказ", "правільныя адказы"),
    ),
    WRONG: (
        *("wrong", "incorrect", "distractor", "distractors", "wrong answer", "wrong answers", "incorrect answers"),
        *("неверно", "неправильно", "неправильный ответ", "неверный ответ", "неправильные ответы", "неверные ответы"),
        *("няправільна", "няправільны адказ", "няправільныя адказы"),
    ),
    EXPLANATION: ("explanation", "feedback", "пояснение", "объяснение", "тлумачэнне", "паясненне"),
    STANDARD: ("standard", "source", "стандарт", "норма", "источник", "крыніца"),
    FORM: ("form", "форма", "вариант", "варыянт"),
}
_LONGEST = 100  # characters of a heading
_ROLE = {word: role for role, words in _WORDS.items() for word in words}
_HEADING = re.compile(r"(.+?)[\s.:]*[\[(]?\b(" + "|".join(LANGUAGES) + r")\b[\])]?", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    place: int
    role: str
    language: str


def of_header(row: Sequence[str], language: str) -> list[Column]:
    """The columns of a heading that holds questions; none if it does not. A heading without a language is in ours."""
    found = [column for place, cell in enumerate(row) if (column := _column(place, cell, language))]
    return found if {column.role for column in found} >= {QUESTION, RIGHT} else []


def _column(place: int, cell: str, language: str) -> Column | None:
    heading = " ".join(cell[:_LONGEST].split()).strip(" *").casefold()
    named = _HEADING.fullmatch(re.sub(r"[\s_]*\d+$", "", heading))
    word, code = (named[1].strip(" _-"), named[2]) if named else (heading, language)
    role = _ROLE.get(re.sub(r"[\s_]*\d+$", "", word).replace("_", " "))
    return Column(place, role, code) if role else None
