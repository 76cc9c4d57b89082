"""`script/bench`: measure Muster against the floor in the same run and print ratios. Medians; noisy machines."""

from __future__ import annotations

import argparse
import io
import json
import tempfile
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from sqlalchemy import event as sqlalchemy_event

from bench import answering, boards, certificates, dashboards, decoding, floor, hall, load, reporting, servers, world
from bench.servers import Server
from core import pdf
from core.db import db
from participants import badges, roster
from trainings.models import Event

ROUNDS = 3
PARTS = {
    "answering": (answering.main, "how soon the door answers"),
    "decoding": (decoding.main, "how well the badge's code is read"),
    "hall": (hall.main, "250 people who take a quiz in two minutes"),
    "certificates": (certificates.main, "250 certificates"),
    "dashboard": (dashboards.main, "what the dashboard costs, from 10³ to 10⁶ attendances"),
    "report": (reporting.main, "how long the report of a quiz takes"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="PostgreSQL address; empty: SQLite")
    parser.add_argument("--quick", action="store_true", help="fewer requests, for a look")
    for name, (_part, words) in PARTS.items():
        parser.add_argument(f"--{name}", action="store_true", help=f"{words}, and nothing else")
    options = parser.parse_args()
    share = 0.2 if options.quick else 1.0
    for name, (part, _words) in PARTS.items():
        if getattr(options, name):
            part(share, options.database)
            return
    with tempfile.TemporaryDirectory(prefix="muster-bench") as folder:
        found = measure(Path(folder), options.database, share)
    for name, value, goal in found:
        print(f"{name:58} {value:>22}   {goal}")


def measure(folder: Path, database: str, share: float) -> list[tuple[str, str, str]]:
    print("Making a programme with an event of 250 and one of 2,500 people ...", flush=True)
    made = world.make(folder, database)
    floor_database = str(folder / "floor.db")
    floor.prepare(floor_database, made.badges)
    muster = servers.started(servers.MUSTER, {"MUSTER_HOME": str(folder), "DATABASE_URL": database}, "/health")
    bare = servers.started(servers.FLOOR, {"FLOOR_DATABASE": floor_database}, f"/page/{made.badges[0]}")
    found: list[tuple[str, str, str]] = []
    with muster as ours, bare as theirs:
        fresh = Fresh(made)
        for clients, number in ((1, 200), (8, 600), (32, 600)):
            found += check_ins(fresh, ours, theirs, clients, max(int(number * share), clients * 2))
        found += batches(fresh, ours, max(int(10 * share), 3))
        found += batches_together(fresh, ours, max(int(32 * share), 8))
        found.append(cost(fresh, ours, int(300 * share)))
        found += pages(made, ours, theirs, max(int(100 * share), 20))
        found += boards.cost(made, ours, lambda: fresh.ours(fresh.take(1))[0], 60 * share)
        found.append(("memory of the whole stack (PSS)", f"{ours.memory():.0f} MiB", "≤ 150 MiB"))
    found.append(statements(made))
    found.append(papers(made))
    return found


class Fresh:
    """Codes that have not been read yet, for us and for the floor alike."""

    def __init__(self, made: world.World) -> None:
        self.made = made
        self.pairs = iter([(door, code) for door in range(len(made.doors)) for code in made.badges])

    def ours(self, pairs: list[tuple[int, str]]) -> list[bytes]:
        headers = {**self.made.phone, "Content-Type": "application/json", "Accept": "application/json"}
        return [load.request("POST", self.made.doors[door], headers, scans([code])) for door, code in pairs]

    def theirs(self, pairs: list[tuple[int, str]]) -> list[bytes]:
        headers = {"Content-Type": "application/json"}
        return [load.request("POST", f"/check-in/{door}", headers, scans([code])) for door, code in pairs]

    def take(self, number: int) -> list[tuple[int, str]]:
        return [next(self.pairs) for _ in range(number)]


def scans(codes: list[str]) -> bytes:
    now = datetime.now(UTC).isoformat()
    items = [{"id": str(uuid.uuid4()), "code": code, "happened_at": now, "source": "camera"} for code in codes]
    return json.dumps({"scans": items}).encode()


def check_ins(fresh: Fresh, ours: Server, theirs: Server, clients: int, number: int) -> list[tuple[str, str, str]]:
    """Check-ins of one scan, ours and the floor's in turn."""
    pairs = [
        (load.send(theirs.port, fresh.theirs(p), clients), load.send(ours.port, fresh.ours(p), clients))
        for p in (fresh.take(number) for _ in range(ROUNDS))
    ]
    bare, found = ([pair[i] for pair in pairs] for i in (0, 1))
    assert not sum(m.failures for m in (*bare, *found)), "a request failed"
    rate = median(f.per_second / b.per_second for b, f in pairs)
    rows = [
        (
            f"check-in, {clients} client(s), requests/s",
            f"{median(f.per_second for f in found):.0f} = {rate:.2f} × floor",
            "≥ 0.5 × floor" if clients == 8 else "",
        )
    ]
    for name, share, goal_at in (("p50", 0.5, 1), ("p95", 0.95, None), ("p99", 0.99, 32)):
        ratio = median(f.percentile(share) / b.percentile(share) for b, f in pairs)
        shown = f"{median(f.percentile(share) for f in found):.1f} ms = {ratio:.1f} × floor"
        rows.append((f"check-in, {clients} client(s), {name}", shown, "≤ 3 × floor" if clients == goal_at else ""))
    return rows


def batches(fresh: Fresh, ours: Server, number: int) -> list[tuple[str, str, str]]:
    found = load.send(ours.port, full_batches(fresh, number), 1)
    assert not found.failures
    return [("scans/s uploaded in batches of 100", f"{100 * found.per_second:.0f}", "≥ 2,000")]


def batches_together(fresh: Fresh, ours: Server, number: int, clients: int = 8) -> list[tuple[str, str, str]]:
    """The queues of several phones that find a network at the same time."""
    found = load.send(ours.port, full_batches(fresh, number), clients)
    assert not found.failures
    shown = ", ".join(f"{found.percentile(share):.0f}" for share in (0.5, 0.95, 0.99))
    return [
        (f"batches of 100, {clients} clients, scans/s", f"{100 * found.per_second:.0f}", ""),
        (f"batches of 100, {clients} clients, p50, p95, p99", f"{shown} ms", ""),
    ]


def full_batches(fresh: Fresh, number: int) -> list[bytes]:
    headers = {**fresh.made.phone, "Content-Type": "application/json", "Accept": "application/json"}
    contents = []
    for _ in range(number):
        codes = fresh.take(100)
        contents.append(
            load.request("POST", fresh.made.doors[codes[0][0]], headers, scans([code for _door, code in codes]))
        )
    return contents


def cost(fresh: Fresh, ours: Server, number: int) -> tuple[str, str, str]:
    before = ours.processor_seconds()
    load.send(ours.port, fresh.ours(fresh.take(number)), 1)
    used = 1000 * (ours.processor_seconds() - before) / number
    return ("processor time per check-in", f"{used:.2f} ms", "≤ 2.5 ms")


def pages(made: world.World, ours: Server, theirs: Server, number: int) -> list[tuple[str, str, str]]:
    """Pages read by one client, the floor's page beside each."""
    rows = []
    for name, path, goal in (
        ("participant's page, p50", made.participant, "≤ 6 ms"),
        ("roster of 250 people, 50 rows, p50", made.small_roster, "≤ 25 ms"),
        (
            "roster of 2,500 people, one found, p50",
            f"{made.large_roster}?search=Жданович%20Юлия%20Андреевна",
            "≤ 35 ms",
        ),
        ("staff dashboard, p50", made.dashboard, ""),
    ):
        ask = load.request("GET", path, made.headers)
        bare = load.send(theirs.port, [load.request("GET", f"/page/{made.badges[0]}", {})] * number, 1)
        found = load.send(ours.port, [ask] * number, 1)
        assert not found.failures, name
        rows.append((name, f"{found.p50:.1f} ms = {found.p50 / bare.p50:.1f} × floor", goal))
    return rows


def statements(made: world.World) -> tuple[str, str, str]:
    """SQL statements of one check-in, counted inside the application."""
    seen: list[str] = []
    with made.app.app_context():
        sqlalchemy_event.listen(db.engine, "before_cursor_execute", lambda *arguments: seen.append(arguments[2]))
    client = made.app.test_client()
    headers = {**made.phone, "Accept": "application/json", "Content-Type": "application/json"}
    for code in made.badges[-2:]:
        seen.clear()
        assert client.post(made.doors[-1], data=scans([code]), headers=headers).status_code == 200
    asked = [statement for statement in seen if not statement.startswith(("BEGIN", "PRAGMA"))]
    return ("SQL statements per check-in", str(len(asked)), "≤ 5")


def papers(made: world.World) -> tuple[str, str, str]:
    """250 badges against the same drawing with reportlab alone: names, codes and QR symbols on the same sheets."""
    with made.app.app_context():
        event = db.session.scalars(sa.select(Event).where(Event.uid == made.small_event)).one()
        people = roster.badges_of(event)
        drawn = [(person.called, code) for person, code in people]
        bare_badges(drawn[:10])
        ratios, ours_s = [], []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            bare_badges(drawn)
            between = time.perf_counter()
            badges.draw(event)
            ours_s.append(time.perf_counter() - between)
            ratios.append(ours_s[-1] / (between - begun))
            db.session.rollback()
    return (
        "250 badges, from the register to the PDF",
        f"{median(ours_s):.2f} s = {median(ratios):.2f} × floor",
        "≤ 1.5 × floor",
    )


def bare_badges(drawn: list[tuple[str, str]]) -> bytes:
    page, target = pdf.canvas("Floor")
    for number, (name, code) in enumerate(drawn):
        if number % 10 == 0 and number:
            page.showPage()
        x, y = badges.LEFT + number % 2 * badges.WIDTH, badges.BOTTOM + number // 2 % 5 * badges.HEIGHT
        pdf.draw_qr(page, code, x + badges.WIDTH - badges.QR_SIDE, y, badges.QR_SIDE)
        page.setFont(pdf.BOLD, 12)
        for line, words in enumerate((*name.split(), code)):
            page.drawString(x, y + badges.HEIGHT - 14 * line - 20, words)
    page.save()
    assert isinstance(target, io.BytesIO)
    return target.getvalue()


if __name__ == "__main__":
    main()
