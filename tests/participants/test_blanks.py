"""Blank badges: printed ahead, readable from the page, given to one person and to no other."""

from __future__ import annotations

import threading
import uuid

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock
from core.db import db
from door import attendance
from door.models import Outcome
from door.readings import Reading
from participants import blanks, finding
from participants.blank_cards import LABEL, Layout
from participants.models import Badge, Participant
from privacy.codes import grouped
from tests import make
from tests.pages import Visitor
from tests.papers import codes_in, letters, pages_of, text_of


def codes_of(roll: blanks.Roll) -> list[str]:
    return list(db.session.scalars(sa.select(Badge.code).where(Badge.roll == roll.uid).order_by(Badge.number)))


def scan(session, code: str) -> Outcome:
    reading = Reading(str(uuid.uuid4()), code, clock.now())
    return attendance.check_in(session, [reading], by=None)[0].outcome


@pytest.mark.parametrize(("layout", "pages"), [(Layout.ROLL, 23), (Layout.A4, 3)])
def test_every_blank_badge_is_decoded_from_the_page(app: Flask, layout: Layout, pages: int) -> None:
    roll = blanks.print_roll(make.programme(), 23)
    content = blanks.draw_roll(roll, layout)
    assert pages_of(content) == pages
    assert sorted(codes_in(content)) == sorted(codes_of(roll))
    words = text_of(content)
    assert all(grouped(code) in words for code in codes_of(roll)) and "23" in words


def test_a_label_is_read_at_a_poor_printers_resolution_and_nothing_leaves_it(app: Flask) -> None:
    content = blanks.draw_roll(blanks.print_roll(make.programme(), 10), Layout.ROLL)
    assert len(codes_in(content, dots=72)) == 10
    for letter, (x0, y0, x1, y1) in letters(content):
        if letter.strip():
            assert x0 >= 0 and x1 <= LABEL[0] and y0 >= 0 and y1 <= LABEL[1]


@pytest.mark.parametrize("number", [9, 501, 0])
def test_a_roll_has_ten_to_five_hundred_badges(app: Flask, number: int) -> None:
    with pytest.raises(blanks.RollSize) as refusal:
        blanks.print_roll(make.programme(), number)
    assert "10 to 500" in refusal.value.message


def test_a_blank_badge_lets_nobody_in_until_it_is_somebodys(app: Flask) -> None:
    session = make.event_session()
    place = make.registration(session.event)
    code = codes_of(blanks.print_roll(session.event.programme, 10))[0]
    old = make.badge_code(place)
    assert scan(session, code) == Outcome.UNKNOWN
    blanks.bind(grouped(code).lower(), place.participant)
    assert finding.find_by_code(session.event.programme, code) == place.participant
    assert make.badge_code(place) == code, "the badge before is revoked"
    assert scan(session, old) == Outcome.REVOKED
    assert scan(session, code) == Outcome.IN


def test_a_badge_is_given_once_and_saying_it_again_does_no_harm(app: Flask) -> None:
    one, other = make.person(), make.person()
    code = codes_of(blanks.print_roll(make.programme(), 10))[0]
    bound = blanks.bind(code, one)
    assert blanks.bind(code, one) is bound
    before = make.badge_code(other)
    with pytest.raises(blanks.AlreadyTaken):
        blanks.bind(code, other)
    assert make.badge_code(other) == before, "who was refused keeps the badge"


def test_what_is_no_blank_badge_of_this_programme_is_refused(app: Flask) -> None:
    person = make.person()
    voided = blanks.print_roll(make.programme(), 10)
    blanks.void(voided)
    foreign = blanks.print_roll(make.programme("other"), 10)
    before = make.badge_code(person)
    for code in ("", "NOBODYSBADGE", make.badge_code(make.person()), codes_of(voided)[0], codes_of(foreign)[0], "Ж"):
        with pytest.raises(blanks.NotBlank):
            blanks.bind(code, person)
    assert make.badge_code(person) == before


@pytest.mark.parametrize("same_person", [True, False])
def test_of_two_phones_one_gets_the_badge_and_nobody_has_two(installation, app: Flask, same_person: bool) -> None:
    """Two people after one badge, or two badges for one person."""
    codes = codes_of(blanks.print_roll(make.programme(), 10))
    people = [make.person().id for _ in range(4)]
    db.session.commit()
    db.session.remove()
    start, outcomes = threading.Barrier(4), []

    def take(number: int) -> None:
        with installation.app.app_context():
            try:
                start.wait(10)
                person = db.session.get_one(Participant, people[0 if same_person else number])
                blanks.bind(codes[number if same_person else 0], person)
                db.session.commit()
                outcomes.append("bound")
            except blanks.AlreadyTaken:
                outcomes.append("taken")
            except Exception as problem:  # said below
                outcomes.append(repr(problem))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=take, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == (["bound"] * 4 if same_person else ["bound", "taken", "taken", "taken"])
    in_use = sa.select(Badge.participant_id).where(Badge.revoked_at.is_(None), Badge.participant_id.is_not(None))
    holders = list(db.session.scalars(in_use))
    assert sorted(holders) == sorted(people), "everybody has one badge in use"


def test_a_roll_printed_again_leaves_out_what_somebody_has(app: Flask) -> None:
    roll = blanks.print_roll(make.programme(), 12)
    given = codes_of(roll)[3]
    blanks.bind(given, make.person())
    assert given not in codes_in(blanks.draw_roll(roll, Layout.A4))
    assert len(codes_in(blanks.draw_roll(roll, Layout.A4))) == 11


def test_voiding_a_roll_leaves_those_given_out_working(app: Flask) -> None:
    session = make.event_session()
    place = make.registration(session.event)
    roll = blanks.print_roll(make.programme(), 10)
    given, left = codes_of(roll)[:2]
    blanks.bind(given, place.participant)
    assert blanks.void(roll) == 9 and blanks.void(roll) == 0
    found = blanks.find(make.programme(), roll.uid)
    assert found and (found.size, found.used, found.blank, found.void) == (10, 1, 0, 9)
    assert scan(session, given) == Outcome.IN and scan(session, left) == Outcome.UNKNOWN
    assert pages_of(blanks.draw_roll(roll, Layout.A4)) == 1 and not codes_in(blanks.draw_roll(roll, Layout.A4))


def test_a_manager_makes_prints_and_voids_a_roll(manager: Visitor) -> None:
    programme = make.programme()
    page = manager.get(f"/programmes/{programme.uid}/blank-badges")
    assert page.submit("Make a roll", number="5").status == 422
    page = page.submit("Make a roll", number="20")
    assert "20 blank badges are made" in page.text(".notice")
    for words in ("Print on A4 to cut", "Print labels of 62 × 100 mm"):
        printed = page.link(words)
        assert len(codes_in(printed.response.data)) == 20, words
    assert "20 blank badges will be refused at every door, for good" in page.text("details")
    page = page.submit("Void the blank badges")
    assert "20 blank badges are void." in page.text(".notice") and not page.all("main [role=button]")
    assert "20" in page.link("Blank badges").text("tbody")


def test_a_roll_of_another_programme_is_not_shown(manager: Visitor) -> None:
    roll = blanks.print_roll(make.programme("other"), 10)
    mine = make.programme()
    for more in ("", "/badges.pdf"):
        assert manager.get(f"/programmes/{mine.uid}/blank-badges/rolls/{roll.uid}{more}").status == 404
    assert manager.post(f"/programmes/{mine.uid}/blank-badges/rolls/{roll.uid}/voiding").status == 404
