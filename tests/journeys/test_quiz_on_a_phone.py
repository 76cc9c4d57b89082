"""A quiz in a hall with a bad network: nothing that was answered is lost, and another phone goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Locator, Page, expect

from core.db import db
from core.i18n import Texts
from participants import roster
from quizzes import openings, writing
from quizzes.models import Attempt, EventQuiz, Phase, QuestionKind
from quizzes.plans import OptionPlan, QuestionPlan
from tests import make
from tests.browser import Somebody, launched, playing
from tests.conftest import Installation
from tests.cutting import Line
from tests.serving import serve

pytestmark = pytest.mark.browser
NARROW = {"width": 320, "height": 640}


def _texts(ru: str) -> Texts:
    return Texts(ru=ru, en=ru, be=ru)


def one_of_each() -> list[QuestionPlan]:
    """A question of every kind that counts; the first option is right, or two are."""
    three = [OptionPlan(_texts("Первый"), is_right=True), OptionPlan(_texts("Второй")), OptionPlan(_texts("Третий"))]
    pairs = [
        OptionPlan(_texts(text), match=_texts(match))
        for text, match in (("Статья 3", "пытки"), ("Статья 5", "свобода"))
    ]
    return [
        QuestionPlan(QuestionKind.SINGLE, _texts("Один?"), three, keeps_order=True),
        QuestionPlan(
            QuestionKind.MULTIPLE, _texts("Два?"), [three[0], OptionPlan(_texts("Тоже"), is_right=True), three[2]]
        ),
        QuestionPlan(
            QuestionKind.SHORT, _texts("Как называется?"), [OptionPlan(_texts("правила Мандел*"), is_right=True)]
        ),
        QuestionPlan(QuestionKind.NUMBER, _texts("Сколько часов?"), [OptionPlan(Texts(), True, low="72", high="72")]),
        QuestionPlan(QuestionKind.MATCHING, _texts("О чём статьи?"), pairs),
        QuestionPlan(
            QuestionKind.ORDERING,
            _texts("В каком порядке?"),
            [OptionPlan(_texts("Задержание")), OptionPlan(_texts("Допрос"))],
        ),
    ]


@dataclass
class Hall:
    """An event whose quiz is open, the personal page of somebody there, and its server."""

    used: EventQuiz
    link: str
    line: Line

    def attempts(self) -> list[tuple[bool, float, int, int | None]]:
        """(sent, right, answers, minutes late) of each attempt."""
        found = [
            (attempt.submitted_on is not None, attempt.right_count, len(attempt.answers), attempt.late_by_minutes)
            for attempt in db.session.scalars(sa.select(Attempt))
        ]
        db.session.rollback()  # the server waits for nobody
        return found

    def close(self) -> None:
        openings.close_phase(self.used, Phase.PRE)
        db.session.commit()


@pytest.fixture
def hall(sqlite_installation: Installation) -> Iterator[Hall]:
    sqlite_installation.empty()
    with sqlite_installation.app.app_context():
        place = make.registration(make.event(), language="ru")
        quiz = make.quiz(place.event.programme, questions=0)
        quiz.questions = [writing.question_of(plan, number) for number, plan in enumerate(one_of_each(), 1)]
        used = make.event_quiz(place.event, quiz)
        openings.open_phase(used, Phase.PRE)
        link = f"/p/{roster.personal_token(place.participant)}"
        db.session.commit()
        with serve(sqlite_installation) as served:
            yield Hall(used, link, Line(served.port))
        db.session.remove()


@pytest.fixture
def browser() -> Iterator[Browser]:
    with playing() as playwright, launched(playwright) as found:
        yield found


def asked(page: Page) -> Locator:
    """The question that is on the screen."""
    return page.locator("fieldset.question:not([hidden])")


def next_one(phone: Somebody) -> None:
    phone.page.get_by_role("button", name="Дальше", exact=True).click()


def test_the_network_goes_the_phone_is_closed_and_another_one_ends_it(hall: Hall, browser: Browser) -> None:
    phone = Somebody(browser, hall.line.address, "ru", NARROW)
    phone.open(hall.link).press("Начать")
    page = phone.page
    asked(page).get_by_label("Первый").check()
    next_one(phone)
    phone.look()
    asked(page).get_by_label("Первый").check()
    asked(page).get_by_label("Тоже").check()
    next_one(phone)
    asked(page).get_by_label("Ваш ответ").fill("Правила Манделы")
    expect(page.locator("#state")).to_have_text("Сохранено")
    page.wait_for_function("navigator.serviceWorker.ready.then(() => caches.has('quiz'))")
    assert hall.attempts() == [(False, 0, 0, None)]

    hall.line.cut()
    next_one(phone)
    asked(page).get_by_label("Ваш ответ").fill("48")
    expect(page.locator("#state")).to_contain_text("Нет сети")
    # Closed and opened again without a network: the questions are there, and what was answered.
    address = page.url
    page.close()
    phone.page = phone.context.new_page()
    phone.page.goto(address)
    expect(phone.page.get_by_text("5 из 6")).to_be_visible()
    phone.page.get_by_role("button", name="Назад", exact=True).click()
    expect(asked(phone.page).get_by_label("Ваш ответ")).to_have_value("48")

    hall.line.mend()  # for the other phone; the first one is away
    phone.page.close()
    other = Somebody(browser, hall.line.address, "ru", NARROW)
    other.open(hall.link).press("Начать")
    expect(other.page.get_by_text("4 из 6")).to_be_visible()
    asked(other.page).get_by_label("Ваш ответ").fill("72")
    next_one(other)
    other.look()
    asked(other.page).get_by_label("Статья 3").select_option("пытки")
    asked(other.page).get_by_label("Статья 5").select_option("свобода")
    next_one(other)
    asked(other.page).get_by_label("Задержание").select_option("1")
    asked(other.page).get_by_label("Допрос").select_option("2")
    next_one(other)
    other.look()
    other.page.get_by_role("button", name="Отправить ответы").click()
    expect(other.page.get_by_text("Спасибо")).to_be_visible()
    assert hall.attempts() == [(True, 6, 6, None)]

    # The first phone comes back: its late answer changes nothing, and it keeps nothing.
    phone.page = phone.context.new_page()
    phone.page.goto(address)
    phone.page.wait_for_url(f"**{hall.link}")
    assert phone.page.evaluate("[localStorage.length, 0]") == [0, 0]
    assert not phone.page.evaluate("caches.has('quiz')")
    assert hall.attempts() == [(True, 6, 6, None)]


def test_finished_without_a_network_it_is_sent_by_itself_and_by_keyboard_alone(hall: Hall, browser: Browser) -> None:
    phone = Somebody(browser, hall.line.address, "ru", NARROW)
    phone.open(hall.link).press("Начать")
    page = phone.page
    asked(page).get_by_label("Первый").focus()
    page.keyboard.press("Space")
    expect(page.locator("#state")).to_have_text("Сохранено")
    hall.line.cut()
    page.locator("#all").focus()
    page.keyboard.press("Enter")
    page.locator("[name=with_gaps]").focus()
    page.keyboard.press("Space")
    page.locator("#end .go").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#finished")).to_contain_text("отправятся сами")
    hall.close()
    hall.line.mend()
    expect(page.get_by_text("Спасибо")).to_be_visible(timeout=15_000)
    assert hall.attempts() == [(True, 1, 6, None)], "finished before the end, whenever it arrives"


def test_without_a_script_it_is_one_plain_page(hall: Hall, browser: Browser) -> None:
    phone = Somebody(browser, hall.line.address, "ru", NARROW, java_script_enabled=False)
    phone.page.goto(hall.link)
    phone.page.get_by_role("link", name="Начать").click()
    assert phone.page.locator("fieldset.question").count() == 6
    for label in ("Статья 3", "Статья 5"):
        phone.page.get_by_label(label).select_option("пытки")
    phone.page.get_by_role("button", name="Отправить ответы").click()
    expect(phone.page.get_by_text("ещё нет ответа").first).to_be_visible()
    phone.page.locator("[name=with_gaps]").check()
    phone.page.get_by_role("button", name="Отправить ответы").click()
    expect(phone.page.get_by_text("Спасибо")).to_be_visible()
    assert hall.attempts() == [(True, 0, 6, None)]
