"""The two servers of a run, and what they cost: processor time and memory of all their processes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
FLOOR = """
import sys
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
options = {"interface": Interfaces.WSGI, "factory": True, "log_level": LogLevels.warning, "websockets": False}
options |= {"address": "127.0.0.1", "port": int(sys.argv[1]), "workers": 1, "blocking_threads": 1}
Server("bench.floor:create_app", **options).serve()
"""
MUSTER = """
import app
from core import serving
made = app.create_app()
serving.serve(made, made.extensions["settings"])
"""


@dataclass
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen

    def family(self) -> list[int]:
        """The process and all its children."""
        parents = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                except OSError:
                    continue
        found = {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return sorted(found)

    def processor_seconds(self) -> float:
        ticks = 0
        for pid in self.family():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Proportional set size of all processes in MiB: shared pages are counted once."""
        total = 0
        for pid in self.family():
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        return total / 1024


@contextmanager
def started(code: str, environment: dict[str, str], path: str) -> Iterator[Server]:
    """A server process that answers at `path` when the block begins and is gone when it ends."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = {**os.environ, "MALLOC_ARENA_MAX": "2", **environment, "MUSTER_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-c", code, str(port)], cwd=CHECKOUT, env=environment)
    try:
        for _ in range(300):
            try:
                with socket.create_connection(("127.0.0.1", port), 1) as connection:
                    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
                    if connection.recv(12):
                        break
            except OSError:
                time.sleep(0.1)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(timeout=15)
