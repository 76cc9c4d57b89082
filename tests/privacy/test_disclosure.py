"""Small groups unseen: a hidden cell never follows from the total and the others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from privacy.disclosure import band, may_follow, may_show, protected

cells = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40), min_size=1)


@given(found=cells, k=st.integers(2, 12))
def test_no_small_cell_is_shown_and_none_follows_from_the_rest(found: dict[str, int], k: int) -> None:
    shown = protected(found, k)
    hidden = [name for name, number in shown.items() if number is None]
    assert all(number is None or number == found[name] for name, number in shown.items())
    assert not any(number is not None and 0 < number < k for number in shown.values())
    if hidden and len(hidden) < len(found):
        least = min(1, *(found[name] for name in hidden))
        together = sum(found.values()) - sum(number or 0 for number in shown.values())
        assert len(hidden) >= 2
        assert together - least * len(hidden) + 1 >= k, "each can have k values"


@given(found=cells)
def test_staff_see_everything(found: dict[str, int]) -> None:
    assert protected(found, 0) == found


def test_a_large_breakdown_is_shown_whole() -> None:
    assert protected({"female": 40, "male": 60, "other": 0}, 5) == {"female": 40, "male": 60, "other": 0}


def test_a_single_small_cell_takes_another_with_it() -> None:
    assert protected({"female": 29, "male": 31, "not_recorded": 2}, 5) == {
        "female": None,
        "male": 31,
        "not_recorded": None,
    }


def test_a_mean_of_few_people_is_not_shown() -> None:
    assert not may_show(4, 5)
    assert may_show(5, 5)


def test_a_mean_is_not_shown_again_after_few_have_come() -> None:
    assert may_follow(20, None, 5) and may_follow(20, 15, 5) and may_follow(20, 20, 5)
    assert not may_follow(20, 17, 5) and not may_follow(4, None, 5)


@given(of=st.integers(0, 60), k=st.integers(2, 12), data=st.data())
def test_a_band_holds_k_numbers_or_more_and_never_tells_of_all(of: int, k: int, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, of))
    said = band(number, of, k)
    if said is None:
        assert of < 2 * k - 1 or k <= number <= of - k
        return
    assert sum(band(other, of, k) == said for other in range(of + 1)) == k
    share = 100 * number / of
    assert share < said.percent if said.is_less else share > said.percent
