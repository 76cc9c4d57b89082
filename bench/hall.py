"""A hall of 250 people who open their page and take the quiz within two minutes, each answer saved as it is given.

Then the whole of a quiz sent at once, against a bare view that inserts as many rows.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import defaultdict
from pathlib import Path
from random import Random
from statistics import median
from urllib.parse import urlencode

from bench import floor, load, servers, world
from bench.servers import Server

MINUTES = 2
GOOD = (b"HTTP/1.1 200", b"HTTP/1.1 303")
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


def main(share: float, database: str) -> None:
    with tempfile.TemporaryDirectory(prefix="muster-bench") as name:
        folder = Path(name)
        made = world.make(folder, database)
        floor_database = str(folder / "floor.db")
        floor.prepare(floor_database, made.badges[:10])
        environment = {"MUSTER_HOME": str(folder), "DATABASE_URL": database}
        bare = servers.started(servers.FLOOR, {"FLOOR_DATABASE": floor_database}, f"/page/{made.badges[0]}")
        with servers.started(servers.MUSTER, environment, "/health") as ours, bare as theirs:
            asyncio.run(_fill(ours, made, 60 * MINUTES * share))
            _compare(ours, theirs, made)


async def _fill(ours: Server, made: world.World, seconds: float) -> None:
    """Everybody comes at a moment of their own."""
    chance, times, failures = Random(1), defaultdict(list), []
    before = ours.processor_seconds()
    await asyncio.gather(
        *(_person(ours.port, made, token, chance.random() * seconds, times, failures) for token in made.hall)
    )
    used = (ours.processor_seconds() - before) / seconds
    count = sum(len(found) for found in times.values())
    print(f"{len(made.hall)} people in {seconds:.0f} s: {count} requests, {len(failures)} errors, {used:.2f} of a core")
    for name, found in times.items():
        print(f"  {name:22} p50 {median(found):6.1f} ms   p95 {sorted(found)[int(len(found) * 0.95)]:6.1f} ms")


async def _person(port: int, made: world.World, token: str, wait: float, times: dict, failures: list) -> None:
    await asyncio.sleep(wait)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    loop = asyncio.get_running_loop()

    async def ask(name: str, content: bytes) -> None:
        begun = loop.time()
        head, _body = await load.ask(reader, writer, content)
        times[name].append(1000 * (loop.time() - begun))
        if not head.startswith(GOOD):
            failures.append((name, head))

    quiz = made.quizzes[0].format(token=token)
    await ask("own page", load.request("GET", f"/p/{token}", {"Accept-Encoding": "br"}))
    await ask("quiz", load.request("GET", quiz, {"Accept-Encoding": "br"}))
    for question, chosen in made.answers.items():
        await ask("one answer saved", load.request("POST", f"{quiz}/answers", FORM, body({question: chosen})))
    await ask("quiz sent", load.request("POST", f"{quiz}/end", FORM, body(made.answers)))
    writer.close()


def body(answers: dict[str, list[str]]) -> bytes:
    return urlencode({f"q-{question}": chosen for question, chosen in answers.items()}, doseq=True).encode()


def _compare(ours: Server, theirs: Server, made: world.World) -> None:
    """The whole quiz at once, from one client and from eight, in turn with the floor's."""
    content = body(made.answers)
    bare_request = load.request("POST", "/quiz", FORM, content)
    people = iter(made.others)
    for clients in (1, 8):
        pairs = []
        for _round in range(3):
            part = [next(people) for _ in range(40)]
            sent = [load.request("POST", f"{made.quizzes[1].format(token=t)}/end", FORM, content) for t in part]
            bare = load.send(theirs.port, [bare_request] * len(part), clients)
            pairs.append((bare, load.send(ours.port, sent, clients)))
        assert not sum(found.failures for pair in pairs for found in pair)
        ratio = median(found.p50 / bare.p50 for bare, found in pairs)
        shown = median(found.p50 for _bare, found in pairs)
        print(f"quiz of {len(made.answers)} sent, {clients} client(s), p50: {shown:.1f} ms = {ratio:.1f} × floor")
