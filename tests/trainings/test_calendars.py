"""Calendars: what other programs read of our events, what they never read, and addresses that can be withdrawn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import vobject
from flask import Flask
from icalendar import Calendar
from sqlalchemy.exc import IntegrityError

from accounts import staff
from core import clock
from core.db import db
from core.i18n import Texts
from tests import make
from tests.make import NOON
from tests.pages import Visitor
from trainings import calendars, programmes, scheduling
from trainings.feed_models import CalendarFeed
from trainings.models import Event

pytestmark = pytest.mark.usefixtures("request_context")
SAYS_ALL = calendars.Face("Muster", "https://example.org", says_titles=True)
NEUTRAL = calendars.Face("Diary", "https://example.org", says_titles=False)
MARCH = datetime(2027, 3, 26, 8, 30, tzinfo=UTC)  # 9:30 in Warsaw, two days before summer time begins


def secret_event(**values: Any) -> Event:
    plan = {
        "title": Texts(en="Rights of detainees", ru="Права задержанных"),
        "inner_title": "Brest, after the scandal; take two",
        "sessions": make.sessions(NOON, count=2),
        **values,
    }
    return make.event(venue=make.venue(name=Texts(en="House, of; Lawyers")), **plan)


def test_two_programs_read_the_same_hours_through_a_change_of_the_clock(app: Flask) -> None:
    programme = make.programme("summer", time_zone="Europe/Warsaw")
    event = make.event(programme, title=Texts(en="Seminar, “two”; days"), sessions=make.sessions(MARCH, count=4))
    content = calendars.written([event], SAYS_ALL)
    meant = [(s.uid, s.starts_at, s.ends_at) for s in event.sessions]
    ours = Calendar.from_ical(content)
    read = [(str(e["UID"]), e["DTSTART"].dt.astimezone(UTC), e["DTEND"].dt.astimezone(UTC)) for e in ours.events]
    assert read == meant
    assert len(ours.timezones) == 1 and ours.timezones[0]["TZID"] == "Europe/Warsaw"
    theirs = vobject.readOne(content.decode())
    found = [(e.uid.value, e.dtstart.value.astimezone(UTC), e.dtend.value.astimezone(UTC)) for e in theirs.vevent_list]
    assert found == meant, "also for a program that knows no zones but those the file tells"
    assert theirs.vevent_list[0].summary.value == "Seminar, “two”; days, session 1"
    assert all(len(line) <= 75 for line in content.split(b"\r\n")), "long lines are folded"


def test_a_change_grows_the_number_and_keeps_the_name(app: Flask) -> None:
    event = secret_event()
    names, numbers = [], []
    steps = [
        lambda: None,
        lambda: scheduling.move(event, date(2027, 6, 1)),
        lambda: scheduling.move(event, date(2027, 6, 2)),
        lambda: scheduling.cancel(event, "Flood"),
    ]
    for step in steps:
        step()
        entry = vobject.readOne(calendars.written([event], NEUTRAL).decode()).vevent_list[0]
        names.append(entry.uid.value)
        numbers.append(int(entry.sequence.value))
    assert len(set(names)) == 1 and numbers == [0, 1, 2, 3]
    assert entry.status.value == "CANCELLED"
    db.session.commit()
    with pytest.raises((IntegrityError, sa.exc.DatabaseError)):
        db.session.execute(sa.update(Event).values(calendar_sequence=1))


def test_a_calendar_says_nothing_inner_and_by_default_nothing_of_what_it_is_about(app: Flask) -> None:
    event = secret_event(trainers=[make.user("trainer", make.programme(), "Андрей Лобан")])
    make.registration(event, "Иванова Анна")
    open_one, neutral = (_unfolded(calendars.written([event], face)) for face in (SAYS_ALL, NEUTRAL))
    for content in (open_one, neutral):
        assert "scandal" not in content and "Лобан" not in content and "Иванова" not in content
    assert "Rights of detainees" in open_one and r"House\, of\; Lawyers" in open_one
    assert "Rights" not in neutral and "Lawyers" not in neutral and "SUMMARY:Diary" in neutral and "Brest" in neutral


def test_a_feed_follows_its_owner_until_it_is_withdrawn(app: Flask) -> None:
    programme = make.programme()
    trainer = make.user("trainer", programme)
    own = make.event(programme, sessions=make.sessions(clock.now() + timedelta(days=3)), trainers=[trainer])
    make.event(programme, sessions=make.sessions(clock.now() + timedelta(days=3)))
    make.event(make.programme("elsewhere"))
    page = Visitor(app).sign_in(trainer).get("/calendar-feed").submit("Make the address")
    address = page.one("input[readonly]").get("value")
    token = address.rpartition("/")[2].removesuffix(".ics")
    assert token not in str([bytes(feed.token_digest) for feed in db.session.scalars(sa.select(CalendarFeed))])
    anybody = Visitor(app)
    assert _uids(anybody, token) == [own.sessions[0].uid]
    assert db.session.scalars(sa.select(CalendarFeed)).one().last_read_on == clock.today()
    scheduling.cancel(own, "Flood")
    assert "STATUS:CANCELLED" in anybody.ask("get", f"/c/{token}.ics").get_data(as_text=True)
    programmes.withdraw(programme, trainer)
    assert _uids(anybody, token) == [], "who left the programme reads none of it"
    again = Visitor(app).sign_in(trainer).get("/calendar-feed").submit("Make another, end this one")
    assert anybody.ask("get", f"/c/{token}.ics").status_code == 409
    newer = again.one("input[readonly]").get("value").rpartition("/")[2].removesuffix(".ics")
    assert _uids(anybody, newer) == []
    staff.let_go(trainer)
    assert anybody.ask("get", f"/c/{newer}.ics").status_code == 409
    assert anybody.ask("get", "/c/invented.ics").status_code == 409


def _uids(visitor: Visitor, token: str) -> list[str]:
    answer = visitor.ask("get", f"/c/{token}.ics")
    assert answer.status_code == 200 and answer.mimetype == "text/calendar"
    return [str(entry["UID"]) for entry in Calendar.from_ical(answer.data).events]


def _unfolded(content: bytes) -> str:
    return content.decode().replace("\r\n ", "")
