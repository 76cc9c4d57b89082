"""Names of people: split, compared across scripts, never guessed to be the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.names import PersonName, plain

SAME = [
    ("Кавалёў Уладзімір", "Kavaliou Uladzimir"),
    ("Ждановіч Ганна", "Zhdanovich Hanna"),
    ("Щербакова Ольга", "Shcherbakova Olga"),
    ("Юрьев Яков", "Yuryev Yakov"),
    ("Лук'янаў Зміцер", "Лук’янаў Зміцер"),
    ("ОСИПОВА  Алевтина", "Осипова Алевтина"),
    ("Фёдоров Пётр", "Федоров Петр"),
    ("Хоменко Наталья", "Khomenko Natalia"),
]
DIFFERENT = [
    ("Жданович Анна", "O’Brien-Kowalska Anna Maria"),
    ("Иванов Иван", "Иванова Иванна"),
    ("Петров Мина", "Петров Марк"),
    ("Беляев Данила", "Беляков Геннадий"),
]


def person(text: str) -> PersonName:
    return PersonName.from_full(text)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_these_may_be_one_person(one: str, other: str) -> None:
    assert person(one).resembles(person(other))
    assert person(other).resembles(person(one))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_these_are_two(one: str, other: str) -> None:
    assert not person(one).may_be(person(other))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Иванова Анна Петровна", ("Иванова", "Анна", "Петровна")),
        ("Иванова Анна", ("Иванова", "Анна", "")),
        ("Иванова", ("Иванова", "", "")),
        ("Kowalska Anna Maria", ("Kowalska", "Anna Maria", "")),
        ("Мамедов Али Гасан оглы", ("Мамедов", "Али", "Гасан оглы")),
    ],
)
def test_a_full_name_is_split(text: str, parts: tuple[str, str, str]) -> None:
    name = person(text)
    assert (name.family, name.given, name.patronymic) == parts


@given(st.text(max_size=80))
def test_any_text_can_be_compared(text: str) -> None:
    name = PersonName(text)
    assert name.key == plain(text)
    assert name.may_be(name)


@given(st.lists(st.text(st.characters(exclude_characters="\x1f"), max_size=30), min_size=3, max_size=3))
def test_a_name_is_kept_as_it_was(parts: list[str]) -> None:
    name = PersonName(*parts)
    assert PersonName.from_line(name.as_line()) == name
