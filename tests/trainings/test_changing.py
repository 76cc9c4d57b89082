"""Moving, cancelling and planning once more: what it does is said before it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from core import clock
from core.db import db
from core.i18n import Texts
from door import attendance, devices
from participants import audience, registration
from participants.models import Origin
from quizzes import openings
from quizzes.models import Phase
from tests import make
from tests.make import NOON
from tests.pages import Visitor
from trainings import scheduling
from trainings.models import Event, EventStatus

pytestmark = pytest.mark.usefixtures("request_context")


def test_a_cancellation_says_what_hangs_on_the_event_and_ends_what_is_open(manager: Visitor) -> None:
    event = make.event(trainers=[make.user("trainer", make.programme())])
    places = [make.registration(event) for _ in range(3)]
    attendance.mark(event.sessions[0], places[0], by=None)
    used = make.event_quiz(event)
    openings.open_phase(used, Phase.PRE)
    device, _token = devices.pair(devices.offer(event, event.trainers[0]), "Phone")
    page = manager.get(f"/events/{event.uid}").link("Cancel the event")
    said = page.text("section.part")
    for words in ("3 people are registered", "1 attendance is noted", "quiz that is open now", "1 phone at the door"):
        assert words in said, words
    assert db.session.get(Event, event.id).is_planned, "looking cancels nothing"
    assert "Please fill this in" in page.submit("Cancel the event").text()
    done = page.submit("Cancel the event", reason="Flood")
    assert "Cancelled: Flood" in done.text()
    assert event.status == EventStatus.CANCELLED and not used.is_open(Phase.PRE) and not device.is_trusted
    assert "Write to its people" in done.text()


def test_a_move_names_trainer_venue_and_people_that_are_taken(manager: Visitor) -> None:
    trainer, venue = make.user("trainer", make.programme(), "Андрей Лобан"), make.venue()
    other = make.event(sessions=make.sessions(NOON), trainers=[trainer], venue=venue, title=Texts(en="Forum"))
    later = make.sessions(NOON + timedelta(days=7))
    event = make.event(sessions=later, trainers=[trainer], venue=venue)
    both = make.registration(other).participant
    registration.register(both, event, Origin.BY_HAND)
    page = manager.get(f"/events/{event.uid}/move?to={other.starts_on}")
    said = page.text(".notice.refused")
    assert "Андрей Лобан: taken by “Forum”" in said and "Centre: taken" in said
    assert "1 person is registered at “Forum”" in said
    assert "clashes" in page.submit("Move all sessions").text() and event.starts_on != other.starts_on
    page.submit("Move all sessions", despite_clashes="y")
    db.session.refresh(event)
    assert event.starts_on == other.starts_on
    assert "1 person is registered at “Forum”" in manager.get(f"/events/{event.uid}").text()


def test_people_alone_are_a_clash_and_cancelled_places_are_none(app: Flask) -> None:
    first, second = make.event(sessions=make.sessions(NOON)), make.event(sessions=make.sessions(NOON))
    place = make.registration(first)
    there = registration.register(place.participant, second, Origin.BY_HAND)
    with pytest.raises(scheduling.Clashing):
        audience.refuse_clashes(first)
    registration.cancel(there)
    audience.refuse_clashes(first)


def test_an_event_is_planned_once_more_without_its_people(manager: Visitor) -> None:
    event = make.event(sessions=make.sessions(NOON, count=2), inner_title="Second wave", capacity=20)
    make.registration(event)
    used = make.event_quiz(event)
    page = manager.get(f"/events/{event.uid}").link("Plan it once more").submit("Plan an event", to="2027-09-06")
    uid = page.path.split("/")[2]
    copied = db.session.query(Event).filter_by(uid=uid).one()
    assert (copied.name, copied.capacity, len(copied.sessions)) == ("Second wave", 20, 2)
    assert copied.sessions[0].starts_at.astimezone(make.ZONE).hour == 12
    assert [u.quiz.key for u in openings.of_event(copied)] == [used.quiz.key]
    assert registration.places_taken(copied) == 0


def test_a_venue_too_small_is_refused_until_said_otherwise(app: Flask) -> None:
    small = make.venue(capacity=10)
    plan = make.EventPlan(make.EventKind.SEMINAR, Texts(en="S"), make.sessions(clock.now()), venue=small, capacity=25)
    with pytest.raises(scheduling.VenueTooSmall):
        scheduling.plan(make.programme(), plan)
    scheduling.plan(make.programme(), plan, despite_clashes=True)


def test_an_inner_title_is_for_staff_alone(manager: Visitor) -> None:
    event = make.event(inner_title="Second wave")
    place = make.registration(event)
    assert "Second wave" in manager.get(f"/events/{event.uid}").text("h1")
    own = Visitor(manager.app).get(f"/p/{make.token(place)}").text()
    assert str(event.title) in own and "Second wave" not in own
