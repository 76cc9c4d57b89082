"""What stands between the phones and the server: an honest proxy, but for the faults of each run."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from random import Random
from typing import Any

from core import assets
from tests.faults.plans import Fault, Plan
from tests.faults.wire import Asked, Reply, Upstream, data, page, read

HERE = Path(__file__).parent
OURS = assets.url("js/door/")
PAGE = f"""<!doctype html><html lang="en"><title>Faults</title>
<script type="importmap">{{"imports": {{"door/": "{OURS}"}}}}</script>
<script type="module" src="/faults/%s.js"></script>"""
NOBODY = "00000000-0000-4000-8000-000000000000"
OF_OTHERS = ({"status": "ok"}, {"answers": []}, {"answers": [{"id": NOBODY, "outcome": "in"}]}, {"answers": "all"}, [])
SILENCE = 5.0  # seconds after which a connection ends on which nobody says anything


class Cut(Exception):
    """The connection to the phone ends here."""


class Proxy:
    """Listens on several ports in a thread of its own; a browser opens six connections to each.

    `edits` change our JavaScript on its way: {file: [(text, what stands there instead)]}.
    """

    def __init__(self, upstream: int, ports: int) -> None:
        self.edits: dict[str, list[tuple[str, str]]] = {}
        self.lines: dict[str, Line] = {}
        self.befell: Counter[str] = Counter()
        self.requests = 0
        self.upstream = Upstream(upstream)
        self._held: set[asyncio.Task[Any]] = set()
        self._conversations: set[Any] = set()  # asyncio itself forgets one whose phone has gone, and what it waits for
        self._servers: list[asyncio.Server] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.ports = [self._do(self._listen()) for _ in range(ports)]

    def expect(self, plans: list[Plan], seed: int) -> None:
        """From now on the network of these runs misbehaves as they say."""
        self.lines = {str(plan.number): Line(self, plan, Random(f"{seed}/{plan.number}/network")) for plan in plans}

    def settle(self) -> None:
        """Wait until all that was held on the way has been delivered."""
        self._do(self._settled())

    def close(self) -> None:
        """Deliver what is held, end all conversations, and stop."""
        self.settle()
        self._do(self._ended())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def hold(self, work: Coroutine[Any, Any, Any]) -> None:
        """Let something go on although the phone hears of it no more."""
        task = self._loop.create_task(work)
        self._held.add(task)
        task.add_done_callback(self._held.discard)

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _settled(self) -> None:
        while self._held:
            await asyncio.gather(*self._held)

    async def _ended(self) -> None:
        for server in self._servers:
            server.close()
        for task in self._conversations:
            task.cancel()
        await asyncio.gather(*self._conversations)
        self.upstream.close()

    async def _listen(self) -> int:
        self._servers.append(await asyncio.start_server(self._converse, "127.0.0.1", 0))
        return int(self._servers[-1].sockets[0].getsockname()[1])

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._conversations.add(asyncio.current_task())
        try:
            while asked := await read(reader):
                line = self.lines.get(asked.headers.get(b"x-run", b"").decode())
                if line is None:
                    _write(writer, await self._page(asked))
                else:
                    self.requests += 1
                    await line.answer(asked, reader, writer)
                await writer.drain()
        except (Cut, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()
            self._conversations.discard(asyncio.current_task())

    async def _page(self, asked: Asked) -> Reply:
        """Pages and scripts: the simulator's own, and the server's, changed where a test wants that."""
        folder, _, name = asked.path.rpartition("/")
        if folder == "/faults" and name.endswith(".js"):
            return Reply(200, "text/javascript", (HERE / name).read_bytes())
        if folder == "/faults":
            return Reply(200, "text/html", (PAGE % name).encode())
        if not folder.startswith("/static/"):
            return page(404, "Nothing is here")
        reply = await self.upstream.ask(asked)
        for text, instead in self.edits.get(name, []):
            assert text.encode() in reply.body, f"{name} does not hold what should be changed: {text}"
            reply.body = reply.body.replace(text.encode(), instead.encode())
        return reply


class Line:
    """The network of one run."""

    def __init__(self, proxy: Proxy, plan: Plan, rng: Random) -> None:
        self.proxy, self.plan, self.rng = proxy, plan, rng
        self.ask = proxy.upstream.ask
        self.faults = iter(plan.faults)

    async def answer(self, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """What becomes of a request. Raises Cut where nothing more is said."""
        ids = asked.ids
        if self.plan.poison in ids and b"x-cured" not in asked.headers:
            self.proxy.befell["a poison item"] += 1
            _write(writer, page(500, "Internal Server Error"))
        elif self.plan.most and len(ids) > self.plan.most:
            self.proxy.befell["413 for so many at once"] += 1
            _write(writer, page(413, "Request Entity Too Large"))
        elif fault := next(self.faults, None):
            self.proxy.befell[fault] += 1
            await self._misbehave(fault, asked, reader, writer)
        else:
            _write(writer, await self.ask(asked))

    async def _misbehave(
        self, fault: Fault, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        match fault:
            case Fault.DROPPED:
                raise Cut
            case Fault.LOST_ANSWER:
                await self.ask(asked)
                raise Cut
            case Fault.TIMED_OUT:
                await self.ask(asked)
                await self._say_nothing(reader)
            case Fault.DOUBLED:
                answers = await asyncio.gather(self.ask(asked), self.ask(asked))
                _write(writer, self.rng.choice(answers))
            case Fault.OVERTAKEN:
                self.proxy.hold(self._late(asked))
                if self.rng.random() < 0.5:
                    await self._say_nothing(reader)
                raise Cut
            case Fault.BROKEN:
                _write(writer, page(self.rng.choice((500, 502, 503)), "Something is broken"))
            case Fault.BROKEN_AFTER:
                await self.ask(asked)
                _write(writer, page(504, "Gateway Timeout"))
            case Fault.TOO_LARGE:
                _write(writer, page(413, "Request Entity Too Large"))
            case Fault.FORBIDDEN:
                _write(writer, page(self.rng.choice((401, 403, 511)), "Sign in to this network"))
            case Fault.PORTAL:
                _write(writer, page(200, "Welcome to the hotel"))
            case Fault.FOREIGN:
                _write(writer, data(self.rng.choice((*OF_OTHERS, {"answers": [{"id": one} for one in asked.ids]}))))
            case Fault.REDIRECTED:
                writer.write(Reply(302, "text/html", b"").head(more="Location: /faults/hotel"))
            case Fault.TRUNCATED:
                await self._cut_in_half(await self.ask(asked), writer)
            case Fault.PARTIAL:
                content = (await self.ask(asked)).content
                _write(writer, data(content | {"answers": [a for a in content["answers"] if self.rng.random() < 0.5]}))
            case Fault.SLOW:
                reply = await self.ask(asked)
                writer.write(reply.head())
                for start in range(0, len(reply.body), 100):
                    await asyncio.sleep(0.02)
                    writer.write(reply.body[start : start + 100])
                    await writer.drain()

    async def _say_nothing(self, reader: asyncio.StreamReader) -> None:
        """Until the phone has lost its patience."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(reader.read(1), SILENCE)
        raise Cut

    async def _late(self, asked: Asked) -> None:
        await asyncio.sleep(self.rng.uniform(0.01, 0.5))
        await self.ask(asked)

    async def _cut_in_half(self, reply: Reply, writer: asyncio.StreamWriter) -> None:
        half = reply.body[: len(reply.body) // 2]
        is_honest = self.rng.random() < 0.5  # about the length
        writer.write(reply.head(len(half) if is_honest else None) + half)
        await writer.drain()
        if not is_honest:
            raise Cut


def _write(writer: asyncio.StreamWriter, reply: Reply) -> None:
    writer.write(reply.head() + reply.body)
