"""Three to six months later: nothing is forgotten, nobody is named."""

from __future__ import annotations

import pytest
from flask import Flask

from core.errors import Refused
from feedback import evaluations, follow_ups
from feedback.follow_ups import Moment
from participants import roster
from tests import make
from tests.feedback.voices import LATER, event_with, held_days_ago
from tests.pages import Visitor


@pytest.mark.parametrize(
    ("days", "moment"),
    [(89, Moment.COMING), (90, Moment.DUE), (180, Moment.DUE), (181, Moment.MISSED)],
)
def test_an_event_is_due_from_90_to_180_days_after_its_end(app: Flask, days: int, moment: Moment) -> None:
    event = held_days_ago(days)
    assert follow_ups.of_event(event).moment == moment
    assert follow_ups.due_count(event.programme) == (moment == Moment.DUE)


def test_what_is_due_is_asked_and_then_no_longer_due(manager: Visitor) -> None:
    event = held_days_ago(100, people=3)
    forum = held_days_ago(100, kind="forum")
    programme = event.programme
    assert "1 event is due for its follow-up" in manager.get(f"/programmes/{programme.uid}").text(".notice")
    page = manager.get(f"/programmes/{programme.uid}/follow-ups")
    assert str(event.title) in page.text() and str(forum.title) not in page.text(), "a forum teaches no practice"
    page = page.submit("Ask now")
    assert "3 people have not answered yet" in page.text()
    evaluations.say_whether_applied(event, roster.of(event)[0], True)
    page = manager.get(f"/programmes/{programme.uid}/follow-ups")
    assert "Being asked" in page.text("h2") and "Due now" not in page.text("h2")
    assert "1 of 3" in page.text("tbody") and page.all("tbody td.number")[1].text_content() == "2"
    assert all(place.called not in page.text() for place in roster.of(event)), "a count, no names"
    page = manager.get(f"/events/{event.uid}/feedback").submit("End the follow-up")
    assert "closed" in page.text(".notice")
    assert follow_ups.of_event(event).moment == Moment.DONE
    with pytest.raises(Refused, match="not_asked"):
        evaluations.say_whether_applied(event, roster.of(event)[1], True)


def test_too_early_and_too_late_are_said_and_not_refused(manager: Visitor) -> None:
    early, late = held_days_ago(60), held_days_ago(200)
    page = manager.get(f"/events/{early.uid}/feedback")
    assert "30 days too early" in page.text(".notice")
    assert "It is 20 days late" in manager.get(f"/events/{late.uid}/feedback").text(".notice")
    page.submit("Ask whether it was applied")
    assert evaluations.is_asked(early, LATER)


def test_the_follow_up_is_asked_after_the_event_only(app: Flask) -> None:
    event, _places = event_with(1)
    with pytest.raises(Refused, match="not_asked"):
        evaluations.ask_follow_up(event)


def test_a_trainer_is_shown_the_own_events(app: Flask) -> None:
    own, other = held_days_ago(100), held_days_ago(110)
    trainer = make.user("trainer", own.programme)
    own.trainers = [trainer]
    page = Visitor(app).sign_in(trainer).get(f"/programmes/{own.programme.uid}/follow-ups")
    assert str(own.title) in page.text() and str(other.title) not in page.text("main")
    assert "1 event is due" in Visitor(app).sign_in(trainer).get(f"/programmes/{own.programme.uid}").text(".notice")
