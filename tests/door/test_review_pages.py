"""The pages on which a manager settles clashes: what is said before, what is pressed, what is told afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from accounts.models import AuditEntry
from core import clock
from core.db import db
from door import attendance, cases
from door.models import Decision, ReviewReason, ScanReview
from participants.models import Participant, Registration
from tests import make
from tests.door.clashes import blank_badge, clash, foreign_code, scan
from tests.make import NOON
from tests.pages import Page, Visitor


@pytest.fixture
def session(app: Flask):
    with clock.standing_at(NOON + timedelta(minutes=15)):
        yield make.event_session(sessions=make.sessions(NOON, count=2))


@pytest.fixture
def boss(session, app: Flask) -> Visitor:
    return Visitor(app).sign_in(make.user("manager", session.event.programme))


def the_list(visitor: Visitor, session) -> Page:
    return visitor.get(f"/events/{session.event.uid}/reviews")


def test_nothing_waits_and_the_page_says_so(session, boss) -> None:
    page = the_list(boss, session)
    assert "All is settled" in page.text(".empty") and not page.all("#settled")


def test_each_reason_stands_under_its_own_words_with_every_effect_said(session, boss) -> None:
    for reason in ReviewReason:
        clash(reason, session)
    page = the_list(boss, session)
    assert len(page.all("section.part")) == len(ReviewReason)
    assert "12 wait for a decision" in page.text(".head")
    for button in page.all(".clash button"):
        effect = page.one(f"#{button.get('aria-describedby')}").text_content().strip()
        assert len(effect) > 20, "each button says what it does"
    assert "At the same time: “Event" in page.text("main") and "camera · Door" in page.text("main")


def test_counting_and_taking_back_by_two_buttons(session, boss) -> None:
    review = clash(ReviewReason.CANCELLED, session)
    page = the_list(boss, session).submit("Count")
    assert "Settled." in page.text(".notice") and "1 presence made" in page.text("#settled")
    assert len(attendance.present_at(session)) == 1
    page = page.submit("Take the decision back")
    assert "it waits again" in page.text(".notice") and not page.all("#settled")
    assert not attendance.present_at(session)
    verbs = db.session.execute(sa.select(AuditEntry.verb, AuditEntry.subject_uid).order_by(AuditEntry.id)).all()
    assert [tuple(row) for row in verbs] == [("review_counted", review.uid), ("review_reopened", review.uid)]


def test_a_decision_on_what_is_settled_is_a_sentence(session, boss) -> None:
    clash(ReviewReason.CANCELLED, session)
    stale = the_list(boss, session)
    stale.submit("Dismiss")
    page = stale.submit("Count")
    assert page.status == 409 and "settled this already" in page.text("main")
    assert not attendance.present_at(session)
    again = the_list(boss, session)
    again.submit("Take the decision back")
    assert again.submit("Take the decision back").status == 409


@pytest.mark.parametrize(
    "fields", [{"decision": ""}, {"decision": "magic"}, {"decision": "same_person"}, {"session": "x"}]
)
def test_a_choice_that_was_not_offered_changes_nothing(session, boss, fields) -> None:
    review = clash(ReviewReason.CANCELLED, session)
    page = boss.post(f"/reviews/{review.uid}/settlement", **{"decision": "counted", **fields})
    assert page.status in (409, 422) and len(page.text("main")) > 20
    assert cases.open_count(session.event) == 1


def test_several_are_counted_together(session, boss) -> None:
    for _ in range(3):
        clash_one = make.registration(session.event)
        scan(session, make.badge_code(clash_one), at=session.starts_at - timedelta(hours=5))
    page = the_list(boss, session)
    ticked = [box.get("value") for box in page.all("input[type=checkbox]")]
    path = f"/events/{session.event.uid}/reviews/settlements"
    boss.post(path, decision="counted", review=ticked[:2])
    assert len(attendance.present_at(session)) == 2
    assert "Tick those" in boss.follow(boss.post(path, decision="counted").response).text(".notice")
    boss.post(path, decision="dismissed", every="not_open")
    assert len(attendance.present_at(session)) == 2 and not cases.open_count(session.event)


def test_what_cannot_be_counted_with_the_others_is_left_and_said(session, boss) -> None:
    for reason in (ReviewReason.UNKNOWN, ReviewReason.REVOKED):
        clash(reason, session)
    uids = db.session.scalars(sa.select(ScanReview.uid)).all()
    answer = boss.post(f"/events/{session.event.uid}/reviews/settlements", decision="counted", review=uids)
    told = boss.follow(answer.response).text(".notice")
    assert "1 is settled." in told and "1 has to be looked at by itself." in told


def test_a_code_is_given_to_somebody_found_in_either_script(session, boss) -> None:
    code = foreign_code()
    for at in session.event.sessions:
        scan(at, code, at=at.starts_at)
    make.registration(session.event, "Лис Олег")
    make.person(session.event.programme, "Кот Мария")
    page = the_list(boss, session).link("Say whose it is")
    assert "read 2 times" in page.text("main") and "Лис Олег" in page.text("#found")
    page = page.submit("Search", search="kot")
    assert "Gets a place at this event. Counts as present at sessions 1, 2." in page.text("#found")
    assert "Лис" not in page.text("#found")
    page = page.submit("This person")
    assert "The code is this person's now: Кот Мария." in page.text(".notice")
    assert [len(attendance.present_at(at)) for at in session.event.sessions] == [1, 1]
    review = db.session.scalars(sa.select(ScanReview)).first()
    assert "somebody's already" in boss.get(f"/reviews/{review.uid}/person").text(".notice")
    details = db.session.scalars(sa.select(AuditEntry.details).where(AuditEntry.verb == "code_attached")).one()
    assert details == {"presences": 2}


def test_a_blank_badge_is_called_by_its_number(session, boss) -> None:
    code = blank_badge(session, number=17)
    for at in session.event.sessions:
        scan(at, code, at=at.starts_at)
    page = the_list(boss, session)
    assert page.text(".clash h3") == "Blank badge 17 of roll R1" and "Sessions 1, 2" in page.text(".clash")
    assert "Blank badge 17 of roll R1" in page.link("Say whose it is").text("main")


def test_a_code_is_given_to_somebody_new_and_what_is_missing_is_said(session, boss) -> None:
    clash(ReviewReason.UNKNOWN, session)
    page = the_list(boss, session).link("Say whose it is").submit("Add and count", organisation="РОВД")
    assert page.status == 422 and "A name, please." in page.text(".error")
    assert page.one("#organisation").get("value") == "РОВД"
    page = page.submit("Add and count", family="Новик", given="Юлия")
    assert "Новик Юлия" in page.text(".notice") and len(attendance.present_at(session)) == 1
    page.submit("Take the decision back")
    assert not db.session.scalars(sa.select(Participant)).all(), "who was added for it goes again"


def test_at_an_event_without_names_no_name_is_asked(app, boss) -> None:
    session = make.event_session(coded=True)
    scan(session, foreign_code())
    page = the_list(boss, session).link("Say whose it is")
    assert not page.all("#family")
    page.submit("Add and count")
    assert len(attendance.present_at(session)) == 1
    assert db.session.scalars(sa.select(Participant.name_sealed)).all() == [None]


def test_nobody_in_particular_cannot_be_given_a_code(session, boss) -> None:
    review = clash(ReviewReason.UNKNOWN, session)
    stranger = make.person(make.programme("elsewhere"))
    for uid in ("", "x", stranger.uid):
        assert boss.post(f"/reviews/{review.uid}/person", person=uid).status == 422
    assert cases.open_count(session.event) == 1


def test_a_walk_in_is_said_to_be_the_same_person(session, boss) -> None:
    clash(ReviewReason.LOOK_ALIKE, session)
    page = the_list(boss, session)
    assert "Presence and badge of the walk-in go to Кот Мария" in page.text("main")
    page.submit("The same person")
    review = db.session.scalars(sa.select(ScanReview)).one()
    assert review.decision == Decision.SAME_PERSON
    assert len(db.session.scalars(sa.select(Registration)).all()) == 2


def test_no_name_stands_in_a_title_or_an_address(session, boss) -> None:
    clash(ReviewReason.CANCELLED, session)
    page = the_list(boss, session)
    assert "Мария" not in page.text("title")
    assert not [a for a in page.all("a, form") if "Мария" in (a.get("href") or a.get("action") or "")]


def test_page_numbers_out_of_nowhere_do_no_harm(session, boss) -> None:
    clash(ReviewReason.CANCELLED, session)
    for number in ("0", "-1", "99", "x", "9" * 30):
        assert boss.get(f"/events/{session.event.uid}/reviews?page={number}").status == 200
