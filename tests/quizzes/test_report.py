"""The report of a quiz: the same figures on the page, on paper and in the workbook, and nothing small for donors."""

from __future__ import annotations

import io
from datetime import timedelta

import numpy as np
import openpyxl
import pytest
from flask import Flask

from core import clock
from core.db import db
from privacy import disclosure
from quizzes import attempts, evidence, for_donors, openings, reporting, wording
from quizzes.models import EventQuiz, Option, Phase, Question, Quiz
from quizzes.reporting import Caution, Part
from tests import make
from tests.pages import Visitor
from tests.papers import text_of
from trainings import scheduling

# Of four questions, in order: who has n right has the first n.
BEFORE = [0, 1, 1, 2, 2, 1, 3, 2, 0, 1, 2, 4]
AFTER = [2, 3, 3, 4, 2, 3, 4, 4, 1, 1, 3, 3]


def taken(used: EventQuiz, befores: list[int], afters: list[int]) -> list:
    """People who take a quiz before and, as far as `afters` reaches, after; both are closed then."""
    places = [make.registration(used.event) for _ in befores]
    for phase, rights in ((Phase.PRE, befores), (Phase.POST, afters)):
        openings.open_phase(used, phase)
        for place, right in zip(places, rights, strict=False):
            attempts.submit(used, phase, place, make.answers(used.quiz, right), language="ru")
        openings.close_phase(used, phase)
    return places


def report_of(*used: EventQuiz) -> reporting.Report:
    return reporting.of(used[0].event.programme, used[0].quiz, used)


@pytest.fixture
def used(app: Flask) -> EventQuiz:
    """A quiz that twelve people took both times, and two before only."""
    found = make.event_quiz()
    taken(found, [*BEFORE, 4, 3], AFTER)
    return found


def test_everybody_is_counted_once_and_who_comes_too_late_is_kept_apart(used: EventQuiz) -> None:
    late, paper = make.registration(used.event), make.registration(used.event)
    answers = make.answers(used.quiz, 4)
    with clock.standing_at(clock.now() + timedelta(hours=1)):
        attempts.submit(used, Phase.POST, late, answers, language="ru")
        attempts.submit(used, Phase.POST, paper, answers, language="ru", is_on_paper=True)
    counts = report_of(used).counts
    assert (counts.invited, counts.before, counts.after, counts.matched) == (16, 14, 13, 12)
    assert (counts.before_only, counts.after_only, counts.late, counts.on_paper) == (2, 1, 1, 1)


def test_the_questions_are_counted_as_by_hand(used: EventQuiz) -> None:
    report = report_of(used)
    assert report.comparison.gain == pytest.approx(25 * (sum(AFTER) - sum(BEFORE)) / 12)
    assert report.unmatched.n == 2 and report.unmatched.mean == 87.5
    before, after = np.array([*BEFORE, 4, 3]), np.array(AFTER)
    for place, item in enumerate(report.items):
        was, now = before > place, after > place
        assert item.before.percent == pytest.approx(100 * was[:12].mean()), "of those tested both times"
        assert item.after.percent == pytest.approx(100 * now.mean())
        assert item.turns.gained == (~was[:12] & now).sum() and item.turns.lost == (was[:12] & ~now).sum()
        for phase, right, whole in ((Phase.PRE, was, before), (Phase.POST, now, after)):
            if right.all():
                assert item.tells[phase] is None, "the same for everybody tells nothing"
            else:
                assert item.tells[phase] == pytest.approx(np.corrcoef(right, whole - right)[0, 1])
        chosen = {str(option.text or ""): option.picks[Phase.PRE].n for option in item.options}
        assert chosen["Option 1"] == was.sum() and chosen["Option 3"] == (~was).sum()
    matrix = np.array([[n > place for place in range(4)] for n in after])
    alpha = next(found for found in report.reliabilities if found.phase == Phase.POST).alpha
    assert alpha == pytest.approx(4 / 3 * (1 - matrix.var(axis=0, ddof=1).sum() / after.var(ddof=1)))


@pytest.mark.parametrize(
    ("people", "caution", "has_items"),
    [(1, Caution.ONE_PERSON, False), (4, Caution.VERY_SMALL, False), (7, Caution.NO_ITEMS, False)],
)
def test_small_groups_say_little_and_say_why(app: Flask, people: int, caution: Caution, has_items: bool) -> None:
    found = make.event_quiz()
    taken(found, BEFORE[:people], AFTER[:people])
    report = report_of(found)
    assert caution in report.cautions and bool(report.items) == has_items
    assert (report.comparison.interval is None) == (people < 5)


def test_a_question_whose_key_is_wrong_and_a_quiz_that_is_too_easy_are_said(app: Flask) -> None:
    found = make.event_quiz()
    last = found.quiz.questions[-1]
    openings.open_phase(found, Phase.POST)
    for right in [0] * 5 + [3] * 5:  # who knows nothing chooses what the key calls right, who knows the rest does not
        answers = make.answers(found.quiz, right) | {last.uid: ["1", "2"] if right == 0 else ["3"]}
        attempts.submit(found, Phase.POST, make.registration(found.event), answers, language="ru")
    report = report_of(found)
    assert [item.is_suspect for item in report.items] == [False, False, False, True]
    assert Caution.CHECK_KEY in report.cautions and Caution.INDICATIVE in report.cautions
    easy = make.event_quiz()
    taken(easy, [0] * 5, [4] * 5)
    assert {Caution.CEILING_AFTER, Caution.FLOOR_BEFORE} <= set(report_of(easy).cautions)


def test_months_later_is_a_group_and_no_pair(used: EventQuiz, request_context: None) -> None:
    places = [make.registration(used.event) for _ in range(2)]
    scheduling.close(used.event)
    openings.seal(used.event)
    openings.open_phase(used, Phase.FOLLOW_UP)
    for place in places:
        attempts.submit(used, Phase.FOLLOW_UP, place, make.answers(used.quiz, 3), language="ru")
    report = report_of(used)
    assert (report.follow_up.n, report.follow_up.mean, report.n) == (2, 75, 12)
    assert "nobody can be compared with their earlier self" in " ".join(wording.months_later(report))
    outside = " ".join(wording.months_later(for_donors.withhold(report, 5)))
    assert "withheld" in outside and "75" not in outside


def second_version(of: Quiz) -> Quiz:
    """The quiz again with another last question, as an editor would publish it."""
    made = Quiz(
        programme_id=of.programme_id, key=of.key, version=of.version + 1, published_at=clock.now(), title=of.title
    )
    for question in of.questions[:3]:
        copy = Question(position=question.position, origin=question.origin, kind=question.kind, text=question.text)
        copy.options = [Option(position=o.position, text=o.text, is_right=o.is_right) for o in question.options]
        made.questions.append(copy)
    new = Question(position=4, kind=of.questions[0].kind, text=make.Texts(en="=New question?"))
    new.options = [Option(position=n, text=make.Texts(en=f"Option {n}"), is_right=n == 1) for n in (1, 2, 3)]
    made.questions.append(new)
    db.session.add(made)
    db.session.flush()
    return made


def test_a_programmes_report_follows_questions_through_versions(used: EventQuiz, manager: Visitor) -> None:
    other = make.event_quiz(of=second_version(used.quiz))
    taken(other, BEFORE, AFTER)
    assert evidence.opened(used.quiz) == [used, other]
    report = report_of(used, other)
    assert report.n == 24 and Caution.SEVERAL_VERSIONS in report.cautions
    assert [(item.before.n, item.question.quiz.version) for item in report.items] == [(24, 2)] * 3 + [(12, 2), (12, 1)]
    page = manager.get(f"/programmes/{used.event.programme.uid}/quizzes").link("Report of the quiz")
    assert len(page.all("input[type=checkbox][checked]")) == 2 and "24 of 26" in page.text(".lead")
    page = page.submit("Show", event=[used.event.uid])
    assert "12 of 14 participants were tested both times" in page.text(".lead")
    assert len(page.all("input[type=checkbox][checked]")) == 1
    book = page.link("Tables, XLSX").response.data
    rows = {row[0]: row for row in openpyxl.load_workbook(io.BytesIO(book))["Who was counted"].values}
    assert rows["Tested both times"][1] == 12, "the files are of the events that are ticked"


def test_the_page_the_pdf_and_the_workbook_say_the_same(app: Flask) -> None:
    used = make.event_quiz(of=make.quiz(first="=1+1?"))
    taken(used, [*BEFORE, 4, 3], AFTER)
    monitor = Visitor(app).sign_in(make.user("monitor", make.programme()))
    page = monitor.get(f"/events/{used.event.uid}").link("Report of the quiz")
    assert "12 of 14 participants were tested both times" in page.text(".lead")
    assert "There is no comparison group" in page.text(".lead") and "29.2" in page.text(".tiles")
    assert [title.text_content()[:15] for title in page.all("svg.chart title")] == [
        "People by point",
        "Correct answers",
    ]
    assert len(page.all(".beside tbody tr")) == 5 + 4
    words = text_of(page.link("Report, PDF").response.data)
    assert "12 of 14 participants were tested both times" in words and "29.2" in words and "McNemar" in words
    book = openpyxl.load_workbook(io.BytesIO(page.link("Tables, XLSX").response.data))
    gain = {row[0]: row for row in book["The gain"].values}
    assert gain["Mean gain in points"][1] == pytest.approx(29.1667, abs=1e-4)
    question = book["Question by question"]["A2"]
    assert (question.value, question.data_type) == ("1. =1+1?", "s")


def test_nobody_has_answered_yet(manager: Visitor, app: Flask) -> None:
    found = make.event_quiz()
    page = manager.get(f"/event-quizzes/{found.uid}/report")
    assert "Nobody has answered both before and after yet" in page.text(".lead") and not page.all("svg.chart")
    assert page.link("Report, PDF").status == page.link("PDF for donors").status == 200
    assert manager.get(f"/quizzes/{found.quiz.uid}/report").status == 200


# For donors.


def test_a_donor_sees_nothing_of_a_small_group(manager: Visitor, app: Flask) -> None:
    found = make.event_quiz()
    taken(found, BEFORE[:4], AFTER[:4])
    gain = f"{report_of(found).comparison.gain:.1f}"
    path = f"/event-quizzes/{found.uid}/report"
    assert gain in manager.get(path).text()
    page = manager.get(f"{path}?for=donor")
    for words in (page.text("main"), text_of(page.link("Report, PDF").response.data)):
        assert "fewer than 5 people were tested both times" in words and gain not in words
        assert "4 of 4 participants were tested both times" in words
    book = openpyxl.load_workbook(io.BytesIO(page.link("Tables, XLSX").response.data))
    assert {row[1] for row in book["The gain"].values} == {"Value", "withheld"}


def test_of_breakdowns_a_donor_sees_no_cell_that_gives_a_few_away(used: EventQuiz) -> None:
    report = for_donors.withhold(report_of(used), 5)
    assert report.comparison.gain and report.comparison.interval, "twelve people are enough for a mean"
    assert (report.unmatched.n, report.unmatched.mean, Part.UNMATCHED in report.withheld) == (2, None, True)
    shown = [report.directions.improved, report.directions.same, report.directions.worse]
    shown += [cell for band in report.bands for cell in (band.before, band.after)]
    assert None in shown and not any(cell is not None and 0 < cell < 5 for cell in shown)
    for item in report.items:
        assert not item.options and not item.tells and item.turns is None
        for found in (item.before, item.after):
            right = round(found.percent * 12 / 100) if found else 0
            assert right in (0, 12) or 5 <= right <= 7
    assert not report.reliabilities and report.passing.turns is None and report.passing.p is None
    assert for_donors.withhold(report_of(used), 0).k == 0, "staff see everything"


def test_the_mean_of_a_small_event_does_not_follow_from_the_others(used: EventQuiz) -> None:
    small, third = make.event_quiz(of=used.quiz), make.event_quiz(of=used.quiz)
    taken(small, BEFORE[:3], AFTER[:3])
    taken(third, BEFORE[:6], AFTER[:6])
    report = for_donors.withhold(report_of(used, small, third), 5)
    assert [(at.n, at.is_withheld, at.gain is None) for at in report.events] == [
        (12, False, False),
        (3, True, True),
        (6, True, True),
    ]
    assert disclosure.may_show(report.n, 5) and report.comparison.gain is not None
