"""A quiz on the phone: open when the trainer says, once per person, under a pseudonym nobody can turn back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from core.db import db
from core.errors import Refused
from core.i18n import Texts
from door import attendance
from participants import pairing, registration, roster
from participants.models import Pairing, PairingPurpose
from quizzes import analysis, attempts, drafts, openings, orders, taken
from quizzes.models import Answer, Attempt, Phase
from tests import make
from tests.pages import Page, Visitor
from trainings import scheduling


@pytest.fixture
def used(app: Flask):
    """A quiz of four questions at an event that is on."""
    return make.event_quiz()


def take(used, place, phase: Phase, right: int = 2, **more):
    return attempts.submit(used, phase, place, make.answers(used.quiz, right), language="ru", **more)


def taken_by_all(used, befores: list[int], afters: list[int]):
    places = [make.registration(used.event) for _ in befores]
    for phase, rights in ((Phase.PRE, befores), (Phase.POST, afters)):
        openings.open_phase(used, phase)
        for place, right in zip(places, rights, strict=True):
            take(used, place, phase, right)
        openings.close_phase(used, phase)
    return places


def test_it_cannot_be_taken_before_it_opens(used) -> None:
    place = make.registration(used.event)
    for phase in Phase:
        with pytest.raises(Refused, match="quiz_not_open"):
            take(used, place, phase)


def test_after_is_opened_when_before_is_closed(used) -> None:
    openings.open_phase(used, Phase.PRE)
    with pytest.raises(Refused, match="pre_first"):
        openings.open_phase(used, Phase.POST)
    openings.close_phase(used, Phase.PRE)
    openings.open_phase(used, Phase.POST)


def test_a_hall_reads_the_questions_of_a_published_version_once(used) -> None:
    openings.open_phase(used, Phase.PRE)
    take(used, make.registration(used.event), Phase.PRE)
    other = make.registration(used.event)
    asked: list[str] = []
    listener = (db.engine, "before_cursor_execute", lambda *found: asked.append(found[2]))
    sa.event.listen(*listener)
    attempt = take(used, other, Phase.PRE, right=3)
    shown = taken.own(used, Phase.PRE, other)
    sa.event.remove(*listener)
    assert shown is attempt and attempt.percent == 75
    assert not [sql for sql in asked if "FROM questions" in sql or "FROM options" in sql]


def test_a_draft_is_asked_as_it_stands_and_a_new_version_as_it_was_published(used) -> None:
    assert next(str(q.text) for q in orders.of_form(used.quiz, None)) == "Question 1?"
    draft = drafts.draft_of(used.quiz)
    for words in ("Once corrected?", "Twice corrected?"):
        draft.questions[0].text = Texts(en=words)
        db.session.flush()
        assert str(orders.of_form(draft, None)[0].text) == words
    drafts.publish(draft)
    assert str(orders.of_form(draft, None)[0].text) == "Twice corrected?"
    assert str(orders.of_form(used.quiz, None)[0].text) == "Question 1?"


def test_a_second_attempt_returns_the_first(used) -> None:
    place = make.registration(used.event)
    openings.open_phase(used, Phase.PRE)
    first = take(used, place, Phase.PRE, right=3)
    assert take(used, place, Phase.PRE, right=0) is first
    assert first.right_count == 3
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Answer)) == 4


def test_several_right_answers_count_only_all_together(used) -> None:
    openings.open_phase(used, Phase.PRE)
    last = used.quiz.questions[-1]
    for chosen, right in (([1, 2], 4), ([1], 3), ([1, 2, 3], 3), ([2], 3)):
        answers = make.answers(used.quiz, 4) | {last.uid: [str(place) for place in chosen]}
        attempt = attempts.submit(used, Phase.PRE, make.registration(used.event), answers, language="en")
        assert attempt.right_count == right, chosen


def test_pairs_are_matched_by_pseudonym_and_the_mean_gain_has_its_n(used) -> None:
    taken_by_all(used, befores=[1, 2, 2], afters=[3, 3, 4])
    openings.open_phase(used, Phase.PRE)
    take(used, make.registration(used.event), Phase.PRE, right=0)  # before only: no pair
    found = analysis.knowledge(analysis.pairs_at(used))
    assert found.n == 3
    assert found.gain == pytest.approx((50 + 25 + 50) / 3)
    assert analysis.phase_counts(used) == {Phase.PRE: 4, Phase.POST: 3, Phase.FOLLOW_UP: 0}


def test_nothing_about_an_attempt_points_to_a_person(used) -> None:
    place = make.registration(used.event, "Иванова Анна")
    openings.open_phase(used, Phase.PRE)
    take(used, place, Phase.PRE)
    targets = {key.column.table.name for table in (Attempt.__table__, Answer.__table__) for key in table.foreign_keys}
    assert targets.isdisjoint({"participants", "registrations", "users"})
    row = dict(db.session.execute(sa.text("SELECT * FROM attempts")).mappings().one())
    assert place.uid not in repr(row) and place.participant.uid not in repr(row)
    assert "at" not in {name[-2:] for name in row if name.endswith("_at")}, "a date only, no hour"


def test_once_the_event_is_closed_nobody_can_say_whose_an_answer_is(used) -> None:
    places = taken_by_all(used, befores=[1, 2], afters=[3, 3])
    assert taken.own_result(used, places[0]).gain == 50
    scheduling.close(used.event)
    openings.seal(used.event)
    key = db.session.scalars(sa.select(Pairing)).one()
    assert key.secret_sealed is None and key.destroyed_at
    assert taken.own(used, Phase.PRE, places[0]) is None and taken.own_result(used, places[0]) is None
    with pytest.raises(Refused, match="key_destroyed"):
        openings.open_phase(used, Phase.PRE)
    assert analysis.knowledge(analysis.pairs_at(used)).n == 2, "pairs stay pairs"


def test_who_completed_with_both_is_counted_before_the_key_goes(used) -> None:
    places = taken_by_all(used, befores=[1, 2, 2], afters=[3, 3, 4])
    for place in places[:2]:
        attendance.mark(used.event.sessions[0], place, by=None)
    scheduling.close(used.event)
    openings.seal(used.event)
    assert used.completed_with_both == 2


def test_the_database_refuses_an_answer_to_a_question_of_another_quiz(used) -> None:
    openings.open_phase(used, Phase.PRE)
    attempt = take(used, make.registration(used.event), Phase.PRE)
    foreign = make.quiz().questions[0]
    db.session.commit()
    for quiz_id in (used.quiz_id, foreign.quiz_id):
        db.session.add(Answer(attempt_id=attempt.id, question_id=foreign.id, quiz_id=quiz_id, chosen=[1], points=0))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_pseudonyms_of_quiz_and_feedback_cannot_be_joined(used) -> None:
    place = make.registration(used.event)
    one, other = (
        pairing.start(used.event, purpose) for purpose in (PairingPurpose.KNOWLEDGE, PairingPurpose.EVALUATION)
    )
    assert pairing.pseudonym(one, place) != pairing.pseudonym(other, place)
    assert pairing.pseudonym(one, place) == pairing.pseudonym(one, place)


# On the participant's page, without JavaScript.


def own_page(visitor: Visitor, place) -> Page:
    return visitor.get(f"/p/{roster.personal_token(place.participant)}")


def test_a_person_takes_the_quiz_before_and_after_and_sees_the_result(visitor: Visitor, used) -> None:
    place = make.registration(used.event, "Иванова Анна", language="ru")
    visitor.headers = {"Accept-Language": "ru"}
    openings.open_phase(used, Phase.PRE)
    page = own_page(visitor, place)
    assert "Иванова" not in page.text(), "the page of a lost phone names nobody"
    page = page.link("Начать").submit(
        "Отправить ответы", **{f"q-{u}": cs for u, cs in make.answers(used.quiz, 1).items()}
    )
    assert "Спасибо" in page.text(".notice")
    assert not page.all(".go[href*=quizzes]"), "taken is taken"
    openings.close_phase(used, Phase.PRE)
    openings.open_phase(used, Phase.POST)
    page = own_page(visitor, place).link("Начать")
    page = page.submit("Отправить ответы", **{f"q-{u}": cs for u, cs in make.answers(used.quiz, 3).items()})
    assert "1 / 4" not in page.text(), "no result while others are still answering"
    openings.close_phase(used, Phase.POST)
    page = own_page(visitor, place)
    assert "1 / 4" in page.text() and "3 / 4" in page.text() and "Because 1." in page.text()


def test_what_is_not_answered_is_marked_and_nothing_is_lost(visitor: Visitor, used) -> None:
    place = make.registration(used.event)
    openings.open_phase(used, Phase.PRE)
    first = used.quiz.questions[0]
    page = own_page(visitor, place).link("Begin").submit("Send my answers", **{f"q-{first.uid}": "2"})
    assert page.status == 422 and len(page.all("fieldset.gap")) == 3
    assert page.one(f"[name=q-{first.uid}][value='2']").get("checked") is not None
    page = page.submit("Send my answers", with_gaps="yes")
    assert "Your answers are in" in page.text(".notice")
    assert db.session.scalars(sa.select(Attempt)).one().right_count == 0


def test_an_answer_to_a_question_of_another_quiz_is_refused_in_a_sentence(visitor: Visitor, used) -> None:
    place = make.registration(used.event)
    openings.open_phase(used, Phase.PRE)
    foreign = make.quiz().questions[0]
    chosen = make.answers(used.quiz, 2)
    page = own_page(visitor, place).link("Begin")
    page = page.submit(
        "Send my answers",
        **{f"q-{uid}": cs for uid, cs in chosen.items()},
        **{f"q-{foreign.uid}": "1"},
    )
    assert page.status == 409 and "question of another quiz" in page.text(".notice")
    assert len(page.all("input[checked]")) == sum(len(c) for c in chosen.values()), "what was chosen stays"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 0


@pytest.mark.parametrize("value", ["", "abc", "-1", "99999999999", "1e3", "²"])
def test_odd_answers_are_no_answers(visitor: Visitor, used, value: str) -> None:
    place = make.registration(used.event)
    openings.open_phase(used, Phase.PRE)
    page = own_page(visitor, place).link("Begin")
    page = page.submit("Send my answers", **{f"q-{q.uid}": value for q in used.quiz.questions}, with_gaps="yes")
    assert page.status == 200
    assert db.session.scalars(sa.select(Attempt)).one().right_count == 0


def test_a_quiz_sent_twice_is_one_attempt(visitor: Visitor, used) -> None:
    place = make.registration(used.event)
    openings.open_phase(used, Phase.PRE)
    page = own_page(visitor, place).link("Begin")
    for right in (2, 4):
        fields = {f"q-{u}": cs for u, cs in make.answers(used.quiz, right).items()}
        assert page.submit("Send my answers", **fields).status == 200
    assert db.session.scalars(sa.select(Attempt)).one().right_count == 2


def test_somebody_of_another_event_cannot_take_it(visitor: Visitor, used) -> None:
    openings.open_phase(used, Phase.PRE)
    stranger = make.registration(make.event())
    token = roster.personal_token(stranger.participant)
    assert visitor.get(f"/p/{token}/quizzes/{used.uid}/pre").status == 409


def test_the_language_is_the_persons_and_can_be_changed(visitor: Visitor, used) -> None:
    place = make.registration(used.event)
    page = own_page(visitor, place)
    assert page.tree.get("lang") == "en"
    page = page.submit("BE")
    assert page.tree.get("lang") == "be"
    assert own_page(visitor, place).tree.get("lang") == "be"
    assert not visitor.client.get_cookie("muster"), "a participant's page leaves no cookie"


def test_opening_the_page_changes_nothing(visitor: Visitor, used) -> None:
    """Messengers fetch previews of links."""
    place = make.registration(used.event)
    openings.open_phase(used, Phase.PRE)
    db.session.commit()
    before = list(db.session.execute(sa.text("SELECT * FROM participants")).tuples())
    for _ in range(3):
        own_page(visitor, place).link("Begin")
    assert list(db.session.execute(sa.text("SELECT * FROM participants")).tuples()) == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 0


def test_the_brochure_comes_in_the_persons_language_under_a_neutral_name(visitor: Visitor, used) -> None:
    material = make.material()
    place = make.registration(used.event, language="ru")
    page = own_page(visitor, place).link("Брошюра")
    assert page.response.data.startswith(b"%PDF")
    assert page.response.headers["Content-Disposition"] == 'inline; filename="brochure-ru.pdf"'
    foreign = make.registration(make.event(make.programme("elsewhere")))
    token = roster.personal_token(foreign.participant)
    assert visitor.get(f"/p/{token}/materials/{material.files[0].uid}").status == 409


def test_a_cancelled_place_opens_no_quiz(visitor: Visitor, used) -> None:
    place = make.registration(used.event)
    openings.open_phase(used, Phase.PRE)
    registration.cancel(place)
    assert "Nothing is on for you now" in own_page(visitor, place).text("h1")


def test_the_trainer_opens_and_closes_with_one_press_each(app: Flask) -> None:
    trainer = make.user("trainer", make.programme())
    used = make.event_quiz(make.event(trainers=[trainer]))
    page = Visitor(app).sign_in(trainer).get(f"/events/{used.event.uid}")
    page = page.submit("Open")
    assert "is open on every phone" in page.text(".notice")
    page = page.submit("Close")
    assert "is closed" in page.text(".notice")
    page = page.submit("Close the event")
    assert "counts from now on" in page.text(".notice") and used.event.status == "held"
