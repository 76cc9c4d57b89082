"""Who moves up from a waiting list is told, once; and letters bring the event for the calendar, and say no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from email.message import Message as Mail

import pytest
import sqlalchemy as sa
import vobject
from flask import Flask
from icalendar import Calendar

from core import clock
from core.db import db
from core.i18n import Texts
from messages import jobs, wording, writing
from messages.models import Letter, Message, MessageKind, Recipients
from participants import registration
from participants.models import Registration
from places import answering, giving, waiting
from tests import make
from tests.mail_servers import Server, mail_server
from tests.pages import Visitor
from trainings import scheduling
from trainings.models import Event


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    with mail_server(app) as found:
        yield found


def full_event(*, tells: bool = True, count: int = 3, **more: object) -> tuple[Event, list[Registration]]:
    """An event with one place that fills by itself: the first has it, the others wait."""
    event = make.event(capacity=1, sessions=make.sessions(clock.now() + timedelta(days=5)), **more)
    rules = giving.rules_of(event)
    rules.fills_by_itself = True
    db.session.add(rules)
    wording.settle(event.programme, is_on=True, subject=Texts(), tells_who_moves_up=tells)
    places = [make.registration(event, email=f"person{n}@example.com", language="en") for n in range(count)]
    for place in places[1:]:
        waiting.put(place)
    db.session.commit()
    return event, places


def states() -> list[str]:
    return [state.value for state in db.session.scalars(sa.select(Letter.state).order_by(Letter.id))]


def calendar_in(letter: Mail) -> tuple[Mail, Calendar]:
    """The part that holds the calendar, and the calendar as one program reads it; another reads the same of it."""
    (part,) = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    content = part.get_payload(decode=True)
    ours, theirs = Calendar.from_ical(content), vobject.readOne(content.decode())
    read = [(str(e["UID"]), e["DTSTART"].dt.astimezone(UTC), int(e["SEQUENCE"])) for e in ours.events]
    entries = theirs.vevent_list
    assert read == [(e.uid.value, e.dtstart.value.astimezone(UTC), int(e.sequence.value)) for e in entries]
    assert theirs.method.value == ours["METHOD"] == part.get_param("method")
    return part, ours


def test_who_moves_up_gets_one_letter_by_itself(server: Server, app: Flask, visitor: Visitor, manager: Visitor) -> None:
    event, (first, second, _third) = full_event()
    jobs.work_through()
    assert server.taken == []
    visitor.ask("post", f"/p/{make.token(first)}/places/{first.uid}/answer", data={"said": "not_coming"})
    jobs.work_through()
    jobs.work_through()
    assert server.addresses == ["person1@example.com"]
    text = next(part for part in server.taken[0].walk() if part.get_content_type() == "text/plain")
    said = text.get_payload(decode=True).decode()
    assert "A place has become free and it is yours" in said and f"/p/{make.token(second)}" in said
    _part, calendar = calendar_in(server.taken[0])
    assert [str(e["UID"]) for e in calendar.events] == [event.sessions[0].uid]
    page = manager.get(f"/events/{event.uid}/messages")
    assert "A place has become free" in page.text("tbody") and "by itself" in page.text("tbody")


def test_who_gives_the_new_place_back_before_the_letter_goes_gets_none(app: Flask) -> None:
    _event, (first, second, third) = full_event()
    waiting.give_back(first)
    db.session.commit()
    jobs.work_through()
    assert states() == ["waiting"], "no server yet"
    answering.decline(second)
    db.session.commit()
    with mail_server(app) as server:
        jobs.work_through()
        assert server.addresses == [third.participant.email]
    assert states() == ["skipped", "sent"]


def test_no_such_letter_goes_out_until_it_is_wanted_and_then_to_nobody_of_before(
    server: Server, app: Flask, manager: Visitor
) -> None:
    event, (first, second, third) = full_event(tells=False)
    waiting.give_back(first)
    db.session.commit()
    jobs.work_through()
    page = manager.get(f"/programmes/{event.programme.uid}/mail")
    assert not page.all("[name=tells_who_moves_up][checked]")
    page.submit("Save", tells_who_moves_up="y")
    jobs.work_through()
    assert server.taken == [] and db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0
    text = wording.text_of(event.programme, MessageKind.MOVED_UP)
    by_hand = writing.reach(event, MessageKind.MOVED_UP, Recipients.ALL).by_mail
    assert [place.id for place in by_hand] == [second.id], "the office may still write to them"
    writing.write(event, MessageKind.MOVED_UP, Recipients.ALL, text, by=make.user("manager", event.programme))
    registration.cancel(second)
    waiting.give(third)
    db.session.commit()
    jobs.work_through()
    assert set(server.addresses) == {third.participant.email}


def test_an_invitation_and_a_change_bring_the_event_for_the_calendar(server: Server, app: Flask) -> None:
    event, (first, _second) = full_event(tells=False, count=2, title=Texts(en="Secret workshop", ru="Тайный семинар"))
    event.venue = make.venue(event.programme, name=Texts(en="House of Lawyers"))
    answering.ask(event)
    user = make.user("manager", event.programme)

    def sent(kind: MessageKind) -> list[Mail]:
        server.taken.clear()
        writing.write(event, kind, Recipients.ALL, wording.text_of(event.programme, kind), by=user)
        db.session.commit()
        jobs.work_through()
        return list(server.taken)

    (invitation,) = sent(MessageKind.INVITATION)
    part, calendar = calendar_in(invitation)
    assert part.get_filename() == "calendar.ics" and str(calendar["METHOD"]) == "PUBLISH"
    content = part.get_payload(decode=True).decode()
    for word in ("Secret", "Lawyers", "/events/", "/p/", first.participant.code, "person0", event.uid):
        assert word not in content, word
    (entry,) = calendar.events
    assert str(entry["ORGANIZER"]) == "mailto:post@example.net" and str(entry["LOCATION"]) == "Brest"
    assert (str(entry["UID"]), int(entry["SEQUENCE"])) == (event.sessions[0].uid, 0)
    scheduling.move(event, event.starts_on + timedelta(days=1))
    letters = {str(letter["To"]): letter for letter in sent(MessageKind.CHANGE)}
    (moved,) = calendar_in(letters["person0@example.com"])[1].events
    assert (str(moved["UID"]), int(moved["SEQUENCE"])) == (str(entry["UID"]), 1)
    assert moved["DTSTART"].dt - entry["DTSTART"].dt == timedelta(days=1)
    assert not letters["person1@example.com"].is_multipart(), "who waits has nothing for the calendar"
    scheduling.cancel(event, "Flood")
    letters = {str(letter["To"]): letter for letter in sent(MessageKind.CHANGE)}
    (over,) = calendar_in(letters["person0@example.com"])[1].events
    assert (str(over["STATUS"]), int(over["SEQUENCE"])) == ("CANCELLED", 2)
