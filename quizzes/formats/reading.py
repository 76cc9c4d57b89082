"""A file of questions, whatever its format: recognised, read, and every block of it told of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from core import encodings, tables
from core.errors import Refused
from quizzes.formats import aiken, gift, markup, moodle_xml, table
from quizzes.formats.blocks import MOST, Block

LARGEST = 5_000_000  # bytes
_XML = re.compile(r"\s*(<\?xml|<!--|<quiz[\s>])", re.IGNORECASE)
_SAMPLE = 20_000


class NotAQuestionFile(Refused):
    code = "not_a_question_file"
    sentence = _l("No questions can be read from this file. Send GIFT, Aiken, Moodle XML, an Excel workbook or CSV.")


class EmptyQuestionFile(Refused):
    code = "empty_question_file"
    sentence = _l("There is nothing in this file.")


class TooLarge(Refused):
    code = "question_file_too_large"
    sentence = _l("This file is larger than %(megabytes)s MB. Divide it; nothing was taken over.")


class TooManyQuestions(Refused):
    code = "too_many_questions"
    sentence = _l("There are more than %(limit)s questions in this file. Divide it; nothing was taken over.")


@dataclass
class Found:
    """What a file holds. `format` is gift, aiken, moodle_xml or table."""

    format: str
    blocks: list[Block]


def read(content: bytes, filename: str, language: str) -> Found:
    """Every block of a file, as a question or with the reason why it is none.

    A file in one language is read as `language`. Refuses EmptyQuestionFile, TooLarge, TooManyQuestions,
    NotAQuestionFile and, of tables, what core.tables.read() refuses; raises nothing else, whatever the bytes.
    """
    if len(content) > LARGEST:
        raise TooLarge(megabytes=LARGEST // 1_000_000)
    found = _found(content, filename.lower(), language)
    if len(found.blocks) > MOST:
        raise TooManyQuestions(limit=MOST)
    if not found.blocks:
        raise EmptyQuestionFile if not markup.clean(_text(content)).strip() else NotAQuestionFile
    return found


def _found(content: bytes, name: str, language: str) -> Found:
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return Found("table", table.read(_rows(content), language))
    raw = _text(content)
    if _is_binary(raw):
        raise NotAQuestionFile
    text = markup.clean(raw)
    if not text.strip():
        raise EmptyQuestionFile
    if _XML.match(text) or (name.endswith(".xml") and "<question" in text):
        return Found("moodle_xml", moodle_xml.read(content, text, language))
    if name.endswith((".csv", ".tsv")) or _has_table_heading(text, language):
        return Found("table", table.read(_rows(text.encode()), language))
    if not name.endswith(".gift") and aiken.looks_like(text):
        return Found("aiken", aiken.read(text, language))
    return Found("gift", gift.read(text, language))


def _rows(content: bytes) -> list[table.NumberedRow]:
    try:
        return table.rows_of(content, MOST + 1)
    except tables.TooManyRows:
        raise TooManyQuestions(limit=MOST) from None
    except tables.EmptyTable:
        raise EmptyQuestionFile from None


def _has_table_heading(text: str, language: str) -> bool:
    head = text[:_SAMPLE].lstrip().partition("\n")[0]
    try:
        return "{" not in head and table.looks_like(table.rows_of(head.encode(), 2), language)
    except Refused:
        return False


def _text(content: bytes) -> str:
    """The text of a file. UTF-16 without its mark shows by the zeros in every other byte."""
    sample = content[:_SAMPLE]
    if b"\0" in sample and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        even, odd = sample[0::2].count(0), sample[1::2].count(0)
        if max(even, odd) > len(sample) // 8 and min(even, odd) * 20 < max(even, odd):
            return content.decode("utf-16-le" if odd > even else "utf-16-be", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        # A few broken characters in a text that is UTF-8 otherwise are better than a wrong guess about all of it.
        mended = content.decode("utf-8", errors="replace")
        foreign = sum(1 for mark in mended if mark > "\x7f")
        if mended.count("\ufffd") * 20 < foreign:
            return mended
    return encodings.decoded(content)[0]


def _is_binary(text: str) -> bool:
    sample = text[:_SAMPLE]
    control = sum(1 for mark in sample if mark < " " and mark not in "\t\r\n\f\v\x1a")
    return control > max(4, len(sample) // 50) or (len(sample) > 100 and sample.count("\ufffd") * 10 > len(sample))
