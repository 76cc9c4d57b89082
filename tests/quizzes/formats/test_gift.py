"""GIFT: every rule and every trap of real banks has a file, and whatever a file holds, each block of it is told of."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Refused
from core.i18n import Texts
from quizzes.formats import gift, markup, reading
from quizzes.formats.blocks import Block, Fate
from quizzes.models import WHOLE, Form, QuestionKind
from quizzes.plans import OptionPlan, QuestionPlan, faults_of
from tests.quizzes.formats.telling import told

CORPUS = Path(__file__).parent / "corpus"
FILES = sorted(path.stem for path in CORPUS.glob("*.gift"))
IN_RUSSIAN = {"crlf", "lone-cr", "broken-utf8"}


def expectations() -> dict[str, list[str]]:
    """Of each file of the corpus what every block of it comes to, a line each."""
    expected: dict[str, list[str]] = {}
    name = ""
    for line in (CORPUS / "expected.txt").read_text(encoding="utf-8").split("\n"):
        if line.startswith("    "):
            expected[name].append(line.strip())
        elif line:
            name = line
            expected[name] = []
    return expected


EXPECTED = expectations()


def blocks_of(text: str) -> int:
    """How many blocks a file has that hold more than comments and a category, counted without our reader."""
    count = 0
    for is_blank, group in groupby(text.split("\n"), key=lambda line: not line.strip()):
        lines = [line.strip() for line in group if not line.strip().startswith("//")]
        while lines and lines[0].startswith("$CATEGORY:"):
            lines.pop(0)
        count += bool(lines) and not is_blank
    return count


def test_the_corpus_is_whole() -> None:
    assert len(FILES) >= 40
    assert sorted(EXPECTED) == FILES


@pytest.mark.parametrize("name", FILES)
def test_every_block_of_the_corpus_comes_to_what_is_expected(name: str) -> None:
    language = "ru" if name in IN_RUSSIAN or name.startswith("cyrillic") else "en"
    try:
        blocks = reading.read((CORPUS / f"{name}.gift").read_bytes(), f"{name}.gift", language).blocks
    except Refused as refusal:
        assert [f"refused {refusal.code}"] == EXPECTED[name]
        return
    assert [told(block, language).strip() for block in blocks] == EXPECTED[name]


def check(blocks: list[Block]) -> None:
    """What holds for all blocks, whatever was read."""
    for block in blocks:
        assert block.line >= 1
        assert (block.plan is None) == (block.fate == Fate.LEFT_OUT)
        assert bool(block.remarks) == (block.fate != Fate.IMPORTED), "a reason, or nothing to say"
        assert all(str(remark) for remark in block.remarks)


SIGNS = st.sampled_from(
    [
        *(
            "{",
            "}",
            "~",
            "=",
            "#",
            "####",
            "->",
            "::",
            "\\",
            "\n\n",
            "\n",
            "\r",
            "//",
            "..",
            ":",
            "*",
            "\0",
            "\ufeff",
            "\ufdd0",
        ),
        *(
            "%50%",
            "%-100%",
            "%999%",
            "9" * 50,
            "1e9999",
            "NaN",
            "-Infinity",
            "{1:MC:",
            "{#",
            "{>2 ALL",
            "$CATEGORY: x\n",
        ),
        *("[html]", "[plain]", "<p>", "<sup>", "<!--", "<img src=x>", "&#1;", "&#xD800;", '// [also {"last": [[]]}]\n'),
    ]
)
PLACES = st.integers(0, 10_000)
CHANGES = st.lists(st.tuples(PLACES, st.integers(0, 12), SIGNS | st.text(max_size=4)), min_size=1, max_size=8)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(FILES), CHANGES)
def test_no_damage_loses_a_block(name: str, changes: list[tuple[int, int, str]]) -> None:
    text = (CORPUS / f"{name}.gift").read_bytes().decode("utf-8", errors="replace")
    for place, cut, sign in changes:
        at = place % (len(text) + 1)
        text = text[:at] + sign + text[at + cut :]
    clean = markup.clean(text)
    blocks = gift.read(clean, "ru")
    check(blocks)
    assert len(blocks) == blocks_of(clean)
    plans = [block.plan for block in blocks if block.plan]
    assert [block.plan for block in gift.read(gift.written(plans, "ru"), "ru")] == plans, "what was read is written"


LETTERS = st.characters(exclude_categories=("C",), exclude_characters="\u2028\u2029\u00a0\ufffd", max_codepoint=0x500)
WORDS = st.text(LETTERS | st.sampled_from("{}~=#:\\%<>&*[]/$_-. \n"), min_size=1, max_size=12)
ODD = ["[html]<b>", "%50%x", "// no comment", "$CATEGORY: x", "::a::", "&lt;br&gt;", "T", "TRUE", "a->b", "_____"]
LINES = (
    (WORDS | st.sampled_from(ODD)).map(str.strip).filter(bool).filter(lambda text: "->" not in text or "  " not in text)
)
TEXTS = LINES.map(lambda text: Texts({"en": text}))
MAYBE = st.none() | TEXTS
NUMBERS = st.integers(-99_999, 99_999).map(lambda number: Decimal(number).scaleb(-2))


def same(one: OptionPlan) -> str:
    return " ".join(one.text["en"].split()).casefold()


@st.composite
def plans(draw: st.DrawFn) -> QuestionPlan:
    """A question without faults, as an editor could make it."""
    kind = draw(st.sampled_from(QuestionKind))
    is_typed = kind == QuestionKind.SHORT
    options = draw(st.lists(st.builds(OptionPlan, TEXTS, feedback=MAYBE), min_size=2, max_size=5, unique_by=same))
    if kind == QuestionKind.TRUE_FALSE:
        options = options[:2]
    elif kind == QuestionKind.FREE:
        options = []
    right = draw(st.integers(0, max(len(options) - 1, 0)))
    for place, option in enumerate(options):
        option.is_right = place == right and kind not in (QuestionKind.MATCHING, QuestionKind.ORDERING)
        if kind == QuestionKind.MULTIPLE:
            option.is_right |= draw(st.booleans())
        if kind == QuestionKind.MATCHING:
            option.match = draw(TEXTS)
        if kind == QuestionKind.NUMBER:
            low, high = sorted([draw(NUMBERS), draw(NUMBERS)])
            option.text, option.low, option.high = Texts(), f"{low:f}", f"{high:f}"
        if (is_typed or kind == QuestionKind.NUMBER) and not option.is_right:
            option.points = draw(st.integers(0, WHOLE - 1))
        if kind == QuestionKind.SINGLE and not option.is_right:
            option.points = draw(st.none() | st.integers(-WHOLE, WHOLE - 1))
    if kind == QuestionKind.MATCHING:
        options.append(OptionPlan(Texts(), match=draw(TEXTS)))
    if kind == QuestionKind.MULTIPLE and draw(st.booleans()):
        for option in options:
            option.points = draw(st.integers(1, 400_000)) if option.is_right else draw(st.none() | st.just(-123_456))
    keeps_order = draw(st.booleans())
    return QuestionPlan(
        kind, draw(TEXTS), options, draw(MAYBE), draw(MAYBE), draw(st.none() | st.sampled_from(Form)), keeps_order
    )


@settings(max_examples=100, deadline=None)
@given(plans().filter(lambda plan: not any(fault.is_error for fault in faults_of(plan, ["en"]))))
def test_what_is_exported_is_imported_as_the_same_question(plan: QuestionPlan) -> None:
    assert [block.plan for block in gift.read(gift.written([plan, plan], "en"), "en")] == [plan, plan]


def test_a_question_is_written_in_the_language_asked_for() -> None:
    plan = QuestionPlan(QuestionKind.FREE, Texts({"en": "Why?", "ru": "Почему?"}))
    assert gift.written([plan], "ru") == "Почему? {}\n"
    assert gift.written([plan], "be") == "Почему? {}\n", "the nearest there is"
