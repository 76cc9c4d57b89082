"""Badges that can be read from the printed page, with names that never leave their place."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4

from door import sheets
from participants import badges, registration, roster
from participants.models import Participant
from participants.names import PersonName
from privacy.codes import badge_code
from tests import make
from tests.pages import Visitor
from tests.papers import codes_in, letters, pages_of, text_of

LONG = PersonName("Константинопольская-Задунайская", "Александра-Мария", "Всеволодовна-Вячеславовна")


def paper_person(name: PersonName | None, organisation: str = "РОВД") -> Participant:
    """Somebody to print who needs no register."""
    return SimpleNamespace(name=name, code="ABCDEF", organisation=SimpleNamespace(name=organisation))  # type: ignore[return-value]


def test_every_badge_of_an_event_is_decoded_from_the_page(app: Flask) -> None:
    event = make.event()
    for number in range(23):
        make.registration(event, f"Фамилия{number} Имя")
    registration.cancel(make.registration(event, "Отменённая Анна"))
    content = badges.draw(event)
    assert pages_of(content) == 3, "ten a page"
    assert sorted(codes_in(content)) == sorted(code for _person, code in roster.badges_of(event))
    words = text_of(content)
    assert "Фамилия22" in words and "Отменённая" not in words


def test_badges_read_at_a_poor_printers_resolution() -> None:
    people = [(paper_person(PersonName("Иванова", "Анна")), badge_code()) for _ in range(10)]
    assert len(codes_in(badges.draw_sheet(people), dots=90)) == 10


names = st.text(st.characters(codec="utf-8", categories=("Lu", "Ll"), exclude_characters="ŉ"), min_size=1, max_size=60)


@settings(max_examples=40, deadline=None)
@given(family=names, given_name=names, organisation=st.text(alphabet="Отдел внутренних дел РОВДW ", max_size=160))
def test_no_name_leaves_its_badge(family: str, given_name: str, organisation: str) -> None:
    person = paper_person(PersonName(family, given_name), organisation)
    content = badges.draw_sheet([(person, badge_code())])
    left, top = badges.LEFT, A4[1] - badges.BOTTOM
    for letter, (x0, y0, x1, y1) in letters(content):
        if letter.strip():
            assert left <= x0 and x1 <= left + badges.WIDTH, f"{letter} of {family}"
            assert top - badges.HEIGHT <= y0 and y1 <= top, f"{letter} of {family}"


def test_a_long_name_stays_clear_of_the_code() -> None:
    content = badges.draw_sheet([(paper_person(LONG, "Главное управление внутренних дел " * 4), badge_code())])
    assert codes_in(content), "nothing is drawn over the QR code"
    assert "Константинопольская" in text_of(content).replace("\u2010", "-")


def test_a_card_without_a_name_shows_its_code() -> None:
    assert "ABCDEF" in text_of(badges.draw_sheet([(paper_person(None), badge_code())]))


def test_the_file_says_nothing_about_who_made_it(app: Flask) -> None:
    content = badges.draw(make.registration().event)
    assert b"Belarus" not in content and b"Muster" not in content.split(b"/FontName")[0]


def test_cyrillic_belarusian_and_vietnamese_letters_are_drawn() -> None:
    for name in ("Ўласава Іўкоў", "Ёлкин Щукин", "Nguyễn Đặng"):
        family, given_name = name.split()
        assert family in text_of(badges.draw_sheet([(paper_person(PersonName(family, given_name)), badge_code())]))


def test_the_sign_in_sheet_has_a_line_for_everybody_and_some_to_spare(app: Flask) -> None:
    event = make.event(venue=make.venue())
    people = [make.registration(event, f"Фамилия{n} Имя").participant for n in range(30)]
    with app.test_request_context("/", headers={"Accept-Language": "ru"}):
        content = sheets.draw(event.sessions[0])
    words = text_of(content)
    assert pages_of(content) == 2 or pages_of(content) == 3
    assert all(person.code in words and person.called in words for person in people)
    assert str(30 + sheets.SPARE_ROWS) in words


def test_the_manager_prints_both(manager: Visitor) -> None:
    event = make.registration().event
    for path, kind in (
        (f"/events/{event.uid}/badges.pdf", "badges"),
        (f"/sessions/{event.sessions[0].uid}/sign-in-sheet.pdf", "sign-in"),
    ):
        page = manager.get(path)
        assert page.status == 200 and page.response.data.startswith(b"%PDF")
        assert f'filename="{kind}' in page.response.headers["Content-Disposition"]


def test_a_badge_of_nobody_is_an_empty_page(app: Flask) -> None:
    assert pages_of(badges.draw(make.event())) == 1


@pytest.mark.parametrize("text", ["", "X"])
def test_words_to_fit_may_be_missing(text: str) -> None:
    assert badges.draw_sheet([(paper_person(PersonName(text), text), badge_code())]).startswith(b"%PDF")
