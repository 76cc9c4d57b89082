"""The office's week, as a manager walks it in a browser: from a plan to a full room, and nothing forgotten.

On SQLite only: every activity it passes has tests of its own on both databases, and what it adds (pages that lead on to
each other, a letter that arrives, a calendar that notices) is above the database.
"""

from __future__ import annotations

import re
import time
import urllib.request
from datetime import date, timedelta
from email.message import Message as Mail
from io import BytesIO
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from icalendar import Calendar
from openpyxl import Workbook

from core.db import db
from core.i18n import Texts
from participants.models import Participant
from quizzes.models import Quiz
from tests import make
from tests.browser import PHONE, Somebody, launched, playing
from tests.conftest import Installation
from tests.messages.test_letters import Server
from tests.serving import Served, free_port, serve
from trainings import event_templates
from trainings.models import EventKind

pytestmark = pytest.mark.browser
KNOWN = ("Ясинский Роман", "Гончар Вероника")
# The same sounds in a passport: one is the person known here, the other only sounds alike.
ALIKE = ("Yasinskii Roman", "Honchar Veronika")
FAMILIES = """
Авдеев Богданов Васильев Гаврилов Дементьев Ершов Жданов Зимин Ильин Карпов Лазарев Мартынов Назаров Осипов Панов
Родионов Савельев Тарасов Уваров Фомин Хохлов Цветков Чернов
"""


def test_a_manager_fills_a_room_and_forgets_nothing(sqlite_installation: Installation) -> None:
    sqlite_installation.empty()
    post, port = Server(), free_port()
    controller = Controller(post, hostname="127.0.0.1", port=port)
    with sqlite_installation.app.app_context():
        user = office()
        db.session.remove()
        controller.start()
        try:
            with (
                serve(sqlite_installation, user, **mail_by(port)) as served,
                playing() as playwright,
                launched(playwright) as browser,
            ):
                looks = {"seeks_barriers": False}  # every page is sought for them elsewhere
                manager = Somebody(browser, served.address, **looks)
                manager.context.add_cookies([cookie_of(served)])
                person = Somebody(browser, served.address, "ru", PHONE, **looks)
                walk(manager, person, post)
        finally:
            controller.stop()
            db.engine.dispose()


def mail_by(port: int) -> dict[str, str]:
    """Settings of an installation that has a mail server here."""
    mail = {"HOST": "127.0.0.1", "PORT": str(port), "TLS": "none", "SENDER": "post@example.net", "PER_MINUTE": "1000"}
    return {f"MUSTER_MAIL_{name}": value for name, value in mail.items()}


def walk(manager: Somebody, person: Somebody, post: Server) -> None:
    feed = subscribe(manager)
    first = date.today() + timedelta(days=10)
    plan_from_the_template(manager, first)
    import_the_list(manager)
    one_more_for_a_room_that_is_full(manager)
    links = invite(manager, post)
    answer(manager, person, links)
    move_by_a_day(manager, first, feed)
    tell_of_the_move(manager, post, links)
    manager.open("/").press("Readiness of the events of these weeks")
    assert "nothing is missing" in manager.text("section.part")
    manager.open("/")
    assert "The events of these weeks lack nothing." in manager.text("#waiting")


def office() -> make.User:
    """A programme with a venue, a trainer, a quiz, its own template of workshops, and two people it knows."""
    programme = make.programme(starts_on=date.today() - timedelta(days=60), ends_on=date.today() + timedelta(days=300))
    make.venue(name=Texts(en="Red hall"), capacity=40)
    make.user("trainer", programme, "Андрей Лобан")
    quiz: Quiz = make.quiz(programme)
    usual = event_templates.SHIPPED[EventKind.WORKSHOP]
    kept = {"sittings": usual.sittings, "capacity": 25, "quiz_key": quiz.key, "certificate_percent": 80}
    event_templates.keep(programme, EventKind.WORKSHOP, event_templates.Pattern(**kept))
    for name in KNOWN:
        make.person(programme, name)
    user = make.user("manager", programme, "Марина")
    db.session.commit()
    return user


def cookie_of(served: Served) -> dict[str, str]:
    name, _is, value = served.headers["Cookie"].partition("=")
    return {"name": name, "value": value, "url": served.address}


def subscribe(manager: Somebody) -> str:
    manager.open("/").press("Events").press("My calendar").press("Make the address")
    return manager.page.locator("main input[readonly]").input_value()


def sequences(feed: str) -> dict[str, tuple[int, date]]:
    """What a calendar program reads: of each entry its SEQUENCE and its day."""
    with urllib.request.urlopen(feed) as answer:
        calendar = Calendar.from_ical(answer.read())
    return {str(e["UID"]): (int(e["SEQUENCE"]), e.decoded("DTSTART").date()) for e in calendar.walk("VEVENT")}


def plan_from_the_template(manager: Somebody, first: date) -> None:
    manager.open("/").press("Plan an event")
    manager.fill(like="workshop", on=first.isoformat()).press("Fill in from the template")
    manager.page.locator("[name=title-ru]").fill("Права задержанных")
    manager.page.locator("[name=venue]").select_option(label="Red hall, Brest")
    manager.page.get_by_label("Андрей Лобан").check()
    manager.press("Save the plan")
    assert "The event is planned." in manager.text(".notice")
    assert manager.page.locator("section.part").first.locator("tbody tr").count() == 4, "sessions of the template"
    assert "people: import their list" in manager.text(".attention")


def import_the_list(manager: Somebody) -> None:
    manager.press("people: import their list")
    file = {"name": "list.xlsx", "mimeType": "application/octet-stream", "buffer": roster()}
    manager.page.set_input_files("[name=file]", file)
    manager.press("Look at the rows")
    assert manager.page.locator("tbody tr").count() == 27, "25 people, a title and a heading"
    alike = manager.page.locator("tbody tr", has=manager.page.locator("fieldset"))
    assert alike.count() == 2, "two look like people known here"
    alike.filter(has_text=ALIKE[0]).get_by_label("the same person").check()
    alike.filter(has_text=ALIKE[1]).get_by_label("another person").check()
    manager.press("Import these people")
    assert "25 people have a place now." in manager.text(".notice")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Participant)) == 26, "two known and 24 new"
    db.session.rollback()


def roster() -> bytes:
    """A list as an office writes it: a title, then name, department, address."""
    book = Workbook()
    sheet = book.active
    sheet.append(["Список участников семинара"])
    sheet.append(["№", "ФИО", "Подразделение", "Эл. почта"])
    names = [*(f"{family} Пётр Ильич" for family in FAMILIES.split()), *ALIKE]
    for number, name in enumerate(names, 1):
        sheet.append([number, name, "РОВД «Речной»", f"person{number}@example.com"])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def one_more_for_a_room_that_is_full(manager: Somebody) -> None:
    manager.press("Add a person").fill(family="Последняя", given="Ольга")
    assert manager.page.get_by_label("put this person on the waiting list").is_checked()
    manager.press("Add")
    assert "Последняя Ольга stands on the waiting list now." in manager.text(".notice")


def invite(manager: Somebody, post: Server) -> list[str]:
    """By mail; the links in the letters that arrived."""
    manager.open("/").press("Права задержанных").press("Messages").press("Invitation: will you come?")
    manager.press("Switch e-mail on")
    manager.page.get_by_label("This programme writes e-mail").check()
    manager.press("Save").open("/").press("an invitation to 25 people").press("Send")
    wait_for(lambda: len(post.taken) == 25)
    letters = [words_of(letter) for letter in post.taken]
    assert sorted(post.addresses) == sorted(f"person{number}@example.com" for number in range(1, 26))
    assert not any("задержанных" in text or "Авдеев" in text for text in letters), "a letter names nothing"
    links = [re.search(r"http://\S+(/p/\S+)", text)[1] for text in letters]
    assert len(set(links)) == 25
    return links


def answer(manager: Somebody, person: Somebody, links: list[str]) -> None:
    """One declines on a phone, somebody from the waiting list moves up, the others say yes."""
    person.open(links[0]).press("Нет, я не смогу")
    assert "Ваше место освобождено" in person.text(".notice"), person.text()
    manager.open("/").press("the answers of 24 people invited")
    assert manager.page.locator("#waiting tbody tr").count() == 1
    manager.press("Give a place")
    assert "Последняя Ольга has a place now." in manager.text(".notice")
    for link in links[2:]:
        say_yes(person, link)
    manager.page.reload()
    assert "said no" in manager.text("#answers") and manager.page.get_by_text("said yes").count() == 23
    manager.press("Says yes")  # somebody who telephoned
    assert "said yes" in manager.text(".notice")
    assert manager.page.locator("#answers").get_by_text("no answer yet").count() == 0


def words_of(letter: Mail) -> str:
    """The text of a letter, whatever it brings along."""
    text = next(part for part in letter.walk() if part.get_content_type() == "text/plain")
    return text.get_payload(decode=True).decode()


def say_yes(person: Somebody, link: str) -> None:
    """Without a script, as a browser sends the form of the page."""
    page = person.context.request.get(link).text()
    address = re.search(r'action="(/p/[^"]+/answer)"', page)[1]
    assert person.context.request.post(address, form={"said": "coming"}).ok


def move_by_a_day(manager: Somebody, first: date, feed: str) -> None:
    before = sequences(feed)
    assert sorted(day for _number, day in before.values()) == [first, first, *[first + timedelta(days=1)] * 2]
    manager.open("/").press("Права задержанных").press("Move the event")
    manager.fill(to=(first + timedelta(days=1)).isoformat()).press("What would that do?")
    assert "25 people are registered." in manager.text() and "Nothing clashes" in manager.text()
    manager.press("Move all sessions")
    after = sequences(feed)
    assert after.keys() == before.keys(), "the same entries, moved"
    for uid, (number, day) in after.items():
        assert number > before[uid][0] and day == before[uid][1] + timedelta(days=1)


def tell_of_the_move(manager: Somebody, post: Server, links: list[str]) -> None:
    told = len(post.taken)
    manager.press("word to its people: the plan has changed since they were written to").press("Send")
    wait_for(lambda: len(post.taken) == told + 24)
    assert links[0] not in words_of(post.taken[-1]), "who gave the place back is left alone"
    assert urlsplit(manager.page.url).path.startswith("/messages/")


def wait_for(is_so, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "the worker did nothing"
        time.sleep(0.05)
