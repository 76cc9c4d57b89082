"""Tables about people, edition after edition: what is withheld, why, and how far it can be narrowed."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from core.config import CHECKOUT
from privacy.editions import Count, Inside, Place
from privacy.withholding import Reason, protect

SEX, SECTOR = ("sex",), ("sector",)


def count(subject: str = "trained", **sexes: int) -> Count:
    return Count(subject, sum(sexes.values()), {SEX: {(sex,): number for sex, number in sexes.items()}})


def share(did: int, of: int) -> Count:
    return Count("useful", of, {("answer",): {("did",): did, ("did_not",): of - did}}, is_share=True)


def shown(verdicts, edition: int = 0, subject: str = "trained", dimensions: tuple[str, ...] = SEX) -> dict:
    """What a reader sees of a table, by the cell's name."""
    return {
        "+".join(place.cell): verdict.shown
        for place, verdict in verdicts.items()
        if place[:3] == (edition, subject, dimensions)
    }


def why(verdicts, cell: str, edition: int = 0, subject: str = "trained") -> Reason | None:
    return verdicts[Place(edition, subject, SEX, (cell,))].reason


sizes = st.one_of(st.integers(0, 12), st.integers(0, 60))
tables = st.lists(st.fixed_dictionaries(dict.fromkeys(("female", "male", "other"), sizes)), min_size=1, max_size=3)


@settings(max_examples=15, deadline=None)
@given(changes=tables, k=st.sampled_from([2, 5, 10]), order=st.randoms(use_true_random=False))
def test_no_small_cell_is_ever_shown_and_the_order_of_things_does_not_matter(changes, k, order) -> None:
    sums = dict.fromkeys(("female", "male", "other"), 0)
    editions = []
    for change in changes:
        sums = {name: number + change[name] for name, number in sums.items()}
        editions.append([count(**sums)])
    verdicts = protect(editions, k)
    assert all(v.shown in (None, v.people) and not 0 < (v.shown or 0) < k for v in verdicts.values())
    for verdict in verdicts.values():
        assert verdict.shown is not None or verdict.low <= verdict.people <= verdict.high
    shuffled = []
    for [found] in editions:
        rows = list(found.tables[SEX].items())
        order.shuffle(rows)
        shuffled.append([Count(found.subject, found.total, {SEX: dict(rows)})])
    assert protect(shuffled, k) == verdicts
    hidden = [place for place, verdict in verdicts.items() if verdict.shown is None]
    again = protect(editions, k, stricter=hidden)
    assert {place: v.shown for place, v in again.items()} == {place: v.shown for place, v in verdicts.items()}
    assert protect(editions[:1], k).items() <= verdicts.items(), "what was published is never taken back"


def test_a_small_cell_takes_the_next_smallest_with_it_and_staff_can_tell_which_was_which() -> None:
    verdicts = protect([[count(female=29, male=31, not_recorded=2)]], 5)
    assert shown(verdicts) == {"female": None, "male": 31, "not_recorded": None}
    assert (why(verdicts, "not_recorded"), why(verdicts, "female")) == (Reason.SMALL, Reason.COMPLEMENTARY)
    small = verdicts[Place(0, "trained", SEX, ("not_recorded",))]
    assert small.low <= 2 <= small.high and small.possible >= 5


def test_of_a_handful_nothing_is_told_not_even_that_there_were_no_women() -> None:
    assert set(shown(protect([[count(female=0, male=3, other=0)]], 5)).values()) == {None}


def test_two_editions_do_not_tell_who_came_in_between() -> None:
    first, second = count(female=30, male=40), count(female=32, male=60)
    assert None not in shown(protect([[second]], 5)).values()
    verdicts = protect([[first], [second]], 5)
    assert shown(verdicts, 0) == {"female": 30, "male": 40}
    assert shown(verdicts, 1) == {"female": None, "male": None}
    assert why(verdicts, "female", 1) == Reason.OVER_TIME


def test_small_steps_do_not_add_up_to_a_small_group_shown() -> None:
    steps = [[count(female=30, male=40)], [count(female=32, male=60)], [count(female=34, male=80)]]
    assert shown(protect(steps, 5), 2)["female"] is None, "four women came since the first"
    steps.append([count(female=36, male=100)])
    assert shown(protect(steps, 5), 3) == {"female": 36, "male": 100}, "six since the first"


def test_an_indicator_inside_another_does_not_tell_who_is_in_one_alone() -> None:
    whole, part = count("all", female=30, male=40), count("police", female=28, male=25)
    assert None not in shown(protect([[whole, part]], 5), subject="all").values()
    verdicts = protect([[whole, part]], 5, [Inside("police", "all")])
    assert shown(verdicts, subject="all") == {"female": 30, "male": 40}
    assert shown(verdicts, subject="police") == {"female": None, "male": None}
    assert why(verdicts, "female", subject="police") == Reason.NESTED


def test_a_table_of_two_dimensions_is_not_undone_by_its_margins() -> None:
    cross = {("police", "female"): 2, ("police", "male"): 30, ("cso", "female"): 20, ("cso", "male"): 20}
    whole = Count(
        "trained",
        72,
        {
            SEX: {("female",): 22, ("male",): 50},
            SECTOR: {("police",): 32, ("cso",): 40},
            ("sector", "sex"): cross,
        },
    )
    verdicts = protect([[whole]], 5)
    assert set(shown(verdicts, dimensions=("sector", "sex")).values()) == {None}, "each follows from any other"
    assert None not in {**shown(verdicts), **shown(verdicts, dimensions=SECTOR)}.values()
    assert all(v.possible >= 5 for place, v in verdicts.items() if v.shown is None)


def test_a_share_of_nobody_or_of_everybody_is_a_band() -> None:
    for did, says in ((0, "less 25"), (4, "less 25"), (5, None), (15, None), (16, "more 75"), (20, "more 75")):
        [verdict] = [v for place, v in protect([[share(did, 20)]], 5).items() if place.cell == ("did",)]
        band = verdict.band and f"{'less' if verdict.band.is_less else 'more'} {verdict.band.percent}"
        assert (band, verdict.shown) == (says, None if says else did)


def test_a_breakdown_with_nothing_to_hide_loads_no_solver() -> None:
    program = """
import sys
from privacy.editions import Count
from privacy.withholding import protect
table = Count("trained", 100, {("sex",): {("female",): 40, ("male",): 60}})
assert all(verdict.shown is not None for verdict in protect([[table]], 5).values())
assert not {"scipy", "numpy"} & sys.modules.keys()
"""
    subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, check=True)
