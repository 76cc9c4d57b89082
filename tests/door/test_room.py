"""The screen in the room: a code of the half minute, one person and one session, counted apart, guessed by nobody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from accounts.models import AuditEntry
from core import clock
from core.db import db
from door import attendance, room
from door.models import Attendance, Outcome, Scan, Source
from participants import registration, roster
from participants.models import RegistrationStatus
from tests import make
from tests.conftest import Installation
from tests.make import NOON
from tests.pages import Visitor
from trainings import scheduling


@pytest.fixture
def hall(app):
    """An event of two sessions, noon of two days, open to self check-in; the tests stand a quarter past the first."""
    with clock.standing_at(NOON + timedelta(minutes=15)):
        event = make.event(sessions=make.sessions(NOON, count=2))
        room.allow(event, True)
        place = make.registration(event, "Иванова Анна")
        yield SimpleNamespace(app=app, event=event, session=event.sessions[0], next=event.sessions[1], place=place)


def enter(hall, text: str | None = None, place=None) -> Outcome:
    text = room.code_at(hall.session, clock.now()) if text is None else text
    return room.self_check_in(place or hall.place, hall.session, text).outcome


def scans() -> list[Outcome]:
    return list(db.session.scalars(sa.select(Scan.outcome).order_by(Scan.received_at, Scan.id)))


def later(**more):
    return clock.standing_at(clock.now() + timedelta(**more))


def page_of(hall, place=None) -> str:
    return f"/p/{roster.personal_token((place or hall.place).participant)}"


# The code


def test_a_code_is_six_characters_that_can_be_read_aloud_and_changes_every_half_minute(hall) -> None:
    codes = [room.code_at(hall.session, NOON + timedelta(seconds=30 * n)) for n in range(200)]
    assert len(set(codes)) == 200 and all(len(code) == 6 and not set(code) & set("01OI") for code in codes)
    assert room.code_at(hall.session, NOON) == room.code_at(hall.session, NOON + timedelta(seconds=29.999))


@pytest.mark.parametrize(
    ("seconds", "fits"), [(-30.001, False), (-30, True), (0, True), (29.999, True), (59.999, True), (60, False)]
)
def test_a_code_fits_half_a_minute_before_and_after_and_no_longer(hall, seconds: float, fits: bool) -> None:
    code = room.code_at(hall.session, NOON)
    assert room.accepts(hall.session, code, NOON + timedelta(seconds=seconds)) is fits


def test_a_code_is_understood_however_it_was_typed_or_read(hall) -> None:
    code = room.code_at(hall.session, NOON)
    cyrillic = code.translate(str.maketrans("ABEKMHPCTYX", "АВЕКМНРСТУХ"))
    for text in (code, code.lower(), f" {code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}", cyrillic, room.MARK + code):
        assert room.accepts(hall.session, text, NOON), text
    for text in ("", code[:5], code + "2", "R", "R-", "R" + code[:5], "Ж" * 10_000, "\0", "R" + room.MARK + code):
        assert not room.accepts(hall.session, text, NOON), text


# Checking in


def test_the_code_on_the_screen_lets_in_and_is_counted_apart(hall) -> None:
    attendance.mark(hall.session, make.registration(hall.event), by=None)
    assert enter(hall) == Outcome.IN
    assert attendance.sources_of(hall.session) == {Source.SELF: 1, Source.MANUAL: 1}
    assert attendance.sources_of(hall.next) == {}


def test_a_second_press_is_the_same_presence_even_with_a_code_that_has_grown_old(hall) -> None:
    code = room.code_at(hall.session, clock.now())
    first = clock.now()
    assert enter(hall) == Outcome.IN
    with later(minutes=5):
        answer = room.self_check_in(hall.place, hall.session, code)
        assert answer.outcome == Outcome.ALREADY_IN and answer.first_at == first
    assert scans() == [Outcome.IN, Outcome.ALREADY_IN]
    assert attendance.counts_of([hall.session]) == {hall.session.id: 1}


def test_an_old_code_and_the_code_of_another_session_are_refused_and_kept_unreadable(hall) -> None:
    old = room.code_at(hall.session, clock.now() - timedelta(seconds=90))
    for text in (old, room.code_at(hall.next, clock.now()), room.code_at(make.event_session(), clock.now())):
        with pytest.raises(room.WrongRoomCode):
            enter(hall, text)
    kept = db.session.scalars(sa.select(Scan)).all()
    assert [(scan.outcome, scan.source) for scan in kept] == [(Outcome.UNKNOWN, Source.SELF)] * 3
    assert {scan.registration_id for scan in kept} == {hall.place.id}, "whose guess it was is seen"
    assert old not in {scan.code for scan in kept}
    assert not attendance.present_at(hall.session)


def test_a_place_of_another_event_does_not_open_this_session(hall) -> None:
    elsewhere = make.registration(make.event())
    with pytest.raises(room.NotOpenNow):
        enter(hall, place=elsewhere)
    assert not scans()


@pytest.mark.parametrize("status", [RegistrationStatus.CANCELLED, RegistrationStatus.WAITLISTED])
def test_who_has_no_confirmed_place_is_sent_to_the_trainer_and_kept(hall, status) -> None:
    hall.place.status = status
    with pytest.raises(room.NoPlace):
        enter(hall)
    assert scans() == [Outcome(status.value)] and not attendance.present_at(hall.session)


def test_it_is_possible_only_when_allowed_planned_and_within_the_hours(hall) -> None:
    for hours, is_open in ((-2.26, False), (-2.2, True), (2.7, True), (2.8, False)):
        with later(hours=hours):
            assert room.is_open(hall.session) is is_open, hours
    room.allow(hall.event, False)
    with pytest.raises(room.NotOpenNow):
        enter(hall)
    room.allow(hall.event, True)
    scheduling.cancel(hall.event, "No hall")
    with pytest.raises(room.NotOpenNow):
        enter(hall)
    with pytest.raises(scheduling.NotPlanned):
        room.allow(hall.event, False)
    assert not scans()


def test_after_ten_wrong_codes_even_the_right_one_waits(hall) -> None:
    for _ in range(room.MOST_TRIES):
        with pytest.raises(room.WrongRoomCode):
            enter(hall, "222222")
    with later(minutes=4), pytest.raises(room.TooManyTries) as refusal:
        enter(hall)
    assert refusal.value.values == {"seconds": 6 * 60 + 1}
    assert len(scans()) == room.MOST_TRIES, "a vandal does not fill the disk"
    other = make.registration(hall.event)
    assert enter(hall, place=other) == Outcome.IN, "nobody else waits"
    with later(minutes=10, seconds=1):
        assert enter(hall) == Outcome.IN


def test_whom_staff_took_back_meets_staff(hall, visitor) -> None:
    trainer = make.user("trainer")
    attendance.mark(hall.session, hall.place, by=trainer)
    annul(hall, trainer)
    assert enter(hall) == Outcome.IN, "a slip of the trainer's finger shuts nobody out"
    annul(hall, trainer)
    with pytest.raises(room.TakenBack):
        enter(hall)
    assert not visitor.get(page_of(hall)).all("#presence")
    attendance.mark(hall.session, hall.place, by=trainer)
    assert enter(hall) == Outcome.ALREADY_IN
    assert "You are in" in visitor.get(page_of(hall)).text()


def annul(hall, trainer) -> None:
    presence = attendance.present_at(hall.session)[hall.place.id]
    attendance.annul(presence, by=trainer, reason="not in the room", manages=True)


# The participant's own page, which has no script


def test_a_participant_checks_in_on_the_own_page_without_javascript(hall, visitor) -> None:
    page = visitor.get(page_of(hall))
    code = room.code_at(hall.session, clock.now())
    after = page.submit("I am here", code=f"{code[:3]} {code[3:]}".lower())
    assert after.status == 200 and "You are in, 12:15" in after.text(".notice.in")
    assert not after.all("#presence")
    assert scans() == [Outcome.IN]


def test_a_wrong_code_gets_a_sentence_keeps_what_was_typed_and_stays_counted(hall, visitor) -> None:
    page = visitor.get(page_of(hall)).submit("I am here", code="abc def")
    assert page.status == 409 and "look again" in page.text("[role=alert]")
    assert page.one("#code").get("value") == "abc def"
    db.session.rollback()
    assert scans() == [Outcome.UNKNOWN]
    empty = page.submit("I am here", code=" ")
    assert empty.status == 422 and "Please fill this in." in empty.text("[role=alert]")
    for _ in range(room.MOST_TRIES):
        page = page.submit("I am here", code="abc def")
    assert "Wait 600 s" in page.text("[role=alert]") or "Wait 601 s" in page.text("[role=alert]")
    assert len(scans()) == room.MOST_TRIES


def test_somebody_elses_link_checks_in_somebody_else(hall, visitor) -> None:
    other = make.registration(hall.event, "Петров Пётр")
    visitor.get(page_of(hall, other)).submit("I am here", code=room.code_at(hall.session, clock.now()))
    assert set(attendance.present_at(hall.session)) == {other.id}


def test_a_session_of_an_event_without_this_person_is_not_there(hall, visitor) -> None:
    elsewhere = make.event_session()
    for uid in (elsewhere.uid, "x", ""):
        answer = visitor.ask("post", f"{page_of(hall)}/presence", data={"session": uid, "code": "222222"})
        assert answer.status_code == 404
    assert visitor.ask("post", "/p/nobody/presence", data={"session": hall.session.uid}).status_code == 409


def test_who_lost_the_place_meanwhile_is_told_whom_to_ask(hall, visitor) -> None:
    page = visitor.get(page_of(hall))
    registration.cancel(hall.place)
    after = page.submit("I am here", code=room.code_at(hall.session, clock.now()))
    assert after.status == 409 and "ask the trainer" in after.text("[role=alert]")
    assert scans() == [Outcome.CANCELLED]


def test_the_page_offers_it_only_when_it_works(hall, visitor) -> None:
    assert visitor.get(page_of(hall)).all("#presence")
    camera = visitor.get(page_of(hall) + "/room-camera")
    assert camera.all("#presence") and "camera=(self)" in camera.response.headers["Permissions-Policy"]
    waiting = make.registration(hall.event)
    waiting.status = RegistrationStatus.WAITLISTED
    assert not visitor.get(page_of(hall, waiting)).all("#presence")
    room.allow(hall.event, False)
    assert not visitor.get(page_of(hall)).all("#presence")
    assert not visitor.get(page_of(hall) + "/room-camera").path.endswith("room-camera")


def test_eight_presses_at_once_are_one_presence(installation: Installation) -> None:
    with installation.app.app_context():
        event = make.event()
        room.allow(event, True)
        place, event_session = make.registration(event), event.sessions[0]
        address = f"/p/{roster.personal_token(place.participant)}/presence"
        data = {"session": event_session.uid, "code": room.code_at(event_session, clock.now())}
        db.session.commit()
        with ThreadPoolExecutor(8) as together:
            sent = [together.submit(installation.app.test_client().post, address, data=data) for _ in range(8)]
        assert [answer.result().status_code for answer in sent] == [303] * 8
        assert sorted(scans()) == [Outcome.ALREADY_IN] * 7 + [Outcome.IN]
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Attendance)) == 1


def test_many_guesses_at_once_are_no_way_around_the_limit(installation: Installation) -> None:
    with installation.app.app_context():
        event = make.event()
        room.allow(event, True)
        place = make.registration(event)
        address = f"/p/{roster.personal_token(place.participant)}/presence"
        data = {"session": event.sessions[0].uid, "code": "222222"}
        db.session.commit()
        with ThreadPoolExecutor(8) as together:
            sent = [together.submit(installation.app.test_client().post, address, data=data) for _ in range(24)]
        assert {answer.result().status_code for answer in sent} == {409}
        assert len(scans()) == room.MOST_TRIES


# The screen and its switch


def test_the_switch_says_what_it_means_and_is_written_down(hall, app) -> None:
    room.allow(hall.event, False)
    manager = Visitor(app).sign_in(make.user("manager", make.programme()))
    path = f"/sessions/{hall.session.uid}/room"
    off = manager.get(path)
    assert "sent to a friend" in off.text() and not off.all("[data-key]")
    on = off.submit("Allow self check-in")
    assert on.path == path and on.all("[data-key]") and hall.event.allows_self_check_in
    assert hall.event.title["en"] not in on.text("title")
    again = on.submit("Stop self check-in")
    assert not again.all("[data-key]") and not hall.event.allows_self_check_in
    verbs = [row.verb for row in db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))]
    assert verbs[-2:] == ["allowed_self_check_in", "stopped_self_check_in"]
    odd = manager.post(f"/events/{hall.event.uid}/self-check-in", is_allowed="perhaps")
    assert odd.status == 400 and not hall.event.allows_self_check_in
    elsewhere = manager.post(f"/events/{hall.event.uid}/self-check-in", is_allowed="yes", room="nowhere")
    assert elsewhere.response.headers["Location"] == f"/events/{hall.event.uid}"


def test_a_closed_event_shows_no_code(hall, manager) -> None:
    with later(days=2):
        scheduling.close(hall.event)
    page = manager.get(f"/sessions/{hall.session.uid}/room")
    assert "not planned any more" in page.text() and not page.all("[data-key]") and not page.all("form")


def test_the_time_is_told_to_anyone_and_keeps_nobody_signed_in(visitor) -> None:
    answer = visitor.ask("get", "/time")
    assert abs(answer.get_json()["now"] - clock.milliseconds(clock.now())) < 5000
    assert "Set-Cookie" not in answer.headers
