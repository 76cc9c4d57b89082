"""The real server, started for a test as script/server starts it, and a signed-in program's headers for it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import session
from flask_wtf.csrf import generate_csrf

from accounts import signing_in
from accounts.models import User
from core.config import CHECKOUT
from core.db import db
from tests.conftest import Installation

PYTHON = sys.executable


@dataclass
class Served:
    """A running server: its port, and the headers of somebody signed in."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fetch(self, path: str) -> bytes:
        with urllib.request.urlopen(urllib.request.Request(self.address + path, headers=self.headers)) as answer:
            return answer.read()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(environment: dict[str, str], *command: str, log: Path | None = None) -> Iterator[subprocess.Popen]:
    """A process of ours, stopped in the end; its port is answering when the block begins."""
    port = environment["MUSTER_PORT"]
    output = log.open("w") if log else subprocess.DEVNULL
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", **environment}
    process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1)
                break
            except OSError:
                assert process.poll() is None, log.read_text() if log else "the server ended"
                time.sleep(0.1)
        else:
            raise AssertionError("the server does not answer")
        yield process
    finally:
        process.terminate()
        process.wait(timeout=15)


@contextmanager
def serve(installation: Installation, user: User | None = None, **environment: str) -> Iterator[Served]:
    """An installation behind the production server; `user` is signed in."""
    settings = installation.app.extensions["settings"]
    served = Served(free_port())
    values = {"MUSTER_HOME": str(settings.home), "MUSTER_PORT": str(served.port), "DATABASE_URL": settings.database_url}
    serving = "import app; from core import serving; a = app.create_app(); serving.serve(a, a.extensions['settings'])"
    with running({**values, **environment}, PYTHON, "-c", serving):
        if user is not None:
            sign_in(installation, served, user)
        yield served


def sign_in(installation: Installation, served: Served, user: User) -> None:
    """Headers with the cookie and the token that a browser would have after signing in."""
    token = signing_in.start(user)
    db.session.commit()
    interface = installation.app.session_interface
    serializer = interface.get_signing_serializer(installation.app)
    assert serializer is not None
    with installation.app.test_request_context():
        csrf = generate_csrf()
        cookie = serializer.dumps({"_user_id": token, "_fresh": True, "csrf_token": session["csrf_token"]})
    served.headers = {"Cookie": f"muster={cookie}", "X-CSRFToken": csrf}
