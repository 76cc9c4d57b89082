"""Sitting a quiz: saved as it is answered, in time or late, in the version and form that were settled."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError

from core import clock
from core.db import db
from core.errors import Refused
from core.i18n import Texts
from quizzes import analysis, attempts, openings, orders, paper, taken
from quizzes.models import Attempt, Form, Phase, Quiz, Results
from tests import make
from tests.pages import Visitor
from trainings import scheduling


@pytest.fixture
def used(app: Flask):
    """A quiz of four questions at an event that is on, open before."""
    found = make.event_quiz()
    openings.open_phase(found, Phase.PRE)
    return found


def first(used, place, number: int = 1, chosen: str = "1"):
    question = used.quiz.questions[number - 1]
    return attempts.save(used, Phase.PRE, place, {question.uid: [chosen]}, language="ru")


def test_it_goes_on_where_another_phone_stopped(used) -> None:
    place = make.registration(used.event)
    begun = first(used, place, 1)
    again = first(used, place, 2, "3")
    assert again is begun and begun.submitted_on is None and not taken.has_taken(used, Phase.PRE, place)
    assert list(attempts.sit(used, Phase.PRE, place).given.values()) == [["1"], ["3"]]
    rest = {q.uid: ["1"] for q in used.quiz.questions[2:3]} | {used.quiz.questions[3].uid: ["1", "2"]}
    sent = attempts.submit(used, Phase.PRE, place, rest, language="be")
    assert sent is begun and sent.right_count == 3 and sent.texts is None and sent.language == "be"


def test_what_is_begun_counts_for_nothing_until_it_is_whole(used) -> None:
    half, whole = make.registration(used.event), make.registration(used.event)
    first(used, half)
    attempts.save(used, Phase.PRE, whole, make.answers(used.quiz, 4), language="ru")
    assert analysis.phase_counts(used)[Phase.PRE] == 0
    openings.close_phase(used, Phase.PRE)
    assert attempts.submit_complete(used, Phase.PRE) == 1
    assert analysis.phase_counts(used)[Phase.PRE] == 1
    assert taken.progress(used)[Phase.PRE] == (1, 1, 0)


def test_what_is_in_is_final_for_the_database_too(used) -> None:
    attempt = attempts.submit(used, Phase.PRE, make.registration(used.event), make.answers(used.quiz, 2), language="ru")
    db.session.commit()
    for statement in ("UPDATE attempts SET points = 4000000", "UPDATE answers SET points = 1000000"):
        with pytest.raises(DatabaseError, match="final"):
            db.session.execute(sa.text(statement))
        db.session.rollback()
    assert attempt.right_count == 2


def test_answers_that_waited_for_a_network_count_by_when_they_were_finished(used) -> None:
    begin = clock.now()
    with clock.standing_at(begin + timedelta(minutes=10)):
        openings.close_phase(used, Phase.PRE)
    for minute, late in ((9, None), (11, None), (14, 4), (-600, 50), (999, 50)):  # odd clocks: when it came
        with clock.standing_at(begin + timedelta(minutes=60)):
            finished = begin + timedelta(minutes=minute)
            place, answers = make.registration(used.event), make.answers(used.quiz, 2)
            sent = attempts.submit(used, Phase.PRE, place, answers, language="ru", finished_at=finished)
        assert sent.late_by_minutes == late, minute


def test_what_comes_after_the_end_is_kept_and_does_not_count(used) -> None:
    now = clock.now()
    openings.close_phase(used, Phase.PRE)
    with clock.standing_at(now + timedelta(minutes=20)):
        sent = attempts.submit(
            used, Phase.PRE, make.registration(used.event), make.answers(used.quiz, 4), language="ru"
        )
    assert sent.late_by_minutes in (19, 20) and sent.right_count == 4
    assert analysis.phase_counts(used)[Phase.PRE] == 0 and taken.progress(used)[Phase.PRE] == (0, 0, 1)


def test_what_comes_after_the_key_is_destroyed_is_kept_without_a_pair_once(used) -> None:
    place = make.registration(used.event)
    scheduling.close(used.event)
    openings.seal(used.event)
    for _time in range(2):
        attempts.submit(used, Phase.PRE, place, make.answers(used.quiz, 4), language="ru", attempt_uid="L" * 16)
    [kept] = db.session.scalars(sa.select(Attempt))
    assert kept.late_by_minutes is not None and analysis.phase_counts(used)[Phase.PRE] == 0


def test_one_phone_may_go_from_hand_to_hand(visitor: Visitor, used) -> None:
    """What a phone keeps of one person is nothing to the next, and an id used twice costs nobody their answers."""
    people = [make.registration(used.event) for _ in range(2)]
    pages = [visitor.get(f"/p/{make.token(place)}/quizzes/{used.uid}/pre") for place in people]
    assert len({page.one("#quiz").get("data-quiz") for page in pages}) == 2
    assert make.token(people[0]) not in pages[0].one("#quiz").get("data-quiz")
    for place, right in zip(people, (1, 3), strict=True):
        answers = make.answers(used.quiz, right)
        attempts.submit(used, Phase.PRE, place, answers, language="ru", attempt_uid="S" * 16)
    assert sorted(attempt.right_count for attempt in db.session.scalars(sa.select(Attempt))) == [1, 3]


def test_it_closes_by_itself_by_our_clock(app: Flask) -> None:
    used = make.event_quiz()
    now = clock.now()
    with pytest.raises(Refused, match="ends_before"):
        openings.open_phase(used, Phase.PRE, now - timedelta(minutes=1))
    openings.open_phase(used, Phase.PRE, now + timedelta(minutes=15))
    assert used.is_open(Phase.PRE)
    with clock.standing_at(now + timedelta(minutes=16)):
        assert not used.is_open(Phase.PRE)
        with pytest.raises(Refused, match="quiz_not_open"):
            attempts.sit(used, Phase.PRE, make.registration(used.event))
        openings.open_phase(used, Phase.POST)  # before is over, so after may begin


def test_the_first_opening_settles_the_version(app: Flask) -> None:
    used = make.event_quiz()
    corrected = Quiz(
        programme_id=used.quiz.programme_id,
        key=used.quiz.key,
        version=2,
        title=Texts(en="Two"),
        published_at=clock.now(),
    )
    db.session.add(corrected)
    db.session.flush()
    openings.open_phase(used, Phase.PRE)
    assert used.quiz is corrected
    later = Quiz(
        programme_id=used.quiz.programme_id, key=used.quiz.key, version=3, title=Texts(en="3"), published_at=clock.now()
    )
    db.session.add(later)
    db.session.flush()
    openings.close_phase(used, Phase.PRE)
    openings.open_phase(used, Phase.POST)
    assert used.quiz is corrected, "before and after are the same questions"


def test_two_forms_go_half_each_way_round_and_stay_a_persons_own(app: Flask) -> None:
    quiz = make.quiz(is_draft=True)
    one, two, *both = quiz.questions
    one.form, two.form = Form.A, Form.B
    seen = set()
    for number in range(40):
        pseudonym = bytes([number]) * 16
        before, after = (orders.form_for(quiz, pseudonym, phase) for phase in (Phase.PRE, Phase.POST))
        assert {before, after} == {Form.A, Form.B}
        assert len(orders.questions_of(quiz, before, 7)) == 1 + len(both)
        seen.add(before)
    assert seen == {Form.A, Form.B}


def test_the_order_is_shuffled_for_each_person_and_always_the_same_for_one(app: Flask) -> None:
    quiz = make.quiz(is_draft=True)
    quiz.shuffles_questions = True
    ways = {tuple(q.position for q in orders.questions_of(quiz, None, seed)) for seed in range(30)}
    assert len(ways) > 5 and all(sorted(way) == [1, 2, 3, 4] for way in ways)
    question = quiz.questions[0]
    question.options[0].is_last = True
    for seed in range(10):
        shown = [option.position for option in orders.options_of(question, seed)]
        assert shown[-1] == 1 and shown == [option.position for option in orders.options_of(question, seed)]


def test_months_later_it_is_asked_again_without_pairs(used) -> None:
    place = make.registration(used.event)
    with pytest.raises(Refused, match="not_held"):
        openings.open_phase(used, Phase.FOLLOW_UP)
    attempts.submit(used, Phase.PRE, place, make.answers(used.quiz, 1), language="ru")
    scheduling.close(used.event)
    openings.seal(used.event)
    openings.open_phase(used, Phase.FOLLOW_UP)
    attempts.submit(used, Phase.FOLLOW_UP, place, make.answers(used.quiz, 3), language="ru")
    assert taken.has_taken(used, Phase.FOLLOW_UP, place)
    openings.close_phase(used, Phase.FOLLOW_UP)
    before, later = db.session.scalars(sa.select(Attempt).order_by(Attempt.id))
    assert later.right_count == 3 and before.pseudonym != later.pseudonym
    assert taken.own(used, Phase.FOLLOW_UP, place) is None, "nobody can say any more whose it is"


def test_the_trainer_decides_what_people_see(used) -> None:
    place = make.registration(used.event)
    attempts.submit(used, Phase.PRE, place, make.answers(used.quiz, 1), language="ru")
    openings.close_phase(used, Phase.PRE)
    openings.open_phase(used, Phase.POST)
    attempts.submit(used, Phase.POST, place, make.answers(used.quiz, 2), language="ru")
    openings.close_phase(used, Phase.POST)
    assert taken.own_result(used, place).gain == 25
    used.results = Results.NOTHING
    assert taken.own_result(used, place) is None


# Through the pages.


def test_the_phone_is_told_what_came_of_each_answer_and_never_what_is_right(visitor: Visitor, used) -> None:
    place = make.registration(used.event)
    token = make.token(place)
    page = visitor.get(f"/p/{token}/quizzes/{used.uid}/pre")
    assert "is_right" not in page.response.text and "Because" not in page.response.text
    question = used.quiz.questions[0].uid
    address = f"/p/{token}/quizzes/{used.uid}/pre"
    answer = visitor.ask("post", f"{address}/answers", data={f"q-{question}": "2", "attempt": "A" * 16})
    assert json.loads(answer.data)["outcome"] == "saved"
    assert db.session.scalars(sa.select(Attempt.uid)).one() == "A" * 16
    assert visitor.get(address).one(f"[name=q-{question}][value='2']").get("checked") is not None
    answer = visitor.ask("post", f"{address}/end", data={"attempt": "A" * 16})
    assert answer.status_code == 409 and json.loads(answer.data)["outcome"] == "unanswered"
    answer = visitor.ask("post", f"{address}/end", data={"attempt": "A" * 16, "with_gaps": "yes"})
    assert json.loads(answer.data)["outcome"] == "submitted"
    answer = visitor.ask("post", f"{address}/answers", data={f"q-{question}": "1", "attempt": "B" * 16})
    assert json.loads(answer.data)["outcome"] == "quiz_taken"
    assert "in already" in visitor.get(address).text(".notice")


@pytest.mark.parametrize("field", ["q-", "q-nobody", "q-" + "\ud800", "q-" + "x" * 5000])
def test_foreign_answers_are_refused_in_a_sentence(visitor: Visitor, used, field: str) -> None:
    address = f"/p/{make.token(make.registration(used.event))}/quizzes/{used.uid}/pre/answers"
    answer = visitor.ask("post", address, data={field.encode("utf-8", "replace").decode(): "1"})
    assert answer.status_code == 409 and json.loads(answer.data)["outcome"] == "foreign_question"


def test_a_sheet_of_paper_counts_like_a_phone(manager: Visitor, used) -> None:
    place = make.registration(used.event, "Иванова Анна")
    page = manager.get(f"/events/{used.event.uid}").link("Run the quiz")
    sheets = page.link("Sheets before")
    assert sheets.response.data.startswith(b"%PDF") and "Иванова".encode() not in sheets.response.data
    page = page.link("Enter a sheet").submit("Show the questions", code="nobody")
    assert page.status == 409 and "nobody on the list" in page.text(".notice")
    page = page.submit("Show the questions", code=place.participant.code.lower())
    fields = {f"q-{uid}": given for uid, given in make.answers(used.quiz, 3).items()}
    page = page.submit("Enter this sheet", **fields)
    assert "The next one" in page.text(".notice")
    [attempt] = db.session.scalars(sa.select(Attempt))
    assert attempt.is_on_paper and attempt.right_count == 3 and attempt.late_by_minutes is None
    with pytest.raises(Refused, match="quiz_taken"):
        paper.enter(used, Phase.PRE, place, {}, language="ru")


def test_the_trainer_sets_the_time_and_sees_it_fill(manager: Visitor, used) -> None:
    first(used, make.registration(used.event))
    page = manager.get(f"/event-quizzes/{used.uid}")
    assert "begun and not sent" in page.text(".tiles")
    page = page.submit("Close").submit("Open again", minutes="15")
    assert "Closes by itself at" in page.text()
    page = page.submit("Save", results="nothing")
    assert used.results == Results.NOTHING
