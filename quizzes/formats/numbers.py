"""Numbers that are right, as files give them: a number, a number and how far from it, from one number to another."""

from __future__ import annotations

import re
from decimal import Context, Decimal

from quizzes.formats import remarks
from quizzes.formats.blocks import LeftOut
from quizzes.plans import NO_NUMBER, number_of

LONGEST = 40  # digits that a column of the register holds
_EXACT = Context(prec=80)


def limits_of(text: str) -> tuple[str, str]:
    """The lowest and the highest number that `7`, `7:0.5`, `7±0.5`, `6.5..7.5` mean. Raises LeftOut for others."""
    if ".." in text:
        low, _dots, high = text.partition("..")
        return _digits(_number(low)), _digits(_number(high))
    middle, sign, tolerance = re.sub("±|\\+/-|\\+-", ":", text, count=1).partition(":")
    if not sign:
        return (_digits(_number(middle)),) * 2
    return around(middle, tolerance)


def around(middle: str, tolerance: str) -> tuple[str, str]:
    """The lowest and the highest number not farther from the middle than the tolerance. Raises LeftOut."""
    number, distance = _number(middle), _number(tolerance)
    if not distance:
        return (_digits(number),) * 2
    return _shortest(_EXACT.subtract(number, distance)), _shortest(_EXACT.add(number, distance))


def _number(text: str) -> Decimal:
    number = number_of(text) if len(text) <= 3 * LONGEST else None
    if number is None:
        raise LeftOut(NO_NUMBER.sentence)
    if number.as_tuple().exponent not in range(-LONGEST, LONGEST):
        raise LeftOut(remarks.LONG_NUMBER)
    return number


def _shortest(number: Decimal) -> str:
    digits = _digits(number)
    return (digits.rstrip("0").rstrip(".") or "0") if "." in digits else digits


def _digits(number: Decimal) -> str:
    digits = format(number or abs(number), "f")  # no minus before a zero
    if len(digits) > LONGEST:
        raise LeftOut(remarks.LONG_NUMBER)
    return digits
