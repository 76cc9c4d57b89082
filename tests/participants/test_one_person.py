"""One record for one person: found across scripts, looked at, made one, made two again; institutions; consent."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock
from core.db import db
from core.errors import Refused
from core.i18n import Texts
from door import attendance
from door.readings import Reading
from participants import (
    consenting,
    duplicates,
    finding,
    identity,
    merging,
    organisations,
    registration,
    roster,
    substituting,
)
from participants.models import Origin, Participant, Registration, RegistrationStatus
from participants.people_models import Consent, Merge, OrganisationContact, TwoPeople
from privacy import erasure
from tests import make
from tests.pages import Visitor
from tests.participants.test_lists_in_full import contents

pytestmark = pytest.mark.usefixtures("request_context")
ALIKE = {
    "Latin letters": ("Ковалёв Владимир", "Kavaliou Uladzimir"),
    "Russian and Belarusian": ("Иванов Сергей", "Іваноў Сяргей"),
    "Ё and Е": ("Семёнов Пётр", "Семенов Петр"),
    "the other order": ("Шевченко Тарас", "Тарас Шевченко"),
    "capitals": ("Осипова Алевтина", "ОСИПОВА АЛЕВТИНА"),
    "initials": ("Климович И.П.", "Климович Ирина"),
}


def by() -> make.User:
    return make.user("manager", make.programme())


def ahead(**plan):
    return make.event(sessions=make.sessions(clock.now() + timedelta(days=5)), **plan)


@pytest.mark.parametrize("names", ALIKE.values(), ids=ALIKE.keys())
def test_two_records_of_one_name_are_found_however_it_is_written(app: Flask, names: tuple[str, str]) -> None:
    one, other = (make.person(None, name) for name in names)
    make.person(None, "Совсем Другая")
    pairs = duplicates.of_programme(make.programme())
    assert [(pair.first_id, pair.second_id) for pair in pairs] == [(one.id, other.id)]
    assert duplicates.of_person(other) == [one]


def test_a_shared_phone_or_address_is_asked_about_unless_it_is_an_office_s(app: Flask) -> None:
    one = make.person(None, "Иванова Анна", phone="+375291111111")
    other = make.person(None, "Лобан Ольга", phone="+375 29 111-11-11", email="O@x.org")
    third = make.person(None, "Рудак Иван", email="o@X.org")
    for number in range(6):
        make.person(None, f"{'АБВГДЕ'[number] * 5}ов Имя{number}", phone="+375172000000")
    found = {(pair.first_id, pair.second_id): pair.reasons for pair in duplicates.of_programme(make.programme())}
    assert found == {(one.id, other.id): ["phone"], (other.id, third.id): ["email"]}
    names = [make.PersonName("Котов", "Иван", patronymic) for patronymic in ("Петрович", "Сергеевич")]
    for name in names:
        make.person(None, name=name.full)
        db.session.scalars(sa.select(Participant).order_by(Participant.id.desc())).first().name = name
    assert len(duplicates.of_programme(make.programme())) == 2, "two patronymics are two people"


def test_who_was_said_to_be_two_is_not_asked_about_again(manager: Visitor) -> None:
    one, other = make.person(None, "Иванова Анна"), make.person(None, "Ivanova Anna")
    db.session.commit()
    page = manager.get(f"/programmes/{make.programme().uid}/people").link("1 pair of records may be of one person")
    page = page.submit("Two people")
    assert "not be asked about them again" in page.text(".notice") and "Ivanova" not in page.text("main")
    duplicates.tell_apart(other, one, by())
    assert len(db.session.scalars(sa.select(TwoPeople)).all()) == 1
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(
            sa.insert(TwoPeople).values(first_id=other.id, second_id=one.id, said_by_id=by().id, said_at=clock.now())
        )


def test_two_records_are_compared_made_one_and_two_again(manager: Visitor) -> None:
    kept = make.registration(make.event(), "Ковалёв Владимир", phone="+375291111111").participant
    event = make.event()
    merged = make.registration(event, "Kavaliou Uladzimir", email="k@example.org", position="следователь").participant
    links, badge = [roster.personal_token(kept), roster.personal_token(merged)], make.badge_code(merged)
    before = contents()
    db.session.commit()
    page = manager.get(f"/people/{kept.uid}").link("Kavaliou Uladzimir")
    page = page.submit("These are one person: make them one", name="merged")
    assert page.text("h1") == "Kavaliou Uladzimir" and "can be taken back" in page.text(".notice")
    db.session.expire_all()
    details = roster.details_of(kept)
    assert (details.phone, details.email, details.position) == ("+375291111111", "k@example.org", "следователь")
    assert [finding.find_by_link(link) for link in links] == [kept, kept]
    assert finding.people_leaf(kept.programme).people == [kept]
    reading = Reading(str(uuid.uuid4()), badge, clock.now())
    db.session.commit()
    with db.session.begin_nested() as trial:
        attendance.check_in(event.sessions[0], [reading], by=None)
        present = [db.session.get(Registration, place) for place in attendance.present_at(event.sessions[0])]
        assert [place.participant_id for place in present] == [kept.id], "either badge checks in"
        trial.rollback()
    db.session.expire_all()
    page = page.submit("Make them two again")
    assert "two again" in page.text(".notice") and contents() == before
    with pytest.raises(Refused, match="not_merged"):
        merging.undo(db.session.scalars(sa.select(Merge)).one(), by())


@pytest.mark.parametrize("came", ["kept", "merged", "nobody"])
@pytest.mark.parametrize("cancelled", ["kept", "merged", "nobody"])
def test_two_places_at_one_event_become_one_and_come_back_exactly(app: Flask, came: str, cancelled: str) -> None:
    event = make.event()
    places = {who: make.registration(event, "Иванова Анна", email="a@x.org") for who in ("kept", "merged")}
    if came in places:
        attendance.mark(event.sessions[0], places[came], by=None)
    if cancelled in places:
        registration.cancel(places[cancelled])
    kept, merged = (places[who].participant for who in ("kept", "merged"))
    consenting.publish(event.programme, Texts(en="May we?"), None)
    consenting.give(merged, consenting.asked_in(event.programme).uid)
    before = contents()
    made = merging.merge(kept, merged, {}, by())
    db.session.expire_all()
    left = registration.of_event(event)
    assert [place.participant_id for place in left] == [kept.id] and left[0].status == RegistrationStatus.REGISTERED
    assert bool(attendance.sessions_attended(event.id)) == (came != "nobody")
    assert [consent.participant_id for consent in consenting.of_person(kept)] == [kept.id]
    merging.undo(made, by())
    assert contents() == before
    assert [consent.participant_id for consent in db.session.scalars(sa.select(Consent))] == [merged.id]


def test_two_who_were_both_there_are_not_made_one(manager: Visitor) -> None:
    event = make.event()
    places = [make.registration(event, "Иванова Анна") for _n in range(2)]
    for place in places:
        attendance.mark(event.sessions[0], place, by=None)
    db.session.commit()
    uids = [place.participant.uid for place in places]
    page = manager.get(f"/people/{uids[0]}/duplicates/{uids[1]}").submit("These are one person: make them one")
    assert page.status == 409 and "Both have been at" in page.text("main")
    assert db.session.scalars(sa.select(Merge)).all() == []


def test_the_database_gives_no_place_to_a_record_that_was_made_one(app: Flask) -> None:
    kept, merged, event = make.person(), make.person(), make.event()
    merging.merge(kept, merged, {}, by())
    with pytest.raises(sa.exc.DBAPIError, match="no_place_for_merged"), db.session.begin_nested():
        db.session.add(Registration(participant_id=merged.id, event_id=event.id))
        db.session.flush()
    with pytest.raises(Refused, match="not_two_records"):
        merging.merge(make.person(), merged, {}, by())


def test_forgetting_a_person_forgets_the_other_record_too(app: Flask) -> None:
    kept, merged = make.person(None, "Иванова Анна"), make.person(None, "Ivanova Anna", phone="+375291111111")
    made = merging.merge(kept, merged, {}, by())
    erasure.forget(kept)
    db.session.flush()
    db.session.expire_all()
    assert not identity.is_known(merged) and made.details is None


def test_an_organisation_is_found_by_each_of_its_names(manager: Visitor) -> None:
    programme = make.programme()
    person = make.person(None, organisation="РОВД Речной")
    other = make.person(None, organisation="Речной РОВД")
    kept, gone = person.organisation, other.organisation
    _contact, token = organisations.give_link(gone, "Отдел кадров", 30, by())
    db.session.commit()
    page = manager.get(f"/programmes/{programme.uid}/organisations").link("Речной РОВД")
    page = page.submit("Make the two one", into=kept.uid)
    assert page.text("h1") == "РОВД Речной" and "2 people" in page.text(".head")
    assert "also: Речной РОВД" in page.text(".head")
    page = page.submit("Rename", name="РОВД «Речной»")
    assert roster.find_organisation(programme, "речной ровд").id == kept.id
    assert roster.find_organisation(programme, "РОВД Речной").id == kept.id
    taken = roster.find_organisation(programme, "Другой РОВД")
    db.session.commit()
    page = manager.get(f"/organisations/{taken.uid}").submit("Rename", name="Речной РОВД")
    assert page.status == 422 and "Another organisation has this name" in page.text(".notice")
    with pytest.raises(Refused, match="contact_link_over"):
        organisations.open_link(token)


def test_a_contact_sees_numbers_of_the_own_people_and_never_a_name(manager: Visitor) -> None:
    event, coded = make.event(), make.event(coded=True)
    places = [make.registration(event, f"Секретов{n} Иван", organisation="РОВД Речной") for n in range(3)]
    attendance.mark(event.sessions[0], places[0], by=None)
    registration.cancel(places[2])
    by_themselves = make.person(None, "Тайный Гость", organisation="РОВД Речной")
    registration.register(by_themselves, event, Origin.WALK_IN)
    make.registration(event, "Чужой Человек", organisation="Другая")
    make.registration(coded, organisation="РОВД Речной")
    organisation = places[0].participant.organisation
    db.session.commit()
    page = manager.get(f"/organisations/{organisation.uid}").submit("Make a link", label="Начальник", days="30")
    link = page.one("input[readonly]").get("value")
    path = link[link.index("/o/") :]
    numbers = Visitor(manager.app).get(path)
    assert [part in numbers.text("main") for part in ("Invited: 3", "Registered: 2", "Came: 1")] == [True] * 3
    assert len(numbers.all("section")) == 1, "not the event without names"
    for place in [*places, *registration.of_event(event)]:
        assert place.participant.name.family not in numbers.text() and place.participant.code not in numbers.text()
    page = manager.get(f"/organisations/{organisation.uid}").submit("End the link")
    assert "opens nothing any more" in page.text(".notice")
    assert Visitor(manager.app).get(path).status == 409
    assert db.session.scalars(sa.select(OrganisationContact)).one().label is None


def test_before_the_day_a_colleague_takes_the_place(manager: Visitor) -> None:
    event = ahead()
    make.registration(event, "Иванова Анна", organisation="РОВД")
    known = make.person(None, "Петров Пётр", organisation="РОВД")
    make.person(None, "Чужой Человек", organisation="Другая")
    db.session.commit()
    page = manager.get(f"/events/{event.uid}/people").link("Substitute")
    assert [option.text for option in page.all("#colleague option")] == ["Петров Пётр"]
    page = page.submit("Give the place", person=known.uid)
    assert "Петров Пётр instead of Иванова Анна" in page.text("main")
    assert {p.participant.called: p.status.value for p in roster.of(event)} == {
        "Петров Пётр": "registered",
        "Иванова Анна": "cancelled",
    }
    taken = registration.find(known, event)
    page = manager.post(
        f"/registrations/{taken.uid}/substitution", family="Цвирко", organisation="Другая", sector="police"
    )
    assert page.status == 409 and "same institution" in page.text("main")
    assert finding.people_leaf(event.programme, "Цвирко").total == 0, "a refused person is not written down"
    today = make.registration(make.event(), organisation="РОВД")
    with pytest.raises(Refused, match="day_has_come"):
        substituting.substitute(today, known, by())


def test_what_is_agreed_to_is_one_wording_and_can_be_taken_back(manager: Visitor) -> None:
    place = make.registration(make.event())
    programme, person, own = place.event.programme, place.participant, Visitor(manager.app)
    db.session.commit()
    path = f"/p/{make.token(place)}"
    assert "agree" not in own.get(path).text("main"), "nothing is asked yet"
    page = manager.get(f"/programmes/{programme.uid}/consent")
    page = page.submit("Ask for this wording", **{"text-en": "May we keep your name?", "text-ru": "Можно?"})
    assert manager.get(page.path).submit("Ask for this wording").status == 422, "the same wording is no new version"
    page = own.get(path)
    assert "May we keep your name?" in page.text("#consent")
    page = page.submit("I agree")
    assert "You agreed on" in page.text("#consent")
    first = consenting.asked_in(programme)
    manager.get(f"/programmes/{programme.uid}/consent").submit("Ask for this wording", **{"text-en": "And a photo?"})
    page = own.get(path)
    assert "And a photo?" in page.text("#consent") and "You agreed on" not in page.text("#consent")
    with pytest.raises(Refused, match="nothing_asked"):
        consenting.give(person, first.uid)
    page = page.submit("I agree").submit("Take my consent back")
    assert "I agree" in page.text("#consent")
    db.session.expire_all()
    said = [(c.wording.version, c.withdrawn_at is not None) for c in consenting.of_person(person)]
    assert sorted(said) == [(1, True), (2, True)]
    with pytest.raises(sa.exc.DBAPIError), db.session.begin_nested():
        db.session.execute(sa.update(Consent).values(withdrawn_at=None))
    assert "taken back on" in manager.get(f"/people/{person.uid}").text("main")
