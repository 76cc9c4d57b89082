"""The production server and its worker: one process that has loaded everything, and forks that share its memory."""

from __future__ import annotations

import logging
import multiprocessing
import signal

from flask import Flask
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from core.config import Settings
from core.queue import queue


def serve(app: Flask, settings: Settings) -> None:
    """Answer requests until stopped; the worker for background jobs lives and dies with the server."""
    worker = multiprocessing.get_context("fork").Process(target=_work, name="muster-worker", daemon=True)
    worker.start()
    server = Server(
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
    try:
        # The application is put together already; the server's process inherits it.
        server.serve(target_loader=lambda *_args, **_more: app, wrap_loader=False)
    finally:
        worker.terminate()
        worker.join(timeout=5)


def _work() -> None:
    logging.getLogger("huey").setLevel(logging.WARNING)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    queue.create_consumer(workers=1, worker_type="thread", periodic=True).run()
