"""The pages about people: roster, search, walk-ins, one person, the door without JavaScript."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from core.db import db
from door import attendance
from door.models import Attendance, Source
from participants import roster
from participants.models import Participant
from tests import make
from tests.pages import Visitor


def test_the_roster_is_by_name_and_found_in_either_script(manager: Visitor) -> None:
    event = make.event()
    for name in ("Яковлев Пётр", "Ёлкина Анна", "Kavaliou Uladzimir", "Ждановіч Ганна"):
        make.registration(event, name, organisation="РОВД «Речной»" if name.startswith("Я") else "")
    page = manager.get(f"/events/{event.uid}/people")
    names = [a.text_content() for a in page.all("tbody td:first-child a")]
    assert names == ["Kavaliou Uladzimir", "Ёлкина Анна", "Ждановіч Ганна", "Яковлев Пётр"]
    for typed, found in (
        ("елк", "Ёлкина"),
        ("Ковалев", ""),
        ("кавалё", "Kavaliou"),
        ("zhdan", "Ждановіч"),
        ("речн", "Яковлев"),
    ):
        words = page.submit("Search", search=typed).text("#roster")
        assert found in words, typed
        assert words.count("Cancel") == bool(found), typed
    code = roster.of(event)[0].participant.code
    assert code in page.submit("Search", search=code.lower()).text("#roster")


def test_a_long_roster_is_turned_like_a_book(manager: Visitor) -> None:
    event = make.event()
    for number in range(120):
        make.registration(event, f"Имя{number:03} Лист")
    page = manager.get(f"/events/{event.uid}/people")
    seen = []
    for leaf in range(1, 4):
        assert f"Page {leaf} of 3" in page.text("nav.leaves")
        seen += [a.text_content() for a in page.all("tbody td:first-child a")]
        if leaf < 3:
            page = page.link("Next page")
    assert seen == [f"Имя{number:03} Лист" for number in range(120)]
    assert "Имя117" in manager.get(f"/events/{event.uid}/people?page=999").text("tbody"), "beyond the last is the last"
    assert manager.get(f"/events/{event.uid}/people?page=x&search=имя11").text("tbody").count("Cancel") == 10


def test_a_search_of_odd_characters_finds_nobody_and_breaks_nothing(manager: Visitor) -> None:
    event = make.registration().event
    for typed in ("%", "'; DROP TABLE", "\\", "x" * 150, "😀"):
        page = manager.get(f"/events/{event.uid}/people", query_string={"search": typed})
        assert page.status == 200 and "Nobody was found" in page.text("#roster")
        assert page.one("#search").get("value") == typed.strip()


def test_a_person_is_added_by_hand_and_what_is_missing_is_said(manager: Visitor) -> None:
    event = make.event()
    page = manager.get(f"/events/{event.uid}/people").link("Add a person")
    page = page.submit("Give a place", organisation="РОВД", email="not an address")
    assert page.status == 422
    assert "A name, please." in page.text(".error") and "e-mail" in page.text(".error")
    assert page.one("#organisation").get("value") == "РОВД"
    page = page.submit("Give a place", family="Новик", given="Юлия", email="")
    assert "Новик Юлия has a place now." in page.text(".notice")
    person = db.session.scalars(sa.select(Participant)).one()
    assert len(person.code) == 6 and make.badge_code(person)


def test_a_walk_in_is_let_in_with_one_form(manager: Visitor) -> None:
    event = make.event()
    page = manager.get(f"/sessions/{event.sessions[0].uid}/door").submit(
        "Let in", family="Рудак", given="Виктор", sex="male"
    )
    assert "Рудак Виктор is in." in page.text(".notice")
    assert page.one("#counts b").text_content() == "1"


def test_marking_and_taking_back_work_without_javascript(manager: Visitor) -> None:
    event = make.event()
    make.registration(event, "Иванова Анна")
    page = manager.get(f"/sessions/{event.sessions[0].uid}/door").submit("Is here")
    assert page.one("#counts b").text_content() == "1" and "0 missing" in page.text("h2")
    page = page.submit("Undo")
    assert page.one("#counts b").text_content() == "0"
    taken_back = db.session.scalars(sa.select(Attendance)).one()
    assert taken_back.annulled_at and taken_back.annul_reason and taken_back.annulled_by_id


def test_a_mark_for_somebody_of_another_list_is_refused(manager: Visitor) -> None:
    event, other = make.event(), make.registration(make.event())
    page = manager.post(f"/sessions/{event.sessions[0].uid}/marks", registration=other.uid)
    assert page.status == 422
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attendance)) == 0


def test_a_place_is_given_back_and_taken_up_again(manager: Visitor) -> None:
    event = make.registration(name="Иванова Анна").event
    page = manager.get(f"/events/{event.uid}/people").submit("Cancel")
    assert "0 places taken" in page.text(".head")
    page = page.submit("Give the place back")
    assert "1 place taken" in page.text(".head")


def test_what_is_known_of_a_person_is_corrected(manager: Visitor) -> None:
    place = make.registration(name="Иваново Анна")
    page = manager.get(f"/people/{place.participant.uid}").link("Correct the details")
    assert page.one("#family").get("value") == "Иваново"
    page = page.submit("Save", family="Иванова", phone="+375 29 123-45-67", language="be")
    assert page.text("h1") == "Иванова Анна" and "+375 29 123-45-67" in page.text()


def test_a_lost_badge_and_a_lost_link_are_replaced(app: Flask, manager: Visitor) -> None:
    person = make.registration().participant
    old_badge, old_link = make.badge_code(person), f"/p/{roster.personal_token(person)}"
    page = manager.get(f"/people/{person.uid}").submit("Replace the badge").submit("Replace the link")
    assert page.status == 200
    assert make.badge_code(person) != old_badge
    stranger = Visitor(app)
    assert stranger.get(old_link).status == 409
    assert stranger.get(f"/p/{roster.personal_token(person)}").status == 200


def test_the_personal_link_is_shown_as_a_code_to_scan(manager: Visitor) -> None:
    person = make.registration().participant
    page = manager.get(f"/people/{person.uid}").link("Show the personal link")
    assert roster.personal_token(person) in page.one("main input[readonly]").get("value")
    assert page.one("svg.qr path").get("d")


def test_a_person_is_forgotten_and_the_numbers_stay(app: Flask, manager: Visitor) -> None:
    place = make.registration(name="Иванова Анна", phone="+375291234567", sex=make.Sex.FEMALE)
    attendance.mark(place.event.sessions[0], place, by=None, source=Source.PAPER)
    link = f"/p/{roster.personal_token(place.participant)}"
    page = manager.get(f"/people/{place.participant.uid}").submit("Forget")
    assert "Tick the box" in page.text(".notice")
    page = page.submit("Forget", is_sure="y")
    assert "Иванова" not in page.text() and place.participant.code in page.text("h1")
    row = db.session.execute(sa.text("SELECT * FROM participants")).mappings().one()
    assert not any(row[name] for name in row if name.endswith("_sealed") or name.endswith("_index"))
    assert row["sex"] == "female"
    assert attendance.counts_of(place.event.sessions)[place.event.sessions[0].id] == 1
    assert Visitor(app).get(link).status == 409


def test_looking_at_names_leaves_a_trace(manager: Visitor) -> None:
    place = make.registration()
    manager.get(f"/events/{place.event.uid}/badges.pdf")
    manager.get(f"/people/{place.participant.uid}/link")
    verbs = set(db.session.scalars(sa.text("SELECT verb FROM audit_entries")))
    assert {"printed_badges", "showed_link"} <= verbs


def test_an_event_without_names_takes_people_by_code_only(manager: Visitor) -> None:
    event = make.event(coded=True)
    page = manager.get(f"/sessions/{event.sessions[0].uid}/door").submit("Let in", sector="cso")
    assert "is in. Code:" in page.text(".notice")
    assert db.session.scalars(sa.select(Participant)).one().name is None
