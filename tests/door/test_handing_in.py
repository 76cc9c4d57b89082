"""What a paired phone hands in: readings, what was taken back, walk-ins; while it is trusted and after its end."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock
from core.db import db
from door import attendance, devices
from door.models import Attendance, Outcome, ReviewReason, Scan, ScanReview
from participants import registration
from participants.models import (
    Badge,
    Organisation,
    Participant,
    Registration,
    RegistrationStatus,
)
from tests import make
from tests.conftest import Installation
from tests.door.clashes import blank_badge
from tests.phones import Phone, read, undo, walk_in
from trainings.models import EventSession


@pytest.fixture
def session(app: Flask) -> EventSession:
    return make.event_session()


@pytest.fixture
def phone(app: Flask, session: EventSession) -> Phone:
    return Phone(app, session.event)


def rows(model: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def newest_person() -> Participant:
    return db.session.scalars(sa.select(Participant).order_by(Participant.id.desc()).limit(1)).one()


def test_a_phone_reads_badges_and_is_told_who_it_is(phone: Phone, session: EventSession) -> None:
    place = make.registration(session.event, "Иванова Анна", organisation="РОВД")
    [answer] = phone.hand_in(session, read(make.badge_code(place)), unsent=3)
    assert answer["outcome"] == "in" and answer["person"]["name"] == "Иванова Анна"
    scan = db.session.scalars(sa.select(Scan)).one()
    assert (scan.device_id, scan.user_id) == (phone.device.id, None)
    assert phone.device.unsent == 3 and phone.device.last_seen_at


@pytest.mark.parametrize("code", ["\ud800", "ABCDE\x00", "ABCDEFGHJKL\x00", "\x00" * 12, "\u202e", ""])
def test_a_code_no_database_could_keep_is_nobodys(phone: Phone, session: EventSession, code: str) -> None:
    place = make.registration(session.event)
    found = phone.hand_in(session, read(code), read(make.badge_code(place)))
    assert [answer["outcome"] for answer in found] == ["unknown", "in"]


@pytest.mark.parametrize("unsent", ["many", -1, 10**9, None, [], True])
def test_a_strange_number_of_unsent_items_hurts_nobody(phone: Phone, session: EventSession, unsent: Any) -> None:
    assert phone.hand_in(session, read("X"), unsent=unsent)[0]["outcome"] == "unknown"


def test_what_an_ended_phone_hands_in_is_kept_for_a_manager_and_decides_nothing(
    phone: Phone, session: EventSession
) -> None:
    place = make.registration(session.event, "Иванова Анна", organisation="РОВД")
    phone.end()
    answers = phone.hand_in(session, read(make.badge_code(place)), read("NOBODY"))
    assert [answer["outcome"] for answer in answers] == ["under_review"] * 2
    assert all(answer.keys() == {"id", "outcome"} for answer in answers), "no name, no code, no time"
    assert rows(Attendance) == 0
    assert list(db.session.scalars(sa.select(Scan.outcome))) == [Outcome.UNDER_REVIEW] * 2
    assert list(db.session.scalars(sa.select(ScanReview.reason))) == [ReviewReason.DEVICE_ENDED] * 2


def test_what_was_read_while_the_phone_was_trusted_keeps_its_answer(phone: Phone, session: EventSession) -> None:
    scan = read(make.badge_code(make.registration(session.event)))
    assert phone.outcomes(session, scan) == ["in"]
    phone.end()
    assert phone.outcomes(session, scan) == ["in"], "the answer was lost on its way; the same scan is the same answer"
    assert rows(Scan) == 1 and rows(ScanReview) == 0


def test_two_weeks_after_its_end_a_phone_is_heard_no_more(phone: Phone, session: EventSession) -> None:
    phone.end()
    path, body = f"/sessions/{session.uid}/scans", {"scans": [read("X")]}
    with clock.standing_at(clock.now() + timedelta(days=13, hours=23)):
        assert phone.post(path, body).status_code == 200
    with clock.standing_at(clock.now() + timedelta(days=14, minutes=1)):
        late = phone.post(path, {"scans": [read("Y")]})
        assert late.status_code == 403 and late.get_json()["error"] == "http_403"
    assert rows(Scan) == 1


def test_a_phone_ends_by_itself_half_a_day_after_the_last_session(phone: Phone, session: EventSession) -> None:
    with clock.standing_at(session.ends_at + timedelta(hours=11, minutes=59)):
        assert phone.get("/door/snapshot").status_code == 200
    with clock.standing_at(session.ends_at + timedelta(hours=12, minutes=1)):
        assert phone.get("/door/snapshot").status_code == 403
        assert phone.outcomes(session, read("X")) == ["under_review"]


def test_an_ended_phone_cannot_flood_the_register(
    phone: Phone, session: EventSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "MOST_UNTRUSTED", 3)
    phone.end()
    with clock.standing_at(clock.now() + timedelta(minutes=1)):
        assert phone.outcomes(session, read("A"), read("B"), read("C")) == ["under_review"] * 3
        assert phone.post(f"/sessions/{session.uid}/scans", {"scans": [read("D")]}).status_code == 403


# Taking back.


def present(session: EventSession) -> int:
    return len(attendance.present_at(session))


def test_a_phone_takes_back_what_it_read_itself_and_the_scan_stays(phone: Phone, session: EventSession) -> None:
    scan = read(make.badge_code(make.registration(session.event)))
    undoing = undo(scan)
    assert phone.outcomes(session, scan, undoing) == ["in", "undone"]
    assert phone.outcomes(session, undoing) == ["undone"], "saying it twice does no harm"
    assert (present(session), rows(Scan)) == (0, 1)
    taken_back = db.session.scalars(sa.select(Attendance)).one()
    assert taken_back.annulled_by_device_id == phone.device.id and taken_back.annul_reason


def test_somebody_who_was_taken_back_comes_in_again(phone: Phone, session: EventSession) -> None:
    scan = read(make.badge_code(make.registration(session.event)))
    again = read(scan["code"])
    assert phone.outcomes(session, scan, undo(scan), again) == ["in", "undone", "in"]
    assert phone.outcomes(session, undo(scan)) == ["undone"], "of the scan before, not of this one"
    assert present(session) == 1


def test_another_phone_takes_nothing_back(app: Flask, phone: Phone, session: EventSession) -> None:
    scan = read(make.badge_code(make.registration(session.event)))
    phone.hand_in(session, scan)
    assert Phone(app, session.event).outcomes(session, undo(scan)) == ["not_undone"]
    assert present(session) == 1


@pytest.mark.parametrize(("minutes", "outcome"), [(14.9, "undone"), (15.1, "not_undone"), (-15.1, "not_undone")])
@pytest.mark.parametrize("skew", [timedelta(0), timedelta(hours=48)])
def test_taking_back_is_for_fifteen_minutes_by_the_phones_own_clock(
    phone: Phone, session: EventSession, minutes: float, outcome: str, skew: timedelta
) -> None:
    scan = read(make.badge_code(make.registration(session.event)))
    scan["happened_at"] = (clock.now() + skew).isoformat()
    undoing = undo(scan, timedelta(minutes=minutes))
    sent_at = (clock.now() + skew).isoformat()
    answers = phone.hand_in(session, scan, undoing, sent_at=sent_at)
    assert [answer["outcome"] for answer in answers] == ["in", outcome]


def test_somebody_whom_another_phone_read_too_stays_present(app: Flask, phone: Phone, session: EventSession) -> None:
    code = make.badge_code(make.registration(session.event))
    first, again, seen = read(code), read(code), read(code)
    other = Phone(app, session.event)
    assert phone.outcomes(session, first, again) == ["in", "already_in"]
    assert other.outcomes(session, seen) == ["already_in"]
    assert phone.outcomes(session, undo(first)) == ["undone"]
    assert present(session) == 1, "the other phone saw them"
    assert phone.outcomes(session, undo(first)) == ["undone"] and present(session) == 1
    assert other.outcomes(session, undo(seen)) == ["undone"] and present(session) == 0


def test_ones_own_second_reading_brings_nobody_back(phone: Phone, session: EventSession) -> None:
    code = make.badge_code(make.registration(session.event))
    first = read(code)
    assert phone.outcomes(session, first, read(code), undo(first)) == ["in", "already_in", "undone"]
    assert present(session) == 0


@pytest.mark.parametrize("undoes", [None, "x", 7, "7b1c9f3e-52d0-4f4e-9d5a-0d6a7c1e2f38"])
def test_an_undoing_of_nothing_is_answered(phone: Phone, session: EventSession, undoes: Any) -> None:
    item = {"id": str(uuid.uuid4()), "undoes": undoes, "happened_at": clock.now().isoformat()}
    assert phone.outcomes(session, item)[0] in ("malformed", "not_undone")


# Walk-ins.


def test_a_sealed_walk_in_is_somebody_new_who_is_in(phone: Phone, session: EventSession) -> None:
    item = walk_in(phone)
    [answer] = phone.hand_in(session, item)
    person = newest_person()
    assert answer["outcome"] == "in" and answer["person"]["code"] == person.code
    assert person.name.full == "Новикова Анна" and person.organisation.name == "Центр «Право»"
    assert (person.sector.value, person.sex.value) == ("cso", "female")
    assert present(session) == 1


def test_the_same_walk_in_twice_is_one_person(phone: Phone, session: EventSession) -> None:
    item = walk_in(phone)
    assert phone.outcomes(session, item, item) == ["in", "in"]
    assert phone.outcomes(session, item) == ["in"]
    assert (rows(Participant), rows(Registration), rows(Attendance), rows(Scan)) == (1, 1, 1, 1)


def test_a_walk_in_sent_eight_times_at_once_is_one_person(installation: Installation) -> None:
    with installation.app.app_context():
        event = make.event()
        phone = Phone(installation.app, event)
        path, body = f"/sessions/{event.sessions[0].uid}/scans", {"scans": [walk_in(phone)]}
        db.session.remove()

    def send(_number: int) -> str:
        answer = installation.app.test_client().post(path, json=body, headers=phone.headers)
        return answer.get_json()["answers"][0]["outcome"]

    with ThreadPoolExecutor(8) as together:
        assert list(together.map(send, range(8))) == ["in"] * 8
    with installation.app.app_context():
        assert (rows(Participant), rows(Registration), rows(Attendance), rows(Scan)) == (1, 1, 1, 1)


def test_a_walk_in_takes_the_blank_badge_from_the_table(phone: Phone, session: EventSession) -> None:
    code = blank_badge(session)
    assert phone.outcomes(session, walk_in(phone, code=code)) == ["in"]
    assert make.badge_code(newest_person()) == code
    assert phone.outcomes(session, read(code)) == ["already_in"]


def test_a_blank_badge_that_somebody_has_by_now_holds_nobody_up(phone: Phone, session: EventSession) -> None:
    code = blank_badge(session)
    assert phone.outcomes(session, walk_in(phone, code=code), walk_in(phone, code=code)) == ["in", "in"]
    owner = db.session.scalars(sa.select(Badge.participant_id).where(Badge.code == code)).one()
    second = newest_person()
    assert owner != second.id and make.badge_code(second) != code
    assert present(session) == 2


def test_at_an_event_without_names_a_walk_in_leaves_none(app: Flask) -> None:
    event = make.event(coded=True)
    phone = Phone(app, event)
    [answer] = phone.hand_in(event.sessions[0], walk_in(phone))
    assert answer["outcome"] == "in" and answer["person"]["name"] is None
    person = newest_person()
    assert person.name is None and person.position is None


@pytest.mark.parametrize("details", ["", [], 7, {"family": "x" * 5000}, {"sector": "king", "sex": []}, {}])
def test_what_a_phone_says_of_a_person_is_taken_as_far_as_it_makes_sense(
    phone: Phone, session: EventSession, details: Any
) -> None:
    good = read(make.badge_code(make.registration(session.event)))
    outcomes = phone.outcomes(session, walk_in(phone, details), good)
    assert outcomes[0] in ("in", "malformed") and outcomes[1] == "in"


@pytest.mark.parametrize("sealed", ["", "rubbish", "AAAA", "А" * 50, None, 7, {}, "A" * 5000])
def test_sealed_rubbish_is_malformed_and_its_neighbours_go_on(phone: Phone, session: EventSession, sealed: Any) -> None:
    badges = [make.badge_code(make.registration(session.event)) for _ in range(2)]
    items = [read(badges[0]), read("", walk_in=sealed), read(badges[1])]
    assert phone.outcomes(session, *items) == ["in", "malformed", "in"]
    assert rows(Participant) == 2


def test_what_was_sealed_for_another_item_is_malformed(phone: Phone, session: EventSession) -> None:
    moved = walk_in(phone) | {"id": str(uuid.uuid4())}
    assert phone.outcomes(session, moved) == ["malformed"]


def test_a_walk_in_of_an_ended_phone_waits_for_a_manager(phone: Phone, session: EventSession) -> None:
    item = walk_in(phone)
    phone.end()
    [answer] = phone.hand_in(session, item)
    assert answer == {"id": item["id"], "outcome": "under_review"}
    place = db.session.scalars(sa.select(Registration)).one()
    assert place.status == RegistrationStatus.WAITLISTED and present(session) == 0
    assert db.session.scalars(sa.select(ScanReview.reason)).one() == ReviewReason.DEVICE_ENDED


# Let in all the same.


def confirmed(of: Registration | Participant) -> dict:
    return read(make.badge_code(of), confirmed=True)


def test_who_has_no_place_here_is_let_in_when_the_door_says_so(phone: Phone, session: EventSession) -> None:
    guest = make.person()
    cancelled = make.registration(session.event)
    registration.cancel(cancelled)
    db.session.commit()
    assert phone.outcomes(session, read(make.badge_code(guest)), confirmed(guest)) == ["wrong_event", "in"]
    assert phone.outcomes(session, confirmed(cancelled)) == ["in"]
    assert present(session) == 2


def test_let_in_eight_times_at_once_is_in_once(installation: Installation) -> None:
    """Eight phones, each with a scan of its own, before a guest has a place."""
    with installation.app.app_context():
        event, guest = make.event(), make.person()
        phones = [Phone(installation.app, event, f"phone {number}") for number in range(8)]
        path, items = f"/sessions/{event.sessions[0].uid}/scans", [confirmed(guest) for _ in phones]
        db.session.remove()

    def send(number: int) -> str:
        sent = {"scans": [items[number]]}
        answer = installation.app.test_client().post(path, json=sent, headers=phones[number].headers)
        return answer.get_json()["answers"][0]["outcome"]

    with ThreadPoolExecutor(8) as together:
        outcomes = sorted(together.map(send, range(8)))
    assert outcomes == ["already_in"] * 7 + ["in"]
    with installation.app.app_context():
        assert (rows(Registration), rows(Attendance), rows(Scan)) == (1, 1, 8)


def test_eight_walk_ins_of_a_new_organisation_at_once_are_eight_people_of_one(installation: Installation) -> None:
    with installation.app.app_context():
        event = make.event()
        phone = Phone(installation.app, event)
        path, items = f"/sessions/{event.sessions[0].uid}/scans", [walk_in(phone) for _ in range(8)]
        db.session.remove()

    def send(item: dict) -> int:
        return installation.app.test_client().post(path, json={"scans": [item]}, headers=phone.headers).status_code

    with ThreadPoolExecutor(8) as together:
        assert list(together.map(send, items)) == [200] * 8
    with installation.app.app_context():
        assert (rows(Participant), rows(Organisation)) == (8, 1)


def test_phones_that_read_the_same_people_in_another_order_do_not_stop_each_other(installation: Installation) -> None:
    with installation.app.app_context():
        event = make.event()
        phone = Phone(installation.app, event)
        path = f"/sessions/{event.sessions[0].uid}/scans"
        badges = [make.badge_code(make.registration(event)) for _ in range(20)]
        batches = []
        for number in range(8):
            people = badges if number % 2 else badges[::-1]
            batches.append([*map(read, people[:10]), walk_in(phone), *map(read, people[10:])])
        db.session.commit()
        db.session.remove()

    def send(items: list[dict]) -> int:
        return installation.app.test_client().post(path, json={"scans": items}, headers=phone.headers).status_code

    with ThreadPoolExecutor(8) as together:
        assert list(together.map(send, batches)) == [200] * 8
    with installation.app.app_context():
        assert (rows(Attendance), rows(Scan)) == (28, 8 * 21)
