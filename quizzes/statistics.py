"""The figures of a quiz from plain numbers: sums exact, nothing computed that so few people cannot carry.

Of SciPy only `scipy.special` is used, and only by who looks at a report: `scipy.stats` would cost every server a second
and as much memory again. The tests compare with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, exp, isfinite, lcm, sqrt

from quizzes.signed_ranks import SignedRank, signed_rank

CONFIDENCE = 0.95
SMALLEST_FOR_INTERVAL = 5  # people; below that no interval and no test
# Differences are compared in thousandths of a point: three thirds of a question are to be one.
FINENESS = 1000
FARTHEST = 10_000  # of t: beyond that the noncentral t takes for ever to say that the gain is beyond doubt

Number = int | Fraction


@dataclass(frozen=True)
class Interval:
    """Where the true value lies, with 95 % confidence."""

    low: float
    high: float


@dataclass(frozen=True)
class Scores:
    """Of one set of scores: how many, their mean, median and standard deviation; None where they say nothing."""

    n: int
    mean: float | None = None
    median: float | None = None
    sd: float | None = None


@dataclass(frozen=True)
class Share:
    """So many of so many, with the Wilson interval where there are enough."""

    number: int
    of: int
    interval: Interval | None = None

    @property
    def percent(self) -> float | None:
        return 100 * self.number / self.of if self.of else None


@dataclass(frozen=True)
class Comparison:
    """Before against after of the same people. What cannot be computed, or not said of so few, is None.

    `d_z` is the mean gain over the deviation of the gains, `d_av` over the root of the mean variance before and after,
    `g_av` the same without its bias in small groups (Hedges); `hake` the class normalised gain (Hake 1998).
    """

    n: int
    before: Scores
    after: Scores
    gain: float | None = None
    sd: float | None = None
    interval: Interval | None = None
    signed_rank: SignedRank | None = None
    d_z: float | None = None
    d_z_interval: Interval | None = None
    d_av: float | None = None
    g_av: float | None = None
    hake: float | None = None


@dataclass(frozen=True)
class Directions:
    """How many have more points after, as many, fewer; None is withheld."""

    improved: int | None
    same: int | None
    worse: int | None


@dataclass(frozen=True)
class Turns:
    """People by what they were before and after: came to it, lost it, kept it, never had it."""

    gained: int
    lost: int
    kept: int
    never: int

    @property
    def n(self) -> int:
        return self.gained + self.lost + self.kept + self.never


@dataclass(frozen=True)
class Passing:
    """Who reached the pass mark before and after, who turned, and McNemar's exact p. None is withheld."""

    before: Share
    after: Share
    turns: Turns | None
    p: float | None


def scores(values: Sequence[Fraction]) -> Scores:
    """Mean, median and standard deviation of scores."""
    if not values:
        return Scores(0)
    mean, variance = moments(values)
    ordered = sorted(values)
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return Scores(len(values), float(mean), float(median), None if variance is None else sqrt(variance))


def compare(pairs: Sequence[tuple[Fraction, Fraction]], *, in_depth: bool = True) -> Comparison:
    """The gain of (before, after) pairs in percent of the points; not `in_depth`, what the mean gain needs and d_z."""
    n = len(pairs)
    before, after = scores([first for first, _ in pairs]), scores([second for _, second in pairs])
    if not pairs:
        return Comparison(0, before, after)
    gains = [second - first for first, second in pairs]
    moved = _rounded(gains)
    mean, variance = moments(gains)
    found: dict[str, float | Interval | SignedRank | None] = {"gain": float(mean)}
    start = moments([first for first, _ in pairs])[0]
    if start < 100:
        found["hake"] = float(mean / (100 - start))
    if variance is not None and len(set(moved)) > 1:
        found |= _of_spread(float(mean), sqrt(variance), n, in_depth)
    if not in_depth:
        return Comparison(n, before, after, **found)  # type: ignore[arg-type]
    if before.sd is not None and after.sd is not None and (before.sd or after.sd):
        d_av = float(mean) / sqrt((before.sd**2 + after.sd**2) / 2)
        found |= {"d_av": d_av, "g_av": _unbiased(d_av, n)}
    if n >= SMALLEST_FOR_INTERVAL:
        found["signed_rank"] = signed_rank(moved)
    return Comparison(n, before, after, **found)  # type: ignore[arg-type]


def directions(pairs: Sequence[tuple[Fraction, Fraction]]) -> Directions:
    """Who gained, stayed and lost points."""
    moved = _rounded([after - before for before, after in pairs])
    return Directions(sum(gain > 0 for gain in moved), moved.count(0), sum(gain < 0 for gain in moved))


def passing(pairs: Sequence[tuple[Fraction, Fraction]], mark: int) -> Passing:
    """Who stands at or above the pass mark, before and after."""
    n = len(pairs)
    reached = [(before >= mark, after >= mark) for before, after in pairs]
    found = turns(reached)
    p = mcnemar(found.gained, found.lost) if n >= SMALLEST_FOR_INTERVAL else None
    return Passing(share(found.lost + found.kept, n), share(found.gained + found.kept, n), found, p)


def turns(pairs: Sequence[tuple[bool, bool]]) -> Turns:
    """Counted from whether each was so before, and is so after."""
    gained, lost = pairs.count((False, True)), pairs.count((True, False))
    return Turns(gained, lost, pairs.count((True, True)), pairs.count((False, False)))


def share(number: int, of: int) -> Share:
    """A share with its Wilson interval, from 5 on."""
    return Share(number, of, wilson(number, of) if of >= SMALLEST_FOR_INTERVAL else None)


def wilson(number: int, of: int) -> Interval:
    """The score interval of a share (Wilson 1927), as a part of one. It never leaves 0 to 1."""
    from scipy.special import ndtri  # only who looks at a report waits for SciPy

    z = float(ndtri((1 + CONFIDENCE) / 2))
    middle = (number + z * z / 2) / (of + z * z)
    reach = z * sqrt(number * (of - number) / of + z * z / 4) / (of + z * z)
    return Interval(0.0 if number == 0 else middle - reach, 1.0 if number == of else middle + reach)


def mcnemar(one_way: int, other_way: int) -> float | None:
    """The exact two-sided p of so many changes one way against the other; None where nobody changed."""
    changed = one_way + other_way
    if not changed:
        return None
    tail = Fraction(sum(comb(changed, k) for k in range(min(one_way, other_way) + 1)), 2**changed)
    return min(1.0, float(2 * tail))


def correlation(cells: Iterable[tuple[Number, Number, int]]) -> float | None:
    """Pearson's r of (x, y, how often); None where one of them is the same for everybody."""
    found = [(x, y, n) for x, y, n in cells if n]
    if not found:
        return None
    xs, _ = _whole([x for x, _, _ in found])
    ys, _ = _whole([y for _, y, _ in found])
    ns = [n for _, _, n in found]
    n = sum(ns)
    x_sum = sum(x * k for x, k in zip(xs, ns, strict=True))
    y_sum = sum(y * k for y, k in zip(ys, ns, strict=True))
    xx = n * sum(x * x * k for x, k in zip(xs, ns, strict=True)) - x_sum**2
    yy = n * sum(y * y * k for y, k in zip(ys, ns, strict=True)) - y_sum**2
    xy = n * sum(x * y * k for x, y, k in zip(xs, ys, ns, strict=True)) - x_sum * y_sum
    if not xx or not yy:
        return None
    size = min(1.0, sqrt(Fraction(xy * xy, xx * yy)))
    return size if xy > 0 else -size


def alpha(items: Sequence[Fraction], whole: Fraction) -> float | None:
    """Cronbach's alpha from the variances of the items and of their sum; KR-20 where items are right or wrong."""
    if len(items) < 2 or not whole:
        return None
    return float(Fraction(len(items), len(items) - 1) * (1 - sum(items, Fraction(0)) / whole))


def moments(values: Sequence[Number], counts: Sequence[int] | None = None) -> tuple[Fraction, Fraction | None]:
    """The exact mean and variance (over n − 1) of values, each as often as it is counted; at least one."""
    whole, scale = _whole(values)
    counts = counts or [1] * len(whole)
    n = sum(counts)
    total = sum(x * k for x, k in zip(whole, counts, strict=True))
    mean = Fraction(total, n * scale)
    if n < 2:
        return mean, None
    squares = sum(x * x * k for x, k in zip(whole, counts, strict=True))
    return mean, Fraction(n * squares - total**2, n * (n - 1) * scale**2)


def _rounded(gains: Sequence[Fraction]) -> list[int]:
    return [round(gain * FINENESS) for gain in gains]


def _of_spread(mean: float, sd: float, n: int, in_depth: bool) -> dict[str, float | Interval | SignedRank | None]:
    """What rests on the spread of the gains: its size, the t interval, d_z with its interval by noncentral t."""
    found: dict[str, float | Interval | SignedRank | None] = {"sd": sd, "d_z": mean / sd}
    if n < SMALLEST_FOR_INTERVAL:
        return found
    from scipy.special import nctdtrinc, stdtrit  # only who looks at a report waits for SciPy

    upper = (1 + CONFIDENCE) / 2
    margin = float(stdtrit(n - 1, upper)) * sd / sqrt(n)
    found["interval"] = Interval(mean - margin, mean + margin)
    t = mean / sd * sqrt(n)
    if abs(t) > FARTHEST or not in_depth:
        return found
    # Solved for the positive side and mirrored, so that it is as exact there as here.
    low, high = (float(nctdtrinc(n - 1, p, abs(t))) / sqrt(n) for p in (upper, 1 - upper))
    if t < 0:
        low, high = -high, -low
    found["d_z_interval"] = Interval(low, high) if isfinite(low) and isfinite(high) else None
    return found


def _unbiased(d: float, n: int) -> float | None:
    if n < 3:
        return None
    from scipy.special import gammaln  # only who looks at a report waits for SciPy

    m = n - 1
    return d * exp(float(gammaln(m / 2)) - float(gammaln((m - 1) / 2))) / sqrt(m / 2)


def _whole(values: Sequence[Number]) -> tuple[list[int], int]:
    """The same numbers as whole ones over one denominator."""
    scale = lcm(*{value.denominator for value in values})
    return [value.numerator * (scale // value.denominator) for value in values], scale
