"""Wilcoxon's signed-rank test: did more people gain than lose, and by more, than chance would have it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

EXACT_UP_TO = 200


@dataclass(frozen=True)
class SignedRank:
    """Wilcoxon's signed-rank test: the two-sided p, pairs that differ and the sum of the ranks of those who gained.

    None is withheld.
    """

    n: int | None
    rank_sum: float | None
    p: float
    is_exact: bool


def signed_rank(differences: Sequence[int]) -> SignedRank | None:
    """Wilcoxon's test: zeros dropped, ties with their average rank; None where nothing differs.

    Exact, ties and all, up to 200 differences; above that the normal approximation, without a continuity correction.
    """
    import numpy as np  # only who looks at a report waits for it

    moved = np.array([difference for difference in differences if difference], dtype=np.int64)
    if not len(moved):
        return None
    _sizes, place, count = np.unique(np.abs(moved), return_inverse=True, return_counts=True)
    # Average ranks are halves at most, so twice a rank is whole.
    doubled = (2 * np.cumsum(count) - count + 1)[place]
    above = int(doubled[moved > 0].sum())
    is_exact = len(moved) <= EXACT_UP_TO
    p = _exact_p(doubled.tolist(), above) if is_exact else _normal_p(doubled.tolist(), above)
    return SignedRank(len(moved), above / 2, p, is_exact)


def _exact_p(doubled: Sequence[int], above: int) -> float:
    """The two-sided p by counting: each rank is above or below with the same chance."""
    import numpy as np  # only who looks at a report waits for it

    chance = np.zeros(sum(doubled) + 1)
    chance[0] = 1.0
    for rank in doubled:
        chance *= 0.5
        chance[rank:] += chance[:-rank].copy()
    return min(1.0, 2 * float(min(chance[: above + 1].sum(), chance[above:].sum())))


def _normal_p(doubled: Sequence[int], above: int) -> float:
    from scipy.special import ndtr  # only who looks at a report waits for SciPy

    distance = abs(above - sum(doubled) / 2) / sqrt(sum(rank * rank for rank in doubled) / 4)
    return float(2 * ndtr(-distance))
