"""SQLite kept honest: durable, real foreign keys, one writer at a time, readers that never wait for one."""

from __future__ import annotations

import threading
import time

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core.db import db
from tests import make
from tests.conftest import Installation
from trainings.models import Programme


@pytest.fixture
def sqlite(sqlite_installation: Installation) -> Installation:
    sqlite_installation.empty()
    return sqlite_installation


def test_every_connection_is_careful(sqlite: Installation) -> None:
    with sqlite.app.app_context(), db.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_many_writers_take_turns_and_lose_nothing(sqlite: Installation) -> None:
    """Read, wait, write back, in eight threads at once: without turns most of the additions would be lost."""
    with sqlite.app.app_context():
        make.programme()
        db.session.commit()

    def add() -> None:
        with sqlite.app.app_context():
            for _ in range(5):
                programme = db.session.scalars(sa.select(Programme)).one()
                programme.pass_mark += 1
                time.sleep(0.002)
                db.session.commit()
                db.session.remove()

    with sqlite.app.app_context():
        db.session.execute(sa.update(Programme).values(pass_mark=10))
        db.session.commit()
    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    with sqlite.app.app_context():
        assert db.session.scalar(sa.select(Programme.pass_mark)) == 10 + 8 * 5


def test_a_reading_request_does_not_wait_for_a_writer(sqlite: Installation) -> None:
    with sqlite.app.app_context():
        make.programme()  # a transaction that writes and is not ended
        started = time.monotonic()
        answer: list[int] = []

        def read() -> None:
            answer.append(sqlite.app.test_client().get("/health").status_code)

        thread = threading.Thread(target=read)
        thread.start()
        thread.join(timeout=5)
        assert answer == [200] and time.monotonic() - started < 3
        db.session.rollback()


def test_a_row_without_its_parent_is_refused(app) -> None:
    with pytest.raises(IntegrityError):
        db.session.execute(sa.text("INSERT INTO programme_staff (programme_id, user_id) VALUES (999, 999)"))
        db.session.commit()
    db.session.rollback()
