"""Background work: tasks wait in a SQLite file of their own and are done by the worker that the server starts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any

from flask import Flask

from core import clock, runs
from core.db import db

# Huey looks for a driver of PostgreSQL, for a storage that is not used here. Told that there is none it leaves alone
# what a register in SQLite has no use for, 7 MiB; whoever needs the driver loads it afterwards as ever.
sys.modules.setdefault("psycopg", None)  # type: ignore[arg-type]
from huey import SqliteHuey, crontab  # noqa: E402

if sys.modules["psycopg"] is None:
    del sys.modules["psycopg"]

FARTHEST = timedelta(days=2)


class Queue(SqliteHuey):
    """Our queue: told where its file is when the application is put together; tasks run inside the application.

    Every run is written down in the register (`core/runs.py`), so that people see what became of it.
    """

    app: Flask | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.known: dict[str, Any] = {}
        self.hours: dict[str, Callable[[datetime], bool]] = {}

    def init_app(self, app: Flask, folder: Path) -> None:
        self.app = app
        self.storage_kwargs["filename"] = str(folder / "queue.db")
        self.storage = self.create_storage()

    def every(self, **when: str) -> Callable[[Callable[[], Any]], Any]:
        """A task that comes again by itself: `@queue.every(hour="3", minute="0")`, times in UTC."""

        def schedule(task: Callable[[], Any]) -> Any:
            self.hours[task.__name__] = crontab(**when)
            self.known[task.__name__] = self.periodic_task(crontab(**when))(self._written_down(task))
            return self.known[task.__name__]

        return schedule

    def when_asked(self, task: Callable[..., Any]) -> Callable[..., Any]:
        """A task done once whenever an edge asks for it by its name: `@queue.when_asked`."""
        self.known[task.__name__] = self.task()(self._written_down(task))
        return task

    def ask(self, name: str, *subject: str) -> None:
        """Have a task done soon, about one row if any. Call it after the commit, which the worker reads."""
        run = runs.wait(name, subject[0] if subject else None)
        self.known[name](*subject, run=run)

    def last_due(self, name: str, before: datetime) -> datetime | None:
        """When a task that comes by itself should have begun last; None when that is more than two days ago."""
        minute = before.replace(second=0, microsecond=0)
        while minute > before - FARTHEST:
            if self.hours[name](minute):
                return minute
            minute -= timedelta(minutes=1)
        return None

    def catch_up(self) -> None:
        """Ask for what should have come by itself while no worker was there; call it when the worker starts.

        On a machine that is on for some minutes a day nothing would ever be forgotten otherwise. What is due in this
        very minute comes by itself.
        """
        before = clock.now() - timedelta(minutes=1)
        for name in self.hours:
            due, last = self.last_due(name, before), runs.latest(name)
            if due is not None and (last is None or last.asked_at < due):
                self.enqueue(self.known[name].s())
        db.session.rollback()

    def _written_down(self, task: Callable[..., Any]) -> Callable[..., Any]:
        name = task.__name__

        @wraps(task)
        def inside(*arguments: Any, run: str | None = None) -> Any:
            assert self.app is not None, "init_app first"
            with self.app.app_context():
                uid = runs.begin(name, run)
                try:
                    answer = task(*arguments)
                except Exception as problem:
                    db.session.rollback()
                    runs.end(name, uid, problem)
                    raise
                db.session.rollback()  # what it did is committed; a transaction still open would be in our way
                runs.end(name, uid)
                return answer

        return inside


queue = Queue("muster", filename=":memory:")
