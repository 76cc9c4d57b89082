"""The real server, started for a test as script/server starts it, and a signed-in program's headers for it."""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
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
    output = log.open("w") if log else subprocess.DEVNULL
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", **environment}
    process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait_for(environment["MUSTER_PORT"], lambda: process.poll() is None, log)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=15)


def _wait_for(port: str, is_alive: Callable[[], bool], log: Path | None = None) -> None:
    for _ in range(1200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1)
            return
        except OSError:
            assert is_alive(), log.read_text() if log else "the server ended"
            time.sleep(0.05)
    raise AssertionError("the server does not answer")


# Our code is loaded once in a run; each line on standard input, an environment, starts the production server in a fork.
SERVING = """
import json, os, signal, sys
import app
from core import serving
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.environ.update(json.loads(line))
        made = app.create_app()
        serving.serve(made, made.extensions["settings"])
        os._exit(0)
    print(pid, flush=True)
"""


@cache
def _loaded() -> subprocess.Popen:
    process = subprocess.Popen([PYTHON, "-c", SERVING], cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    atexit.register(process.kill)
    return process


@contextmanager
def _forked(environment: dict[str, str]) -> Iterator[None]:
    """The production server in a fork of code that is loaded; its port is answering when the block begins."""
    loaded = _loaded()
    assert loaded.stdin and loaded.stdout
    loaded.stdin.write(json.dumps(environment).encode() + b"\n")
    loaded.stdin.flush()
    pid = int(loaded.stdout.readline())
    try:
        _wait_for(environment["MUSTER_PORT"], lambda: _is_alive(pid))
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        for _ in range(300):
            if not _is_alive(pid):
                break
            time.sleep(0.05)
        else:
            raise AssertionError("the server does not end")


def _is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


@contextmanager
def serve(installation: Installation, user: User | None = None, **environment: str) -> Iterator[Served]:
    """An installation behind the production server; `user` is signed in."""
    settings = installation.app.extensions["settings"]
    served = Served(free_port())
    values = {"MUSTER_HOME": str(settings.home), "MUSTER_PORT": str(served.port), "DATABASE_URL": settings.database_url}
    with _forked({**values, **environment}):
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
