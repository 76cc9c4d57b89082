"""Planning: clashes named, moves by the wall clock, what is over stays over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from core import clock
from core.db import db
from core.errors import Refused
from core.i18n import Texts
from door import attendance
from tests import make
from tests.make import NOON, ZONE
from tests.pages import Visitor
from trainings import agenda, scheduling
from trainings.models import EventKind, EventSession, EventStatus, PrivacyLevel
from trainings.scheduling import EventPlan, SessionPlan

pytestmark = pytest.mark.usefixtures("request_context")


def plan(**values) -> EventPlan:
    return EventPlan(
        **{"kind": EventKind.WORKSHOP, "title": Texts(en="Workshop"), "sessions": make.sessions(NOON), **values}
    )


def test_a_trainer_cannot_be_in_two_places(app: Flask) -> None:
    trainer = make.user("trainer", make.programme(), "Андрей Лобан")
    first = make.event(sessions=make.sessions(NOON), trainers=[trainer])
    with pytest.raises(Refused) as refusal:
        scheduling.plan(make.programme(), plan(trainers=[trainer]))
    assert "Андрей Лобан" in refusal.value.message and str(first.title) in refusal.value.message
    assert "Лобан" not in str(refusal.value), "a log never holds a name"
    scheduling.plan(make.programme(), plan(trainers=[trainer]), despite_clashes=True)


def test_a_venue_is_taken_only_while_somebody_sits_in_it(app: Flask) -> None:
    venue = make.venue()
    make.event(sessions=make.sessions(NOON, hours=3), venue=venue)
    with pytest.raises(Refused, match="clashing"):
        scheduling.plan(make.programme(), plan(venue=venue, sessions=make.sessions(NOON + timedelta(hours=2))))
    scheduling.plan(make.programme(), plan(venue=venue, sessions=make.sessions(NOON + timedelta(hours=3))))


def test_a_cancelled_event_takes_no_venue(app: Flask) -> None:
    venue = make.venue()
    scheduling.cancel(make.event(sessions=make.sessions(NOON), venue=venue), "flood")
    scheduling.plan(make.programme(), plan(venue=venue))


def test_an_event_does_not_clash_with_itself(app: Flask) -> None:
    venue = make.venue()
    event = make.event(sessions=make.sessions(NOON), venue=venue)
    scheduling.revise(event, plan(venue=venue, sessions=make.sessions(NOON + timedelta(hours=1))))


def test_moving_keeps_the_hours_of_the_wall_clock(app: Flask) -> None:
    programme = make.programme("summer", time_zone="Europe/Warsaw")
    morning = datetime(2027, 3, 26, 8, 30, tzinfo=UTC)  # 9:30 in Warsaw, before summer time
    event = make.event(programme, sessions=make.sessions(morning, count=2))
    scheduling.move(event, date(2027, 3, 29))
    assert [s.starts_at for s in event.sessions] == [datetime(2027, 3, day, 7, 30, tzinfo=UTC) for day in (29, 30)]
    assert (event.starts_on, event.ends_on) == (date(2027, 3, 29), date(2027, 3, 30))


def test_sessions_stand_in_order_and_do_not_overlap(app: Flask) -> None:
    later, earlier = make.sessions(NOON + timedelta(hours=5)), make.sessions(NOON)
    event = scheduling.plan(make.programme(), plan(sessions=[*later, *earlier]))
    assert [session.number for session in event.sessions] == [1, 2]
    assert event.sessions[0].starts_at == NOON
    with pytest.raises(Refused, match="sessions_overlap"):
        scheduling.plan(make.programme(), plan(sessions=[*earlier, *make.sessions(NOON + timedelta(hours=1))]))
    with pytest.raises(Refused, match="no_sessions"):
        scheduling.plan(make.programme(), plan(sessions=[]))


def test_an_event_is_closed_only_when_its_last_session_has_begun(app: Flask) -> None:
    event = make.event(sessions=make.sessions(NOON, count=2))
    with clock.standing_at(NOON + timedelta(hours=2)), pytest.raises(Refused, match="not_begun"):
        scheduling.close(event)
    with clock.standing_at(NOON + timedelta(days=1, hours=1)):
        scheduling.close(event)
    assert event.status == EventStatus.HELD
    for change in (lambda: scheduling.move(event, date(2027, 6, 1)), lambda: scheduling.cancel(event, "late")):
        with pytest.raises(Refused, match="not_planned"):
            change()


def test_an_event_without_names_never_gets_names(app: Flask) -> None:
    event = make.event(sessions=make.sessions(NOON), coded=True)
    with pytest.raises(Refused, match="privacy_lowered"):
        scheduling.revise(event, plan(privacy=PrivacyLevel.NAMED))
    scheduling.revise(event, plan(privacy=PrivacyLevel.CODED))


def test_the_database_refuses_a_session_that_ends_before_it_starts(app: Flask) -> None:
    event = make.event(sessions=make.sessions(NOON))
    db.session.add(EventSession(event_id=event.id, number=9, starts_at=NOON, ends_at=NOON - timedelta(hours=1)))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_the_month_shows_an_event_on_each_of_its_days(app: Flask) -> None:
    event = make.event(sessions=make.sessions(NOON, count=2))
    days = [day for week in agenda.month(make.programme(), 2027, 5) for day in week if day.events]
    assert [(day.on, day.events) for day in days] == [(date(2027, 5, 14), [event]), (date(2027, 5, 15), [event])]


# On the pages.


def fields(**values) -> dict[str, str]:
    return {
        "title-ru": "Семинар", "kind": "workshop", "sessions-0-on": "2027-05-14", "sessions-0-starts": "09:30",
        "sessions-0-ends": "12:30", **values,
    }  # fmt: skip


def test_a_manager_plans_an_event_in_one_form(manager: Visitor) -> None:
    page = manager.get("/").link("Events").link("Plan an event")
    page = page.submit("Save the plan", **fields(**{"sessions-0-title": "Утро", "capacity": "25"}))
    assert page.text("h1") == "Семинар"
    assert "Утро" in page.text("table") and "09:30–12:30" in page.text("table")
    assert "Still missing" in page.text(), "venue, trainers and people are to come"


def test_a_clash_is_named_and_can_be_overruled(manager: Visitor) -> None:
    trainer = make.user("trainer", make.programme(), "Андрей Лобан")
    make.event(
        sessions=[SessionPlan(datetime(2027, 5, 14, 9, 0, tzinfo=ZONE), datetime(2027, 5, 14, 18, 0, tzinfo=ZONE))],
        trainers=[trainer],
    )
    page = manager.get("/").link("Events").link("Plan an event")
    page = page.submit("Save the plan", trainers=[trainer.uid], **fields())
    assert page.status == 422 and "Андрей Лобан" in page.text(".notice")
    assert page.one("[name=title-ru]").get("value") == "Семинар", "what was typed stays"
    page = page.submit("Save the plan", despite_clashes="y")
    assert page.text("h1") == "Семинар"


def test_what_is_wrong_in_the_form_is_said_beside_it(manager: Visitor) -> None:
    page = manager.get("/").link("Events").link("Plan an event")
    wrong = {"sessions-0-ends": "08:00", "capacity": "many", "title-ru": ""}
    page = page.submit("Save the plan", **fields(**wrong))
    assert page.status == 422
    said = page.text(".error")
    assert "A session ends after it starts" in said and "whole number" in said and "one language" in said
    assert page.one("[name=capacity]").get("value") == "many"


def test_more_sessions_can_be_asked_for_without_losing_anything(manager: Visitor) -> None:
    page = manager.get("/").link("Events").link("Plan an event")
    before = len(page.all("tr.line"))
    page = page.submit("One more session", **fields())
    assert len(page.all("tr.line")) == before + 1
    assert page.one("[name=title-ru]").get("value") == "Семинар"


def test_an_event_is_moved_and_cancelled_with_its_reason_kept(manager: Visitor) -> None:
    event = make.event(sessions=make.sessions(NOON, count=2))
    page = manager.get(f"/events/{event.uid}").link("Move the event").submit("What would that do?", to="2027-06-01")
    assert "Nothing clashes" in page.text()
    page = page.submit("Move all sessions")
    assert "1–2 June 2027" in page.text()
    page = page.link("Cancel the event").submit("Cancel the event", reason="The hall is flooded")
    assert "The hall is flooded" in page.text()
    assert "Open the door" not in page.text()


def test_a_session_with_attendance_cannot_be_dropped(manager: Visitor) -> None:
    event = make.event(sessions=make.sessions(count=2))
    place = make.registration(event)
    attendance.mark(event.sessions[1], place, by=None)
    page = manager.get(f"/events/{event.uid}/edit")
    page = page.submit("Save the plan", **{"sessions-1-on": "", "sessions-1-starts": "", "sessions-1-ends": ""})
    assert page.status == 422 and "checked in" in page.text(".notice")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(EventSession)) == 2


def test_the_list_is_filtered_and_the_calendar_turned(manager: Visitor) -> None:
    make.event(sessions=make.sessions(NOON), title=Texts(en="A workshop"))
    make.event(sessions=make.sessions(NOON), kind="forum", title=Texts(en="A forum"))
    page = manager.get("/").link("Events").submit("Show", kind="forum", status="")
    assert "A forum" in page.text("tbody") and "A workshop" not in page.text("tbody")
    page = manager.get(f"/programmes/{make.programme().uid}/calendar/2027/4").link("Next month")
    assert "A forum" in page.text(".calendar")
