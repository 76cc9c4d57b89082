"""A paired phone: how it is paired, what it may ask, what it never hears, and what it may keep."""

from __future__ import annotations

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
from door.models import Device, Scan
from participants import registration, roster
from tests import make
from tests.conftest import Installation
from tests.door.clashes import blank_badge
from tests.pages import Visitor
from tests.phones import JSON, Phone, read, undo
from tests.test_routes import ALLOWED, FOR_DEVICES, OPEN, address, routes, world  # noqa: F401 (a fixture)
from trainings.models import Event, EventSession


@pytest.fixture
def event(app: Flask) -> Event:
    return make.event(title=make.Texts(en="Secret title", ru="Тайное название"))


@pytest.fixture
def session(event: Event) -> EventSession:
    return event.sessions[0]


@pytest.fixture
def phone(app: Flask, event: Event) -> Phone:
    return Phone(app, event)


def rows(model: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


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


def test_a_stolen_phone_learns_nothing_more(phone: Phone, session: EventSession) -> None:
    phone.end()
    for path in ("/door/snapshot", f"/door/sessions/{session.uid}/presences", f"/door/sessions/{session.uid}/search"):
        assert phone.get(path).status_code == 403, path
    assert phone.post("/door/farewell", {}).status_code == 403


def test_a_phone_says_farewell_once(phone: Phone) -> None:
    assert phone.post("/door/farewell", {}).get_json() == {"outcome": "ended"}
    assert phone.post("/door/farewell", {}).status_code == 403
    assert not phone.device.is_trusted
    assert db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "device_left")).one()


# What a phone keeps.


def test_the_snapshot_holds_codes_as_digests_and_names_nobody(phone: Phone, event: Event) -> None:
    places = [make.registration(event, "Иванова Анна", organisation="РОВД Брест") for _ in range(3)]
    registration.cancel(places[2])
    blank = blank_badge(event.sessions[0])
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
