"""A backup: one file with the database and the files of materials. The key ring is not in it, and is kept elsewhere."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa

from core import clock
from core.config import Settings

JOB = "backup"
ABOUT = """A backup of Muster, made {made_at} UTC.

{database}    the database
files/       the files of materials

THE KEY RING IS NOT HERE. Without it names, addresses and remarks in this backup cannot be read by anybody, ever.
Keep a copy of it somewhere else: "script/muster keys show" says where it is.

To restore, with the same version of Muster or a later one:
  Set MUSTER_HOME to an empty folder{and_database}.
  Put the key ring where it was (keys/ring.json in MUSTER_HOME, chmod 600).
  script/muster restore THIS-FILE, then script/server.

What was done since is not in it: people who were erased since are there again, erase them again; links, calendars and
devices that were ended since are open again, end them again.
"""


class BackupProblem(Exception):
    """No backup was made; the message says why and what would do."""


def make(settings: Settings, folder: Path) -> Path:
    """Write a backup into a folder, for its owner's eyes only, and return its path. Refuses with BackupProblem."""
    made_at = clock.now()
    path = folder / f"muster-{made_at:%Y%m%d-%H%M%S}.tar.gz"
    unfinished = path.with_suffix(".part")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".being-made-") as private:
            database = _copy_database(settings, Path(private))
            is_postgresql = database.suffix == ".dump"
            about = Path(private) / "ABOUT.txt"
            about.write_text(
                ABOUT.format(
                    made_at=f"{made_at:%Y-%m-%d %H:%M}",
                    database=database.name,
                    and_database=" and DATABASE_URL to an empty database" if is_postgresql else "",
                )
            )
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                with tarfile.open(fileobj=out, mode="w:gz") as archive:
                    archive.add(about, about.name)
                    archive.add(database, database.name)
                    if settings.files.is_dir():
                        archive.add(settings.files, "files")
                out.flush()
                os.fsync(out.fileno())
        unfinished.replace(path)
    except OSError as problem:
        with suppress(OSError):  # what cannot be written to cannot be tidied either
            unfinished.unlink()
        raise BackupProblem(f"No backup was made: {problem.strerror or problem}.") from problem
    return path


def client_program(name: str) -> str | None:
    """Where a program of PostgreSQL's client is."""
    return shutil.which(name)


def in_words(address: sa.URL) -> tuple[str, dict[str, str]]:
    """An address as PostgreSQL's programs take it, and the rest of their environment.

    The password goes through the environment: everybody can read the arguments of a program that runs.
    """
    shown = address.set(drivername="postgresql", password=None).render_as_string()
    return shown, {"PGPASSWORD": str(address.password)} if address.password else {}


def _copy_database(settings: Settings, folder: Path) -> Path:
    address = sa.make_url(settings.database)
    if address.get_backend_name() == "sqlite":
        return _copy_sqlite(Path(address.database or ""), folder / "muster.db")
    return _dump_postgresql(address, folder / "muster.dump")


def _copy_sqlite(source: Path, copy: Path) -> Path:
    """A whole copy of one moment, made while people work."""
    connection = sqlite3.connect(source, timeout=60)
    try:
        connection.execute("VACUUM INTO ?", (str(copy),))
    except sqlite3.Error as problem:
        raise BackupProblem(f"No backup was made: {problem}.") from problem
    finally:
        connection.close()
    checked = sqlite3.connect(copy)
    try:
        if checked.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupProblem("No backup was made: the copy of the database is damaged. Check the disk.")
    finally:
        checked.close()
    return copy


def _dump_postgresql(address: sa.URL, dump: Path) -> Path:
    program = client_program("pg_dump")
    if program is None:
        raise BackupProblem("No backup was made: pg_dump is not here. Install PostgreSQL's client programs.")
    shown, secret = in_words(address)
    command = [program, "--format=custom", "--no-owner", f"--file={dump}", f"--dbname={shown}"]
    done = subprocess.run(command, env={**os.environ, **secret}, capture_output=True, text=True)  # noqa: S603 - no shell
    if done.returncode:
        raise BackupProblem(f"No backup was made: {done.stderr.strip() or 'pg_dump failed'}")
    return dump
