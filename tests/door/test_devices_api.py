"""A paired phone: what it may ask, what it never hears, and what becomes of what it hands in, trusted or ended."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from accounts.models import AuditEntry
from core import clock
from core.db import db
from door import attendance, devices
from door.models import Attendance, Device, Outcome, ReviewReason, Scan, ScanReview
from participants import registration, roster
from participants.models import (
    Badge,
    Organisation,
    Participant,
    Registration,
    RegistrationStatus,
)
from privacy import codes
from tests import make
from tests.conftest import Installation
from tests.pages import Visitor
from tests.sealed import seal
from tests.test_routes import ALLOWED, FOR_DEVICES, OPEN, address, routes, world  # noqa: F401 (a fixture)
from trainings.models import Event, EventSession

JSON = {"Accept": "application/json"}
ANNA = {"family": "Новикова", "given": "Анна", "sector": "cso", "sex": "female", "organisation": "Центр «Право»"}


class Phone:
    """A phone that has been paired to an event."""

    def __init__(self, app: Flask, event: Event, name: str = "red phone") -> None:
        self.visitor = Visitor(app)
        self.device, self.token = devices.pair(devices.offer(event, make.user("manager", event.programme)), name)
        self.headers = {**JSON, "Authorization": f"Bearer {self.token}"}
        db.session.commit()

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.visitor.ask("get", path, headers=self.headers | headers)

    def post(self, path: str, body: Any) -> TestResponse:
        return self.visitor.ask("post", path, json=body, headers=self.headers)

    def hand_in(self, session: EventSession, *items: dict, **more: Any) -> list[dict]:
        answer = self.post(f"/sessions/{session.uid}/scans", {"scans": items, **more})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()["answers"]

    def outcomes(self, session: EventSession, *items: dict) -> list[str]:
        return [answer["outcome"] for answer in self.hand_in(session, *items)]


@pytest.fixture
def event(app: Flask) -> Event:
    return make.event(title=make.Texts(en="Secret title", ru="Тайное название"))


@pytest.fixture
def session(event: Event) -> EventSession:
    return event.sessions[0]


@pytest.fixture
def phone(app: Flask, event: Event) -> Phone:
    return Phone(app, event)


def read(code: str, **more: Any) -> dict:
    return {"id": str(uuid.uuid4()), "code": code, "happened_at": clock.now().isoformat(), "source": "camera", **more}


def undo(scan: dict, after: timedelta = timedelta(seconds=5)) -> dict:
    happened_at = clock.datetime.fromisoformat(scan["happened_at"]) + after
    return {"id": str(uuid.uuid4()), "undoes": scan["id"], "happened_at": happened_at.isoformat()}


def walk_in(phone: Phone, details: Any = None, code: str = "", **more: Any) -> dict:
    key = phone.get("/door/snapshot").get_json()["seal_with"]
    item = read(code, source="manual", **more)
    return item | {"walk_in": seal(ANNA if details is None else details, key, item["id"])}


def blank_badge(event: Event, number: int = 1) -> str:
    badge = Badge(code=codes.badge_code(), programme_id=event.programme_id, roll="A", number=number)
    db.session.add(badge)
    db.session.commit()
    return badge.code


def rows(model: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def newest(of: type[Participant]) -> Participant:
    return db.session.scalars(sa.select(of).order_by(of.id.desc()).limit(1)).one()


# Pairing.


def pair(app: Flask, secret: Any, name: str = "red phone") -> TestResponse:
    return Visitor(app).ask("post", "/door/pairings", json={"secret": secret, "name": name}, headers=JSON)


def offered(event: Event) -> str:
    secret = devices.offer(event, make.user("manager", event.programme))
    db.session.commit()
    return secret


def test_a_secret_pairs_one_phone_and_no_second_one(app: Flask, event: Event) -> None:
    secret = offered(event)
    first = pair(app, secret)
    assert first.status_code == 201
    assert devices.find(first.get_json()["token"]).uid == first.get_json()["device"]
    second = pair(app, secret)
    assert second.status_code == 409 and second.get_json()["error"] == "pairing_unknown"
    assert rows(Device) == 1
    assert db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "paired")).one()


def test_a_secret_pairs_for_fifteen_minutes(app: Flask, event: Event) -> None:
    secret = offered(event)
    with clock.standing_at(clock.now() + timedelta(minutes=15, seconds=1)):
        assert pair(app, secret).status_code == 409
    with clock.standing_at(clock.now() + timedelta(minutes=14)):
        assert pair(app, secret).status_code == 201


@pytest.mark.parametrize("secret", ["", "x", "x" * 5000, None, 7, ["a"], {"a": 1}])
def test_a_secret_that_is_none_pairs_nothing(app: Flask, secret: Any) -> None:
    answer = pair(app, secret)
    assert answer.status_code == 409 and answer.get_json()["message"]


def test_eight_phones_at_once_with_one_secret_are_one_device(installation: Installation) -> None:
    with installation.app.app_context():
        secret = offered(make.event())

    def try_it(number: int) -> int:
        return pair_apart(installation.app, secret, number)

    with ThreadPoolExecutor(8) as together:
        answers = sorted(together.map(try_it, range(8)))
    assert answers == [201] + [409] * 7
    with installation.app.app_context():
        assert rows(Device) == 1


def pair_apart(app: Flask, secret: str, number: int) -> int:
    body = {"secret": secret, "name": f"phone {number}"}
    return app.test_client().post("/door/pairings", json=body, headers=JSON).status_code


def test_neither_the_token_nor_the_phones_name_stands_in_the_database(app: Flask, phone: Phone) -> None:
    row = db.session.execute(sa.text("SELECT * FROM devices")).one()
    kept = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in map(_plain, row))
    assert phone.token.encode() not in kept and b"red phone" not in kept
    assert phone.device.name == "red phone"


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


# Who asks.


def test_a_phone_gets_in_at_the_doors_routes_and_nowhere_else(world: Any) -> None:  # noqa: F811
    phone = Phone(world.app, world.rows["event"])
    for rule in routes(world.app):
        is_open = rule.endpoint in OPEN or ALLOWED[rule.endpoint] == FOR_DEVICES
        if is_open or rule.endpoint == "scans.record_scans":
            continue
        path, visitor = address(world, rule), Visitor(world.app)
        if "GET" in rule.methods:
            answer = visitor.ask("get", path, headers=phone.headers)
        else:  # even with what protects forms
            answer = visitor.ask("post", path, data={"csrf_token": visitor.csrf()}, headers=phone.headers)
        assert answer.status_code in (401, 403), f"a device gets in at {rule}: {answer.status_code}"
    assert phone.device.is_trusted


def test_a_phones_token_counts_for_nothing_more_beside_somebodys_cookie(app: Flask, phone: Phone, event: Event) -> None:
    visitor = Visitor(app).sign_in(make.user("manager", event.programme))
    assert visitor.ask("get", f"/events/{event.uid}/people", headers=phone.headers).status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Bearer " + "x" * 3000, "Basic eDp4", "Token abc"])
def test_without_a_token_of_ours_nobody_is_heard(app: Flask, session: EventSession, header: str) -> None:
    headers = {**JSON, "Authorization": header}
    for path in ("/door/snapshot", f"/door/sessions/{session.uid}/presences", f"/door/sessions/{session.uid}/search"):
        assert Visitor(app).ask("get", path, headers=headers).status_code == 401, path
    sent = Visitor(app).ask("post", f"/sessions/{session.uid}/scans", json={"scans": [read("A")]}, headers=headers)
    assert sent.status_code == 401 and sent.get_json()["error"] == "http_401"
    assert rows(Scan) == 0


def test_staff_do_not_ask_in_the_place_of_a_phone(app: Flask, session: EventSession, event: Event) -> None:
    visitor = Visitor(app).sign_in(make.user("manager", event.programme))
    for path in ("/door/snapshot", f"/door/sessions/{session.uid}/presences", f"/door/sessions/{session.uid}/search"):
        assert visitor.ask("get", path).status_code == 403, path


def test_who_comes_with_a_cookie_needs_the_token_of_a_form(app: Flask, session: EventSession, event: Event) -> None:
    visitor = Visitor(app).sign_in(make.user("manager", event.programme))
    answer = visitor.ask("post", f"/sessions/{session.uid}/scans", json={"scans": [read("A")]}, headers=JSON)
    assert answer.status_code == 400 and rows(Scan) == 0


def test_a_phone_stands_at_its_own_event_only(app: Flask, phone: Phone) -> None:
    other = make.event().sessions[0]
    db.session.commit()
    assert phone.post(f"/sessions/{other.uid}/scans", {"scans": [read("A")]}).status_code == 403
    assert phone.get(f"/door/sessions/{other.uid}/presences").status_code == 403
    assert phone.get(f"/door/sessions/{other.uid}/search?text=ив").status_code == 403
    assert rows(Scan) == 0


# What is handed in.


def test_a_phone_reads_badges_and_is_told_who_it_is(phone: Phone, session: EventSession) -> None:
    place = make.registration(session.event, "Иванова Анна", organisation="РОВД")
    [answer] = phone.hand_in(session, read(make.badge_code(place)), unsent=3)
    assert answer["outcome"] == "in" and answer["person"]["name"] == "Иванова Анна"
    scan = db.session.scalars(sa.select(Scan)).one()
    assert (scan.device_id, scan.user_id) == (phone.device.id, None)
    assert phone.device.unsent == 3 and phone.device.last_seen_at


@pytest.mark.parametrize("unsent", ["many", -1, 10**9, None, [], True])
def test_a_strange_number_of_unsent_items_hurts_nobody(phone: Phone, session: EventSession, unsent: Any) -> None:
    assert phone.hand_in(session, read("X"), unsent=unsent)[0]["outcome"] == "unknown"


def end(phone: Phone) -> None:
    devices.revoke(phone.device)
    db.session.commit()


def test_what_an_ended_phone_hands_in_is_kept_for_a_manager_and_decides_nothing(
    phone: Phone, session: EventSession
) -> None:
    place = make.registration(session.event, "Иванова Анна", organisation="РОВД")
    end(phone)
    answers = phone.hand_in(session, read(make.badge_code(place)), read("NOBODY"))
    assert [answer["outcome"] for answer in answers] == ["under_review"] * 2
    assert all(answer.keys() == {"id", "outcome"} for answer in answers), "no name, no code, no time"
    assert rows(Attendance) == 0
    assert list(db.session.scalars(sa.select(Scan.outcome))) == [Outcome.UNDER_REVIEW] * 2
    assert list(db.session.scalars(sa.select(ScanReview.reason))) == [ReviewReason.DEVICE_ENDED] * 2


def test_a_stolen_phone_learns_nothing_more(phone: Phone, session: EventSession) -> None:
    end(phone)
    for path in ("/door/snapshot", f"/door/sessions/{session.uid}/presences", f"/door/sessions/{session.uid}/search"):
        assert phone.get(path).status_code == 403, path
    assert phone.post("/door/farewell", {}).status_code == 403


def test_what_was_read_while_the_phone_was_trusted_keeps_its_answer(phone: Phone, session: EventSession) -> None:
    scan = read(make.badge_code(make.registration(session.event)))
    assert phone.outcomes(session, scan) == ["in"]
    end(phone)
    assert phone.outcomes(session, scan) == ["in"], "the answer was lost on its way; the same scan is the same answer"
    assert rows(Scan) == 1 and rows(ScanReview) == 0


def test_two_weeks_after_its_end_a_phone_is_heard_no_more(phone: Phone, session: EventSession) -> None:
    end(phone)
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
    end(phone)
    with clock.standing_at(clock.now() + timedelta(minutes=1)):
        assert phone.outcomes(session, read("A"), read("B"), read("C")) == ["under_review"] * 3
        assert phone.post(f"/sessions/{session.uid}/scans", {"scans": [read("D")]}).status_code == 403


def test_a_phone_says_farewell_once(phone: Phone, session: EventSession) -> None:
    assert phone.post("/door/farewell", {}).get_json() == {"outcome": "ended"}
    assert phone.post("/door/farewell", {}).status_code == 403
    assert not phone.device.is_trusted
    assert db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "device_left")).one()


# What a phone keeps.


def test_the_snapshot_holds_codes_as_digests_and_names_nobody(phone: Phone, event: Event) -> None:
    places = [make.registration(event, "Иванова Анна", organisation="РОВД Брест") for _ in range(3)]
    registration.cancel(places[2])
    blank = blank_badge(event)
    answer = phone.get("/door/snapshot")
    text, content = answer.get_data(as_text=True), answer.get_json()
    kept = answer.get_data(as_text=True).encode().decode("unicode_escape")
    for secret in ("Иванова", "Анна", "РОВД", "Тайное", "Secret", "red phone", blank, *map(make.badge_code, places)):
        assert secret not in text and secret not in kept, secret
    assert sorted(content["codes"].values()) == sorted(
        [["", "blank"], *([place.participant.code, place.status.value] for place in places)]
    )
    assert content["expected"] == 2 and "names" not in content
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["X-Now"]


def test_what_is_on_two_phones_cannot_be_laid_side_by_side(app: Flask, phone: Phone, event: Event) -> None:
    make.registration(event)
    other = Phone(app, event, "blue phone")
    first, second = (each.get("/door/snapshot").get_json()["codes"] for each in (phone, other))
    assert len(first) == len(second) == 1 and not first.keys() & second.keys()


def test_names_are_kept_on_phones_only_where_the_programme_says_so(app: Flask, phone: Phone, event: Event) -> None:
    place = make.registration(event, "Иванова Анна")
    assert "names" not in phone.get("/door/snapshot").get_json()
    event.programme.show_names_offline = True
    assert phone.get("/door/snapshot").get_json()["names"] == {place.participant.code: "Иванова Анна"}
    coded = make.event(coded=True)
    registration.register(place.participant, coded, make.Origin.BY_HAND)
    assert "names" not in Phone(app, coded).get("/door/snapshot").get_json()


def test_a_snapshot_that_the_phone_has_is_not_sent_again(phone: Phone, event: Event) -> None:
    place = make.registration(event)
    tag = phone.get("/door/snapshot").headers["ETag"]
    again = phone.get("/door/snapshot", **{"If-None-Match": tag})
    assert again.status_code == 304 and not again.data
    roster.issue_badge(place.participant)
    anew = phone.get("/door/snapshot", **{"If-None-Match": tag})
    assert anew.status_code == 200 and anew.headers["ETag"] != tag
    states = sorted(state for _code, state in anew.get_json()["codes"].values())
    assert states == ["registered", "revoked"], "the badge before is known as one that was replaced"


def test_the_list_of_the_present_is_codes_and_changes_with_an_undoing(phone: Phone, session: EventSession) -> None:
    place = make.registration(session.event, "Иванова Анна")
    scan = read(make.badge_code(place))
    phone.hand_in(session, scan)
    path = f"/door/sessions/{session.uid}/presences"
    assert phone.get(path).get_json()["present"] == [place.participant.code]
    phone.hand_in(session, undo(scan))
    assert phone.get(path).get_json()["present"] == []


# Searching.


def search(phone: Phone, session: EventSession, text: str) -> list[dict]:
    answer = phone.get(f"/door/sessions/{session.uid}/search?text={text}")
    assert answer.status_code == 200
    return answer.get_json()["found"]


def test_a_search_needs_two_letters_and_finds_eight_at_most(phone: Phone, session: EventSession) -> None:
    for number in range(12):
        make.registration(session.event, f"Иванова Анна{number}")
    for text in ("", "и", " и ", "%20"):
        assert search(phone, session, text) == [], text
    assert len(search(phone, session, "ив")) == 8


def test_a_search_finds_in_either_script_and_says_who_is_here(phone: Phone, session: EventSession) -> None:
    here, away = make.registration(session.event, "Иванова Анна"), make.registration(session.event, "Сидоров Пётр")
    registration.cancel(make.registration(session.event, "Иванов Отменён"))
    make.registration(make.event(), "Иванов Чужой")
    attendance.mark(session, here, by=None)
    found = search(phone, session, "ivanov")
    assert [(one["name"], one["is_present"]) for one in found] == [("Иванова Анна", True)]
    assert search(phone, session, "петр")[0]["code"] == away.participant.code


def test_at_an_event_without_names_a_search_finds_by_code_and_gives_no_name(app: Flask) -> None:
    event = make.event(coded=True)
    place = make.registration(event, "Иванова Анна")
    phone = Phone(app, event)
    assert search(phone, event.sessions[0], "ив") == []
    [found] = search(phone, event.sessions[0], place.participant.code[:4])
    assert found["code"] == place.participant.code and found["name"] is None


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


@pytest.mark.parametrize("undoes", [None, "x", 7, str(uuid.uuid4())])
def test_an_undoing_of_nothing_is_answered(phone: Phone, session: EventSession, undoes: Any) -> None:
    item = {"id": str(uuid.uuid4()), "undoes": undoes, "happened_at": clock.now().isoformat()}
    assert phone.outcomes(session, item)[0] in ("malformed", "not_undone")


# Walk-ins.


def test_a_sealed_walk_in_is_somebody_new_who_is_in(phone: Phone, session: EventSession) -> None:
    item = walk_in(phone)
    [answer] = phone.hand_in(session, item)
    person = newest(Participant)
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
    code = blank_badge(session.event)
    assert phone.outcomes(session, walk_in(phone, code=code)) == ["in"]
    assert make.badge_code(newest(Participant)) == code
    assert phone.outcomes(session, read(code)) == ["already_in"]


def test_a_blank_badge_that_somebody_has_by_now_holds_nobody_up(phone: Phone, session: EventSession) -> None:
    code = blank_badge(session.event)
    assert phone.outcomes(session, walk_in(phone, code=code), walk_in(phone, code=code)) == ["in", "in"]
    owner = db.session.scalars(sa.select(Badge.participant_id).where(Badge.code == code)).one()
    second = newest(Participant)
    assert owner != second.id and make.badge_code(second) != code
    assert present(session) == 2


def test_at_an_event_without_names_a_walk_in_leaves_none(app: Flask) -> None:
    event = make.event(coded=True)
    phone = Phone(app, event)
    [answer] = phone.hand_in(event.sessions[0], walk_in(phone))
    assert answer["outcome"] == "in" and answer["person"]["name"] is None
    person = newest(Participant)
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
    end(phone)
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
        outcomes: Sequence[str] = sorted(together.map(send, range(8)))
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
