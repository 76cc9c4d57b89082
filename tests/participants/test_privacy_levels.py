"""An event without names keeps none, whatever way one tries to come in; raising the level erases what was kept."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock
from core.db import db
from door import attendance, code_cards, walk_ins
from door.models import Outcome
from door.readings import Reading
from participants import finding, identity, importing, reading, registration, roster
from participants.list_rows import Fate
from participants.models import (
    Origin,
    Participant,
    RosterImport,
    Sector,
    Sex,
)
from quizzes import attempts, openings, taken
from quizzes.models import Phase
from tests import make
from tests.conftest import ROSTERS
from tests.pages import Visitor
from tests.papers import codes_in, text_of
from trainings.models import PrivacyLevel

IDENTITY = {
    "family": "Иванова",
    "given": "Анна",
    "position": "следователь",
    "phone": "+375291234567",
    "email": "a@example.by",
}
LISTS = ("police-brest.xlsx", "lawyers-cp1251.csv", "cso-utf8.csv")


def nobody_is_named() -> bool:
    """Whether no row of the register holds anything that names somebody."""
    rows = db.session.execute(sa.text("SELECT * FROM participants")).mappings().all()
    sealed = [name for name in rows[0] if name.endswith(("_sealed", "_index"))] if rows else []
    return bool(rows) and not any(row[name] for row in rows for name in sealed)


@pytest.fixture
def coded(app: Flask):
    return make.event(coded=True)


@pytest.fixture
def known(coded):
    """Somebody with a place at an event without names whom another event knows by name."""
    person = make.registration(make.event(), "Иванова Анна", organisation="РОВД").participant
    return registration.register(person, coded, Origin.BY_HAND)


# Ways in.


def test_a_walk_in_with_a_name_sent_all_the_same_leaves_none(manager: Visitor, coded) -> None:
    page = manager.get(f"/sessions/{coded.sessions[0].uid}/door")
    assert not page.all("#family, #given, #patronymic")
    page = page.submit("Let in", sector="cso", organisation="Группа", **IDENTITY)
    assert "is in. Code:" in page.text(".notice") and "Иванова" not in page.text()
    assert nobody_is_named()


def test_a_person_added_or_corrected_by_hand_leaves_no_name(manager: Visitor, coded) -> None:
    page = manager.get(f"/events/{coded.uid}/people").link("Add a person")
    assert not page.all("#family, #position, #phone, #email")
    page.submit("Give a place", sector="cso", **IDENTITY)
    person = db.session.scalars(sa.select(Participant)).one()
    page = manager.get(f"/people/{person.uid}")
    assert "No name is kept of this person" in page.text(".notice")
    page = page.link("Correct the details")
    assert not page.all("#family, #position, #phone, #email")
    page.submit("Save", sector="lawyer", **IDENTITY)
    assert nobody_is_named()
    assert db.session.scalars(sa.select(Participant.sector)).one() == Sector.LAWYER, "what may be kept is corrected"


def test_registering_drops_the_name_whoever_calls(coded) -> None:
    make.registration(coded, "Иванова Анна", phone="+375291234567", email="a@example.by", position="x")
    assert nobody_is_named()


def test_a_person_with_a_place_with_names_keeps_the_name_there(known) -> None:
    person = known.participant
    assert person.name and person.name.full == "Иванова Анна"
    assert known.called == person.code
    roster.correct(person, roster.PersonDetails(Sector.POLICE, make.PersonName("Петрова", "Анна")))
    assert person.called == "Петрова Анна"


def test_somebody_of_a_coded_event_may_be_named_once_an_event_with_names_has_them(coded) -> None:
    person = make.registration(coded).participant
    registration.register(person, make.event(), Origin.BY_HAND)
    roster.correct(person, roster.PersonDetails(Sector.POLICE, make.PersonName("Петрова", "Анна")))
    assert person.called == "Петрова Анна"


@pytest.mark.parametrize("name", LISTS)
def test_an_imported_list_leaves_codes_and_numbers_only(manager: Visitor, coded, name: str) -> None:
    user = make.user("manager", coded.programme)
    content = (ROSTERS / name).read_bytes()
    expected = importing.preview(importing.stage(make.event(), content, Sector.CSO, user))
    staged = importing.stage(coded, content, Sector.CSO, user)
    rows = importing.preview(staged)
    assert [(r.number, r.fate) for r in rows] == [(r.number, r.fate) for r in expected], "every row has its fate"
    for row in expected:
        for said in (row.name, row.details.phone, row.details.email) if row.details else ():
            held = f"{reading.rows_in(staged.rows)} {reading.Plan.from_bytes(staged.plan)}"
            assert not said or said not in held, "not kept even until somebody says yes"
    page = manager.get(f"/imports/{staged.uid}")
    assert "codes and numbers only" in page.text(".notice")
    assert not any(row.name and row.name in page.text() for row in expected)
    counts = importing.apply(staged, {})
    assert nobody_is_named()
    people = [place.participant for place in registration.of_event(coded)]
    assert len(people) == counts[Fate.NEW] + counts[Fate.SIMILAR]
    sexes = [r.details.sex for r in expected if r.details and r.fate in (Fate.NEW, Fate.SIMILAR)]
    assert sorted(p.sex for p in people) == sorted(sexes), "numbers stay"
    assert all(p.organisation is None for p in people)


def test_a_list_for_a_coded_event_recognises_nobody(coded) -> None:
    user = make.user("manager", coded.programme)
    content = (ROSTERS / "police-brest.xlsx").read_bytes()
    importing.apply(importing.stage(make.event(), content, Sector.POLICE, user), {})
    rows = importing.preview(importing.stage(coded, content, Sector.POLICE, user))
    assert {row.fate for row in rows} == {Fate.NEW, Fate.NO_PERSON}
    assert all(row.match is None for row in rows)


def test_the_upload_says_what_will_be_kept(manager: Visitor, coded) -> None:
    assert "only the sector and the sex are kept" in manager.get(f"/events/{coded.uid}/imports/new").text(".notice")
    assert not manager.get(f"/events/{make.event().uid}/imports/new").all("main .notice")


# Ways out.


def test_the_door_of_a_coded_event_says_no_name(manager: Visitor, coded, known) -> None:
    code = make.badge_code(known)
    for read in (code, known.participant.code):
        answer = attendance.check_in(coded.sessions[0], [Reading(str(uuid.uuid4()), read, clock.now())], by=None)[0]
        assert answer.person and (answer.person.code, answer.person.name) == (known.participant.code, None)
        assert answer.person.organisation is None
    elsewhere = make.event_session(sessions=make.sessions())
    answer = attendance.check_in(elsewhere, [Reading(str(uuid.uuid4()), code, clock.now())], by=None)[0]
    assert answer.outcome == Outcome.WRONG_EVENT and answer.person and answer.person.name == "Иванова Анна"


def test_admitting_a_named_badge_shows_its_code_only(coded) -> None:
    guest = make.registration(make.event(), "Гость Иван")
    reading = Reading(str(uuid.uuid4()), make.badge_code(guest), clock.now())
    answer = walk_ins.admit(coded.sessions[0], reading, by=None)
    assert answer.outcome == Outcome.IN and answer.person
    assert (answer.person.code, answer.person.name) == (guest.participant.code, None)


def test_the_list_of_a_coded_event_neither_shows_nor_finds_names(manager: Visitor, coded, known) -> None:
    page = manager.get(f"/events/{coded.uid}/people")
    assert "no names" in page.text(".head")
    assert known.participant.code in page.text("tbody") and "Иванова" not in page.text()
    assert not page.all(f"a[href$='{known.participant.uid}']"), "and does not lead to one"
    assert "Nobody was found" in page.submit("Search", search="иванов").text("#roster")
    assert known.participant.code in page.submit("Search", search=known.participant.code).text("#roster")
    for button in ("Cancel", "Give the place back"):
        page = page.submit(button) if button == "Cancel" else manager.get(page.path).submit(button)
        assert "Иванова" not in page.text(), button
    assert "Иванова" not in manager.get(f"/sessions/{coded.sessions[0].uid}/presences").text()


def test_the_page_of_a_named_person_does_not_say_which_events_without_names_they_were_at(
    manager: Visitor, coded, known
) -> None:
    page = manager.get(f"/people/{known.participant.uid}")
    assert "1 event without names" in page.text() and str(coded.title) not in page.text()
    card = code_cards.add(coded, 1, Sector.CSO)[0]
    assert str(coded.title) in manager.get(f"/people/{card.participant.uid}").text()


def test_people_of_a_coded_event_stand_in_the_order_of_their_codes(coded) -> None:
    named = make.event()
    for letter in "ДБГАВ":
        registration.register(make.registration(named, f"{letter}ов Иван").participant, coded, Origin.BY_HAND)
    places = roster.expected_at(coded)
    assert [place.called for place in places] == sorted(place.participant.code for place in places)
    assert [place.id for place in finding.leaf(coded).places] == [place.id for place in places]


def test_a_trainer_of_a_coded_event_does_not_open_a_name_that_another_event_knows(app: Flask) -> None:
    trainer = make.user("trainer", make.programme())
    event = make.event(coded=True, trainers=[trainer])
    known = registration.register(make.registration(make.event()).participant, event, Origin.BY_HAND)
    card = code_cards.add(event, 1, Sector.CSO)[0]
    visitor = Visitor(app).sign_in(trainer)
    for more in ("", "/edit", "/link"):
        assert visitor.get(f"/people/{known.participant.uid}{more}").status == 403
        assert visitor.get(f"/people/{card.participant.uid}{more}").status == 200


def test_the_own_page_and_the_quiz_of_a_card_work_and_name_nobody(app: Flask, coded) -> None:
    place = code_cards.add(coded, 1, Sector.CSO)[0]
    used = make.event_quiz(coded)
    openings.open_phase(used, Phase.PRE)
    visitor = Visitor(app)
    path = f"/p/{roster.personal_token(place.participant)}"
    page = visitor.get(path)
    assert place.participant.code in page.text()
    attempts.submit(used, Phase.PRE, place, make.answers(used.quiz, 3), language="ru")
    assert taken.own(used, Phase.PRE, place)


# Cards.


def test_cards_are_places_with_codes_and_print_together(manager: Visitor, coded) -> None:
    page = manager.get(f"/events/{coded.uid}/people").link("Add cards")
    assert page.submit("Add cards", number="0").status == 422
    page = page.submit("Add cards", number="12", sector="lawyer", sex="female")
    assert "12 cards are added" in page.text(".notice")
    page = page.submit("Add cards", number="1", sector="lawyer")
    content = page.link("Print 12 cards").response.data
    people = list(db.session.scalars(sa.select(Participant).where(Participant.sex == Sex.FEMALE)))
    assert len(people) == 12 and {person.sector for person in people} == {Sector.LAWYER}
    assert sorted(codes_in(content)) == sorted(make.badge_code(person) for person in people)
    assert all(person.code in text_of(content) for person in people)
    assert "13 places taken" in manager.get(f"/events/{coded.uid}/people").text(".head")


def test_a_card_is_checked_in_and_counted_as_seen(coded) -> None:
    place = code_cards.add(coded, 3, Sector.CSO)[1]
    reading = Reading(str(uuid.uuid4()), make.badge_code(place), clock.now())
    assert attendance.check_in(coded.sessions[0], [reading], by=None)[0].outcome == Outcome.IN
    assert [(batch.size, batch.seen) for batch in code_cards.batches(coded)] == [(3, 1)]


def test_an_event_with_names_has_no_cards(manager: Visitor) -> None:
    event = make.event()
    with pytest.raises(code_cards.NamesAreKept):
        code_cards.add(event, 3, Sector.CSO)
    assert "Add cards" not in manager.get(f"/events/{event.uid}/people").text()
    answer = manager.post(f"/events/{event.uid}/cards", number="3", sector="cso", sex="female")
    assert answer.status == 422 and "planned without names" in answer.text(".notice")


# Raising the level.


def test_raising_says_whose_names_go_and_then_erases_them(manager: Visitor) -> None:
    event, other = make.event(), make.event(sessions=make.sessions(clock.now() + timedelta(days=30)))
    only_here = [make.registration(event, f"Фамилия{n} Имя", phone=f"+37529123456{n}") for n in range(3)]
    elsewhere = registration.register(make.registration(other, "Другой Иван").participant, event, Origin.BY_HAND)
    attendance.mark(event.sessions[0], only_here[0], by=None)
    used = make.event_quiz(event)
    openings.open_phase(used, Phase.PRE)
    attempts.submit(used, Phase.PRE, only_here[0], make.answers(used.quiz, 2), language="ru")
    badge = make.badge_code(only_here[0])
    link = f"/p/{roster.personal_token(only_here[0].participant)}"
    page = manager.get(f"/events/{event.uid}/edit")
    assert "erases the names of 3 people who have places only here" in page.text("#privacy-hint")
    page = page.submit("Save the plan", privacy="coded")
    assert page.status == 422
    assert "The names of 3 people who have places only here will be erased for good." in page.text(".notice")
    assert event.privacy == PrivacyLevel.NAMED and only_here[0].participant.name, "nothing was done yet"
    page = page.submit("Save the plan", erases_names="y")
    assert page.status == 200 and event.privacy == PrivacyLevel.CODED
    assert not any(identity.is_known(place.participant) for place in only_here)
    assert elsewhere.participant.called == "Другой Иван"
    assert make.badge_code(only_here[0]) == badge and taken.own(used, Phase.PRE, only_here[0])
    assert attendance.counts_of(event.sessions)[event.sessions[0].id] == 1
    assert Visitor(manager.app).get(link).status == 200, "the own page stays with its code"
    entry = db.session.execute(sa.text("SELECT details FROM audit_entries WHERE verb = 'erased_names'")).scalar()
    assert "3" in str(entry)


def test_an_event_without_people_is_raised_without_a_question(manager: Visitor) -> None:
    event = make.event()
    db.session.commit()
    page = manager.get(f"/events/{event.uid}/edit")
    assert "erase" not in page.text("#privacy-hint")
    assert page.submit("Save the plan", privacy="coded").status == 200
    assert event.privacy == PrivacyLevel.CODED


def test_a_list_that_waits_for_a_yes_is_forgotten_when_the_level_is_raised(app: Flask) -> None:
    event = make.event()
    content = (ROSTERS / "cso-utf8.csv").read_bytes()
    staged = importing.stage(event, content, Sector.CSO, make.user("manager", event.programme))
    event.privacy = PrivacyLevel.CODED
    with pytest.raises(importing.AlreadySettled):
        importing.preview(staged)
    identity.follow(event)
    assert db.session.scalars(sa.select(RosterImport.rows_sealed)).all() == [None]


@pytest.mark.parametrize("turn", range(4))
def test_who_is_added_while_the_level_is_raised_leaves_no_name(installation, app: Flask, turn: int) -> None:
    event = make.event()
    make.registration(event, "Иванова Анна")
    event_id = event.id
    db.session.commit()
    db.session.remove()
    start, failed = threading.Barrier(2), []

    def at_once(deed) -> None:
        with installation.app.app_context():
            try:
                there = db.session.get_one(make.Event, event_id)
                db.session.rollback()
                start.wait(10)
                deed(there)
                db.session.commit()
            except Exception as problem:  # said below
                failed.append(repr(problem))
            finally:
                db.session.remove()

    def raise_level(there) -> None:
        there.privacy = PrivacyLevel.CODED
        db.session.flush()
        identity.follow(there)

    def add(there) -> None:
        make.registration(there, "Петров Пётр")

    threads = [threading.Thread(target=at_once, args=(deed,)) for deed in (raise_level, add)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed
    assert nobody_is_named()


def test_who_was_at_two_events_keeps_the_name_until_both_are_without(app: Flask) -> None:
    first, second = make.event(), make.event()
    place = make.registration(first, "Иванова Анна")
    registration.cancel(registration.register(place.participant, second, Origin.BY_HAND))
    first.privacy = PrivacyLevel.CODED
    assert identity.follow(first) == 0 and place.participant.name
    second.privacy = PrivacyLevel.CODED
    assert identity.follow(second) == 1 and place.participant.name is None and place.participant.erased_at


def test_the_level_is_not_lowered_from_the_form(manager: Visitor, coded) -> None:
    db.session.commit()
    page = manager.get(f"/events/{coded.uid}/edit").submit("Save the plan", privacy="named")
    assert page.status == 422 and "stays without names" in page.text(".notice")
    assert coded.privacy == PrivacyLevel.CODED
