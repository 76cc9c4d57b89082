"""The production server: a main process that does the background jobs, and its fork that answers requests."""

from __future__ import annotations

import gc
import logging
import sys
from typing import Any

from flask import Flask
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer as Server

from core import runs
from core.config import Settings
from core.queue import queue

# Threads that answer take turns more often than Python's 5 ms: a scan does not wait behind a page being drawn.
TURN_SECONDS = 0.0005


class ServerWithWorker(Server):
    """Granian's server, whose main process has nothing to do but wait: it does the background jobs."""

    def startup(self, *arguments: Any) -> None:
        super().startup(*arguments)
        # After the fork: a forked process would inherit a thread's locks but not the thread.
        consumer = queue.create_consumer(workers=1, worker_type="thread", periodic=True)
        assert queue.app is not None
        with queue.app.app_context():
            runs.break_off()
            queue.catch_up()
        consumer.scheduler.start()
        for _storage, worker in consumer.worker_threads:
            worker.start()


def serve(app: Flask, settings: Settings) -> None:
    """Answer requests and do background jobs until stopped."""
    logging.getLogger("huey").setLevel(logging.WARNING)
    sys.setswitchinterval(TURN_SECONDS)
    # What was loaded so far stays where it is: the collector would copy the shared pages one by one.
    gc.collect()
    gc.freeze()
    server = ServerWithWorker(
        "app:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=1,
        blocking_threads=settings.threads,
        log_level=LogLevels.warning,
        websockets=False,
    )
    # The application is put together already; the process that answers inherits it.
    server.serve(target_loader=lambda *_args, **_more: app, wrap_loader=False)
