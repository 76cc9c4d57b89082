"""Places: the last one goes to one person, the others wait in order, move up, answer, and are held by quotas."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock
from core.db import db
from core.i18n import Texts
from participants import consenting, registration, roster
from participants.models import Origin, Participant, Registration, RegistrationStatus
from participants.people_models import Consent
from places import answering, applying, giving, proofs, quotas, waiting
from places.models import SpentProof, WaitingTurn
from tests import make
from tests.conftest import Installation
from tests.pages import Page, Visitor
from trainings.models import Event

AHEAD = timedelta(days=10)


def event_ahead(capacity: int | None = 1, **more: object) -> Event:
    return make.event(capacity=capacity, sessions=make.sessions(clock.now() + AHEAD), **more)


def page_of(event: Event) -> str:
    applying.allow(event.programme, True)
    token = applying.open_page(event, Texts(ru="Приходите с паспортом."))
    db.session.commit()
    return token


def solved(challenge: str) -> str:
    bits = int(challenge.split(".")[0])
    return next(str(number) for number in range(10**7) if proofs.is_solved(challenge, str(number), bits))


def form_of(app: Flask, token: str, **more: str) -> dict[str, str]:
    with app.app_context():
        challenge = proofs.challenge(token)
    fields = {"family": "Иванова", "given": "Анна", "sector": "police", "sex": "female", "language": "en"}
    return fields | {"challenge": challenge, "answer": solved(challenge)} | more


def statuses(event: Event) -> list[str]:
    query = sa.select(Registration.status).where(Registration.event_id == event.id).order_by(Registration.id)
    return [status.value for status in db.session.scalars(query)]


def let_fill(event: Event) -> None:
    rules = giving.rules_of(event)
    rules.fills_by_itself = True
    db.session.add(rules)
    db.session.flush()


def test_of_eight_who_ask_for_the_last_place_at_once_one_gets_it_and_seven_wait_in_order(
    installation: Installation,
) -> None:
    with installation.app.app_context():
        event = event_ahead(capacity=1)
        token, event_id = page_of(event), event.id
        forms = [form_of(installation.app, token, family=f"Фамилия{n}") for n in range(8)]
    together = Barrier(8)

    def register(number: int) -> int:
        together.wait()
        client = installation.app.test_client()
        address = {"REMOTE_ADDR": f"10.0.0.{number}"}
        return client.post(f"/r/{token}", data=forms[number], environ_overrides=address).status_code

    with ThreadPoolExecutor(8) as people:
        assert list(people.map(register, range(8))) == [303] * 8
    with installation.app.app_context():
        event = db.session.get(Event, event_id)
        assert sorted(statuses(event)) == ["registered"] + ["waitlisted"] * 7
        turns = sa.select(WaitingTurn.number).order_by(WaitingTurn.number)
        assert list(db.session.scalars(turns)) == [1, 2, 3, 4, 5, 6, 7]
        order = [place.id for place in waiting.of(event)]
        assert order == sorted(order), "who came first stands first"
        db.session.remove()


def test_of_eight_places_given_back_at_once_eight_people_move_up_and_none_twice(installation: Installation) -> None:
    with installation.app.app_context():
        event = event_ahead(capacity=8)
        let_fill(event)
        having = [make.registration(event) for _ in range(8)]
        for _ in range(10):
            place = make.registration(event)
            waiting.put(place)
        own = [(make.token(place), place.uid) for place in having]
        event_id = event.id
        db.session.commit()
        db.session.remove()
    together = Barrier(8)

    def decline(mine: tuple[str, str]) -> int:
        together.wait()
        token, uid = mine
        answer = installation.app.test_client().post(f"/p/{token}/places/{uid}/answer", data={"said": "not_coming"})
        return answer.status_code

    with ThreadPoolExecutor(8) as people:
        assert list(people.map(decline, own)) == [303] * 8
    with installation.app.app_context():
        event = db.session.get(Event, event_id)
        assert statuses(event) == ["cancelled"] * 8 + ["registered"] * 8 + ["waitlisted"] * 2
        db.session.remove()


def test_a_free_place_waits_for_a_hand_unless_the_event_fills_by_itself(app: Flask, manager: Visitor) -> None:
    event = event_ahead(capacity=1)
    first, second, third = (make.registration(event) for _ in range(3))
    waiting.put(second)
    waiting.put(third)
    manager.get(f"/events/{event.uid}/people").submit("Cancel")
    assert statuses(event) == ["cancelled", "waitlisted", "waitlisted"]
    page = manager.get(f"/events/{event.uid}/places")
    assert page.text("dl.facts").startswith("Places1 Taken0")
    page.submit("Give a place")
    assert statuses(event) == ["cancelled", "registered", "waitlisted"]
    page = manager.get(f"/events/{event.uid}/places").submit("Save", fills_by_itself="y")
    assert statuses(event)[2] == "waitlisted", "nothing is free"
    answering.decline(second)
    assert statuses(event) == ["cancelled", "cancelled", "registered"]
    assert first.status == RegistrationStatus.CANCELLED


def test_a_larger_room_lets_people_move_up(app: Flask, manager: Visitor) -> None:
    event = event_ahead(capacity=1)
    let_fill(event)
    make.registration(event)
    for _ in range(3):
        waiting.put(make.registration(event))
    manager.get(f"/events/{event.uid}/edit").submit("Save the plan", capacity="3")
    assert statuses(event) == ["registered"] * 3 + ["waitlisted"]


def test_people_are_asked_and_answer_on_their_own_page_without_a_script(app: Flask, manager: Visitor) -> None:
    event = event_ahead(capacity=2)
    one, two = make.registration(event), make.registration(event)
    manager.get(f"/events/{event.uid}/places").submit("Ask everybody whether they come")
    assert statuses(event) == ["invited", "invited"]
    person = Visitor(app)
    page = person.get(f"/p/{make.token(one)}").submit("No, I cannot come")
    assert "given back" in page.text(".notice.in") and statuses(event) == ["cancelled", "invited"]
    page = page.submit("I can come after all")
    assert "We know now" in page.text(".notice.in") and statuses(event) == ["registered", "invited"]
    page.submit("Give my place to somebody else")
    waiting_place = make.registration(event)
    assert waiting_place.status == RegistrationStatus.REGISTERED
    page = person.get(f"/p/{make.token(one)}").submit("I can come after all")
    assert "waiting list, turn 1" in page.text(), "the place is taken meanwhile"
    answers = manager.get(f"/events/{event.uid}/places").text("#answers")
    assert "said yes" in answers and "no answer yet" in answers
    foreign = person.ask("post", f"/p/{make.token(one)}/places/{two.uid}/answer", data={"said": "not_coming"})
    assert foreign.status_code == 404 and two.status == RegistrationStatus.INVITED
    registration.cancel(two)
    db.session.commit()
    late = person.ask("post", f"/p/{make.token(two)}/places/{two.uid}/answer", data={"said": "coming"})
    assert late.status_code == 409 and two.status == RegistrationStatus.CANCELLED


def test_an_organisation_gets_no_more_than_its_quota_and_its_people_keep_their_turn(app: Flask) -> None:
    event = event_ahead(capacity=3)
    let_fill(event)
    quotas.set_for(event, "РОВД «Речной»", 1)
    make.registration(event, organisation="РОВД «Речной»")
    held, other = make.registration(event, organisation="ровд  «речной»"), make.registration(event)
    waiting.put(held)
    waiting.put(other)
    assert [place.id for place in waiting.fill(event)] == [other.id]
    assert [place.id for place in waiting.of(event)] == [held.id]
    used = quotas.of(event)[0]
    assert used.taken == 1
    quotas.drop(used.quota)
    assert [place.id for place in waiting.fill(event)] == [held.id]


def test_a_registration_page_is_off_until_it_is_allowed_and_opened_and_says_nothing_of_the_event(
    app: Flask, manager: Visitor, visitor: Visitor
) -> None:
    event = event_ahead(capacity=5, title=Texts(en="Secret workshop", ru="Тайный семинар"))
    places = f"/events/{event.uid}/places"
    with pytest.raises(applying.PagesNotAllowed):
        applying.open_page(event, Texts())
    manager.get(places).submit("Allow registration pages in this programme")
    manager.get(places).submit("Open the page", **{"words-en": "Bring your passport."})
    address = manager.get(places).one("input[aria-label=Address]").get("value").removeprefix("http://localhost")
    assert re.fullmatch(r"/r/[\w-]{22}", address)
    page = visitor.get(address)
    assert "Bring your passport." in page.text() and "workshop" not in page.text() and "Programme" not in page.text()
    assert "Set-Cookie" not in page.response.headers
    manager.get(places).submit("Close the page")
    assert visitor.get(address).status == 409
    manager.get(places).submit("Open the page")
    again = manager.get(places).one("input[aria-label=Address]").get("value").removeprefix("http://localhost")
    assert again != address
    manager.get(places).submit("Allow no registration pages")
    assert visitor.get(again).status == 409


def test_who_registers_gets_an_own_page_and_a_known_address_opens_nobody_elses(app: Flask, visitor: Visitor) -> None:
    event = event_ahead(capacity=1)
    known = make.registration(event, email="anna@example.org")
    token = page_of(event)
    answer = visitor.ask("post", f"/r/{token}", data=form_of(app, token, email="anna@example.org"))
    assert answer.status_code == 303 and make.token(known) not in answer.headers["Location"]
    page = visitor.get(answer.headers["Location"])
    assert "This page is yours" in page.text(".notice.in") and "waiting list, turn 1" in page.text()
    place = db.session.scalars(sa.select(Registration).where(Registration.origin == Origin.SELF)).one()
    assert place.participant.name.full == "Иванова Анна" and place.participant_id != known.participant_id


def test_who_registers_reads_and_agrees_to_what_is_asked_now_and_reads_it_again(app: Flask, visitor: Visitor) -> None:
    event = event_ahead(capacity=5)
    first = consenting.publish(event.programme, Texts(en="May we keep your name?"), None)
    token = page_of(event)

    def register(**fields: str) -> Page:
        return visitor.follow(visitor.ask("post", f"/r/{token}", data=form_of(app, token, **fields)))

    page = visitor.get(f"/r/{token}")
    assert "May we keep your name?" in page.text("#registration")
    assert page.one("[name=wording]").get("value") == first.uid
    unticked = register(wording=first.uid)
    assert unticked.status == 422 and "without your yes nothing is kept" in unticked.text()
    assert unticked.one("[name=family]").get("value") == "Иванова", "what was typed stays"
    second = consenting.publish(event.programme, Texts(en="And a photo?"), None)
    db.session.commit()
    stale = register(wording=first.uid, agrees="y")
    assert stale.status == 409 and "And a photo?" in stale.text() and not stale.all("[name=agrees][checked]")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Participant)) == 0
    own = register(wording=stale.one("[name=wording]").get("value"), agrees="y")
    assert "And a photo?" in own.text("#consent") and "You agreed on" in own.text("#consent")
    given = db.session.scalars(sa.select(Consent)).one()
    assert given.wording.version == second.version == 2
    consenting.publish(event.programme, Texts(en="And your voice?"), None)
    db.session.commit()
    own = visitor.get(own.path)
    assert "And your voice?" in own.text("#consent") and "And a photo?" in own.text("#consent details")


def test_at_an_event_without_names_a_registration_keeps_none_even_if_one_is_sent(app: Flask, visitor: Visitor) -> None:
    event = event_ahead(coded=True)
    token = page_of(event)
    assert not visitor.get(f"/r/{token}").all("[name=family], [name=email], [name=phone]")
    assert visitor.ask("post", f"/r/{token}", data=form_of(app, token, email="a@example.org")).status_code == 303
    person = db.session.scalars(sa.select(Participant)).one()
    assert person.name is None and person.email is None


def test_a_proof_is_taken_once_for_its_own_page_while_it_is_fresh(app: Flask, visitor: Visitor) -> None:
    token = page_of(event_ahead(capacity=9))
    fields = form_of(app, token)
    path = f"/r/{token}"
    unsolved = visitor.ask("post", path, data=fields | {"answer": ""})
    assert unsolved.status_code == 409 and "Иванова" in unsolved.get_data(as_text=True), "what was typed stays"
    assert visitor.ask("post", path, data=fields).status_code == 303
    assert visitor.ask("post", path, data=fields).status_code == 409, "the same proof again"
    bits, rest = fields["challenge"].split(".", 1)
    for forged in (f"1.{rest}", "", "14.x.y", f"{bits}.{rest[:-1]}", "é.é"):
        answer = visitor.ask("post", path, data=fields | {"challenge": forged})
        assert answer.status_code == 409, forged
    elsewhere = form_of(app, "another-page")
    assert visitor.ask("post", path, data=elsewhere).status_code == 409
    with clock.standing_at(clock.now() - timedelta(hours=1)):
        old = form_of(app, token)
    assert visitor.ask("post", path, data=old).status_code == 409
    assert registration.places_taken(db.session.scalars(sa.select(Event)).one()) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SpentProof)) == 1
    with clock.standing_at(clock.now() + timedelta(hours=1)):
        proofs.forget_expired()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SpentProof)) == 0


def test_one_network_gets_slower_and_its_sums_harder_and_another_does_not(app: Flask, visitor: Visitor) -> None:
    token = page_of(event_ahead(capacity=99))
    path = f"/r/{token}"
    for _ in range(5):
        assert visitor.ask("post", path, data=form_of(app, token)).status_code == 303
    fields = form_of(app, token)
    slowed = visitor.ask("post", path, data=fields)
    assert slowed.status_code == 409 and "Many people register from your network" in slowed.get_data(as_text=True)
    elsewhere = {"REMOTE_ADDR": "10.9.9.9"}
    assert visitor.ask("post", path, data=fields, environ_overrides=elsewhere).status_code == 303, "not spent before"
    harder = visitor.get(path).one("[name=challenge]").get("value")
    easy = visitor.get(path, environ_overrides={"REMOTE_ADDR": "10.8.8.8"}).one("[name=challenge]").get("value")
    assert int(harder.split(".")[0]) > int(easy.split(".")[0]) == proofs.EASIEST


def test_quotas_are_typed_and_removed_by_the_manager(app: Flask, manager: Visitor) -> None:
    event = event_ahead(capacity=3)
    make.registration(event, organisation="Initiative")
    page = manager.get(f"/events/{event.uid}/places").submit("Set the quota", organisation="initiative", places="x")
    assert page.status == 422 and "whole number" in page.text("#quotas")
    page = page.submit("Set the quota", organisation="initiative", places="2")
    assert "Initiative12" in page.text("#quotas")
    assert "Initiative" not in page.submit("Remove the quota").text("#quotas tbody")
    assert roster.organisations(event.programme)
