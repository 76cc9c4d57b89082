"""How the installation is: room on the disk, the database, the backup, the worker, letters, clock and versions."""

from __future__ import annotations

import platform
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from core import clock, runs, schema
from core.config import Settings
from core.db import db
from core.i18n import moment, number
from core.queue import queue
from core.runs import RunOutcome
from messages import outbox
from messages.models import Letter
from upkeep import backup, work

LITTLE_ROOM = 1_000_000_000  # bytes
OLD_BACKUP = timedelta(days=7)
QUIET_WORKER = timedelta(minutes=5)
LONG_QUEUE = 100
CLOCKS_APART = timedelta(seconds=5)
EVERY_MINUTE = "send_due_letters"
PACKAGES = ("Flask", "SQLAlchemy", "huey", "granian", "cryptography")


@dataclass(frozen=True)
class Reading:
    """One thing that was looked at: how it is, and what to do where it is not well."""

    name: str
    value: str
    is_well: bool = True
    advice: str = ""


def readings(settings: Settings) -> list[Reading]:
    """Everything, in the language of the reader."""
    return [
        _disk(settings.home),
        _database(settings),
        _migrations(),
        _backup(),
        _worker(),
        _queue(),
        _recurring(),
        _letters(settings),
        _forgetting(),
        _clock(),
        Reading(_("Versions"), ", ".join([f"Python {platform.python_version()}", *_versions()])),
    ]


def _disk(home: Path) -> Reading:
    usage = shutil.disk_usage(home)
    value = _("%(free)s free of %(total)s", free=_size(usage.free), total=_size(usage.total))
    return Reading(_("Disk"), value, usage.free > LITTLE_ROOM, _("Make room: a full disk stops the door."))


def _database(settings: Settings) -> Reading:
    address = sa.make_url(settings.database)
    if address.get_backend_name() == "sqlite":
        parts = [Path(f"{address.database}{end}") for end in ("", "-wal")]
        size = sum(part.stat().st_size for part in parts if part.exists())
        kind = f"SQLite {db.session.scalar(sa.text('SELECT sqlite_version()'))}"
    else:
        size = db.session.scalar(sa.text("SELECT pg_database_size(current_database())")) or 0
        kind = f"PostgreSQL {db.session.scalar(sa.text('SHOW server_version'))}"
    return Reading(_("Database"), f"{kind}, {_size(size)}")


def _migrations() -> Reading:
    current = schema.current()
    advice = _("Restart the server with script/server: it brings the database up to date.")
    return Reading(_("State of the database"), current or "", current == schema.newest(), advice)


def _backup() -> Reading:
    last = runs.latest(backup.JOB, RunOutcome.DONE)
    is_fresh = last is not None and last.ended_at is not None and last.ended_at > clock.now() - OLD_BACKUP
    advice = _("Run script/muster backup every day, and keep the key ring in another place.")
    return Reading(_("Last backup"), _when(last.ended_at if last else None), is_fresh, advice)


def _worker() -> Reading:
    last = runs.latest(EVERY_MINUTE)
    begun = last.started_at if last else None
    is_awake = begun is not None and begun > clock.now() - QUIET_WORKER
    return Reading(_("Background worker last seen"), _when(begun), is_awake, _("Start the server with script/server."))


def _queue() -> Reading:
    waiting = queue.pending_count()
    return Reading(
        _("Background work waiting"), number(waiting), waiting <= LONG_QUEUE, _("Look at the background work.")
    )


def _recurring() -> Reading:
    troubled = sum(one.is_late or one.is_failing for one in work.recurring())
    return Reading(
        _("Recurring work late or failed"), number(troubled), not troubled, _("Look at the background work.")
    )


def _letters(settings: Settings) -> Reading:
    counted: dict[Any, int] = dict(
        db.session.execute(sa.select(Letter.state, sa.func.count()).group_by(Letter.state)).tuples().all()
    )
    waiting = sum(counted.get(state, 0) for state in outbox.OPEN)
    problems = sum(counted.get(state, 0) for state in outbox.PROBLEMS)
    value = _("%(waiting)s waiting, %(problems)s with a problem", waiting=number(waiting), problems=number(problems))
    if not settings.mail_host:
        value = _("No mail server is set: nothing is sent.") + " " + value
    return Reading(_("Letters"), value, not problems, _("Look at the letters of the events."))


def _forgetting() -> Reading:
    """The purge that is longest ago, of all that come by themselves."""
    purges = [name for name in queue.hours if name.startswith("forget_")]
    ended = [last.ended_at for name in purges if (last := runs.latest(name, RunOutcome.DONE)) and last.ended_at]
    oldest = min(ended) if len(ended) == len(purges) and ended else None
    is_well = oldest is not None and oldest > clock.now() - timedelta(hours=2)
    return Reading(
        _("Last time everything that is over was deleted"), _when(oldest), is_well, _("It comes every hour.")
    )


def _clock() -> Reading:
    here = clock.now()
    there = here
    if db.engine.dialect.name == "postgresql":
        there = db.session.scalar(sa.select(sa.func.clock_timestamp())) or here
        here = datetime.now(UTC)
    value = _("%(time)s UTC; the server's own time zone is %(zone)s", time=moment(here), zone=time.tzname[0])
    return Reading(_("Clock"), value, abs(there - here) < CLOCKS_APART, _("Server and database tell different times."))


def _versions() -> Iterator[str]:
    for package in PACKAGES:
        yield f"{package} {version(package)}"


def _when(instant: datetime | None) -> str:
    return _("%(time)s UTC", time=moment(instant)) if instant else _("never")


def _size(size: float) -> str:
    if size >= 1_000_000_000:
        return _("%(number)s GB", number=number(size / 1_000_000_000, 1))
    return _("%(number)s MB", number=number(size / 1_000_000, 1))
