"""What stands on the paper, and what never does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates import drawing, issuing, papers, rules
from certificates.papers import Paper, Wording
from certificates.rules import Rule, Signer
from core.i18n import Texts
from participants import registration
from participants.models import Origin
from tests import make
from tests.papers import codes_in, letters, pages_of, text_of
from trainings.models import Event, Partner, PartnerRole

WORDS = Wording(
    "Сертификат", "Выдан", "об участии", "«Права»", "Семинар", "Программа", "", (("Анна", "Тренер"),), "Код",
    "Проверить", "Имя от руки. Код: {code}",
)  # fmt: skip
PAPER = Paper("Иванова Анна", "ABC2DE", "ABCDEFGHJKLMNPQR", "https://x.example.org/verify", ("Выдан",), (WORDS,))


def certified(event: Event, **rule: object) -> bytes:
    """The file of one certificate of an event."""
    rules.keep(event.programme, replace(Rule(80), **rule), event)  # type: ignore[arg-type]
    place = make.registration(event, "Іўкова Ганна", language="be")
    boss = make.user("manager", event.programme)
    return drawing.draw(papers.of(event, [issuing.issue(place, by=boss, reason="Test")]))


def test_two_languages_a_name_signers_and_a_code_that_reads(app: Flask) -> None:
    event = make.event(venue=make.venue(), title=Texts(en="Rights", be="Правы чалавека"))
    signer = Signer(Texts(ru="Марина Савицкая"), Texts(be="Каардынатар", en="Coordinator"))
    content = certified(event, second_language="en", signers=(signer,))
    words = text_of(content)
    for wanted in ("Іўкова Ганна", "Правы чалавека", "Rights", "Марина Савицкая", "Каардынатар", "Coordinator"):
        assert wanted in words, wanted
    code = issuing.valid_of_event(event)[0].code
    assert codes_in(content) == [f"{app.extensions['settings'].address}/verify/{code}"]
    assert b"Brest" not in content.split(b"stream")[0]


def test_an_event_without_names_prints_a_code_and_a_line(app: Flask) -> None:
    """Also of somebody whom another event knows by name."""
    known = make.registration(make.event(), "Известная Анна").participant
    place = registration.register(known, make.event(coded=True), Origin.BY_HAND)
    issued = issuing.issue(place, by=make.user("manager", known.programme), reason="Test")
    words = text_of(drawing.draw(papers.of(place.event, [issued])))
    assert known.name is not None
    assert known.code in words and "Известная" not in words and "Анна" not in words


def test_partners_stand_on_it_only_when_asked_for(app: Flask) -> None:
    event = make.event()
    partner = Partner(position=0, role=PartnerRole.DONOR, name=Texts(en="Committee of Partners"))
    event.programme.partners.append(partner)
    assert "Committee of Partners" not in text_of(certified(event))
    assert "Committee of Partners" in text_of(certified(event, names_partners=True))


def test_a_neutral_title_and_academic_hours_take_the_place_of_the_planned_ones(app: Flask) -> None:
    event = make.event(title=Texts(en="Human rights of detainees"), sessions=make.sessions(count=2, hours=3))
    assert papers.hours_of(event) == 6
    words = text_of(certified(event, language="en", title=Texts(en="Professional training"), hours=8))
    assert "Professional training" in words and "8 hours" in words and "detainees" not in words


def test_a_page_for_each_and_one_for_nobody() -> None:
    other = replace(PAPER, name=None, face=(WORDS, replace(WORDS, heading="Certificate", title="“Rights”")))
    told: list[int] = []
    content = drawing.draw([PAPER, other, PAPER], told.append)
    assert pages_of(content) == 3 and told == [1, 2, 3]
    assert pages_of(drawing.draw([])) == 1


long = st.text("абвгдежз АБВГДWШЩ", max_size=250)


@settings(max_examples=25, deadline=None)
@given(name=long, title=long, position=long, programme=long, partners=long)
def test_nothing_leaves_the_frame(name: str, title: str, position: str, programme: str, partners: str) -> None:
    signers = ((name, position), (title, position))
    face = replace(WORDS, title=title, details=title, programme=programme, partners=partners, signers=signers)
    other = replace(face, title=partners, programme=title)
    content = drawing.draw([replace(PAPER, name=name or None, face=(face, other))])
    for letter, (x0, y0, x1, y1) in letters(content):
        if letter.strip():
            assert x0 >= drawing.FRAME and x1 <= drawing.WIDTH - drawing.FRAME, letter
            assert y0 >= drawing.FRAME and y1 <= drawing.HEIGHT - drawing.FRAME, letter
    assert codes_in(content, dots=110), "nothing is drawn over the code"


@pytest.mark.parametrize("dots", [90])
def test_a_poor_scan_still_reads(dots: int) -> None:
    assert codes_in(drawing.draw([PAPER]), dots=dots) == [f"{PAPER.address}/{PAPER.code}"]
