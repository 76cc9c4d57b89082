"""Small groups unseen: which cells of a breakdown may be shown outside the team."""

from __future__ import annotations

from collections.abc import Mapping

WITHHELD = None


def protected(cells: Mapping[str, int], k: int) -> dict[str, int | None]:
    """The cells of one breakdown with an exact total beside it, small ones withheld (None).

    A cell from 1 to k-1 is withheld, and then the next smallest ones until those withheld are two at least and hold
    k people together, so that none follows from the total. k below 2 withholds nothing.
    """
    if k < 2:
        return dict(cells)
    by_size = sorted(cells, key=lambda name: (cells[name] == 0, cells[name], name))
    hidden = [name for name in by_size if 0 < cells[name] < k]
    for name in by_size:
        if not hidden or (len(hidden) >= 2 and sum(cells[cell] for cell in hidden) >= k):
            break
        if name not in hidden:
            hidden.append(name)
    return {name: WITHHELD if name in hidden else number for name, number in cells.items()}


def may_show(people: int, k: int) -> bool:
    """Whether a figure about so many people (a mean, a share) may be shown."""
    return people == 0 or people >= k
