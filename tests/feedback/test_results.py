"""Results: how many answered, what, and nothing by which somebody could be recognised."""

from __future__ import annotations

import io
from collections import Counter

import openpyxl
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from core.i18n import Texts
from feedback import evaluations, results, reviewing, tallies
from feedback.models import QuestionKind, ReviewState
from feedback.tallies import Asked, K, Tally
from tests import make
from tests.feedback.voices import AFTER, close, event_with, rated
from tests.pages import Visitor

ASKED = Asked("usefulness", QuestionKind.SCALE, Texts(en="Useful?"))


def tally(marks: list[int]) -> Tally:
    return Tally(ASKED, Counter(marks), len(marks))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.integers(1, 5), max_size=9), max_size=6))
def test_what_an_event_withholds_does_not_follow_from_the_whole(events: list[list[int]]) -> None:
    each = [tally(marks) for marks in events]
    whole, left_out = tallies.together(each)
    counted = sum(one.people for one in whole)
    assert counted + left_out == sum(one.people for one in each)
    difference = counted - sum(one.people for one in each if one.is_shown)
    assert difference == 0 or difference >= K


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=40))
def test_a_file_shows_all_counts_of_a_question_or_none(marks: list[int]) -> None:
    counts = tally(marks).in_a_file()
    assert (counts is None) == any(0 < number < K for number in Counter(marks).values())


def test_while_an_event_asks_its_voices_come_k_at_a_time() -> None:
    for number in range(4 * K):
        voices = list(range(number))
        assert len(tallies.may_be_seen(voices, is_open=True)) % K == 0
        assert tallies.may_be_seen(voices, is_open=False) == voices


def test_a_trainer_sees_nothing_of_few_and_no_single_answer_come_in(app: Flask) -> None:
    trainer = make.user("trainer", make.programme())
    event, places = event_with(7, trainers=[trainer])
    visitor = Visitor(app).sign_in(trainer)
    for place, mark in zip(places[:4], (5, 5, 5, 1), strict=True):
        evaluations.rate(event, place, mark)
    page = visitor.get(f"/events/{event.uid}/feedback")
    assert "Answered: 4 of 7" in page.text() and not page.all(".bars")
    assert "useful" not in visitor.get(f"/events/{event.uid}").text()
    evaluations.rate(event, places[4], 4)
    five = visitor.get(f"/events/{event.uid}/feedback").text(".question")
    evaluations.rate(event, places[5], 1)
    page = visitor.get(f"/events/{event.uid}/feedback")
    assert "Mean 4.0 of 5" in five and page.text(".question") == five, "the sixth answer is nobody's to see alone"
    assert "Answered: 6 of 7" in page.text()
    close(event)
    assert "Mean 3.5 of 5" in visitor.get(f"/events/{event.uid}/feedback").text(".question")


def test_the_rate_is_of_those_present_or_of_the_places_where_nobody_was_taken_in(app: Flask) -> None:
    event = rated([5, 4], people=4)
    make.registration(event)
    response = results.of_event(event, AFTER).response
    assert (response.answers, response.people, response.percent, response.silent) == (2, 4, 50, 2)
    unmarked = make.event()
    evaluations.rate(unmarked, make.registration(unmarked), 5)
    make.registration(unmarked)
    response = results.of_event(unmarked, AFTER).response
    assert (response.answers, response.people, response.by_presence) == (1, 2, False)
    assert results.of_event(make.event(), AFTER).response.percent is None


def test_a_question_few_answered_is_withheld_where_the_event_is_shown(manager: Visitor) -> None:
    event, places = event_with(6)
    for number, place in enumerate(places):
        more = {"clarity": ["3"]} if number < 2 else {"trainers": ["5"]} if number == 2 else {}
        evaluations.give(event, AFTER, place, {"usefulness": ["5"], **more})
    close(event)
    page = manager.get(f"/events/{event.uid}/feedback")
    assert "6 answers" in page.all(".question")[0].text_content()
    assert "Withheld" in page.all(".question")[1].text_content()
    assert "Nobody answered" in page.all(".question")[3].text_content()


def test_a_programme_adds_up_its_events_and_leaves_out_the_lone_small_one(manager: Visitor) -> None:
    close(rated([5] * 6))
    close(rated([1, 1]))
    close(rated([4] * 5, kind="forum"))
    programme = make.programme()
    overview = results.of_programme(programme, AFTER)
    assert (overview.tallies[0].people, overview.left_out, overview.answers) == (11, 2, 13)
    close(rated([2, 3, 3]))
    overview = results.of_programme(programme, AFTER)
    assert (overview.tallies[0].people, overview.left_out) == (16, 0), "two small ones are five people together"
    page = manager.get(f"/programmes/{programme.uid}/feedback")
    assert "Answered: 16 of 16" in page.text() and page.text("tbody").count("withheld") == 2
    page = page.submit("Show", kind="forum")
    assert "Answered: 5 of 5" in page.text() and "Mean 4.0 of 5" in page.text(".question")
    page = manager.get(f"/programmes/{programme.uid}/feedback?asked=follow_up&kind=nonsense")
    assert "No event has been asked yet" in page.text()


@pytest.fixture
def reviewed(app: Flask):
    """An event of six, closed, with a text let through, one edited, one kept and one unread."""
    event, places = event_with(6)
    reader = make.user("manager", make.programme())
    texts = [make.free_text(event, words, place) for words, place in zip("ABCD", places[:4], strict=True)]
    for place in places[4:]:
        evaluations.rate(event, place, 3)
    close(event)
    reviewing.settle(texts[0], ReviewState.SHAREABLE, reader)
    reviewing.settle(texts[1], ReviewState.REDACTED, reader, "=B without a name")
    reviewing.settle(texts[2], ReviewState.INSIDE, reader)
    return event


def test_a_file_holds_no_small_figure_and_no_unreviewed_text(reviewed, manager: Visitor) -> None:
    close(rated([4] * 10 + [5] * 10))
    close(rated([1, 2]))
    answer = manager.ask("get", f"/programmes/{reviewed.programme.uid}/feedback.xlsx")
    assert answer.status_code == 200 and "feedback.xlsx" in answer.headers["Content-Disposition"]
    response, answers, texts = (
        [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
        for sheet in openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets
    )
    assert [row[3] for row in response] == [6, 20, 2]
    assert {row[1] for row in texts} == {"A", "'=B without a name"}, "reviewed, and nothing a spreadsheet would run"
    by_event = {row[0]: [line[5] for line in answers if line[0] == row[0] and "useful" in line[1]] for row in response}
    six, twenty, two = by_event.values()
    assert six == ["withheld"] * 5, "2 of 6 gave a 3: neither they nor the rest are counted apart"
    assert twenty == [10, 10, 0, 0, 0] and two == ["withheld"]


def test_a_trainer_reads_only_what_the_manager_let_through(reviewed, app: Flask) -> None:
    trainer = make.user("trainer", make.programme())
    reviewed.trainers = [trainer]
    page = Visitor(app).sign_in(trainer).get(f"/events/{reviewed.uid}/feedback")
    assert {line.text_content() for line in page.all(".quotes li")} == {"A", "=B without a name"}
