"""A GIFT file cut into its blocks: where each begins, under which category, with what comments and what escapes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SIGNS = ":#={}~"
# While a block is taken apart, a sign that is only text stands as a character that no text may hold.
_HIDDEN = {**{sign: chr(0xFDD0 + place) for place, sign in enumerate(SIGNS)}, "n": "\ufdda", "\\": "\\"}
_SHOWN = str.maketrans({_HIDDEN[sign]: sign for sign in SIGNS} | {_HIDDEN["n"]: "\n"})
_ESCAPE = re.compile(r"\\([\\:#={}~n])")
_CATEGORY = "$CATEGORY:"


@dataclass
class Piece:
    """One block without its comments, its escapes hidden."""

    line: int
    text: str
    comments: list[str]
    category: str


def pieces(text: str) -> Iterator[Piece]:
    """The blocks of a file that hold more than comments and a category, each with the category it stands under."""
    category = ""
    block: list[tuple[int, str]] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        stripped = line.strip()
        if stripped:
            block.append((number, stripped))
            continue
        comments = [written for _number, written in block if written.startswith("//")]
        lines = [(at, written) for at, written in block if not written.startswith("//")]
        # Moodle takes all of such a block for the category. A blank line forgotten after it should not cost a question.
        while lines and lines[0][1].startswith(_CATEGORY):
            category = _category(lines.pop(0)[1])
        if lines:
            yield Piece(lines[0][0], hidden("\n".join(written for _at, written in lines)), comments, category)
        block = []


def hidden(text: str) -> str:
    r"""A text where `\=` and its like are no signs any more."""
    return _ESCAPE.sub(lambda found: _HIDDEN[found[1]], text)


def shown(text: str) -> str:
    """A text with the signs that were only text."""
    return text.translate(_SHOWN)


def escaped(text: str) -> str:
    """A text as it may stand anywhere in GIFT."""
    return re.sub(r"[\\:#={}~]", r"\\\g<0>", text).replace("\n", "\\n")


def _category(line: str) -> str:
    path = shown(hidden(line.removeprefix(_CATEGORY))).strip()
    return re.sub(r"^(\$\w+\$/?)?(top(/|$))?", "", path)[:200]
