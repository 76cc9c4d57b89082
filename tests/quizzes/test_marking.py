"""Marking: what counts as right for every kind of question, and what odd input comes to."""

from __future__ import annotations

import pytest

from core.i18n import Texts
from quizzes import marking, writing
from quizzes.models import WHOLE, QuestionKind
from quizzes.plans import EQUAL_OPTIONS, NO_RIGHT, SHUFFLED_ALL, OptionPlan, QuestionPlan, faults_of, number_of


def option(text: str = "", right: bool = False, **more) -> OptionPlan:
    return OptionPlan(Texts(ru=text), right, **more)


def question(kind: str, *options: OptionPlan, **more):
    return writing.question_of(QuestionPlan(QuestionKind(kind), Texts(ru="?"), list(options), **more), 1)


SHORT = question("short", option("правила Мандел*", True), option("Ёж", True), option("почти", points=WHOLE // 2))
NUMBER = question("number", option(right=True, low="71.5", high="72.5"), option(low="60", high="80", points=WHOLE // 4))
MANY = question("multiple", option("а", True), option("б", True), option("в"), option("г"))
MATCHING = question(
    "matching",
    option("1", match=Texts(ru="А")), option("2", match=Texts(ru="Б")), option("3", match=Texts(ru="Б")),
    option("", match=Texts(ru="В")),
)  # fmt: skip
ORDER = question("ordering", option("раз"), option("два"), option("три"))


@pytest.mark.parametrize(
    ("asked", "given", "whole", "part"),
    [
        (MANY, ["1", "2"], 1, 1), (MANY, ["2", "1", "1"], 1, 1), (MANY, ["1"], 0, 0.5), (MANY, ["1", "2", "3"], 0, 0.5),
        (MANY, ["3", "4"], 0, 0), (MANY, [], 0, 0), (MANY, ["9", "x", "-1", "²", ""], 0, 0),
        (SHORT, ["  Правила   манделы. "], 1, 1), (SHORT, ["еж"], 1, 1), (SHORT, ["почти"], 0, 0.5),
        (SHORT, ["иное"], 0, 0), (SHORT, [""], 0, 0), (SHORT, ["х" * 5000], 0, 0),
        (NUMBER, ["72"], 1, 1), (NUMBER, ["72,5"], 1, 1), (NUMBER, ["72.51"], 0, 0.25), (NUMBER, ["1e999999"], 0, 0),
        (NUMBER, ["NaN"], 0, 0), (NUMBER, ["семьдесят"], 0, 0),
        (MATCHING, ["1:1", "2:2", "3:3"], 1, 1), (MATCHING, ["1:1", "2:3", "3:2"], 1, 1),
        (MATCHING, ["1:1", "2:4", "3:2"], 0, 2 / 3), (MATCHING, ["1:99", "x:1", "2"], 0, 0),
        (ORDER, ["1:1", "2:2", "3:3"], 1, 1), (ORDER, ["1:1", "2:3", "3:2"], 0, 1 / 3),
        (ORDER, ["1:1", "2:1", "3:1"], 0, 0),
    ],
)  # fmt: skip
def test_every_kind_is_marked_whole_or_in_parts(asked, given: list[str], whole: float, part: float) -> None:
    assert marking.mark(asked, given).points == whole * WHOLE
    assert marking.mark(asked, given, in_parts=True).points == int(part * WHOLE)


def test_a_free_text_counts_for_nothing_and_is_an_answer() -> None:
    free = question("free")
    assert marking.mark(free, ["мысль"]).points is None
    assert marking.is_given(free, ["мысль"]) and not marking.is_given(free, [" "])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("72", "72"),
        ("−3,5", "-3.5"),
        ("1 000", "1000"),
        ("1\u00a0000", "1000"),
        ("", None),
        ("inf", None),
        (None, None),
    ],
)
def test_a_number_is_read_as_people_write_it(text, number) -> None:
    assert (str(found) if (found := number_of(text)) is not None else None) == number


def test_what_is_wrong_with_a_question_is_named() -> None:
    def of(*options, **more):
        return faults_of(QuestionPlan(QuestionKind.SINGLE, Texts(ru="?"), list(options), **more), languages=())

    assert of(option("да"), option("нет")) == [NO_RIGHT]
    assert of(option("Да", True), option(" да ")) == [EQUAL_OPTIONS]
    assert of(option("раз", True), option("Всё перечисленное")) == [SHUFFLED_ALL]
    assert of(option("раз", True), option("Всё перечисленное", is_last=True)) == []
    assert of(option("раз", True), option("Усё пералічанае"), keeps_order=True) == []
