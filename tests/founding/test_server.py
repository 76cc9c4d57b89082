"""The two commands a new machine needs: the server prepares itself, says what to do, and starts again."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from core.config import CHECKOUT
from tests.serving import PYTHON, Served, free_port, running

MUSTER = [PYTHON, "-c", "import app; app.obey()"]


def start(home: Path, command: str = "serve", **environment: str):
    """The server as script/server starts it, with what it said in home/said.log."""
    port = str(free_port())
    values = {"MUSTER_HOME": str(home), "MUSTER_PORT": port, **environment}
    return Served(int(port)), running(values, *MUSTER, command, log=home / "said.log")


def test_a_first_start_creates_everything_and_a_second_keeps_it(tmp_path: Path) -> None:
    served, server = start(tmp_path)
    with server:
        said = (tmp_path / "said.log").read_text()
        link = re.search(r"http://127\.0\.0\.1:\d+(/welcome/\S+)", said)
        assert link, said
        assert b'name="password"' in served.fetch(link[1])
        assert served.fetch("/health") == b'{"status":"ok"}\n'
    ring = tmp_path / "keys" / "ring.json"
    assert stat.S_IMODE(ring.stat().st_mode) == 0o600
    keys = ring.read_text()
    served, server = start(tmp_path)
    with server:
        assert "password here, once" in (tmp_path / "said.log").read_text(), "still nobody has set one"
        assert served.fetch("/sign-in")
    assert ring.read_text() == keys
    tracked = subprocess.run(
        ["git", "status", "--porcelain", "var"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert tracked.stdout == "", "what an installation makes is never tracked"


def test_the_demo_prints_a_link_for_each_face(tmp_path: Path) -> None:
    served, server = start(tmp_path, "demo", MUSTER_DEMO="yes")
    with server:
        said = (tmp_path / "said.log").read_text()
        for face in ("Manager", "Trainer at the door", "A participant", "A donor"):
            link = re.search(rf"{face}:\s+http://127\.0\.0\.1:\d+(\S+)", said)
            assert link, said
            assert b"<h1" in served.fetch(link[1])


def test_it_is_put_together_without_what_only_some_of_its_work_needs(tmp_path: Path) -> None:
    heavy = {"alembic", "flask_migrate", "mako", "numpy", "scipy", "openpyxl", "okfn_iati", "psycopg"}
    asked = f"import sys, app; app.create_app(); print(*({heavy} & sys.modules.keys()))"
    environment = {**os.environ, "MUSTER_HOME": str(tmp_path), "DATABASE_URL": ""}
    loaded = subprocess.run(
        [PYTHON, "-c", asked], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.split() == []


@pytest.fixture(scope="module")
def started_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an installation that has been started and stopped."""
    home = tmp_path_factory.mktemp("home")
    _served, server = start(home)
    with server:
        pass
    return home


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (lambda ring: ring.chmod(0o644), "chmod 600"),
        (lambda ring: ring.unlink(), "Put your copy of the key ring back"),
        (lambda ring: ring.write_text("{}"), "damaged"),
    ],
    ids=["readable", "missing", "damaged"],
)
def test_with_a_key_ring_in_trouble_it_stops_with_a_sentence(
    started_once: Path, tmp_path: Path, trouble, words: str
) -> None:
    shutil.copytree(started_once, tmp_path, dirs_exist_ok=True)
    trouble(tmp_path / "keys" / "ring.json")
    environment = {"PATH": "/usr/bin:/bin", "MUSTER_HOME": str(tmp_path), "MUSTER_PORT": str(free_port())}
    stopped = subprocess.run(
        [*MUSTER, "serve"], cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert stopped.returncode != 0
    assert words in stopped.stderr and "Traceback" not in stopped.stderr


def test_a_setting_in_trouble_stops_it_with_a_sentence(tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "MUSTER_HOME": str(tmp_path), "MUSTER_PORT": "eighty"}
    stopped = subprocess.run(
        [*MUSTER, "serve"], cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert stopped.returncode != 0
    assert "MUSTER_PORT" in stopped.stderr and "Traceback" not in stopped.stderr
