"""The pages: for who issues, for who prints many, for the participant, and for whoever checks a code."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from certificates import issuing, jobs, printing, verifying
from certificates.models import Certificate
from core import clock
from core.db import db
from core.queue import queue
from door import attendance
from participants import roster
from participants.models import Registration
from privacy import codes
from tests import make
from tests.pages import Visitor
from tests.papers import pages_of, text_of


def certified(name: str = "Известная Анна", **event: object) -> Certificate:
    place = make.registration(make.event(**event), name)  # type: ignore[arg-type]
    attendance.mark(place.event.sessions[0], place, by=None)
    issued = issuing.issue(place, by=make.user("manager", place.event.programme))
    db.session.commit()
    return issued


def crowd(number: int) -> Registration:
    event = make.event()
    for _ in range(number):
        place = make.registration(event)
        attendance.mark(event.sessions[0], place, by=None)
    return place


def test_from_the_rule_to_the_papers(manager: Visitor) -> None:
    place = crowd(2)
    make.registration(place.event, "Опоздавшая Ольга")
    page = manager.get(f"/events/{place.event.uid}").link("Certificates")
    assert "At least 80 % of the sessions attended." in page.text()
    assert "Attended 0 of 1 session, 1 needed" in page.text("tr")
    page = page.submit("Issue 2 certificates")
    assert "2 certificates are issued." in page.text()
    assert pages_of(page.link("Print 2 certificates").response.data) == 2
    page = page.link("Опоздавшая Ольга")
    assert "The rule says no" in page.submit("Issue it all the same").text()
    page = page.submit("Issue it all the same", reason="Her train was late")
    assert "Her train was late" in page.text("dd")
    page = page.submit("Issue it anew")
    assert "not valid from now on" in page.text() and "Not valid any more" in page.text()
    page = page.submit("Withdraw the certificate", reason="Not present after all")
    assert "revoked: Not present after all" in page.text()


def test_the_rule_of_an_event_is_set_and_dropped(manager: Visitor) -> None:
    event = make.event()
    page = manager.get(f"/events/{event.uid}/certificates/rule")
    assert page.submit("Save", percent="0").status == 422
    fields = {"percent": "50", "needs_post_test": "y", "first_name-ru": "Марина", "first_position-ru": "Тренер"}
    page = page.submit("Save", **fields)
    assert "At least 50 % of the sessions attended, and the quiz after the event taken." in page.text()
    assert "No quiz has been opened after this event" in page.text()
    page = page.link("Rule and words of this event").submit("Follow the programme's rule")
    assert "At least 80 %" in page.text()


def test_many_are_drawn_in_the_background_and_found_again(
    app: Flask, manager: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue.init_app(app, app.extensions["settings"].home)
    queue.flush()
    monkeypatch.setattr(printing, "AT_ONCE", 10)
    place = crowd(12)
    issuing.issue_all(place.event, by=make.user("manager"))
    here = f"/events/{place.event.uid}/certificates"
    assert manager.get(f"{here}.pdf").status == 409, "too many for one answer"
    page = manager.get(here).submit("Draw 12 certificates")
    assert "0 of 12 drawn" in page.text() and page.all("progress")
    again = manager.get(here).submit("Draw 12 certificates")
    assert again.path == page.path, "one at a time"
    assert manager.get(f"{page.path}/certificates.pdf").status == 409
    db.session.rollback()  # a writer at a time: the worker is one
    queue.execute(queue.dequeue())
    assert "12 certificates are ready." in manager.get(page.path).text()
    assert pages_of(manager.get(f"{page.path}/certificates.pdf").response.data) == 12
    assert "ready" in manager.get(here).text("main ul")


def test_the_file_lies_sealed_and_is_gone_after_a_day(app: Flask, manager: Visitor) -> None:
    issued = certified()
    asked = printing.ask(issued.event, by=issued.issued_by)
    jobs.draw_certificates(asked.uid)
    folder: Path = app.extensions["settings"].home / "printed"
    (file,) = [path for path in folder.iterdir() if path.name == asked.uid]
    assert b"%PDF" not in file.read_bytes() and text_of(printing.fetch(asked))
    with clock.standing_at(clock.now() + timedelta(hours=25)):
        printing.forget_old()
    assert not file.exists() and printing.find(asked.uid) is None


def test_the_work_of_a_stopped_server_is_taken_up_again(app: Flask) -> None:
    issued = certified()
    with clock.standing_at(clock.now() - timedelta(hours=1)):
        asked = printing.ask(issued.event, by=issued.issued_by)
    assert printing.left_behind() == [asked.uid]
    jobs.draw_certificates(asked.uid)
    assert printing.left_behind() == []


def test_anybody_checks_a_code_and_learns_no_name(visitor: Visitor) -> None:
    issued = certified()
    event = issued.event
    page = visitor.get(f"/verify/{issued.code}")
    assert "This certificate is valid." in page.text()
    assert "Workshop" in page.text() and str(event.programme.title) in page.text()
    hidden = ("Известная", "Анна", issued.registration.participant.code, str(event.title), issued.uid, event.uid)
    assert not [word for word in hidden if word in page.response.data.decode()]
    assert "Set-Cookie" not in page.response.headers
    typed = page.submit("Check", code=codes.grouped(issued.code).lower())
    assert "This certificate is valid." in typed.text()
    issuing.withdraw(issued, "Лишняя причина", by=issued.issued_by)
    page = visitor.get(f"/verify/{issued.code}")
    assert "not valid any more" in page.text() and "Workshop" not in page.text() and "причина" not in page.text()


def test_an_unknown_and_a_mistyped_code_are_answered_alike(visitor: Visitor) -> None:
    unknown = codes.certificate_code()
    answers = {visitor.get(f"/verify/{code}").text("[role=status]") for code in (unknown, "ABC", "x" * 200)}
    assert len(answers) == 1 and visitor.get(f"/verify/{unknown}").status == 404
    assert visitor.get("/verify").status == 200


def test_trying_codes_gets_slow_from_one_network_and_keeps_nobody_out(app: Flask) -> None:
    issued, guesser, other = certified(), Visitor(app), Visitor(app)
    other.client.environ_base["REMOTE_ADDR"] = "2001:db8::1"
    with clock.standing_at(make.NOON):
        for _ in range(8):
            guesser.get("/verify/ABCD-EFGH-JKLM-NPQR")
        assert guesser.get(f"/verify/{issued.code}").status == 200, "slips of the finger are no guesses"
        for _ in range(5):
            assert guesser.get(f"/verify/{codes.certificate_code()}").status == 404
        page = guesser.get(f"/verify/{issued.code}")
        assert page.status == 429 and "Wait" in page.text("[role=alert]") and "valid" not in page.text("main")
        assert page.one("#code").get("value") == issued.code, "what was typed stays"
        assert other.get(f"/verify/{issued.code}").status == 200
    with clock.standing_at(make.NOON + verifying.LONGEST_WAIT + timedelta(seconds=1)):
        assert "This certificate is valid." in page.submit("Check").text()


def test_a_participant_opens_the_own_certificate_only(visitor: Visitor) -> None:
    own, other = certified("Первая Вера"), certified("Вторая Ольга")
    page = visitor.get(f"/p/{roster.personal_token(own.registration.participant)}")
    paper = page.link("Open the certificate").response
    assert "Первая Вера" in text_of(paper.data) and "Первая" not in paper.headers["Content-Disposition"]
    assert visitor.get(f"{page.path}/certificate/{other.uid}").status == 409
    issuing.withdraw(own, "Mistake", by=own.issued_by)
    assert visitor.get(f"{page.path}/certificate/{own.uid}").status == 409
    assert "Your certificate" not in visitor.get(page.path).text()


def test_names_are_printed_for_who_leads_the_event_only(app: Flask) -> None:
    issued = certified()
    stranger = Visitor(app).sign_in(make.user("trainer", issued.event.programme))
    for path in (f"/events/{issued.event.uid}/certificates.pdf", f"/certificates/{issued.uid}/certificate.pdf"):
        assert stranger.get(path).status == 403
