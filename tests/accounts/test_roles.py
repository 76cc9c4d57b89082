"""Roles: one programme by another, changed on a page, written down, and never the last administrator's."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from accounts import staff
from accounts.models import AuditEntry, Role
from core.db import db
from core.errors import Refused
from tests import make
from tests.pages import Visitor
from trainings import calendars, programmes


def test_somebody_manages_one_programme_and_teaches_in_another(app: Flask) -> None:
    here, there = make.programme("here"), make.programme("there")
    user = make.user("trainer", here)
    mine = make.event(here, trainers=[user])
    led, other = make.event(there, trainers=[user]), make.event(there)
    visitor, administrator = Visitor(app).sign_in(user), Visitor(app).sign_in(make.user("administrator"))
    assert visitor.get(f"/programmes/{here.uid}/team").status == 403
    page = administrator.get("/staff").link("Change the role")
    page = administrator.get(f"/staff/{user.uid}")
    page.submit("Save", **{f"in-{here.uid}": "manager", f"in-{there.uid}": "trainer"})
    assert visitor.get(f"/programmes/{here.uid}/team").status == 200, "from the next page on"
    assert visitor.get(f"/programmes/{there.uid}/team").status == 403
    assert visitor.get(f"/events/{led.uid}/people").status == 200
    assert visitor.get(f"/events/{other.uid}/people").status == 403
    assert visitor.get(f"/events/{other.uid}").status == 200
    assert {event.id for event in calendars.events_for(user)} == {mine.id, led.id}
    said = [(e.verb, e.details) for e in db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))]
    assert said == [
        ("assigned", {"programme": here.uid, "role": "manager"}),
        ("assigned", {"programme": there.uid, "role": "trainer"}),
    ]
    administrator.get(f"/staff/{user.uid}").submit("Save", **{f"in-{here.uid}": ""})
    assert visitor.get(f"/programmes/{here.uid}").status == 403
    assert "Trainer" in administrator.get("/staff").text("table")


def test_a_new_colleague_works_in_the_programme_at_once(app: Flask) -> None:
    programme = make.programme()
    page = Visitor(app).sign_in(make.user("administrator")).get("/staff")
    page.submit("Add and show the link", name="Андрей", email="a@example.org", role="trainer")
    assert [user.name for user in programmes.trainers(programme)] == ["Андрей"]


def test_a_manager_says_who_is_what_in_the_own_team(manager: Visitor, app: Flask) -> None:
    programme = make.programme()
    user = make.user("trainer", programme)
    page = manager.get(f"/programmes/{programme.uid}/team")
    select = next(one for one in page.all("select") if one.get("aria-label") == f"Role of {user.name}")
    assert select.value == "trainer"
    path = f"/programmes/{programme.uid}/team/{user.uid}/role"
    assert manager.post(path, role="monitor").status == 303
    assert programmes.roles_of(user) == {programme.uid: Role.MONITOR}
    assert manager.post(path, role="administrator").status == 400, "that is nobody's to give in a team"
    assert (
        manager.post(f"/programmes/{programme.uid}/team/{make.user('trainer').uid}/role", role="monitor").status == 400
    )


def test_the_last_administrator_stays_one(app: Flask) -> None:
    only = make.user("administrator")
    visitor = Visitor(app).sign_in(only)
    page = visitor.get(f"/staff/{only.uid}").submit("Save", role="manager")
    assert page.status == 422 and "last administrator" in page.text("[role=alert]")
    assert page.one("#role").value == "manager", "what was chosen stays"
    for change in ("role = 'manager'", "is_working = false"):
        with pytest.raises(sa.exc.DBAPIError, match="an_administrator_stays"), db.session.begin_nested():
            db.session.execute(sa.text(f"UPDATE users SET {change}"))
    db.session.rollback()
    second = make.user("administrator")
    only.password_hash = "set"
    db.session.flush()
    with pytest.raises(Refused, match="last_administrator"):
        staff.change_role(only, Role.MANAGER)  # the other one cannot sign in yet
    second.password_hash = "set"
    db.session.commit()
    page = visitor.get(f"/staff/{only.uid}").submit("Save", role="manager")
    assert page.path == "/" and visitor.get("/staff").status == 403
    with pytest.raises(Refused, match="last_administrator"):
        staff.let_go(second)
