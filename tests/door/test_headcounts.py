"""Heads counted where names are not taken: earlier counts stay, two at once do not both win, nothing is mixed."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from core.db import db
from door import attendance, headcounts
from door.headcounts import CountedMeanwhile
from door.models import CountingMethod, Headcount
from tests import make
from tests.pages import Visitor
from trainings.models import FigureSource

ROOM, ENTRANCE = CountingMethod.ROOM, CountingMethod.ENTRANCE


@pytest.fixture
def counter(app: Flask):
    return make.user("trainer", make.programme())


def test_a_newer_count_replaces_the_one_before_which_stays(app: Flask, counter) -> None:
    session = make.event_session()
    first = headcounts.count(session, 40, ENTRANCE, counter)
    second = headcounts.count(session, 57, ROOM, counter, replaces=first.uid)
    db.session.expire_all()
    assert headcounts.in_force(session) == second
    assert [count.people for count in headcounts.of_session(session)] == [57, 40]
    assert first.replaced_at and first.counted_by == counter


def test_a_count_that_nobody_has_looked_at_is_not_replaced(app: Flask, counter) -> None:
    session = make.event_session()
    first = headcounts.count(session, 40, ENTRANCE, counter)
    headcounts.count(session, 41, ENTRANCE, counter, replaces=first.uid)
    for seen in (None, "", first.uid, "somebody-elses-1"):
        with pytest.raises(CountedMeanwhile):
            headcounts.count(session, 99, ROOM, counter, replaces=seen)
    standing = headcounts.in_force(session)
    assert standing and standing.people == 41


def test_of_two_who_count_at_once_one_stands(installation, app: Flask, counter) -> None:
    session = make.event_session()
    session_id, user_id, outcomes = session.id, counter.id, []
    seen = headcounts.count(session, 1, ROOM, counter).uid
    db.session.commit()
    db.session.remove()
    start = threading.Barrier(3)

    def count(people: int) -> None:
        with installation.app.app_context():
            try:
                start.wait(10)
                there, by = db.session.get_one(make.EventSession, session_id), db.session.get_one(make.User, user_id)
                headcounts.count(there, people, ROOM, by, replaces=seen)
                db.session.commit()
                outcomes.append(people)
            except CountedMeanwhile:
                outcomes.append(None)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=count, args=(people,)) for people in (40, 41, 42)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(outcomes) == 3 and outcomes.count(None) == 2, outcomes
    standing = db.session.scalars(sa.select(Headcount.people).where(Headcount.replaced_at.is_(None))).all()
    assert standing == [people for people in outcomes if people]


def test_the_database_knows_one_count_that_stands(app: Flask, counter) -> None:
    session = make.event_session()
    headcounts.count(session, 1, ROOM, counter)
    for people in (2, -1):
        values = {"people": people, "method": ROOM, "counted_by_id": counter.id, "event_session_id": session.id}
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(sa.insert(Headcount).values(uid=make.new_uid(), **values))


def test_an_event_goes_by_its_list_or_by_its_count_and_never_by_both(app: Flask, counter) -> None:
    event = make.event(sessions=make.sessions(count=3))
    for number in range(3):
        place = make.registration(event)
        for session in event.sessions[: number + 1]:
            attendance.mark(session, place, by=None)
    assert headcounts.figure(event).number == headcounts.figure(event).listed == 3
    headcounts.count(event.sessions[0], 57, ROOM, counter)
    headcounts.count(event.sessions[2], 41, ROOM, counter)
    found = headcounts.figure(event)
    assert (found.number, found.listed, found.counted, found.uncounted) == (3, 3, 57, [2])
    event.figure_source = FigureSource.HEADCOUNT
    assert headcounts.figure(event).number == 57, "the largest session: nobody knows whether they are the same people"


def test_an_event_that_goes_by_a_count_nobody_made_has_no_figure(app: Flask) -> None:
    event = make.event(figure_source=FigureSource.HEADCOUNT)
    attendance.mark(event.sessions[0], make.registration(event), by=None)
    found = headcounts.figure(event)
    assert found.number is None and found.listed == 1, "the list does not stand in for it"


def test_a_count_is_kept_on_its_page_and_both_numbers_stand_side_by_side(manager: Visitor) -> None:
    event = make.event(kind="forum", figure_source=FigureSource.HEADCOUNT, sessions=make.sessions(count=2))
    attendance.mark(event.sessions[0], make.registration(event), by=None)
    page = manager.get(f"/sessions/{event.sessions[0].uid}/headcount")
    assert "nobody has counted yet" in page.text(".figures")
    page = page.submit("Keep the headcount", people="57", method="entrance")
    assert "List: 1 · Headcount: 57" in page.text(".figures") and "Session 2 has not been counted." in page.text()
    assert "Counted at the entrance" in page.text("table") and "Manager" in page.text("table")
    page = page.submit("Keep the headcount", people="60")
    assert "replaced" in page.text("table") and "57" in page.text("table") and "Headcount: 60" in page.text(".figures")


@pytest.mark.parametrize("typed", ["", "-1", "many", "1000000", "4.5"])
def test_what_is_no_number_of_people_is_said_and_stays(manager: Visitor, typed: str) -> None:
    session = make.event_session()
    page = manager.get(f"/sessions/{session.uid}/headcount").submit("Keep the headcount", people=typed)
    assert page.status == 422 and page.text(".error")
    assert page.one("#people").get("value") == typed
    assert headcounts.in_force(session) is None


def test_who_counts_on_an_old_page_is_told_of_the_newer_count_and_may_save_again(manager: Visitor, counter) -> None:
    session = make.event_session()
    old_page = manager.get(f"/sessions/{session.uid}/headcount")
    headcounts.count(session, 57, ROOM, counter)
    page = old_page.submit("Keep the headcount", people="40")
    assert page.status == 422 and "meanwhile" in page.text(".notice") and "57" in page.text("table")
    assert page.one("#people").get("value") == "40"
    page = page.submit("Keep the headcount")
    standing = headcounts.in_force(session)
    assert standing and standing.people == 40


def test_the_manager_says_which_number_an_event_goes_by(manager: Visitor) -> None:
    event = make.event(kind="forum")
    db.session.commit()
    page = manager.get(f"/events/{event.uid}/edit")
    assert page.one("#figure_source option[selected]").get("value") == "list"
    page.submit("Save the plan", figure_source="headcount")
    assert event.figure_source == FigureSource.HEADCOUNT
    assert manager.get(f"/events/{event.uid}/edit").one("#figure_source option[selected]").get("value") == "headcount"
