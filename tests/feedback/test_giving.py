"""Giving feedback: one voice per person, tied to no name, on a short page that needs no script."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from core import clock
from core.db import Base, UtcDateTime, db
from core.errors import Refused
from feedback import evaluations, questionnaires
from feedback.models import Evaluation, EventQuestionnaire, FeedbackAnswer, FreeText, QuestionKind
from participants import pairing, registration, roster
from participants.models import Pairing
from tests import make
from tests.feedback.voices import AFTER, LATER, close, event_with, held_days_ago
from tests.pages import Page, Visitor

PEOPLE = {"participants", "registrations", "badges", "scans", "attendances", "devices"}


def own_page(visitor: Visitor, place) -> Page:
    return visitor.get(f"/p/{roster.personal_token(place.participant)}")


def test_no_way_leads_from_an_answer_to_a_person() -> None:
    """Followed along all foreign keys, whatever they point to."""
    for model in (Evaluation, FeedbackAnswer, FreeText, EventQuestionnaire):
        reached, ahead = set(), [model.__table__]
        while ahead:
            table = ahead.pop()
            reached.add(table.name)
            ahead += [key.column.table for key in table.foreign_keys if key.column.table.name not in reached]
        assert reached <= Base.metadata.tables.keys() and not reached & PEOPLE, f"{model.__name__} leads to a person"


def test_no_answer_has_a_time_finer_than_a_day() -> None:
    moments = {
        f"{model.__tablename__}.{column.name}"
        for model in (Evaluation, FeedbackAnswer, FreeText)
        for column in model.__table__.columns
        if isinstance(column.type, UtcDateTime | sa.DateTime)
    }
    assert moments == {"free_texts.reviewed_at"}, "when a manager read it, not when it was written"
    assert isinstance(Evaluation.__table__.c.given_on.type, sa.Date)


def test_a_person_answers_on_the_page_without_a_script(visitor: Visitor, app: Flask) -> None:
    place = make.registration(make.event(kind="forum"), "Иванова Анна")
    page = own_page(visitor, place).link("Give feedback")
    assert "Иванова" not in page.text()
    page = page.submit(
        "Send", **{"q-usefulness": "4", "q-freedom": "5", "q-next": ["1", "3"], "q-improve": " Больше времени "}
    )
    assert "Your answers are in" in page.text(".notice") and "Give feedback" not in page.text()
    voice = db.session.scalars(sa.select(Evaluation)).one()
    assert voice.usefulness == 4 and voice.given_on == place.event.programme.today()
    kinds = db.session.scalars(sa.select(FeedbackAnswer.kind).order_by(FeedbackAnswer.kind)).all()
    assert kinds == [QuestionKind.SCALE, QuestionKind.SEVERAL, QuestionKind.SEVERAL]
    written = db.session.scalars(sa.select(FreeText)).one()
    assert written.text == "Больше времени" and written.state == "unread"
    again = visitor.get(f"/p/{roster.personal_token(place.participant)}/events/{place.event.uid}/feedback")
    assert again.path.endswith(roster.personal_token(place.participant)), "answered is answered"


def test_only_the_first_question_must_be_answered(visitor: Visitor, app: Flask) -> None:
    place = make.registration(make.event())
    page = own_page(visitor, place).link("Give feedback").submit("Send", **{"q-clarity": "2", "q-apply": "Спрошу"})
    assert page.status == 422 and page.text(".gap legend") == "How useful was it for your work?"
    assert page.one("[name=q-clarity][value='2']").get("checked") is not None
    assert page.one("textarea").text_content() == "Спрошу", "what was written stays"
    page = page.submit("Send", **{"q-usefulness": "3"})
    assert page.status == 200 and db.session.scalars(sa.select(Evaluation)).one().usefulness == 3


@pytest.mark.parametrize("odd", ["0", "6", "-1", "3.5", "²", "five", "999999"])
def test_what_is_no_answer_is_none(app: Flask, odd: str) -> None:
    event, (place,) = event_with(1)
    with pytest.raises(Refused, match="first_unanswered"):
        evaluations.give(event, AFTER, place, {"usefulness": [odd]})
    evaluations.give(event, AFTER, place, {"usefulness": ["5"], "clarity": [odd], "unknown": ["1"]})
    assert db.session.scalars(sa.select(FeedbackAnswer)).all() == []


def test_a_second_time_changes_nothing(app: Flask) -> None:
    event, (place,) = event_with(1)
    for mark, words in (("5", "Спасибо"), ("1", "Нет")):
        evaluations.give(event, AFTER, place, {"usefulness": [mark], "apply": [words]})
    assert db.session.scalars(sa.select(Evaluation)).one().usefulness == 5
    assert db.session.scalars(sa.select(FreeText)).one().text == "Спасибо"


def test_the_database_refuses_a_second_voice_and_an_answer_to_somebody_elses_question(app: Flask) -> None:
    event, (place,) = event_with(1)
    evaluations.give(event, AFTER, place, {"usefulness": ["5"], "clarity": ["4"]})
    forum, (guest,) = event_with(1, "forum")
    evaluations.give(forum, AFTER, guest, {"usefulness": ["5"], "voices": ["4"]})
    db.session.commit()
    mine, theirs = db.session.scalars(sa.select(Evaluation).order_by(Evaluation.id))
    clear, heard = db.session.scalars(sa.select(FeedbackAnswer).order_by(FeedbackAnswer.evaluation_id))
    copied = {"event_id": mine.event_id, "purpose": AFTER, "given_on": mine.given_on, "usefulness": 1}
    wrongs = [
        Evaluation(pseudonym=mine.pseudonym, questionnaire_id=mine.questionnaire_id, **copied),
        Evaluation(pseudonym=b"x" * 16, questionnaire_id=theirs.questionnaire_id, **copied),
        answer(mine, heard, value=1),
        answer(mine, clear, value=5),
        answer(theirs, heard, value=6, kind=QuestionKind.SCALE),
    ]
    for wrong in wrongs:
        db.session.add(wrong)
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def answer(voice: Evaluation, like: FeedbackAnswer, **values) -> FeedbackAnswer:
    own = {"evaluation_id": voice.id, "questionnaire_id": voice.questionnaire_id, "question_id": like.question_id}
    return FeedbackAnswer(**{**own, "kind": like.kind, **values})


def test_closing_destroys_the_key_and_with_it_who_has_answered(app: Flask) -> None:
    event, (place,) = event_with(1)
    evaluations.rate(event, place, 5)
    close(event)
    key = pairing.find(event.id, AFTER)
    assert key is not None and key.secret_sealed is None
    assert not evaluations.has_answered(event, AFTER, place), "nobody can tell any more"
    with pytest.raises(Refused, match="not_asked"):
        evaluations.rate(event, place, 1)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Evaluation)) == 1


def test_questions_changed_meanwhile_are_shown_again_with_what_was_given(visitor: Visitor, app: Flask) -> None:
    place = make.registration(make.event())
    page = own_page(visitor, place).link("Give feedback")
    plans = [questionnaires.QuestionPlan(q.kind, q.text, q.options, q.key) for q in newest(place.event).questions]
    questionnaires.revise(place.event.programme, place.event.kind, AFTER, plans[:3], version=1)
    page = page.submit("Send", **{"q-usefulness": "4", "q-clarity": "5"})
    assert page.status == 422 and "changed meanwhile" in page.text(".notice")
    assert page.one("[name=q-usefulness][value='4']").get("checked") is not None and len(page.all("fieldset")) == 3
    assert page.submit("Send").status == 200 and db.session.scalars(sa.select(Evaluation)).one().usefulness == 4


def newest(event):
    return questionnaires.of_event(event, AFTER)


def test_feedback_is_asked_from_the_last_session_on_and_of_nobody_who_gave_the_place_back(
    visitor: Visitor, app: Flask
) -> None:
    later = make.registration(make.event(sessions=make.sessions(clock.now() + timedelta(days=2))))
    assert "Give feedback" not in own_page(visitor, later).text()
    place = make.registration(make.event())
    assert "Give feedback" in own_page(visitor, place).text()
    registration.cancel(place)
    token = roster.personal_token(place.participant)
    assert visitor.get(f"/p/{token}/events/{place.event.uid}/feedback").status == 409


def test_a_later_event_hides_no_follow_up_of_an_earlier_one(visitor: Visitor, app: Flask) -> None:
    event = held_days_ago(120, people=1)
    (place,) = roster.of(event)
    registration.register(place.participant, make.event(), place.origin)
    evaluations.ask_follow_up(event)
    page = own_page(visitor, place)
    assert "Give feedback" in page.text(), "that of the event of today"
    page = page.link("Answer")
    assert page.text("legend").startswith("Have you applied at least one practice")
    page = page.submit("Send", **{"q-applied": "0", "q-barriers": ["3"]})
    assert "Your answers are in" in page.text(".notice")
    assert db.session.scalars(sa.select(Evaluation)).one().has_applied is False
    evaluations.close(event, LATER)
    keys = db.session.scalars(sa.select(Pairing).where(Pairing.purpose == LATER)).all()
    assert [key.secret_sealed for key in keys] == [None]
