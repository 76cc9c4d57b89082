"""What the dashboard costs at a thousand and at a million attendances, and what the first look after a change costs."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median

import sqlalchemy as sa

import app as application
from accounts import signing_in, staff
from accounts.models import Role
from bench import load, servers, world
from core import schema
from core.config import CHECKOUT, Settings
from core.db import db
from founding import loading
from trainings import programmes

SIZES = (1_000, 10_000, 100_000, 1_000_000)
SESSIONS, PLACES = 4, 25  # so many sessions of a workshop, so many people at each
LOOKS, ROUNDS, CHANGES = 20, 9, 5
# Numbers from :first to :last, one a row.
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last) "
UID = "lower(hex(randomblob(8)))"
# An event of 25 people in every size's share of the programme's days, planned first and held when its people are in.
EVENT = (
    f"INSERT INTO events (id, uid, programme_id, kind, title, privacy, status, starts_on, ends_on) SELECT i, {UID},"
    " :programme, 'workshop', '{\"ru\": \"Семинар\"}', 'named', 'planned', :day, :day FROM n"
)
SITTING = (
    f"INSERT INTO event_sessions (id, uid, event_id, number, starts_at, ends_at) SELECT i * 4 + s.n, {UID}, i, s.n + 1,"
    " :day || ' 08:00:00.000000', :day || ' 10:00:00.000000' FROM n,"
    " (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3) AS s"
)
PERSON = (
    f"INSERT INTO participants (id, uid, programme_id, code, sector, sex, link_version, link_digest, created_at)"
    f" SELECT i, {UID}, :programme, printf('%06X', i), CASE i % 5 WHEN 0 THEN 'lawyer' ELSE 'police' END,"
    " CASE i % 3 WHEN 0 THEN 'female' ELSE 'male' END, 1, randomblob(32), :day FROM n"
)
PLACE = (
    f"INSERT INTO registrations (id, uid, participant_id, event_id, status, origin, created_at) SELECT i, {UID}, i,"
    " :event + (i - :first) / 25, 'registered', 'import', :day FROM n"
)
SCAN = (
    "INSERT INTO scans (id, scan_id, fingerprint, event_session_id, code, registration_id, happened_at, received_at,"
    " source, outcome) SELECT printf('%016X', i), printf('%036X', i), printf('%032X', i),"
    " (:event + (i / 4 - :place) / 25) * 4 + i % 4, 'x', i / 4, :day || ' 08:00:00.000000', :day || ' 08:00:00.000000',"
    " 'camera', 'in' FROM n"
)
PRESENCE = (
    f"INSERT INTO attendances (uid, registration_id, event_session_id, event_id, scan_id) SELECT {UID}, i / 4,"
    " (:event + (i / 4 - :place) / 25) * 4 + i % 4, :event + (i / 4 - :place) / 25, printf('%016X', i) FROM n"
)
HELD = "UPDATE events SET status = 'held', held_at = :day || ' 20:00:00.000000' WHERE id >= :event AND id < :end"
ANNUL = "UPDATE attendances SET annulled_at = :day || ' 12:00:00.000000', annul_reason = 'x' WHERE id = :number"


def main(_share: float, database: str) -> None:
    """Print p50 and p95 of a manager's dashboard, as ratios to the smallest, and the memory of the server."""
    if database:
        raise SystemExit("The rows are made in SQLite's words; leave --database empty.")
    with tempfile.TemporaryDirectory(prefix="muster-bench") as folder:
        home = Path(folder) / "growing"
        home.mkdir()
        _measure(home)


def _measure(home: Path) -> None:
    app = application.create_app(Settings(home=home))
    with app.app_context():
        schema.bring_up_to_date()
        programme = loading.load(CHECKOUT / "programmes" / "belarus.toml")
        manager = staff.add("Manager", "manager@example.org", Role.MANAGER)
        programmes.assign(programme, manager)
        token = signing_in.start(manager)
        db.session.commit()
        path = f"/programmes/{programme.uid}/indicators"
        headers = world._headers(app, [token])[0]
        programme_id, day = programme.id, programme.starts_on.isoformat()
        db.session.remove()
        homes = []
        made = 0
        for size in SIZES:
            _grow(programme_id, day, made, size)
            made = size
            db.engine.dispose()
            homes.append(shutil.copytree(home, home.parent / str(size)))
    ask = load.request("GET", path, headers)
    with ExitStack() as stack:
        started = [
            stack.enter_context(servers.started(servers.MUSTER, {"MUSTER_HOME": str(folder)}, "/health"))
            for folder in homes
        ]
        _compare(started, homes, ask)


def _compare(started: list[servers.Server], homes: list[Path], ask: bytes) -> None:
    """Ask all of them in turn, so that whatever else the machine does is the same for each."""
    cold = [load.send(ours.port, [ask], 1).p50 for ours in started]
    rounds = [[load.send(ours.port, [ask] * LOOKS, 1) for ours in started] for _ in range(ROUNDS)]
    assert not sum(found.failures for turn in rounds for found in turn), "a page failed"
    for place, (size, ours, home) in enumerate(zip(SIZES, started, homes, strict=True)):
        words = []
        for name, share in (("p50", 0.5), ("p95", 0.95)):
            took = median(turn[place].percentile(share) for turn in rounds)
            ratio = median(turn[place].percentile(share) / turn[0].percentile(share) for turn in rounds)
            words.append(f"{name} {took:6.1f} ms = {ratio:.2f} x")
        changed = median(_after_a_change(ours, home, ask, number) for number in range(1, CHANGES + 1))
        print(
            f"{size:9,} attendances: {', '.join(words)}; after a change at an event that was held {changed:.0f} ms; "
            f"first after a start {cold[place]:.0f} ms; memory {ours.memory():.0f} MiB",
            flush=True,
        )


def _after_a_change(ours: servers.Server, home: Path, ask: bytes, number: int) -> float:
    with closing(sqlite3.connect(home / "muster.db")) as connection, connection:
        connection.execute(ANNUL, {"day": "2026-11-01", "number": number})
    return load.send(ours.port, [ask], 1).p50


def _grow(programme_id: int, day: str, made: int, size: int) -> None:
    """Add attendances up to `size`: whole workshops, everybody present at every session."""
    begun = time.perf_counter()
    per_event = SESSIONS * PLACES
    event, place = 1_000_000 + made // per_event, 1_000_000 + made // SESSIONS
    events, people, presences = ((size - made) // n for n in (per_event, SESSIONS, 1))
    with db.engine.begin() as connection:
        for sql, start, number in (
            (EVENT, event, events),
            (SITTING, event, events),
            (PERSON, place, people),
            (PLACE, place, people),
            (SCAN, place * SESSIONS, presences),
            (PRESENCE, place * SESSIONS, presences),
        ):
            values = {"first": start, "last": start + number - 1, "programme": programme_id, "day": day}
            head, _select, tail = sql.partition(" SELECT ")
            connection.execute(sa.text(f"{head} {NUMBERS} SELECT {tail}"), {**values, "event": event, "place": place})
        connection.execute(sa.text(HELD), {"day": day, "event": event, "end": event + events})
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    print(f"(made in {time.perf_counter() - begun:.0f} s)", flush=True)
