"""Means of groups that lie in each other: none may follow that speaks of few."""

from __future__ import annotations

from privacy.means import Means


def out(*groups: dict[str, int], k: int = 5) -> Means:
    means = Means(k)
    for group in groups:
        means.show(group)
    return means


def test_few_who_came_since_are_not_had_by_subtraction() -> None:
    spring = {"north": 20, "south": 30}
    assert out().may_show(spring)
    assert not out(spring).may_show({**spring, "east": 3})
    assert out(spring).may_show({**spring, "east": 3, "west": 4})


def test_one_event_too_many_would_tell_of_the_last_one() -> None:
    whole = {"north": 20, "south": 9, "east": 3}
    assert out(whole).may_show({"north": 20})
    assert not out(whole, {"north": 20}).may_show({"south": 9})
    assert not out(whole).may_show({"east": 3})


def test_a_part_that_only_a_longer_sum_gives_away_is_found() -> None:
    some = ({"a": 10, "b": 10, "few": 2}, {"b": 10, "c": 10})
    assert out(*some).may_show({"c": 10, "d": 10})
    assert not out(*some, {"a": 10}).may_show({"c": 10}), "few are the first less the second and the third"
