"""GIFT, Moodle's text format of questions: read by Moodle's rules, written so that it reads as the same questions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from quizzes.formats import gift_also, gift_answers, gift_writing, markup, remarks
from quizzes.formats.blocks import MOST, Block, LeftOut, Read, judged, left_out, spoken
from quizzes.formats.gift_answers import Speech
from quizzes.formats.gift_blocks import Piece, pieces, shown
from quizzes.formats.markup import Markup
from quizzes.models import QuestionKind
from quizzes.plans import QuestionPlan

GAP = "_____"


def read(text: str, language: str) -> list[Block]:
    """Every block of a GIFT file, as a question in one language or with the reason why it is none."""
    return [_block(piece, language) for piece in islice(pieces(text), MOST + 1)]


def written(plans: Iterable[QuestionPlan], language: str) -> str:
    """The questions as GIFT, in one language or the nearest there is. Read again, they are the same questions."""
    return "\n".join(gift_writing.block(plan, language) for plan in plans)


def _block(piece: Piece, language: str) -> Block:
    name, body = _named(piece.text)
    try:
        question = _question(body, piece.comments, language)
        question.name = name or question.plan.text.in_language(language) or shown(body)
        return judged(piece.line, question, (language,), piece.category)
    except LeftOut as reason:
        label = name or shown(re.sub(r"^\[\w+\]", "", body)) or piece.text
        return left_out(piece.line, label, [reason.remark], piece.category)


def _named(text: str) -> tuple[str, str]:
    """The `::name::` before a question, and the rest."""
    if not text.startswith("::"):
        return "", text
    name, is_closed, rest = text[2:].partition("::")
    return (shown(name).strip(), rest.strip()) if is_closed else ("", text[2:].strip())


def _question(body: str, comments: list[str], language: str) -> Read:
    before, part, after = _parted(body)
    part, sign, general = _split_last(part.strip(), "####")
    raw, own = markup.tagged((before + GAP + after if after else before).strip(), Markup.MOODLE)
    speech = Speech(language, own)
    # Already without its tag: a second one would be text.
    text, lost = markup.told(shown(raw).strip(), own)
    kind, options = gift_answers.answers(part.strip(), speech)
    plan = QuestionPlan(
        kind=kind,
        text=spoken(text, language),
        options=options,
        explanation=speech.maybe(general) if sign else None,
        keeps_order=kind == QuestionKind.TRUE_FALSE,
    )
    gift_also.apply(plan, comments, language)
    return Read(plan, remarks=[*lost, *speech.lost])


def _parted(body: str) -> tuple[str, str, str]:
    """What stands before, in and after the braces. Raises LeftOut where they make no answer part."""
    start, end = body.find("{"), body.find("}")
    if start < 0 and end < 0:
        raise LeftOut(remarks.NO_ANSWERS)
    if start < 0 or 0 <= end < start:
        raise LeftOut(remarks.CLOSING_BRACE)
    if gift_answers.is_cloze(body[start + 1 :]):
        raise LeftOut(remarks.GAPS)
    if end < 0:
        raise LeftOut(remarks.OPEN_BRACE)
    before, part, after = body[:start], body[start + 1 : end], body[end + 1 :]
    if "{" in part:
        raise LeftOut(remarks.INNER_BRACE)
    if "{" in after or "}" in after:
        raise LeftOut(remarks.SECOND_BRACES)
    return before, part, after


def _split_last(text: str, sign: str) -> tuple[str, str, str]:
    before, found, after = text.rpartition(sign)
    return (before, found, after) if found else (text, "", "")
