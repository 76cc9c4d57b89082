"""The server dies without a word, again and again, while phones send: what was answered stays, nothing comes twice."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import cycle
from random import Random
from typing import Any

import sqlalchemy as sa

from core import clock
from core.config import CHECKOUT
from core.db import db
from door import attendance
from door.models import Attendance, Outcome, Scan
from tests import make
from tests.conftest import Installation
from tests.serving import PYTHON, Served, free_port, sign_in
from trainings.models import Event

# Our code is loaded once; each line on standard input starts the production server anew in a fork of that.
SERVING = """
import os, sys
import app
from core import serving
for _ in sys.stdin:
    pid = os.fork()
    if pid == 0:
        os.setsid()
        os.dup2(2, 1)
        made = app.create_app()
        serving.serve(made, made.extensions["settings"])
        os._exit(0)
    print(pid, flush=True)
    os.waitpid(pid, 0)
"""
PEOPLE, SITTINGS = 100, 6
HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


class Mortal:
    """The production server with all its processes in a group of their own, to be killed together."""

    def __init__(self, installation: Installation) -> None:
        self.port = free_port()
        settings = installation.app.extensions["settings"]
        environment = {**os.environ, "MUSTER_HOME": str(settings.home), "MUSTER_PORT": str(self.port)}
        self.loaded = subprocess.Popen(
            [PYTHON, "-c", SERVING], cwd=CHECKOUT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.group = 0

    def start(self) -> None:
        """Start and wait until it answers."""
        assert self.loaded.stdin and self.loaded.stdout
        self.loaded.stdin.write(b"start\n")
        self.loaded.stdin.flush()
        self.group = int(self.loaded.stdout.readline())
        for _ in range(1500):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
            try:
                connection.request("GET", "/health")
                if connection.getresponse().status == 200:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)
            finally:
                connection.close()
        raise AssertionError("the server does not answer")

    def kill(self) -> None:
        """SIGKILL to every process of it at once: nobody finishes, closes or writes anything."""
        if self.group:
            os.killpg(self.group, signal.SIGKILL)
            self.group = 0

    def end(self) -> None:
        self.kill()
        assert self.loaded.stdin and self.loaded.stdout
        self.loaded.stdin.close()
        self.loaded.stdout.close()
        self.loaded.wait(timeout=15)


class Phone(threading.Thread):
    """Sends bodies of scans one after the other, each again and again under the same ids until it is answered."""

    def __init__(self, served: Served, bodies: list[tuple[str, dict]]) -> None:
        super().__init__(daemon=True)
        self.served, self.bodies = served, bodies
        self.answered: dict[str, str] = {}  # scan id -> outcome
        self.changed: list[str] = []  # ids whose outcome was another the second time
        self.resent = 0
        self.is_through = threading.Event()
        self.is_called_back = False

    def run(self) -> None:
        """All bodies once at least; then from the beginning, until it is called back."""
        for number, (path, body) in enumerate(cycle(self.bodies)):
            if number >= len(self.bodies):
                self.is_through.set()
                if self.is_called_back:
                    return
            while (answers := self.send(path, body)) is None:
                self.resent += 1
                time.sleep(0.01)
            for answer in answers:
                if self.answered.setdefault(answer["id"], answer["outcome"]) != answer["outcome"]:
                    self.changed.append(answer["id"])

    def send(self, path: str, body: dict) -> list[dict[str, Any]] | None:
        """The answers; None when none came, whatever the reason."""
        connection = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=10)
        try:
            connection.request("POST", path, json.dumps(body), {**HEADERS, **self.served.headers})
            response = connection.getresponse()
            content = response.read()
            assert response.status == 200, content
            answers: list[dict[str, Any]] = json.loads(content)["answers"]
            return answers
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()


@contextmanager
def mortal_server(installation: Installation) -> Iterator[tuple[Mortal, Served, Event, list[str]]]:
    """A server that has not been started yet, an event with sessions on one after the other, and its badges."""
    installation.empty()
    server = Mortal(installation)
    with installation.app.app_context():
        trainer = make.user("trainer", make.programme())
        start = clock.now() - timedelta(minutes=SITTINGS)
        plans = [
            make.SessionPlan(start + timedelta(minutes=2 * n), start + timedelta(minutes=2 * n + 2))
            for n in range(SITTINGS)
        ]
        event = make.event(trainers=[trainer], sessions=plans)
        badges = [make.badge_code(make.registration(event)) for _ in range(PEOPLE)]
        served = Served(server.port)
        sign_in(installation, served, trainer)
        db.session.commit()
        assert len(event.sessions) == SITTINGS
        db.session.rollback()
        try:
            yield server, served, event, badges
        finally:
            server.end()
            db.session.remove()


def bodies(event: Event, badges: list[str], at_once: int, times: int = 1) -> list[tuple[str, dict]]:
    """Everybody at every session, in batches; several times, each reading a scan of its own."""
    made = []
    for event_session in list(event.sessions) * times:
        now, path = clock.now().isoformat(), f"/sessions/{event_session.uid}/scans"
        scans = [{"id": str(uuid.uuid4()), "code": code, "happened_at": now, "source": "camera"} for code in badges]
        made += [(path, {"scans": scans[n : n + at_once]}) for n in range(0, len(scans), at_once)]
    return made


def survive(
    server: Mortal, phones: list[Phone], deaths: int, longest_life: float, at_death: Callable[[], None]
) -> None:
    """Let the phones send while the server dies so many times, at moments nobody knows; then until all is in."""
    chance = Random(deaths)
    server.start()
    for phone in phones:
        phone.start()
    for _ in range(deaths):
        time.sleep(chance.uniform(0.0, longest_life))
        server.kill()
        at_death()
        server.start()
    for phone in phones:
        assert phone.is_through.wait(timeout=120)
        phone.is_called_back = True
    for phone in phones:
        phone.join(timeout=30)
        assert not phone.is_alive()
    server.kill()
    assert sum(phone.resent for phone in phones), "nobody noticed a death"


def kept_scans() -> dict[str, Outcome]:
    db.session.rollback()
    found: dict[str, Outcome] = dict(db.session.execute(sa.select(Scan.scan_id, Scan.outcome)).all())
    db.session.rollback()
    return found


def answered_scans_are_kept(phones: list[Phone]) -> None:
    before = [dict(phone.answered) for phone in phones]
    kept = kept_scans()
    for answered in before:
        assert answered.items() <= kept.items(), "an answered scan is gone or came to something else"


def no_batch_is_kept_in_part(phones: list[Phone]) -> None:
    answered_scans_are_kept(phones)
    kept = kept_scans()
    for phone in phones:
        for _path, body in phone.bodies:
            assert len({scan["id"] in kept for scan in body["scans"]}) == 1, "a batch is in the register in part"


def whole(event: Event, phones: list[Phone]) -> None:
    """What was answered is in the register, everybody is present once, and the database is sound."""
    answered_scans_are_kept(phones)
    kept = kept_scans()
    assert not [id for phone in phones for id in phone.changed], "the same scan got two answers"
    assert kept.keys() == {scan["id"] for phone in phones for _path, body in phone.bodies for scan in body["scans"]}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Scan)) == len(kept)
    assert list(kept.values()).count(Outcome.IN) == PEOPLE * SITTINGS
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attendance)) == PEOPLE * SITTINGS
    assert set(attendance.counts_of(event.sessions).values()) == {PEOPLE}
    assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
    assert db.session.execute(sa.text("PRAGMA foreign_key_check")).all() == []


def test_twenty_deaths_lose_nothing_that_was_answered(sqlite_installation: Installation) -> None:
    """Two phones at the same door with the same people, a scan at a time."""
    with mortal_server(sqlite_installation) as (server, served, event, badges):
        phones = [Phone(served, bodies(event, badges, 1)) for _ in range(2)]
        survive(server, phones, 20, 0.25, lambda: answered_scans_are_kept(phones))
        whole(event, phones)


def test_ten_deaths_during_uploads_of_a_hundred_leave_no_half_batch(sqlite_installation: Installation) -> None:
    with mortal_server(sqlite_installation) as (server, served, event, badges):
        phones = [Phone(served, bodies(event, badges, 100, times=8)) for _ in range(2)]
        survive(server, phones, 10, 0.1, lambda: no_batch_is_kept_in_part(phones))
        whole(event, phones)
