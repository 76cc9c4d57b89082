"""Sending requests and timing them: plain sockets kept open, so that the driver costs little beside the server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass
class Measured:
    """Times of answers in milliseconds, and how long all of them took together."""

    times: list[float]
    seconds: float
    failures: int

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]

    @property
    def p50(self) -> float:
        return median(self.times)


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """An HTTP/1.1 request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def send(port: int, requests: Sequence[bytes], clients: int) -> Measured:
    """Send all requests through so many connections at once, each waiting for its answer before the next."""
    return asyncio.run(_send(port, requests, clients))


async def _send(port: int, requests: Sequence[bytes], clients: int) -> Measured:
    waiting = iter(requests)
    times: list[float] = []
    failures = [0]
    started = time.perf_counter()
    await asyncio.gather(*(_client(port, waiting, times, failures) for _ in range(clients)))
    return Measured(times, time.perf_counter() - started, failures[0])


async def _client(port: int, waiting: Iterator[bytes], times: list[float], failures: list[int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for content in waiting:
        begun = time.perf_counter()
        head, _body = await ask(reader, writer, content)
        times.append(1000 * (time.perf_counter() - begun))
        failures[0] += not head.startswith(b"HTTP/1.1 2")
    writer.close()


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, content: bytes) -> tuple[bytes, bytes]:
    """Head and body of the answer to a request."""
    writer.write(content)
    head = await reader.readuntil(b"\r\n\r\n")
    lengths = [int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    return head, await reader.readexactly(lengths[0] if lengths else 0)  # 204 has none
