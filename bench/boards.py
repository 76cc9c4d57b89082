"""What open live boards cost the server: twenty that ask every ten seconds, in a quiet hour and in a busy one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from random import Random

import brotli

from bench import load, world
from bench.servers import Server

EVERY, SPREAD = 10.0, 0.2  # as static/js/board.js
CHECK_INS_PER_SECOND = 2.0
VERSION = re.compile(rb'data-version="(\w+)"')


def cost(made: world.World, ours: Server, check_in: Callable[[], bytes], seconds: float) -> list[tuple[str, str, str]]:
    """Share of a core that the boards take, beside what the server takes without them."""
    idle = _share(ours, seconds / 2, None, None)
    quiet = _share(ours, seconds, made, None)
    busy_alone = _share(ours, seconds / 2, None, check_in)
    busy = _share(ours, seconds, made, check_in)
    name = f"{len(made.watchers)} open boards"
    return [
        (f"{name}, nothing changes, of a core", f"{100 * (quiet - idle):.2f} %", "< 1 %"),
        (f"{name}, {CHECK_INS_PER_SECOND:.0f} check-ins/s, of a core", f"{100 * (busy - busy_alone):.2f} %", ""),
        (f"{CHECK_INS_PER_SECOND:.0f} check-ins/s alone, of a core", f"{100 * (busy_alone - idle):.2f} %", ""),
    ]


def _share(ours: Server, seconds: float, made: world.World | None, check_in: Callable[[], bytes] | None) -> float:
    return asyncio.run(_watched(ours, seconds, made, check_in))


async def _watched(
    ours: Server, seconds: float, made: world.World | None, check_in: Callable[[], bytes] | None
) -> float:
    """Processor time of the server per second while boards are open, people come in, both or neither."""
    chance = Random(1)
    watchers = made.watchers if made else []
    boards = [Board(ours.port, made.board, headers, chance) for headers in watchers] if made else []
    for board in boards:
        await board.open()
    before = ours.processor_seconds()
    together = [asyncio.create_task(board.stay_open()) for board in boards]
    if check_in:
        together.append(asyncio.create_task(_come_in(ours.port, check_in)))
    await asyncio.sleep(seconds)
    used = ours.processor_seconds() - before
    for task in together:
        if task.done():
            task.result()  # what went wrong is not passed over
        task.cancel()
    return used / seconds


class Board:
    """An open page that asks with the version it shows."""

    def __init__(self, port: int, path: str, headers: dict[str, str], chance: Random) -> None:
        self.port, self.path, self.headers, self.chance = port, path, {**headers, "Accept": "text/html"}, chance
        self.version = ""

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        await self.look(self.path)

    async def stay_open(self) -> None:
        await asyncio.sleep(EVERY * self.chance.random())
        while True:
            await self.look(f"{self.path}?seen={self.version}")
            await asyncio.sleep(EVERY * self.chance.uniform(1 - SPREAD, 1 + SPREAD))

    async def look(self, path: str) -> None:
        head, body = await load.ask(self.reader, self.writer, load.request("GET", path, self.headers))
        if head.startswith(b"HTTP/1.1 204"):
            return
        found = VERSION.search(brotli.decompress(body)) if head.startswith(b"HTTP/1.1 200") else None
        assert found, head
        self.version = found[1].decode()


async def _come_in(port: int, check_in: Callable[[], bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while True:
        head, _body = await load.ask(reader, writer, check_in())
        assert head.startswith(b"HTTP/1.1 200"), head
        await asyncio.sleep(1 / CHECK_INS_PER_SECOND)
