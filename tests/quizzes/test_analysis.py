"""The gain in short, as the event's page and the indicators show it; the figures themselves: test_statistics.py."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from quizzes.analysis import Pair, knowledge, mastery

DAY = date(2027, 5, 14)
PRE = [40, 50, 60, 55, 45, 70, 35, 65, 50, 60, 48, 52]
POST = [60, 70, 75, 65, 70, 85, 55, 80, 65, 80, 66, 60]


def pairs(before: list[int], after: list[int]) -> list[Pair]:
    return [Pair(Fraction(a), Fraction(b), DAY) for a, b in zip(before, after, strict=True)]


def test_the_golden_figures() -> None:
    found = knowledge(pairs(PRE, POST))
    assert found.n == 12
    assert (found.before, found.after, found.gain) == (52.5, 69.25, 16.75)
    assert found.sd == pytest.approx(4.7314, abs=5e-5)
    assert (found.low, found.high) == (pytest.approx(13.744, abs=5e-4), pytest.approx(19.756, abs=5e-4))
    assert found.d_z == pytest.approx(3.5402, abs=5e-5)
    assert found.hake == pytest.approx(0.35263, abs=5e-6)
    assert mastery(pairs(PRE, POST), 65) == (2, 9, 12)


def test_nobody_one_and_few_say_no_more_than_they_can() -> None:
    assert knowledge([]).gain is None
    one = knowledge(pairs([40], [60]))
    assert (one.n, one.gain, one.sd, one.low) == (1, 20, None, None)
    four = knowledge(pairs(PRE[:4], POST[:4]))
    assert four.gain is not None and four.d_z is not None and four.low is None


def test_equal_gains_and_full_marks_are_not_computed_rather_than_infinite() -> None:
    equal = knowledge(pairs([40, 50, 60, 70, 80], [50, 60, 70, 80, 90]))
    assert (equal.gain, equal.sd, equal.d_z, equal.low) == (10, None, None, None)
    assert knowledge(pairs([100] * 5, [100] * 5)).hake is None
