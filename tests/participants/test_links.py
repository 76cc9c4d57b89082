"""Links without e-mail: a code that can be typed, cards to cut out, and a QR code on a trainer's phone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from accounts.models import AuditEntry
from core import clock
from core.db import db
from participants import link_cards, links, roster
from participants.models import Participant, Registration
from privacy import codes
from tests import make
from tests.pages import Page, Visitor
from tests.papers import codes_in, pages_of, text_of

SITE = "https://example.org"


def typed(place: Registration) -> str:
    return codes.grouped(links.typed_code_of(place.participant))


def go(visitor: Visitor, code: str) -> Page:
    return visitor.get("/go").submit("Open", follow=False, code=code)


def test_a_typed_code_opens_the_page_however_it_is_written(visitor: Visitor) -> None:
    place = make.registration()
    code = typed(place)
    cyrillic = code.translate(str.maketrans("ABEKMHPCTYX", "АВЕКМНРСТУХ"))
    for written in (code, code.lower(), f"  {code.replace('-', ' ')} ", cyrillic.lower()):
        answer = go(visitor, written).response
        assert answer.status_code == 303, written
        assert answer.headers["Location"] == f"/p/{roster.personal_token(place.participant)}"
        assert "Set-Cookie" not in answer.headers


def test_a_wrong_a_mistyped_and_a_replaced_code_get_the_same_sentence(visitor: Visitor) -> None:
    place = make.registration()
    old = typed(place)
    roster.replace_link(place.participant)
    invented = codes.badge_code()
    answers = {go(visitor, code).text(".notice") for code in (old, invented, invented[:-1] + "?", "ABC")}
    assert len(answers) == 1 and "opens nothing" in answers.pop()
    assert go(visitor, "").status == 422
    assert go(visitor, typed(place)).status == 303


def test_guessing_gets_slow_from_one_address_and_locks_nobody_out(app: Flask) -> None:
    place, guesser, other = make.registration(), Visitor(app), Visitor(app)
    with clock.standing_at(make.NOON):
        for _ in range(8):
            go(guesser, "ABCD-EFGH-JKL?")
        assert go(guesser, typed(place)).status == 303, "slips of the finger are no guesses"
        for _ in range(5):
            assert "opens nothing" in go(guesser, codes.badge_code()).text(".notice")
        assert "Too many wrong codes" in go(guesser, typed(place)).text(".notice")
        other.client.environ_base["REMOTE_ADDR"] = "2001:db8::1"
        assert go(other, typed(place)).status == 303
    with clock.standing_at(make.NOON + links.LONGEST_WAIT + timedelta(seconds=1)):
        assert go(guesser, typed(place)).status == 303


def test_the_database_alone_opens_no_page(app: Flask) -> None:
    person = make.person()
    code = links.typed_code_of(person)
    assert codes.is_typed_code(code) and code != codes.typed_code(person.uid, 2)
    assert person.typed_digest == codes.typed_digest(code) != codes.token_digest(code)
    assert code not in str(db.session.execute(sa.text("SELECT * FROM participants")).all())


def test_cards_are_read_back_and_say_nothing_of_the_event(app: Flask, request_context: None) -> None:
    event = make.event(title=make.Texts(en="Workshop", ru="Семинар"))
    places = [make.registration(event, f"Фамилия{number} Имя", language="be") for number in range(11)]
    content = link_cards.draw(event, SITE)
    assert sorted(codes_in(content)) == sorted(links.address_of(place.participant, SITE) for place in places)
    assert pages_of(content) == 3, "ten a page, and the trainer's"
    words, cards = text_of(content), text_of(content).partition("Whose card is whose")[0]
    assert all(typed(place) in words and place.participant.code in cards for place in places)
    assert "example.org/go" in cards
    assert not re.search("Семинар|Workshop|Фамилия|Muster", cards)
    assert "Фамилия7 Имя" in words


def test_cards_of_an_event_without_names_have_no_list_of_names(app: Flask, request_context: None) -> None:
    content = link_cards.draw(make.registration(make.event(coded=True)).event, SITE)
    assert pages_of(content) == 1 and "Whose" not in text_of(content)


def test_somebody_of_old_times_gets_a_typed_code_when_cards_are_printed(manager: Visitor) -> None:
    place = make.registration()
    db.session.execute(sa.update(Participant).values(typed_digest=None))
    db.session.commit()
    assert go(manager, typed(place)).status == 409
    page = manager.get(f"/events/{place.event.uid}/people").link("Print link cards")
    assert page.response.mimetype == "application/pdf"
    assert go(manager, typed(place)).status == 303
    assert "printed_link_cards" in db.session.scalars(sa.select(AuditEntry.verb)).all()


@pytest.mark.parametrize("coded", [False, True])
def test_a_walk_in_scans_the_own_page_from_the_trainers_phone(app: Flask, coded: bool) -> None:
    programme = make.programme()
    trainer = make.user("trainer", programme)
    event = make.event(programme, trainers=[trainer], coded=coded)
    visitor = Visitor(app).sign_in(trainer)
    door = visitor.get(f"/sessions/{event.sessions[0].uid}/door")
    fields = {} if coded else {"family": "Иванова", "given": "Анна"}
    page = door.submit("Let in", **fields).link("Show their page as a QR code")
    person = db.session.scalars(sa.select(Participant)).one()
    assert page.status == 200 and page.one("svg.qr path").get("d")
    assert codes.grouped(links.typed_code_of(person)) in page.text() and "Иванова" not in page.text()
    assert page.one("a.leave").get("href") == door.path
    assert page.response.headers["Refresh"] == f"61; url={door.path}", "it closes without a script as well"
    assert "showed_link" in db.session.scalars(sa.select(AuditEntry.verb)).all()
