"""What was counted is counted once, and anew as soon as anything it rests on has changed."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import sqlalchemy as sa
from flask import Flask

from core import clock
from core.db import db
from core.i18n import Texts
from door import attendance
from door.readings import Reading
from indicators.models import Accumulation
from participants import merging, registration
from participants.models import Origin, Registration, Sector, Sex
from quizzes import openings
from tests import make
from tests.indicators.test_measures import held, noon
from tests.make import NOON
from tests.pages import Visitor
from trainings import scheduling

WORKSHOPS = {"parameters": {"kinds": ["workshop"]}, "accumulation": Accumulation.DISTINCT}


def test_a_figure_is_counted_once_and_anew_after_every_change(app: Flask) -> None:
    with clock.standing_at(NOON):
        _live_through(Visitor(app).sign_in(make.user("manager", make.programme())))


def _live_through(manager: Visitor) -> None:
    programme = make.programme()
    people = make.indicator("people.completed", statement=Texts(en="People trained"), **WORKSHOPS)
    asked: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def shown() -> tuple[str, int]:
        """The figure on the page, and how many statements asked for attendances to make it."""
        db.session.commit()
        asked.clear()
        page = manager.get(f"/indicators/{people.uid}")
        figure = page.one("dl.facts b").text_content()
        return figure, sum("FROM attendances" in statement or "JOIN attendances" in statement for statement in asked)

    def figure() -> str:
        return shown()[0]

    man, woman = make.person(), make.person(sex=Sex.FEMALE)
    event = held(date(2027, 3, 1), attended={man: 1})
    assert shown() == ("1", 2), "all places, and those of people who have several"
    assert shown() == ("1", 0), "nothing has changed, nothing is counted"

    # A check-in that comes late, and its undoing.
    place = registration.register(woman, event, Origin.BY_HAND)
    attendance.mark(event.sessions[0], place, by=None)
    assert figure() == "2"
    presence = attendance.present_at(event.sessions[0])[place.id]
    attendance.annul(presence, by=make.user("manager"), reason="wrong person", manages=True)
    assert figure() == "1"

    # A batch from a phone's queue.
    with clock.standing_at(noon(date(2027, 3, 1))):
        late = [make.registration(event) for _ in range(3)]
        attendance.check_in(event.sessions[0], [_reading(place) for place in late], by=make.user("manager"))
    assert figure() == "4"

    # What a person is said to be.
    people.parameters = {"kinds": ["workshop"], "sectors": ["lawyer"]}
    assert figure() == "0"
    man.sector = Sector.LAWYER
    assert figure() == "1"
    people.parameters = {"kinds": ["workshop"]}

    # Two who turn out to be one: the places of one become the other's.
    twin = make.person()
    other = held(date(2027, 4, 1), attended={twin: 1})
    assert figure() == "5"
    merging.merge(man, twin, {}, by=make.user("manager"))
    assert figure() == "4"

    # An event that is open moves nothing; closing it does; a figure that was rolled back was never there.
    start = NOON - timedelta(hours=1)
    running = make.event(programme, sessions=make.sessions(start))
    attendance.mark(running.sessions[0], make.registration(running), by=None)
    assert shown()[0] == "4"
    assert shown() == ("4", 0)
    attendance.mark(running.sessions[0], make.registration(running), by=None)
    assert shown() == ("4", 0), "the door that is open makes nobody count anew"
    with clock.standing_at(NOON + timedelta(hours=5)):
        scheduling.close(running)
        openings.seal(running)
    assert figure() == "6"
    db.session.execute(sa.text("DELETE FROM attendances WHERE event_id = :event"), {"event": other.id})
    db.session.rollback()
    assert shown() == ("6", 0)


def _reading(place: Registration) -> Reading:
    return Reading(str(uuid.uuid4()), make.badge_code(place), clock.now())
