"""Codes: typed back as they were meant, wrong ones found out, links that a database cannot give away."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from privacy import codes

letters = st.sampled_from(codes.ALPHABET)


@given(body=st.text(letters, min_size=11, max_size=11), place=st.integers(0, 11), other=letters)
def test_every_single_wrong_character_is_found(body: str, place: int, other: str) -> None:
    code = body + codes.check_character(body)
    assert codes.is_badge_code(code)
    wrong = code[:place] + other + code[place + 1 :]
    assert codes.is_badge_code(wrong) == (wrong == code)


def test_a_code_can_be_typed_with_spaces_in_lower_case_on_a_cyrillic_keyboard() -> None:
    assert codes.normalised("ab2c-efgh jklm") == "AB2CEFGHJKLM"
    assert codes.normalised("АВЕК МНРС ТУХ2") == "ABEKMHPCTYX2"


def test_the_alphabet_has_no_look_alikes() -> None:
    assert not set(codes.ALPHABET) & set("01IO")


@given(st.text(max_size=300))
def test_any_text_is_either_a_code_or_not(text: str) -> None:
    assert codes.is_badge_code(codes.normalised(text)) in (True, False)


def test_a_badge_code_is_printed_in_groups() -> None:
    assert codes.grouped("ABCDEFGHJKLM") == "ABCD-EFGH-JKLM"
