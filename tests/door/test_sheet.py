"""A whole sheet at once: noted, noted again, noted by two, taken back, and noted anew."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock
from core.db import db
from door import attendance, attendance_sheet, sheets
from door.attendance import TooLateToUndo
from door.attendance_sheet import Noted
from door.models import Attendance, Outcome, Scan, Source
from participants import badges, registration, roster
from participants.models import RegistrationStatus
from tests import make
from tests.make import NOON
from tests.pages import Visitor
from tests.papers import text_of


def path(session, more: str = "") -> str:
    return f"/sessions/{session.uid}/presences{more}"


def scans() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Scan)) or 0


@pytest.fixture
def manager_user(app: Flask):
    return make.user("manager", make.programme())


@pytest.fixture
def session(app: Flask):
    event = make.event()
    for number in range(5):
        make.registration(event, f"Фамилия{number} Имя")
    return event.sessions[0]


def test_a_sheet_is_noted_at_once_and_noting_it_again_changes_nothing(session, manager_user) -> None:
    places = roster.expected_at(session.event)
    attendance.mark(session, places[0], by=None)
    assert attendance_sheet.note(session, places, Source.PAPER, manager_user) == Noted(4, 1, 0)
    before = scans()
    assert attendance_sheet.note(session, places, Source.PAPER, manager_user) == Noted(0, 5, 0)
    assert scans() == before == 5, "those who were here already are not written down again"
    assert attendance.counts_of([session])[session.id] == 5
    assert {s.source for s in attendance_sheet.first_scans(session).values()} == {Source.PAPER, Source.MANUAL}


def test_the_same_person_ticked_twice_is_one(session, manager_user) -> None:
    place = roster.expected_at(session.event)[0]
    assert attendance_sheet.note(session, [place, place], Source.PAPER, manager_user) == Noted(1, 0, 0)


def test_a_sheet_entered_the_day_after_tells_of_the_session(app: Flask, manager_user) -> None:
    session = make.event_session(sessions=make.sessions(NOON))
    place = make.registration(session.event)
    with clock.standing_at(NOON + timedelta(days=1)):
        attendance_sheet.note(session, [place], Source.PAPER, manager_user)
    scan = attendance_sheet.first_scans(session)[place.id]
    assert scan.happened_at == session.ends_at and scan.outcome == Outcome.IN
    assert scan.received_at == NOON + timedelta(days=1)


def test_who_waits_and_signed_all_the_same_was_there_and_a_cancelled_place_is_said(session, manager_user) -> None:
    waiting, cancelled = roster.expected_at(session.event)[:2]
    waiting.status = RegistrationStatus.WAITLISTED
    registration.cancel(cancelled)
    assert attendance_sheet.note(session, [waiting, cancelled], Source.PAPER, manager_user) == Noted(1, 0, 1)


def test_two_who_enter_the_same_sheet_at_once_lose_and_double_nothing(installation, app: Flask) -> None:
    event = make.event()
    for _number in range(40):
        make.registration(event)
    users = [make.user("trainer", make.programme()) for _ in range(4)]
    session_id, user_ids = event.sessions[0].id, [user.id for user in users]
    db.session.commit()
    db.session.remove()
    start, found, failed = threading.Barrier(4), [], []

    def enter(user_id: int) -> None:
        with installation.app.app_context():
            try:
                start.wait(10)
                there = db.session.get_one(make.EventSession, session_id)
                places = roster.expected_at(there.event)[:: 1 if user_id % 2 else -1]
                by = db.session.get_one(make.User, user_id)
                found.append(attendance_sheet.note(there, places, Source.PAPER, by))
                db.session.commit()
            except Exception as problem:  # said below, in the thread that can fail the test
                failed.append(problem)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=enter, args=(user_id,)) for user_id in user_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed
    assert sum(noted.noted for noted in found) == 40, "each is counted by one of them"
    assert all(noted.noted + noted.already == 40 for noted in found)
    assert scans() == 40
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attendance)) == 40


def test_what_was_taken_back_together_can_be_noted_again(session, manager_user) -> None:
    places = roster.expected_at(session.event)
    attendance_sheet.note(session, places, Source.PAPER, manager_user)
    present = list(attendance.present_at(session).values())
    for expected in (5, 0):
        count = attendance_sheet.take_back(session, present, by=manager_user, reason="wrong sheet", manages=True)
        assert count == expected, "saying it twice takes back once"
    assert attendance.counts_of([session])[session.id] == 0
    assert {p.annul_reason for p in attendance_sheet.last_annulled(session).values()} == {"wrong sheet"}
    assert attendance_sheet.note(session, places, Source.PAPER, manager_user) == Noted(5, 0, 0)
    assert attendance.counts_of([session])[session.id] == 5 and scans() == 10


def test_presences_of_another_session_are_not_touched(app: Flask, manager_user) -> None:
    event = make.event(sessions=make.sessions(count=2))
    place = make.registration(event)
    attendance.mark(event.sessions[1], place, by=None)
    other = list(attendance.present_at(event.sessions[1]).values())
    assert attendance_sheet.take_back(event.sessions[0], other, by=manager_user, reason="x", manages=True) == 0


def test_after_a_quarter_of_an_hour_a_trainer_takes_back_nothing(session) -> None:
    trainer = make.user("trainer", make.programme())
    attendance_sheet.note(session, roster.expected_at(session.event), Source.PAPER, trainer)
    present = list(attendance.present_at(session).values())
    with clock.standing_at(clock.now() + timedelta(minutes=16)):
        with pytest.raises(TooLateToUndo):
            attendance_sheet.take_back(session, present, by=trainer, reason="x", manages=False)
        assert attendance.counts_of([session])[session.id] == 5, "all or none"
        assert attendance_sheet.take_back(session, present, by=trainer, reason="x", manages=True) == 5


def test_the_sheet_from_paper_is_ticked_and_only_exceptions_are_unticked(manager: Visitor, session) -> None:
    places = roster.expected_at(session.event)
    attendance.mark(session, places[0], by=None)
    page = manager.get(path(session, "?from=paper"))
    assert len(page.all("#note input[name=place][checked]")) == 4, "everybody who is not here yet"
    page = page.submit("Note the ticked as present", place=[place.uid for place in places[1:4]])
    assert "3 noted." in page.text(".notice")
    assert "already" not in page.text(".notice")
    assert not page.all("#note input[name=place][checked]"), "who is missing now was missing on the sheet"
    assert attendance_sheet.first_scans(session)[places[1].id].source == Source.PAPER
    again = manager.ask(
        "post",
        path(session),
        data={"csrf_token": manager.csrf(), "source": "paper", "place": [place.uid for place in places]},
    )
    assert "1 noted, 4 were present already." in manager.follow(again).text(".notice")


def test_otherwise_nothing_is_ticked_and_it_is_by_hand(manager: Visitor, session) -> None:
    page = manager.get(path(session))
    assert not page.all("#note input[checked]")
    assert len(page.link("Tick all").all("#note input[checked]")) == 5
    assert not page.link("Tick all").link("Untick all").all("#note input[checked]")
    assert "Nobody was ticked" in page.submit("Note the ticked as present", place=[]).text(".notice")
    place = roster.expected_at(session.event)[0]
    page.submit("Note the ticked as present", place=[place.uid, "nobody", make.registration().uid])
    assert [s.source for s in attendance_sheet.first_scans(session).values()] == [Source.MANUAL]


def test_untick_all_stays_with_the_paper(manager: Visitor, session) -> None:
    page = manager.get(path(session, "?from=paper")).link("Untick all")
    assert not page.all("#note input[checked]")
    assert page.one("#note input[name=source]").get("value") == "paper"


def test_presences_are_taken_back_together_with_a_reason_and_what_it_does_is_said(manager: Visitor, session) -> None:
    places = roster.expected_at(session.event)
    manager.get(path(session, "?from=paper")).submit("Note the ticked as present")
    page = manager.get(path(session))
    assert "counts nowhere any more" in page.text("#taking-back")
    chosen = [attendance.present_at(session)[place.id].uid for place in places[:2]]
    page = page.submit("Take the ticked back", presence=chosen)
    assert page.status == 422 and "Please fill this in." in page.text("#taking-back")
    assert len(page.all("#taking-back input[checked]")) == 2, "the ticks stay"
    page = page.submit("Take the ticked back", presence=chosen, reason="Signed for others")
    assert "2 presences taken back." in page.text(".notice")
    assert page.text("#note").count("taken back: Signed for others") == 2
    page = page.submit("Note the ticked as present", place=[places[0].uid])
    assert "1 noted." in page.text(".notice")


def test_a_trainer_is_offered_what_may_still_be_undone(app: Flask) -> None:
    trainer = make.user("trainer", make.programme())
    event = make.event(trainers=[trainer])
    early, late = make.registration(event, "Ранний Иван"), make.registration(event, "Поздний Пётр")
    with clock.standing_at(clock.now() - timedelta(minutes=30)):
        attendance.mark(event.sessions[0], early, by=trainer)
    attendance.mark(event.sessions[0], late, by=trainer)
    visitor = Visitor(app).sign_in(trainer)
    page = visitor.get(path(event.sessions[0]))
    assert "Поздний" in page.text("#taking-back table") and "Ранний" not in page.text("#taking-back table")
    old = attendance.present_at(event.sessions[0])[early.id].uid
    assert page.text("#taking-back tbody td.number") == page.text("#note tr.here:nth-child(1) td.number") == "1"
    refused = page.submit("Take the ticked back", presence=[old], reason="x")
    assert refused.status == 409 and "15 minutes" in refused.text("main")


def test_the_page_is_numbered_as_the_paper_is(manager: Visitor, session) -> None:
    registration.cancel(make.registration(session.event, "Ааа Отменённая"))
    names = [element.text_content() for element in manager.get(path(session)).all("#note .who")]
    words = text_of(sheets.draw(session))
    positions = [words.index(name) for name in names]
    assert names and positions == sorted(positions) and "Отменённая" not in words


def test_the_sheet_speaks_the_programmes_language_whoever_prints_it(app: Flask) -> None:
    place = make.registration()
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        words = text_of(sheets.draw(place.event.sessions[0]))
    assert "Подпись" in words and place.participant.code in words


def test_a_sheet_without_names_has_codes_and_no_signature(app: Flask) -> None:
    programme = make.programme(language="en")
    known = make.registration(make.event(programme), "Иванова Анна", organisation="РОВД")
    event = make.event(programme, coded=True)
    registration.register(known.participant, event, make.Origin.BY_HAND)
    make.registration(event, "Петров Пётр")
    words = text_of(sheets.draw(event.sessions[0]))
    assert known.participant.code in words and "no signature" in words and "Without names" in words
    for leak in ("Иванова", "Петров", "РОВД", "Signature", "Name "):
        assert leak not in words
    printed = text_of(badges.draw(event))
    assert known.participant.code in printed and "Иванова" not in printed and "РОВД" not in printed
    assert "Without names" in printed
