"""The figures of a quiz: golden values, what SciPy says, what holds for any scores, what so few cannot carry."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
import scipy.stats
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from quizzes import signed_ranks, statistics

PRE = [40, 50, 60, 55, 45, 70, 35, 65, 50, 60, 48, 52]
POST = [60, 70, 75, 65, 70, 85, 55, 80, 65, 80, 66, 60]
people = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=5, max_size=40)
briefly = settings(max_examples=60, deadline=None)


def pairs(found: list[tuple[int, int]]) -> list[tuple[Fraction, Fraction]]:
    return [(Fraction(before), Fraction(after)) for before, after in found]


GOLDEN = pairs(list(zip(PRE, POST, strict=True)))


def test_the_golden_figures() -> None:
    found = statistics.compare(GOLDEN)
    assert (found.n, found.before.mean, found.after.mean, found.gain) == (12, 52.5, 69.25, 16.75)
    assert (found.before.median, found.after.median) == (51, 68)
    assert found.sd == pytest.approx(4.7314, abs=5e-5)
    assert (found.interval.low, found.interval.high) == (
        pytest.approx(13.744, abs=5e-4),
        pytest.approx(19.756, abs=5e-4),
    )
    assert found.d_z == pytest.approx(3.5402, abs=5e-5)
    assert found.hake == pytest.approx(0.35263, abs=5e-6)
    reached = statistics.passing(GOLDEN, 65)
    assert (reached.after.number, reached.after.of) == (9, 12)
    assert (reached.after.interval.low, reached.after.interval.high) == (
        pytest.approx(0.4677, abs=5e-5),
        pytest.approx(0.9111, abs=5e-5),
    )


def test_the_golden_figures_by_another_hand() -> None:
    """What the design names SciPy for, computed by it here."""
    found, reached = statistics.compare(GOLDEN), statistics.passing(GOLDEN, 65)
    assert found.interval.low == pytest.approx(scipy.stats.ttest_rel(POST, PRE).confidence_interval().low)
    assert found.d_av == pytest.approx(16.75 / math.sqrt((np.var(PRE, ddof=1) + np.var(POST, ddof=1)) / 2))
    bias = math.gamma(11 / 2) / (math.sqrt(11 / 2) * math.gamma(10 / 2))
    assert found.g_av == pytest.approx(found.d_av * bias)
    for limit, share in ((found.d_z_interval.low, 0.975), (found.d_z_interval.high, 0.025)):
        t = found.d_z * math.sqrt(12)
        assert scipy.stats.nct.cdf(t, 11, limit * math.sqrt(12)) == pytest.approx(share, abs=1e-4)
    assert (reached.turns.gained, reached.turns.lost) == (7, 0)
    assert reached.p == pytest.approx(scipy.stats.binomtest(7, 7, 0.5).pvalue)
    assert (found.signed_rank.p, found.signed_rank.is_exact) == (2 / 2**12, True)


@briefly
@given(st.integers(1, 60), st.integers(0, 60))
def test_shares_and_turns_are_scipys(of: int, number: int) -> None:
    number = min(number, of)
    there = scipy.stats.binomtest(number, of).proportion_ci(method="wilson")
    here = statistics.wilson(number, of)
    assert (here.low, here.high) == (pytest.approx(there.low, abs=1e-12), pytest.approx(there.high, abs=1e-12))
    assert statistics.mcnemar(number, of) == pytest.approx(scipy.stats.binomtest(number, number + of, 0.5).pvalue)


@briefly
@given(st.lists(st.integers(-4, 4), min_size=1, max_size=8))
def test_the_exact_signed_rank_test_counts_every_sign_ties_and_all(differences: list[int]) -> None:
    moved = [difference for difference in differences if difference]
    found = signed_ranks.signed_rank(differences)
    if not moved:
        assert found is None
        return
    ranks = scipy.stats.rankdata([abs(difference) for difference in moved])
    above = sum(rank for rank, difference in zip(ranks, moved, strict=True) if difference > 0)
    sums = [
        sum(rank for rank, up in zip(ranks, signs, strict=True) if up) for signs in product((0, 1), repeat=len(moved))
    ]
    tail = min(sum(s <= above for s in sums), sum(s >= above for s in sums)) / len(sums)
    assert (found.n, found.rank_sum) == (len(moved), above)
    assert found.p == pytest.approx(min(1, 2 * tail))


def test_of_many_people_the_signed_rank_test_is_scipys_approximation() -> None:
    chance = np.random.default_rng(1)
    differences = [int(difference) for difference in chance.integers(-9, 12, 400)]
    found = signed_ranks.signed_rank(differences)
    there = scipy.stats.wilcoxon(differences, method="asymptotic", zero_method="wilcox")
    assert not found.is_exact and found.p == pytest.approx(there.pvalue)


def test_nobody_one_and_few_say_no_more_than_they_can() -> None:
    nobody = statistics.compare([])
    assert (nobody.n, nobody.gain, nobody.before.mean) == (0, None, None)
    one = statistics.compare(GOLDEN[:1])
    assert (one.gain, one.sd, one.interval, one.d_z, one.d_av, one.signed_rank) == (20, None, None, None, None, None)
    for n in (2, 3, 4):
        few = statistics.compare(GOLDEN[:n])
        assert few.gain is not None and (few.interval, few.d_z_interval, few.signed_rank) == (None, None, None)
        reached = statistics.passing(GOLDEN[:n], 65)
        assert (reached.p, reached.after.interval) == (None, None)
    five = statistics.compare(GOLDEN[:5])
    assert five.interval and five.d_z_interval and five.signed_rank


@briefly
@given(st.lists(st.tuples(st.sampled_from([0, 50, 100]), st.sampled_from([0, 50, 100])), max_size=8))
def test_nothing_is_ever_infinite_or_no_number(found: list[tuple[int, int]]) -> None:
    report = statistics.compare(pairs(found))
    figures = [report.gain, report.sd, report.d_z, report.d_av, report.g_av, report.hake]
    figures += [value for i in (report.interval, report.d_z_interval) if i for value in (i.low, i.high)]
    assert all(value is None or math.isfinite(value) for value in figures)
    if found and len({after - before for before, after in found}) == 1:
        assert (report.sd, report.d_z, report.interval) == (None, None, None), "no spread: not computed"
    if found and all(before == 100 for before, _ in found):
        assert report.hake is None


def test_a_gain_that_nearly_everybody_shares_takes_no_time() -> None:
    found = statistics.compare(pairs([(0, 100)] * 20_000 + [(1, 100)]))
    assert found.d_z > 100 and found.d_z_interval is None and found.signed_rank.p == 0


def test_three_thirds_of_a_question_are_one() -> None:
    third = Fraction(100 * 333_333, 1_000_000)
    found = statistics.directions([(3 * third, Fraction(100))] * 5)
    assert (found.improved, found.same) == (0, 5)


# For any scores.


@briefly
@given(people)
def test_swapping_before_and_after_flips_the_signs(found: list[tuple[int, int]]) -> None:
    there, back = statistics.compare(pairs(found)), statistics.compare(pairs([(b, a) for a, b in found]))
    assert (there.before, there.after) == (back.after, back.before)
    for name in ("gain", "d_z", "d_av", "g_av"):
        one, other = getattr(there, name), getattr(back, name)
        assert (one is None) == (other is None) and (one is None or one == pytest.approx(-other, abs=1e-12)), name
    for name in ("interval", "d_z_interval"):
        one, other = getattr(there, name), getattr(back, name)
        assert (one is None) == (other is None) and (one is None or one.low == pytest.approx(-other.high, abs=1e-9))
    assert there.sd == back.sd
    assert (there.signed_rank and there.signed_rank.p) == pytest.approx(back.signed_rank and back.signed_rank.p)
    one, other = statistics.directions(pairs(found)), statistics.directions(pairs([(b, a) for a, b in found]))
    assert (one.improved, one.same, one.worse) == (other.worse, other.same, other.improved)
    passed, returned = statistics.passing(pairs(found), 50), statistics.passing(pairs([(b, a) for a, b in found]), 50)
    assert (passed.before, passed.p) == (returned.after, returned.p)
    assert (passed.turns.gained, passed.turns.lost) == (returned.turns.lost, returned.turns.gained)


@briefly
@given(people, st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(found: list[tuple[int, int]], chance) -> None:
    mixed = found[:]
    chance.shuffle(mixed)
    assert statistics.compare(pairs(mixed)) == statistics.compare(pairs(found))
    assert statistics.passing(pairs(mixed), 50) == statistics.passing(pairs(found), 50)


@briefly
@given(people, st.integers(1, 30))
def test_the_same_added_to_everybody_after_moves_only_what_it_should(found: list[tuple[int, int]], more: int) -> None:
    assume(len({after - before for before, after in found}) > 1)
    plain, raised = statistics.compare(pairs(found)), statistics.compare(pairs([(a, b + more) for a, b in found]))
    assert raised.before == plain.before
    assert raised.after.mean == pytest.approx(plain.after.mean + more) and raised.after.sd == plain.after.sd
    assert raised.gain == pytest.approx(plain.gain + more) and raised.sd == plain.sd
    assert raised.interval.low == pytest.approx(plain.interval.low + more, abs=1e-9)
    assert raised.interval.high == pytest.approx(plain.interval.high + more, abs=1e-9)
    assert raised.d_z == pytest.approx(plain.d_z + more / plain.sd, abs=1e-9)


# Questions.


@briefly
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9), st.integers(1, 4)), min_size=1, max_size=12))
def test_a_correlation_of_cells_is_that_of_the_people_in_them(cells: list[tuple[int, int, int]]) -> None:
    xs = [x for x, _, n in cells for _ in range(n)]
    ys = [y for _, y, n in cells for _ in range(n)]
    found = statistics.correlation(cells)
    if len(set(xs)) == 1 or len(set(ys)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(np.corrcoef(xs, ys)[0, 1], abs=1e-9)


def test_alpha_is_one_for_questions_that_say_the_same_and_none_for_one() -> None:
    answers = np.array([[1, 1, 1], [0, 0, 0], [1, 1, 1], [0, 0, 0], [1, 1, 0]])

    def alpha(matrix: np.ndarray) -> float | None:
        columns = [statistics.moments(column.tolist())[1] for column in matrix.T]
        return statistics.alpha(columns, statistics.moments(matrix.sum(axis=1).tolist())[1])

    assert alpha(answers[:4]) == pytest.approx(1)
    items = answers.var(axis=0, ddof=1).sum()
    assert alpha(answers) == pytest.approx(3 / 2 * (1 - items / answers.sum(axis=1).var(ddof=1)))
    assert alpha(answers[:, :1]) is None and statistics.alpha([Fraction(1)] * 3, Fraction(0)) is None
