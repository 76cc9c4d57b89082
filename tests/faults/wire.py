"""As much of HTTP/1.1 as a browser and our server speak with each other through a proxy."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass
from typing import Any

PASSED_ON = (b"authorization", b"content-type", b"accept")


@dataclass
class Asked:
    """A request as the browser sent it."""

    method: str
    path: str
    headers: dict[bytes, bytes]
    body: bytes

    @property
    def ids(self) -> set[str]:
        """The ids of the items in a request that hands some in."""
        return {scan["id"] for scan in json.loads(self.body)["scans"]}


@dataclass
class Reply:
    """An answer on its way back."""

    status: int
    kind: str
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)

    def head(self, length: int | None = None, more: str = "") -> bytes:
        """The lines before the body; `length` is what it claims to have."""
        length = len(self.body) if length is None else length
        lines = (f"HTTP/1.1 {self.status} .", f"Content-Type: {self.kind}", f"Content-Length: {length}", more)
        return "".join(f"{line}\r\n" for line in lines if line).encode() + b"\r\n"


def page(status: int, words: str) -> Reply:
    return Reply(status, "text/html; charset=utf-8", f"<!doctype html><h1>{words}</h1>".encode())


def data(content: Any) -> Reply:
    return Reply(200, "application/json", json.dumps(content).encode())


class Upstream:
    """The connections to the server, kept open."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._refused: list[str] = []
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, asked: Asked) -> Reply:
        """Deliver a request and wait for its answer."""
        while self._idle:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):  # the server let go of it meanwhile
                return await self._ask(asked, *self._idle.pop())
        return await self._ask(asked, *await asyncio.open_connection("127.0.0.1", self.port))

    async def _ask(self, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Reply:
        lines = [f"{asked.method} {asked.path} HTTP/1.1".encode(), b"Host: 127.0.0.1"]
        lines += [b"%s: %s" % (name, asked.headers[name]) for name in PASSED_ON if name in asked.headers]
        lines.append(b"Content-Length: %d" % len(asked.body))
        writer.write(b"\r\n".join([*lines, b"", asked.body]))
        start, headers = await _head(reader)
        body = await reader.readexactly(int(headers[b"content-length"]))
        self._idle.append((reader, writer))
        reply = Reply(int(start.split()[1]), headers.get(b"content-type", b"").decode(), body)
        if reply.status >= 400:
            self._refused.append(f"the server itself answered {reply.status} at {asked.path}")
        return reply

    def refusals(self) -> list[str]:
        """What the server answered that it never should, since the last time somebody asked."""
        refused, self._refused = self._refused, []
        return refused

    def close(self) -> None:
        for _reader, writer in self._idle:
            writer.close()


async def read(reader: asyncio.StreamReader) -> Asked | None:
    """The next request of a browser; None when it has gone."""
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        start, headers = await _head(reader)
        body = await reader.readexactly(int(headers.get(b"content-length", b"0")))
        method, path, _version = start.decode().split(" ")
        return Asked(method, path, headers, body)
    return None


async def _head(reader: asyncio.StreamReader) -> tuple[bytes, dict[bytes, bytes]]:
    head = await reader.readuntil(b"\r\n\r\n")
    start, *lines = head[:-4].split(b"\r\n")
    return start, {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
