"""Moodle's XML: its questions one by one, and a damaged one does not cost the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from quizzes.formats import markup, moodle_answers, remarks
from quizzes.formats.blocks import MOST, Block, LeftOut, Read, judged, left_out
from quizzes.formats.moodle_answers import Element
from quizzes.models import QuestionKind
from quizzes.plans import QuestionPlan

_START = re.compile(r"<question[\s>/]")
_END = "</question>"
_AROUND = re.compile(r"<\?[^<>]*\?>|</?quiz[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)")


@dataclass
class _Found:
    """One question of a file: where it begins, and its element unless it is damaged."""

    line: int
    element: Element | None
    source: str = ""


def read(content: bytes, text: str, language: str) -> list[Block]:
    """Every question of a Moodle XML file; `text` is the same, decoded, for a file that is damaged."""
    blocks: list[Block] = []
    category = ""
    for found in islice(_questions(content, text), MOST + 1):
        if found.element is None:
            blocks.append(left_out(found.line, _name_in(found.source), [remarks.DAMAGED], category))
        elif found.element.get("type") == "category":
            path = moodle_answers.plain(found.element.find("category"))
            category = re.sub(r"^(\$\w+\$/?)?(top(/|$))?", "", path)[:200]
        else:
            blocks.append(_block(found.element, found.line, language, category))
    return blocks


def _block(element: Element, line: int, language: str, category: str) -> Block:
    name = moodle_answers.plain(element.find("name"))
    try:
        return judged(line, _question(element, name, language), (language,), category)
    except LeftOut as reason:
        label = name or " ".join(element.itertext("text"))
        return left_out(line, label, [reason.remark], category)


def _question(element: Element, name: str, language: str) -> Read:
    reader = moodle_answers.Reader(element, language)
    kind, options = reader.answers()
    plan = QuestionPlan(
        kind=kind,
        text=reader.texts(element.find("questiontext")),
        options=options,
        explanation=reader.texts(element.find("generalfeedback")) or None,
        keeps_order=kind == QuestionKind.TRUE_FALSE
        or (
            kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE) and reader.flag("shuffleanswers", usual=True) is False
        ),
    )
    return Read(plan, name, reader.lost)


def _questions(content: bytes, text: str) -> Iterator[_Found]:
    root = _parsed(content)
    if root is None:
        yield from _pieces(text)
        return
    for element in root.iter("question"):
        yield _Found(element.sourceline or 1, element)
    for other in root if root.tag == "quiz" else ():
        if isinstance(other.tag, str) and other.tag != "question":
            yield _Found(other.sourceline or 1, None, other.tag)


def _pieces(text: str) -> Iterator[_Found]:
    """The questions of a damaged file, each read for itself, and what stands between them."""
    line, at = 1, 0
    starts = [found.start() for found in _START.finditer(text)]
    for place, (start, following) in enumerate(zip([0, *starts], [*starts, len(text)], strict=True)):
        line, at = line + text.count("\n", at, start), start
        closed = text.find(_END, start, following)
        end = start if place == 0 else closed + len(_END) if closed >= 0 else following
        source, rest = text[start:end], text[end:following]
        if source:
            # Entities of HTML are unknown to XML; as text they are read with the rest of the HTML.
            yield _Found(line, _parsed(_ENTITY.sub("&amp;", source).encode()), source)
        if _AROUND.sub("", markup.without_comments(rest)).strip():
            yield _Found(line + source.count("\n"), None, rest)


def _parsed(source: bytes) -> Element | None:
    """The element of a piece of XML: no entities, no network, no giants; None if it is damaged."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(source, parser)
    except (etree.LxmlError, ValueError, LookupError):
        return None


def _name_in(source: str) -> str:
    named = re.search(r"<name>\s*<text>(.{0,300}?)</text>", source, re.DOTALL)
    return re.sub(r"<!\[CDATA\[|\]\]>|<[^<>]*>", "", named[1] if named else source[:300])
