"""Signing in: a password, an end by itself, slow guessing, one use of a link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from accounts import signing_in, staff
from accounts.models import InvitationPurpose, Role
from core import clock
from core.db import db
from core.errors import Refused
from tests import make
from tests.make import NOON
from tests.pages import Visitor

PASSWORD = "correct horse battery staple"


@pytest.fixture
def colleague(app: Flask):
    user = staff.add("Марина", "marina@example.org", Role.MANAGER, "en")
    staff.set_password(user, staff.hash_password(PASSWORD))
    db.session.commit()
    return user


def sign_in(visitor: Visitor, password: str = PASSWORD, email: str = "marina@example.org"):
    return visitor.get("/sign-in").submit("Sign in", email=email, password=password)


def test_the_right_password_opens_the_office_and_signing_out_closes_it(colleague, visitor: Visitor) -> None:
    page = sign_in(visitor)
    assert page.path == "/"
    page.submit("Sign out")
    assert visitor.get("/").path.startswith("/sign-in")


def test_the_address_may_be_typed_in_any_case(colleague, visitor: Visitor) -> None:
    assert sign_in(visitor, email=" Marina@Example.org").path == "/"


def test_after_signing_in_one_is_where_one_wanted_to_be(colleague, visitor: Visitor) -> None:
    page = visitor.get("/language-of-nothing")
    assert page.status == 404
    page = visitor.get("/staff")
    assert page.path.startswith("/sign-in?next=/staff")
    assert page.submit("Sign in", email="marina@example.org", password=PASSWORD).status == 403


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_way_on_never_leads_to_another_site(colleague, visitor: Visitor, elsewhere: str) -> None:
    page = visitor.get("/sign-in", query_string={"next": elsewhere})
    answer = page.submit("Sign in", follow=False, email="marina@example.org", password=PASSWORD)
    assert answer.response.headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(colleague, visitor: Visitor) -> None:
    wrong = sign_in(visitor, password="not the password")
    unknown = sign_in(visitor, email="nobody@example.org")
    assert wrong.status == unknown.status == 422
    assert wrong.text(".notice") == unknown.text(".notice") != ""
    assert wrong.one("#email").get("value") == "marina@example.org", "what was typed stays"


def test_guessing_gets_slow_but_locks_nobody_out(colleague, visitor: Visitor) -> None:
    with clock.standing_at(NOON):
        for _ in range(5):
            sign_in(visitor, password="a wrong guess")
        assert "Wait" in sign_in(visitor).text(".notice")
    with clock.standing_at(NOON + timedelta(minutes=1)):
        assert sign_in(visitor).path == "/"


def test_an_idle_sign_in_ends_and_a_used_one_goes_on(colleague, visitor: Visitor) -> None:
    with clock.standing_at(NOON):
        sign_in(visitor)
    with clock.standing_at(NOON + timedelta(minutes=14)):
        assert visitor.get("/").path == "/"
    with clock.standing_at(NOON + timedelta(minutes=28)):
        assert visitor.get("/").path == "/"
    with clock.standing_at(NOON + timedelta(minutes=44)):
        assert visitor.get("/").path.startswith("/sign-in")


def test_after_eight_hours_everybody_signs_in_again(colleague, visitor: Visitor) -> None:
    with clock.standing_at(NOON):
        sign_in(visitor)
    for minutes in range(10, 480, 10):
        with clock.standing_at(NOON + timedelta(minutes=minutes)):
            assert visitor.get("/").path == "/"
    with clock.standing_at(NOON + timedelta(minutes=481)):
        assert visitor.get("/").path.startswith("/sign-in")


def test_a_new_password_signs_all_browsers_out(colleague, visitor: Visitor) -> None:
    sign_in(visitor)
    staff.set_password(colleague, staff.hash_password("another four words entirely"))
    assert visitor.get("/").path.startswith("/sign-in")


def test_somebody_who_left_is_out_at_once_and_cannot_come_back(colleague, visitor: Visitor) -> None:
    sign_in(visitor)
    staff.let_go(colleague)
    assert visitor.get("/").path.startswith("/sign-in")
    assert sign_in(visitor).status == 422


def test_the_cookie_holds_no_name_and_scripts_cannot_read_it(colleague, visitor: Visitor) -> None:
    answer = visitor.get("/sign-in").submit("Sign in", follow=False, email="marina@example.org", password=PASSWORD)
    cookie = answer.response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    assert "Max-Age" not in cookie and "Expires" not in cookie, "it ends with the browser"


def test_the_first_administrator_sets_a_password_by_a_link_that_works_once(app: Flask, visitor: Visitor) -> None:
    first = staff.first_administrator()
    link = f"/welcome/{staff.invite(first)}"
    weak = visitor.get(link).submit(
        "Set the password and go in", name="Ирина", email="irina@example.org", password="short"
    )
    assert weak.status == 422 and "12 characters" in weak.text(".notice")
    assert weak.one("#name").get("value") == "Ирина"
    guessed = weak.submit("Set the password and go in", password="password12345")
    assert "would be guessed" in guessed.text(".notice")
    inside = guessed.submit("Set the password and go in", password=PASSWORD)
    assert inside.path == "/" and "Ирина" in inside.text("header")
    assert staff.first_administrator() is None
    again = Visitor(app).get(link)
    assert again.status == 409 and "has been used" in again.text("main")


def test_opening_a_welcome_link_uses_nothing_up(app: Flask, visitor: Visitor) -> None:
    """Messengers open links by themselves."""
    link = f"/welcome/{staff.invite(make.user('trainer'))}"
    for _ in range(3):
        assert visitor.get(link).status == 200


def test_a_demo_link_opens_nothing_outside_a_demo(app: Flask, visitor: Visitor) -> None:
    token = staff.invite(make.user("manager"), InvitationPurpose.ENTER_DEMO)
    assert visitor.get(f"/welcome/{token}").submit("Go in").status == 404


def test_two_people_cannot_sign_in_with_one_address(colleague) -> None:
    with pytest.raises(Refused, match="email_taken"):
        staff.add("Другая Марина", "MARINA@example.org", Role.TRAINER)


def test_the_last_administrator_cannot_leave(app: Flask) -> None:
    only = make.user("administrator")
    with pytest.raises(Refused, match="last_administrator"):
        staff.let_go(only)
    make.user("administrator")
    staff.let_go(only)
    assert not only.is_active


def test_ended_sign_ins_are_forgotten(colleague) -> None:
    with clock.standing_at(NOON):
        token = signing_in.start(colleague)
    with clock.standing_at(NOON + timedelta(hours=9)):
        signing_in.forget_ended()
        assert db.session.query(signing_in.SignIn).count() == 0
        assert signing_in.find(token) is None


def test_an_administrator_invites_and_the_link_is_shown_once(app: Flask) -> None:
    visitor = Visitor(app).sign_in(make.user("administrator"))
    page = visitor.get("/staff").submit("Add and show the link", name="Андрей", email="a@example.org", role="trainer")
    link = page.one("main input[readonly]").get("value")
    assert Visitor(app).get(link.removeprefix("http://localhost")).status == 200
    assert "invited" in visitor.get("/staff").text("table")


def test_the_audit_holds_ids_and_no_names(app: Flask) -> None:
    visitor = Visitor(app).sign_in(make.user("administrator"))
    visitor.get("/staff").submit("Add and show the link", name="Секретов", email="s@example.org", role="trainer")
    table = visitor.get("/audit").text("table")
    assert "added" in table and "Секретов" not in table
