"""Background work is written down: what waits, was done, failed and why, and what comes by itself when it should."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from certificates import issuing, printing
from certificates.models import CertificatePrinting
from core import clock, runs
from core.db import db
from core.queue import queue
from core.runs import JobRun, RunOutcome
from tests import make
from tests.pages import Visitor
from trainings.models import Event


@pytest.fixture(autouse=True)
def _empty_queue(app: Flask) -> Iterator[None]:
    queue.init_app(app, app.extensions["settings"].home)  # there is one queue, of the application made last
    queue.flush()
    yield
    queue.flush()


def asked_printing(event: Event) -> CertificatePrinting:
    by = make.user("manager", event.programme)
    issuing.issue(make.registration(event, "Иванова Анна"), by=by, reason="There all day")
    asked = printing.ask(event, by=by)
    db.session.commit()
    return asked


def work_off() -> None:
    db.session.commit()
    while (task := queue.dequeue()) is not None:
        queue.execute(task)
    db.session.expire_all()


def test_what_failed_says_its_kind_of_error_and_is_asked_for_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    programme = make.programme()
    event = make.event(programme)
    asked = asked_printing(event)
    manager = Visitor(app).sign_in(make.user("manager", programme))
    path = f"/programmes/{programme.uid}/jobs"
    queue.ask("draw_certificates", asked.uid)
    assert "waiting" in manager.get(path).text("main")
    folder = app.extensions["settings"].home / "printed"
    if folder.is_dir():
        folder.rename(folder.with_name("printed-aside"))
    folder.write_text("no folder")  # a disk that will not take the file
    try:
        work_off()
    finally:
        folder.unlink()
    page = manager.get(path)
    assert "failed" in page.text("main")
    assert "FileExistsError" in page.text("main")
    assert "Иванова" not in page.text("main")
    page = page.submit("Ask again")
    assert "will begin soon" in page.text("main")
    assert not any(button.text_content() == "Ask again" for button in page.all("main button")), "it waits already"
    work_off()
    assert "done" in manager.get(path).text("main table tbody tr:first-child")
    assert db.session.get(CertificatePrinting, asked.id).finished_at is not None
    stranger = Visitor(app).sign_in(make.user("manager", make.programme("elsewhere")))
    assert stranger.get(path).status == 403


def test_what_died_with_the_server_is_broken_off_and_asked_for_again_once(app: Flask) -> None:
    programme = make.programme()
    asked = asked_printing(make.event(programme))
    uid = runs.begin("draw_certificates", runs.wait("draw_certificates", asked.uid))
    runs.break_off()
    administrator = Visitor(app).sign_in(make.user("administrator"))
    assert "broken off" in administrator.get("/jobs").text("main")
    again = f"/jobs/{uid}/again"
    token = administrator.csrf()
    assert administrator.ask("post", again, data={"csrf_token": token}).status_code == 303
    assert administrator.ask("post", again, data={"csrf_token": token}).status_code == 409
    work_off()
    outcomes = db.session.scalars(sa.select(JobRun.outcome).order_by(JobRun.id)).all()
    assert outcomes == [RunOutcome.BROKEN_OFF, RunOutcome.DONE]


def test_what_comes_by_itself_shows_when_it_last_ran_and_whether_it_is_late(app: Flask) -> None:
    administrator = Visitor(app).sign_in(make.user("administrator"))

    def row() -> str:
        page = administrator.get("/jobs")
        return next(text for line in page.all("tr") if "sign-ins" in (text := line.text_content()))

    assert "never" in row()
    assert "late" in row()
    queue.enqueue(queue.known["forget_ended_sign_ins"].s())
    work_off()
    assert "on time" in row()
    with clock.standing_at(clock.now() + timedelta(hours=2)):
        administrator = Visitor(app).sign_in(make.user("administrator"))
        assert "late" in row()


def test_a_worker_that_starts_does_what_should_have_come_by_itself_meanwhile(app: Flask) -> None:
    administrator = Visitor(app).sign_in(make.user("administrator"))

    def states() -> set[str]:
        return {state.text_content().strip() for state in administrator.get("/jobs").all(".state")}

    assert "late" in states()
    queue.catch_up()
    work_off()
    assert states() == {"on time", "done"}, "a new installation is late with nothing"
    queue.catch_up()
    assert not queue.pending_count(), "what was done is not done again"
    with clock.standing_at(clock.now() + timedelta(hours=25)):
        queue.catch_up()
        assert queue.pending_count() == len(queue.hours), "after a day"


def test_of_a_job_that_runs_every_minute_the_last_runs_are_kept_and_its_failures_longer(app: Flask) -> None:
    runs.end("send_due_letters", runs.begin("send_due_letters", None), ValueError("anna@example.org"))
    for _number in range(runs.KEPT + 5):
        runs.end("send_due_letters", runs.begin("send_due_letters", None))
    kept = db.session.scalars(sa.select(JobRun)).all()
    assert len(kept) == runs.KEPT + 1
    failed = runs.latest("send_due_letters", RunOutcome.FAILED)
    assert failed is not None
    assert failed.problem == "ValueError"
