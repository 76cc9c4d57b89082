"""Ten tasks of an office's week, walked from the start page: what docs/ten-tasks.md counts is counted here."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator

from core import clock
from core.config import CHECKOUT
from core.db import db
from core.i18n import Texts
from door import attendance
from messages import wording, writing
from messages.models import MessageKind, Recipients
from places import answering
from tests import make
from tests.browser import Somebody, launched, playing
from tests.conftest import Installation
from tests.journeys.test_office_story import ALIKE, KNOWN, cookie_of, mail_by, roster
from tests.serving import free_port, serve
from trainings import scheduling
from trainings.models import Event

pytestmark = pytest.mark.browser
A_DAY = timedelta(days=1)


class Walker(Somebody):
    """Somebody whose clicks and screens are counted. Typing counts nothing; a choice in a list or a tick is a click."""

    clicks = screens = 0

    def start(self) -> None:
        self.open("/")
        self.clicks = self.screens = 0

    def go(self, words: str | re.Pattern[str], within: str = "body") -> Walker:
        """Press a button or follow a link that opens a screen."""
        self._found(words, within).click()
        self.page.wait_for_load_state()
        self.look()
        self.clicks, self.screens = self.clicks + 1, self.screens + 1
        return self

    def choose(self, found: Locator, label: str = "") -> Walker:
        """Choose in a list, or tick."""
        found.select_option(label=label) if label else found.check()
        self.clicks += 1
        return self

    def take_paper(self, words: str) -> Walker:
        """A link to a paper: no screen is left for it."""
        address = self._found(words).get_attribute("href")
        assert self.context.request.get(address or "").body().startswith(b"%PDF")
        self.clicks += 1
        return self

    def _found(self, words: str | re.Pattern[str], within: str = "body") -> Locator:
        place = self.page.locator(within)
        button, link = (place.get_by_role(role, name=words, exact=True) for role in ("button", "link"))
        return button.or_(link).first


def plan(one: Walker) -> None:
    one.go("Plan an event")
    one.fill(on=(clock.today() + 20 * A_DAY).isoformat()).go("Fill in from the template")
    one.page.locator("[name=title-en]").fill("Workshop")
    one.choose(one.page.locator("[name=venue]"), "Centre, Brest")
    one.choose(one.page.get_by_label("Trainer", exact=False).last).go("Save the plan")
    assert "The event is planned." in one.text(".notice")


def import_people(one: Walker) -> None:
    one.go("people: import their list")
    file = {"name": "list.xlsx", "mimeType": "application/octet-stream", "buffer": roster()}
    one.page.set_input_files("[name=file]", file)
    one.clicks += 1
    one.go("Look at the rows")
    for name, word in zip(ALIKE, ("the same person", "another person"), strict=True):
        one.choose(one.page.locator("tbody tr", has_text=name).get_by_label(word))
    one.go("Import these people")
    assert "25 people have a place now." in one.text(".notice")


def invite(one: Walker) -> None:
    one.go("an invitation to 5 people").go("Send")
    assert "Invitation" in one.text("h1")


def remind(one: Walker) -> None:
    one.go("the answers of 2 people invited")
    assert one.page.locator("#answers").get_by_text("no answer yet").count() == 2
    one.go("Write to 2 people who have not answered").go("Send")
    assert "2" in one.text("main .state")


def move_and_tell(one: Walker) -> None:
    one.go("Asked").go("Move the event")
    one.fill(to=(clock.today() + 13 * A_DAY).isoformat()).go("What would that do?")
    one.go("Move them and write to the people").go("Send")
    assert "The programme has changed" in one.text("h1")


def print_papers(one: Walker) -> None:
    one.go("On now").take_paper("Print badges").take_paper("Sign-in sheet")


def open_the_quiz(one: Walker) -> None:
    one.go("Open the quiz before")
    assert "0 of 5 answered" in one.text()


def put_right_a_check_in(one: Walker) -> None:
    one.go("session 1", "#over")
    one.choose(one.page.locator("[name=place]")).go("Note the ticked as present")
    assert one.text(".counts").startswith("5")


def resolve_a_duplicate(one: Walker) -> None:
    one.go("People").go(re.compile("may be of one person")).go("Compare")  # names of tests look alike too
    one.go("These are one person: make them one")


def issue_certificates(one: Walker) -> None:
    one.go("4 certificates that were earned").go("Issue 4 certificates")


TASKS: tuple[Callable[[Walker], None], ...] = (
    plan,
    import_people,
    invite,
    remind,
    move_and_tell,
    print_papers,
    open_the_quiz,
    put_right_a_check_in,
    resolve_a_duplicate,
    issue_certificates,
)


def test_the_table_of_the_ten_tasks_tells_what_is_walked(sqlite_installation: Installation) -> None:
    sqlite_installation.empty()
    with sqlite_installation.app.app_context():
        user = a_week()
        db.session.remove()
        with (
            serve(sqlite_installation, user, **mail_by(free_port())) as served,
            playing() as playwright,
            launched(playwright) as browser,
        ):
            walker = Walker(browser, served.address, seeks_barriers=False)
            walker.context.add_cookies([cookie_of(served)])
            walked = [counted(walker, task) for task in TASKS]
        db.engine.dispose()
    assert walked == told(), f"docs/ten-tasks.md tells otherwise: {walked}"


def counted(walker: Walker, task: Callable[[Walker], None]) -> tuple[int, int]:
    walker.start()
    task(walker)
    return walker.clicks, walker.screens


def told() -> list[tuple[int, int]]:
    """The last two columns of the table."""
    rows = re.findall(r"^\| \d+ \|.*\| (\d+) \| (\d+) \|$", (CHECKOUT / "docs" / "ten-tasks.md").read_text(), re.M)
    return [(int(clicks), int(screens)) for clicks, screens in rows]


def a_week() -> make.User:
    """Something of everything: to fill, to invite to, to remind of, on now, over, and closed."""
    programme = make.programme()
    wording.settle(programme, is_on=True, subject=Texts())
    user, trainer = make.user("manager", programme), make.user("trainer", programme)
    usual = {"venue": make.venue(), "trainers": [trainer], "capacity": 25}

    def event(name: str, days: float, people: int) -> Event:
        begins = clock.now() + days * A_DAY if days else None
        planned = make.event(programme, title=Texts(en=name), sessions=make.sessions(begins, hours=2), **usual)
        make.event_quiz(planned, make.quiz(programme))
        for number in range(people):
            make.registration(planned, email=f"{name}{number}@example.com".replace(" ", ""))
        return planned

    for name in KNOWN:
        make.person(programme, name)
    event("To fill", 6, 0)
    event("To invite to", 9, 5)
    asked = event("Asked", 12, 5)
    answering.ask(asked)
    text = wording.text_of(programme, MessageKind.INVITATION)
    writing.spread(writing.write(asked, MessageKind.INVITATION, Recipients.ALL, text, by=user), "https://example.org")
    for place in make.places.of_event(asked)[:3]:
        answering.accept(place)
    event("On now", 0, 5)
    for place in make.places.of_event(yesterday := event("Yesterday", -1.25, 5))[:4]:
        attendance.mark(yesterday.sessions[0], place, by=trainer)
    held = event("Held", -3, 4)
    for place in make.places.of_event(held):
        attendance.mark(held.sessions[0], place, by=trainer)
    scheduling.close(held)
    make.person(programme, "Ковалёва Дарья", phone="+375295550101")
    make.person(programme, "Kavaliova Darya", phone="+375295550101")
    db.session.commit()
    return user
