"""The live board: what staff see change while people come in, and that it costs little to look."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import event as sqlalchemy_event

from core import clock
from core.db import db
from door import attendance, board, devices
from door.models import Decision, Device, ScanReview, Source
from door.readings import Reading
from participants import registration
from tests import make
from tests.browser import PHONE, Somebody, launched, playing
from tests.conftest import Installation
from tests.pages import Page, Visitor
from tests.serving import serve
from trainings import scheduling
from trainings.models import Event
from trainings.policies import role_in


def path_of(event: Event) -> str:
    return f"/programmes/{event.programme.uid}/board"


def reading(code: str, **more) -> Reading:
    return Reading(str(uuid.uuid4()), code, clock.now(), **more)


def phone(event: Event, name: str = "Phone") -> Device:
    device, _token = devices.pair(devices.offer(event, make.user("manager", event.programme)), name)
    return device


def seen(page: Page) -> str:
    return str(page.one("#board").get("data-version"))


def asked_again(visitor: Visitor, page: Page) -> int:
    """The status of what an open board gets when it asks again with the version it shows."""
    return visitor.ask("get", page.path, query_string={"seen": seen(page)}).status_code


def test_a_check_in_is_seen_and_nothing_is_sent_while_nothing_changed(manager: Visitor) -> None:
    event = make.event()
    places = [make.registration(event) for _ in range(3)]
    entrance = phone(event, "Entrance")
    page = manager.get(path_of(event))
    assert "0 of 3 here" in page.text(".sittings li.on")
    assert asked_again(manager, page) == 204
    assert manager.ask("get", page.path, query_string={"seen": seen(page)}).data == b""
    attendance.check_in(event.sessions[0], [reading(make.badge_code(places[0]))], by=entrance)
    attendance.mark(event.sessions[0], places[1], by=make.user("manager", event.programme))
    assert asked_again(manager, page) == 200
    page = manager.get(path_of(event))
    words = page.text(".sittings li.on")
    assert "2 of 3 here" in words and "Missing 1" in words and "camera 1, by hand 1" in words
    rows = [" ".join(row.text_content().split()) for row in page.all("tbody tr")]
    assert rows[0].startswith("Entrance works") and rows[0].endswith(" 1")
    assert rows[1] == "Staff who are signed in1"
    assert asked_again(manager, page) == 204


CHANGES = {
    "a scan that was refused": lambda event: attendance.check_in(
        event.sessions[0], [reading("22222222222A", is_live=False)], by=None
    ),
    "an attendance taken back": lambda event: attendance.annul(
        next(iter(attendance.present_at(event.sessions[0]).values())),
        by=make.user("manager", event.programme),
        reason="mistake",
        manages=True,
    ),
    "one more place": make.registration,
    "a place given back": lambda event: registration.cancel(registration.of_event(event)[0]),
    "a phone paired": phone,
    "a phone ended": lambda event: devices.revoke(devices.of_event(event)[0]),
    "a phone that holds scans": lambda event: devices.note_seen(devices.of_event(event)[0], 7),
    "a session moved": lambda event: (
        scheduling.move(event, event.starts_on, despite_clashes=True)
        or setattr(event.sessions[0], "ends_at", event.sessions[0].ends_at + timedelta(minutes=5))
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_a_board_shows_changes_its_version(app: Flask, change: str) -> None:
    manager = make.user("manager", make.programme())
    event = make.event()
    attendance.mark(event.sessions[0], make.registration(event), by=manager)
    phone(event)
    db.session.flush()
    before = board.version(event.programme, manager)
    assert board.version(event.programme, manager) == before
    CHANGES[change](event)
    db.session.flush()
    assert board.version(event.programme, manager) != before


def test_time_alone_changes_a_board_when_a_session_begins_or_a_phone_falls_silent(app: Flask) -> None:
    manager = make.user("manager", make.programme())
    event = make.event(sessions=make.sessions(make.NOON, hours=3))
    with clock.standing_at(make.NOON - timedelta(minutes=1)):
        device = phone(event, "Entrance")
        before = board.version(event.programme, manager)
        (scene,) = board.state(event.programme, manager)
        assert scene.sittings[0].stage == "coming" and not scene.phones[0].is_silent
    with clock.standing_at(make.NOON + timedelta(minutes=1)):
        begun = board.version(event.programme, manager)
        assert begun != before and board.state(event.programme, manager)[0].sittings[0].stage == "on"
    with clock.standing_at(make.NOON + timedelta(minutes=30)):
        assert board.version(event.programme, manager) != begun
        assert board.state(event.programme, manager)[0].phones[0].is_silent
        devices.note_seen(device, 0)
        db.session.expire_all()
        assert not board.state(event.programme, manager)[0].phones[0].is_silent


def test_scans_that_wait_for_a_decision_are_counted_until_it_is_made(manager: Visitor) -> None:
    event = make.event()
    place = make.registration(event)
    registration.cancel(place)
    attendance.check_in(event.sessions[0], [reading(make.badge_code(place), is_live=False)], by=phone(event))
    page = manager.get(path_of(event))
    assert "1 scan to look at" in page.text(".sittings")
    review = db.session.scalars(sa.select(ScanReview)).one()
    review.decision, review.decided_at = Decision.DISMISSED, clock.now()
    assert asked_again(manager, page) == 200
    assert "to look at" not in manager.get(path_of(event)).text(".sittings")


def test_somebody_in_without_a_place_does_not_hide_who_is_missing(manager: Visitor) -> None:
    event = make.event()
    guest = make.registration(event)
    make.registration(event)
    attendance.mark(event.sessions[0], guest, by=None)
    registration.cancel(guest)
    words = manager.get(path_of(event)).text(".sittings")
    assert "1 of 1 here" in words and "Missing 1" in words


def test_a_trainer_sees_the_own_events_only(app: Flask) -> None:
    trainer = make.user("trainer", make.programme())
    own, other = make.event(trainers=[trainer]), make.event()
    page = Visitor(app).sign_in(trainer).get(path_of(own))
    assert str(own.title) in page.text("#board") and str(other.title) not in page.text("#board")
    attendance.mark(other.sessions[0], make.registration(other), by=None)
    assert asked_again(page.visitor, page) == 204, "what happens elsewhere is not this trainer's news"
    attendance.mark(own.sessions[0], make.registration(own), by=None)
    assert asked_again(page.visitor, page) == 200


def test_a_board_shows_today_what_is_on_first_and_nothing_that_was_cancelled(app: Flask) -> None:
    manager = make.user("manager", make.programme())
    with clock.standing_at(make.NOON):
        over = make.event(sessions=make.sessions(make.NOON - timedelta(hours=4), hours=2))
        coming = make.event(sessions=make.sessions(make.NOON + timedelta(hours=4), hours=2))
        on = make.event(sessions=make.sessions(make.NOON - timedelta(hours=1), count=2))
        make.event(sessions=make.sessions(make.NOON + timedelta(days=1)))
        scheduling.cancel(make.event(sessions=make.sessions(make.NOON)), "ill")
        scenes = board.state(on.programme, manager)
        assert [scene.event.id for scene in scenes] == [on.id, coming.id, over.id]
        assert len(scenes[0].sittings) == 1, "tomorrow's session is tomorrow's"


def test_an_empty_day_says_so(manager: Visitor) -> None:
    programme = make.programme()
    assert "No session is on today" in manager.get(f"/programmes/{programme.uid}/board").text("#board")


def test_more_sessions_cost_no_more_statements(app: Flask) -> None:
    manager = make.user("manager", make.programme())
    asked: list[str] = []
    sqlalchemy_event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    numbers = []
    for _ in range(2):
        for _ in range(3):
            event = make.event()
            attendance.mark(event.sessions[0], make.registration(event), by=phone(event), source=Source.SEARCH)
        db.session.commit()
        programme = make.programme()
        role_in(manager, programme.id)  # the guard has asked for it already
        asked.clear()
        board.version(programme, manager)
        assert len([statement for statement in asked if statement.startswith("SELECT")]) == 1
        asked.clear()
        db.session.expire_all()
        programme, role_in(manager, programme.id)
        programme.today()
        asked.clear()
        assert board.state(programme, manager)
        numbers.append(len(asked))
    assert numbers[0] == numbers[1] <= 6


def let_time_pass(staff: Somebody, until: str) -> None:
    """Up to three minutes on the clock of the page, in steps shorter than it waits for an answer."""
    for _ in range(36):
        staff.page.clock.run_for(5_000)
        staff.page.wait_for_timeout(100)
        if staff.page.locator(until).count():
            return
    raise AssertionError(f"never {until}")


@pytest.mark.browser
def test_an_open_board_renews_itself_and_says_when_it_cannot(sqlite_installation: Installation) -> None:
    sqlite_installation.empty()
    with sqlite_installation.app.app_context():
        trainer = make.user("trainer", make.programme())
        event = make.event(trainers=[trainer])
        place, path = make.registration(event), path_of(event)
        db.session.commit()
        with (
            serve(sqlite_installation, trainer) as served,
            playing() as playwright,
            launched(playwright) as browser,
        ):
            staff = Somebody(browser, served.address, screen=PHONE)
            name, _, value = served.headers["Cookie"].partition("=")
            staff.context.add_cookies([{"name": name, "value": value, "url": served.address}])
            staff.page.clock.install()
            staff.open(path)
            expect(staff.page.locator("#board")).to_contain_text("0 of 1 here")
            staff.page.locator("#board h3 a").first.focus()
            attendance.mark(event.sessions[0], place, by=trainer)
            db.session.commit()
            let_time_pass(staff, until="#board b:text-is('1')")
            expect(staff.page.locator("#board")).to_contain_text("1 of 1 here")
            assert staff.page.evaluate("document.activeElement.textContent") == "Session 1", "the keyboard stays"
            staff.look()
            staff.page.route("**/board*", lambda route: route.abort())
            with staff.page.expect_console_message():  # the browser's own, about the network we took away
                let_time_pass(staff, until="#stale:not([hidden])")
            expect(staff.page.locator("#stale")).to_contain_text("Not updated since")
            staff.complaints.clear()
            staff.look()
            staff.page.unroute("**/board*")
            let_time_pass(staff, until="#stale[hidden]")
            staff.context.clear_cookies()
            let_time_pass(staff, until="#gone:not([hidden])")
            expect(staff.page.locator("#gone")).to_contain_text("You have been signed out")
            staff.look()
