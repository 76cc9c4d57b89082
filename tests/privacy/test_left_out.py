"""Whoever was not counted: how many is told where nobody is found by it, with all that is told beside it."""

from __future__ import annotations

from privacy.editions import Inside
from privacy.left_out import PLACES, REASON, Left, LeftOut, protect


def left(subject: str = "trained", **numbers: int) -> LeftOut:
    return LeftOut(subject, numbers)


def told(editions: list[list[LeftOut]], subject: str = "trained", edition: int = -1, **more) -> dict[str, int | None]:
    number = edition % len(editions)
    found = protect(editions, 5, **more)
    return {place.reason: shown for place, shown in found.items() if place[:2] == (number, subject)}


def test_enough_people_are_told_and_a_few_take_their_companion_with_them() -> None:
    assert told([[left(absent=12, below_share=7, again=0)]]) == {"absent": 12, "below_share": 7, "again": 0}
    few = told([[left(absent=12, below_share=2, again=9)]])
    assert few["below_share"] is few["absent"] is None, "all but twelve of the places of the plan are two"


def test_few_who_came_again_are_not_had_from_the_places_of_a_plan() -> None:
    few = told([[left(absent=12, below_share=7, again=3)]])
    assert few["again"] is None and None in (few["absent"], few["below_share"])
    assert told([[left(absent=12, below_share=7, merged=3)]]) == {"absent": 12, "below_share": 7, "merged": None}


def test_what_was_told_before_does_not_tell_who_was_left_out_since() -> None:
    first, second = [left(absent=20, below_share=9)], [left(absent=22, below_share=19)]
    assert told([first, second], edition=0) == {"absent": 20, "below_share": 9}
    assert told([first, second]) == {"absent": None, "below_share": None}
    assert told([[left(one_test=9)], [left(one_test=11)]]) == {"one_test": None}
    assert told([[left(one_test=9)], [left(one_test=11)], [left(one_test=14)]]) == {"one_test": 14}


def test_an_indicator_inside_another_does_not_tell_whom_the_other_left_out_alone() -> None:
    both = [left("all", absent=40, below_share=27), left("police", absent=38, below_share=9)]
    inside = [Inside("police", "all", REASON, among=frozenset(PLACES))]
    assert told([both], "all", inside=inside) == {"absent": 40, "below_share": 27}
    assert told([both], "police", inside=inside) == {"absent": None, "below_share": None}


def test_what_donors_do_not_see_the_public_does_not_see_either() -> None:
    hidden = {Left(0, "trained", "below_share")}
    assert told([[left(absent=40, below_share=20)]], stricter=hidden) == {"absent": None, "below_share": None}
