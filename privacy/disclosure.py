"""Small groups unseen: which cells of a single breakdown, which shares and which means may be shown outside the team.

Here stands what can be decided by arithmetic alone. Breakdowns that hang together, of several indicators, crossed, or
published again and again, are decided on in `privacy/withholding.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WITHHELD = None


@dataclass(frozen=True)
class Band:
    """What may be said of a share that few people, or all but few, make up: less or more than so many percent."""

    is_less: bool
    percent: int


def protected(cells: Mapping[str, int], k: int) -> dict[str, int | None]:
    """The cells of one breakdown with an exact total beside it, small ones withheld (None).

    A cell from 1 to k-1 is withheld, and then the next smallest until two at least are withheld and each of them could
    have k values, even for somebody who knows that none is 0. If there are not enough, empty ones are withheld too,
    and then that is no longer known. k below 2 withholds nothing.
    """
    if k < 2:
        return dict(cells)
    by_size = sorted(cells, key=lambda name: (cells[name] == 0, cells[name], name))
    hidden = [name for name in by_size if 0 < cells[name] < k]
    for name in by_size:
        if not hidden or _is_enough([cells[cell] for cell in hidden], k):
            break
        if name not in hidden:
            hidden.append(name)
    return {name: WITHHELD if name in hidden else number for name, number in cells.items()}


def may_show(people: int, k: int) -> bool:
    """Whether a figure about so many people (a mean, a share) may be shown."""
    return people == 0 or people >= k


def may_follow(people: int, before: int | None, k: int) -> bool:
    """Whether a mean may be shown after one of `before` people was: with both, the mean of few newcomers follows."""
    return may_show(people, k) and (before is None or may_show(abs(people - before), k))


def band(number: int, of: int, k: int) -> Band | None:
    """The band of a share whose number is small on one side, 0 and all included; None where it needs or has none.

    Each band holds k numbers or more, so `of` is 2k-1 at least. Of nobody and of everybody it would otherwise be told
    what every single one of them said.
    """
    if of < 2 * k - 1 or k <= number <= of - k:
        return None
    if number < k:
        return Band(True, -(-100 * k // of))
    return Band(False, 100 * (of - k) // of)


def _is_enough(hidden: list[int], k: int) -> bool:
    least = 1 if all(hidden) else 0
    return len(hidden) >= 2 and sum(hidden) - least * len(hidden) + 1 >= k
