"""Marking: what was given to a question, and how much of it is right.

By default a question is right or not, so that the figures of a question mean something; a quiz may give part marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from quizzes.models import WHOLE, Option, Question, QuestionKind
from quizzes.plans import CHOICES, TYPED, number_of

LONGEST = 2000  # characters of what is typed


@dataclass(frozen=True)
class Mark:
    """What was chosen, by position of the options, and the points for it, of WHOLE; None where nothing counts."""

    chosen: list[int]
    points: int | None

    @property
    def is_right(self) -> bool:
        return self.points == WHOLE


def mark(question: Question, given: Sequence[str], *, in_parts: bool = False) -> Mark:
    """Mark what was given: positions of options; what was typed; `text:match` of a matching, `text:place` of an order.

    Anything that makes no sense is no answer.
    """
    if question.kind == QuestionKind.FREE:
        return Mark([], None)
    chosen, share = _MARKED[question.kind](question, given)
    return Mark(chosen, int(share * WHOLE) if in_parts or share in (0, 1) else 0)


def is_given(question: Question, given: Sequence[str]) -> bool:
    """Whether something was answered at all; a matching and an order want everything."""
    if question.kind in TYPED:
        return any(text.strip() for text in given)
    if question.kind in CHOICES:
        return bool(_positions(question, given))
    wanted = {option.position for option in question.options if option.text}
    return wanted <= set(_pairs(question, given))


def _mark_one(question: Question, given: Sequence[str]) -> tuple[list[int], Fraction]:
    chosen = _positions(question, given)[:1]
    right = {option.position: option for option in question.options}
    if not chosen:
        return [], Fraction(0)
    option = right[chosen[0]]
    if option.is_right:
        return chosen, Fraction(1)
    return chosen, Fraction(max(option.points or 0, 0), WHOLE)


def _mark_many(question: Question, given: Sequence[str]) -> tuple[list[int], Fraction]:
    chosen = sorted(_positions(question, given))
    right = question.right_options()
    if set(chosen) == right:
        return chosen, Fraction(1)
    if any(option.points is not None for option in question.options):
        worth = sum((option.points or 0) for option in question.options if option.position in chosen)
        return chosen, min(max(Fraction(worth, WHOLE), Fraction(0)), Fraction(WHOLE - 1, WHOLE))
    hit = len(right & set(chosen)) - len(set(chosen) - right)
    return chosen, Fraction(max(hit, 0), len(right)) if right else Fraction(0)


def _mark_short(question: Question, given: Sequence[str]) -> tuple[list[int], Fraction]:
    text = plain(given[0]) if given else ""
    met = [option for option in question.options if any(_accepts(one, text) for one in option.text.values())]
    return _best(met) if text else ([], Fraction(0))


def _mark_number(question: Question, given: Sequence[str]) -> tuple[list[int], Fraction]:
    number = number_of(given[0]) if given else None
    met = []
    for option in question.options:
        low, high = number_of(option.low), number_of(option.high)
        if number is not None and low is not None and high is not None and low <= number <= high:
            met.append(option)
    return _best(met)


def _best(met: Sequence[Option]) -> tuple[list[int], Fraction]:
    """The accepted option that is worth most."""
    if not met:
        return [], Fraction(0)
    worth = {option.position: _worth(option) for option in met}
    best = max(met, key=lambda option: worth[option.position])
    return [best.position], worth[best.position]


def _worth(option: Option) -> Fraction:
    if option.points is None:
        return Fraction(int(option.is_right))
    return min(max(Fraction(option.points, WHOLE), Fraction(0)), Fraction(1))


def _mark_matching(question: Question, given: Sequence[str]) -> tuple[list[int], Fraction]:
    matches = {option.position: option.match for option in question.options}
    asked = [option for option in question.options if option.text]
    pairs = _pairs(question, given)
    # Two texts may have equal matches: then either is right.
    hits = sum(matches.get(pairs.get(option.position, 0)) == option.match for option in asked)
    return [pairs.get(option.position, 0) for option in asked], Fraction(hits, len(asked))


def _mark_order(question: Question, given: Sequence[str]) -> tuple[list[int], Fraction]:
    places = _pairs(question, given)
    order = sorted(places, key=lambda position: (places[position], position))
    right = [option.position for option in question.options]
    is_an_order = sorted(places.values()) == list(range(1, len(right) + 1))
    hits = sum(one == other for one, other in zip(order, right, strict=False)) if is_an_order else 0
    return order, Fraction(hits, len(right))


def plain(text: str) -> str:
    """A typed answer without what does not matter: case, spaces at the ends and doubled, a full stop, ё for е."""
    return " ".join(text[:LONGEST].split()).casefold().rstrip(".").replace("ё", "е")


def _accepts(accepted: str, text: str) -> bool:
    """Whether an accepted text, where `*` is anything and `\\*` a star, is met."""
    parts = re.split(r"(?<!\\)\*", accepted)
    if len(parts) == 1:
        return plain(accepted.replace("\\*", "*")) == text
    pattern = ".*".join(re.escape(part) for part in (_inner(part.replace("\\*", "*")) for part in parts))
    return re.fullmatch(pattern, text) is not None


def _inner(part: str) -> str:
    return re.sub(r"\s+", " ", part).casefold().replace("ё", "е")


def _positions(question: Question, given: Sequence[str]) -> list[int]:
    known = {option.position for option in question.options}
    return [position for position in dict.fromkeys(_whole(text) for text in given) if position in known]


def _pairs(question: Question, given: Sequence[str]) -> dict[int, int]:
    """`left:right` as numbers, of options that exist."""
    known = {option.position for option in question.options}
    found = {}
    for text in given:
        left, _colon, right = text.partition(":")
        if _whole(left) in known and _whole(right) in known:
            found[_whole(left)] = _whole(right)
    return found


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0


_MARKED: dict[QuestionKind, Callable[[Question, Sequence[str]], tuple[list[int], Fraction]]] = {
    QuestionKind.SINGLE: _mark_one,
    QuestionKind.TRUE_FALSE: _mark_one,
    QuestionKind.MULTIPLE: _mark_many,
    QuestionKind.SHORT: _mark_short,
    QuestionKind.NUMBER: _mark_number,
    QuestionKind.MATCHING: _mark_matching,
    QuestionKind.ORDERING: _mark_order,
}
