"""A participant's own page: what matters now, in the right order, and a way out that says nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page as PageInBrowser

from core import clock
from core.db import db
from participants import registration, roster
from participants.models import Origin, Registration
from quizzes import openings
from quizzes.models import Phase
from tests import make
from tests.browser import PHONE, Somebody, launched, playing
from tests.conftest import Installation
from tests.pages import Page, Visitor
from tests.serving import serve
from trainings.scheduling import SessionPlan


def page_of(place: Registration, app: Flask) -> Page:
    return Visitor(app).get(f"/p/{roster.personal_token(place.participant)}")


def sittings(*hours: float) -> list[SessionPlan]:
    """A session of an hour at each of these distances from noon."""
    return [
        SessionPlan(make.NOON + timedelta(hours=at), make.NOON + timedelta(hours=at + 1), make.Texts(en=f"At {at}"))
        for at in hours
    ]


def test_the_whole_programme_of_the_day_with_what_is_on_now(app: Flask) -> None:
    with clock.standing_at(make.NOON):
        event = make.event(sessions=sittings(-3, -0.5, 2, 24), venue=make.venue())
        page = page_of(make.registration(event, "Иванова Анна"), app)
    rows = [" ".join(row.text_content().split()) for row in page.all("ol li")]
    assert rows == ["09:00–10:00 At -3", "11:30–12:30 At -0.5 now", "14:00–15:00 At 2"]
    assert "At -0.5" in page.one("ol li[aria-current=time]").text_content()
    assert "Today, 14 May" in page.text()
    assert "Centre, Brest" in page.text() and "Иванова" not in page.text()


def test_between_two_sessions_the_next_one_is_marked_and_on_the_last_evening_the_next_day(app: Flask) -> None:
    with clock.standing_at(make.NOON):
        event = make.event(sessions=sittings(-3, 2, 24))
        place = make.registration(event)
        assert "At 2 next" in page_of(place, app).text("li[aria-current]")
    with clock.standing_at(make.NOON + timedelta(hours=5)):
        page = page_of(place, app)
    assert "Saturday, 15 May" in page.text() and "At 24 next" in page.text("ol") and "At 2 " not in page.text("ol")


def test_another_event_of_the_same_day_stands_in_the_programme_and_a_cancelled_place_does_not(app: Flask) -> None:
    with clock.standing_at(make.NOON):
        place = make.registration(make.event(sessions=sittings(0)))
        forum, dropped = (make.event(sessions=sittings(at), title=make.Texts(en=f"Forum {at}")) for at in (3, 5))
        for other in (forum, dropped):
            registration.register(place.participant, other, Origin.BY_HAND)
        registration.cancel(registration.find(place.participant, dropped))
        programme = page_of(place, app).text("ol")
    assert "15:00–16:00" in programme and "Forum 3" in programme and "Forum 5" not in programme


def test_what_matters_now_comes_first(app: Flask) -> None:
    event = make.event(title=make.Texts(en="Workshop"), sessions=make.sessions())
    event.allows_self_check_in = True
    openings.open_phase(make.event_quiz(event), Phase.PRE)
    make.material()
    page = page_of(make.registration(event), app)
    assert [heading.text_content() for heading in page.all("h1, h2")] == [
        "Are you in the room?",
        "Quiz",
        "Workshop",
        "How was it?",
        "To read and keep",
    ]


def test_the_quick_exit_is_the_first_link_and_leads_where_the_installation_says(app: Flask) -> None:
    path = f"/p/{roster.personal_token(make.registration().participant)}"
    exits = Visitor(app).get(path).all("a")
    address = app.extensions["settings"].quick_exit
    assert exits[0].get("href") == address == "https://www.google.com/" and exits[0].get("rel") == "noreferrer"
    answer = Visitor(app).ask("get", path)
    assert answer.headers["Referrer-Policy"] == "no-referrer" and answer.headers["X-DNS-Prefetch-Control"] == "off"
    assert Visitor(app).get("/p/replaced").all("a.leave") and Visitor(app).get("/go").all("a.leave")
    assert not Visitor(app).get("/nowhere").all("a.leave"), "staff need none"


@pytest.mark.browser
def test_after_the_quick_exit_nothing_leads_back(sqlite_installation: Installation) -> None:
    sqlite_installation.empty()
    with sqlite_installation.app.app_context():
        link = f"/p/{roster.personal_token(make.registration().participant)}"
        elsewhere = sqlite_installation.app.extensions["settings"].quick_exit
        db.session.commit()
        db.session.remove()
    with serve(sqlite_installation) as served, playing() as playwright, launched(playwright) as browser:
        for leave in (lambda page: page.locator("a.leave").click(), _escape_twice):
            person = Somebody(browser, served.address, "ru", PHONE)
            person.context.route(elsewhere, lambda route: route.fulfill(body="weather"))
            person.page.goto("/go")
            person.page.goto(link)
            with person.page.expect_request(elsewhere) as asked:
                leave(person.page)
            assert "referer" not in asked.value.headers
            person.page.wait_for_url(elsewhere)
            person.page.go_back()
            assert person.page.url.endswith("/go")
            person.context.close()


def _escape_twice(page: PageInBrowser) -> None:
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
