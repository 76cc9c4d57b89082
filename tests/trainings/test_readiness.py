"""What an event lacks before and after, by whom and where it is mended; a trainer's day in one hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from core import clock
from core.i18n import Texts
from door import attendance
from feedback import evaluations
from quizzes import attempts, openings
from quizzes.models import Phase
from tests import make
from tests.make import NOON
from tests.pages import Visitor
from tests.papers import text_of
from trainings import agenda, agenda_pdf, readiness, scheduling
from trainings.readiness import Whose

pytestmark = pytest.mark.usefixtures("request_context")
A_DAY = timedelta(days=1)


def test_the_day_before_it_is_said_what_is_missing_and_each_word_opens_where_it_is_mended(manager: Visitor) -> None:
    event = make.event(sessions=make.sessions(clock.now() + A_DAY), title=Texts(en="Tomorrow"), capacity=30)
    today = manager.get("/")
    assert today.link("trainers").text("h1") == "Change the plan", "mended from the page of today"
    page = today.link("Readiness of the events of these weeks")
    assert [a.text for a in page.all("td a")] == [
        "a venue", "trainers", "people: import their list", "a quiz before and after"
    ]  # fmt: skip
    for link in page.all("td a"):
        assert manager.get(link.get("href")).status == 200
    trainer = make.user("trainer", make.programme())
    plan = make.EventPlan(
        event.kind, event.title, make.sessions(clock.now() + A_DAY), make.venue(), 30, trainers=[trainer]
    )
    scheduling.revise(event, plan)
    make.registration(event)
    make.event_quiz(event)
    assert "nothing is missing" in manager.get(page.path).text()


def test_the_day_after_it_is_said_what_is_owed_and_mending_takes_it_off(app: Flask) -> None:
    trainer = make.user("trainer", make.programme())
    event = make.event(sessions=make.sessions(clock.now() - A_DAY), trainers=[trainer])
    place, used = make.registration(event), make.event_quiz(event)
    before = {gap.what for gap in readiness.gaps(event)}
    closing = "closing: the event is over and counts once it is closed"
    quizzes = {"answers to the quiz before", "answers to the quiz after"}
    assert before == {"attendance at session 1", *quizzes, "feedback", closing}
    assert {gap.whose for gap in readiness.gaps(event)} == {Whose.TRAINERS}
    attendance.mark(event.sessions[0], place, by=trainer)
    for phase in (Phase.PRE, Phase.POST):
        openings.open_phase(used, phase)
        attempts.submit(used, phase, place, make.answers(used.quiz, 2), language="en")
        openings.close_phase(used, phase)
    evaluations.rate(event, place, 5)
    assert [gap.what for gap in readiness.gaps(event)] == [closing]
    scheduling.close(event)
    assert [gap.what for gap in readiness.gaps(event)] == ["1 certificate that was earned"]


def test_a_cancelled_event_and_one_long_over_lack_nothing(app: Flask) -> None:
    cancelled = make.event()
    scheduling.cancel(cancelled, "Flood")
    old = make.event(sessions=make.sessions(clock.now() - timedelta(days=60)))
    assert readiness.gaps(cancelled) == readiness.gaps(old) == []


def test_a_trainer_opens_the_quiz_and_finds_the_door_from_today(app: Flask) -> None:
    programme = make.programme()
    trainer = make.user("trainer", programme)
    mine = make.event(programme, trainers=[trainer], title=Texts(en="Mine now"))
    make.event(programme, title=Texts(en="Somebody else's"))
    make.event(
        programme, trainers=[trainer], sessions=make.sessions(clock.now() + 3 * A_DAY), title=Texts(en="Mine next")
    )
    make.registration(mine)
    used = make.event_quiz(mine)
    visitor = Visitor(app).sign_in(trainer)
    page = visitor.get("/")
    assert "Mine now" in page.text() and "Mine next" in page.text() and "Somebody" not in page.text()
    assert "0 of 1 here" in page.text(".in-hand")
    for words in ("Open the door", "The sheet", "Headcount", "Screen in the room"):
        assert page.link(words).status == 200, words
    page = page.submit("Open the quiz before")
    assert page.text("h1") == "Today" and used.is_open(Phase.PRE)
    page = page.submit("Close the quiz before")
    assert "Open the quiz after" in page.text() and not used.is_open(Phase.PRE)


def test_the_agenda_names_the_public_title_in_its_language_and_no_people(app: Flask) -> None:
    trainer = make.user("trainer", make.programme(), "Андрей Лобан")
    venue = make.venue(access=Texts(en="No steps"))
    event = make.event(sessions=make.sessions(NOON, count=2), trainers=[trainer], venue=venue, inner_title="Take two")
    paper = text_of(agenda_pdf.drawn(event, "ru"))
    assert str(event.title["ru"]) in paper and "12:00–15:00" in paper and "пятница, 14 мая" in paper
    assert "Лобан" not in paper and "Take two" not in paper
    assert "No steps" in text_of(agenda_pdf.drawn(event, "en"))


def test_a_timeline_shows_an_event_with_each_of_its_trainers_in_its_month(manager: Visitor) -> None:
    pair = [make.user("trainer", make.programme(), name) for name in ("Anna B", "Boris C")]
    make.event(sessions=make.sessions(NOON), trainers=pair, title=Texts(en="Seminar"))
    page = manager.get(f"/programmes/{make.programme().uid}/timeline/2027/3?by=trainer")
    rows = [" ".join(row.text_content().split()) for row in page.all("tbody tr")]
    assert rows == ["Anna B 14 May Seminar", "Boris C 14 May Seminar"]
    assert [bool(cell.cssselect("a")) for cell in page.all("tbody tr:first-child td")].index(True) == 2
    assert "Nothing is planned" in page.link("Half a year on").text()
    assert agenda.half_year(2026, 11)[2].isoformat() == "2027-01-01"
