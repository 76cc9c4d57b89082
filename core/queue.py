"""Background work: tasks wait in a SQLite file of their own and are done by the worker that the server starts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from flask import Flask
from huey import SqliteHuey, crontab


class Queue(SqliteHuey):
    """Our queue: told where its file is when the application is put together; tasks run inside the application."""

    app: Flask | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.on_demand: dict[str, Callable[..., Any]] = {}

    def init_app(self, app: Flask, folder: Path) -> None:
        self.app = app
        self.storage_kwargs["filename"] = str(folder / "queue.db")
        self.storage = self.create_storage()

    def every(self, **when: str) -> Callable[[Callable[[], Any]], Any]:
        """A task that comes again by itself: `@queue.every(hour="3", minute="0")`, times in UTC."""

        def schedule(task: Callable[[], Any]) -> Any:
            return self.periodic_task(crontab(**when))(self._inside_app(task))

        return schedule

    def when_asked(self, task: Callable[..., Any]) -> Callable[..., Any]:
        """A task done once whenever an edge asks for it by its name: `@queue.when_asked`."""
        self.on_demand[task.__name__] = self.task()(self._inside_app(task))
        return task

    def ask(self, name: str, *arguments: Any) -> None:
        """Have a `when_asked` task done soon. Call it after the commit: the worker reads what was committed."""
        self.on_demand[name](*arguments)

    def _inside_app(self, task: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(task)
        def inside(*arguments: Any) -> Any:
            assert self.app is not None, "init_app first"
            with self.app.app_context():
                return task(*arguments)

        return inside


queue = Queue("muster", filename=":memory:")
