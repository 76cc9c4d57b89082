"""A backup put back where nothing is yet: the database and the files of materials. The key ring is brought by hand."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from itertools import takewhile
from pathlib import Path

import sqlalchemy as sa

from accounts import signing_in
from core import schema
from core.config import Settings
from core.db import db
from messages import outbox
from privacy.crypto import Ciphertext, key_ring
from upkeep.backup import client_program, in_words

SQLITE, POSTGRESQL = "muster.db", "muster.dump"
LEFT_BEHIND = ("-wal", "-shm")


class RestoreProblem(Exception):
    """Nothing was restored; the message says why and what would do."""


def place(settings: Settings, path: Path) -> None:
    """Put a backup's database and files into an empty installation. Refuses with RestoreProblem, and changes nothing.

    The database may be of an older version then: bring it up to date before settle() and ring_fits().
    """
    _refuse_unless_empty(settings)
    try:
        with tempfile.TemporaryDirectory(dir=settings.home, prefix=".being-restored-") as private:
            opened = Path(private)
            _open(path, opened)
            address = sa.make_url(settings.database)
            if address.get_backend_name() == "sqlite":
                _put_sqlite(opened / SQLITE, Path(address.database or ""))
            else:
                _put_postgresql(opened / POSTGRESQL, address)
            if (opened / "files").is_dir():
                if settings.files.is_dir():
                    settings.files.rmdir()
                (opened / "files").rename(settings.files)
    except OSError as problem:
        raise RestoreProblem(f"Nothing was restored: {problem.strerror or problem}.") from problem


def settle() -> int:
    """What was true when the backup was made and may be no longer: everybody is signed out, and letters that waited are
    not sent by themselves, as they may have gone since. How many letters."""
    signing_in.end_everybodys()
    return outbox.hold_back()


def ring_fits() -> bool:
    """Whether the key ring here opens what is in the database; True where nothing in it is sealed."""
    ring = key_ring()
    for table in db.metadata.sorted_tables:
        for column in table.c:
            if isinstance(column.type, Ciphertext):
                sealed = db.session.scalar(sa.select(column).where(column.is_not(None)).limit(1))
                if sealed is not None:
                    return ring.holds_key_of(bytes(sealed))
    return True


def _refuse_unless_empty(settings: Settings) -> None:
    with db.engine.connect() as connection:
        is_empty = not sa.inspect(connection).get_table_names()
    db.engine.dispose()
    if not is_empty or (settings.files.is_dir() and any(settings.files.iterdir())):
        raise RestoreProblem(
            "There is an installation here already, and nothing of it was touched. Restore into an empty one: set "
            "MUSTER_HOME to an empty folder, and DATABASE_URL, if you use it, to an empty database."
        )


def _open(path: Path, folder: Path) -> None:
    """Unpack what a backup of ours holds, and nothing else."""
    try:
        with tarfile.open(path) as archive:
            known = [m for m in archive if m.name in (SQLITE, POSTGRESQL, "files") or m.name.startswith("files/")]
            if not any(member.name in (SQLITE, POSTGRESQL) for member in known):
                raise RestoreProblem(f"{path} is no backup of Muster: there is no database in it.")
            archive.extractall(folder, members=known, filter="data")
    except FileNotFoundError:
        raise RestoreProblem(f"There is no file {path}.") from None
    except (tarfile.TarError, EOFError, OSError) as problem:
        raise RestoreProblem(f"{path} is no backup of Muster, or is damaged ({type(problem).__name__}).") from None


def _refuse_later(versions: list[str]) -> None:
    """What a later version of Muster wrote cannot be read by this one."""
    if not versions or not set(versions) <= schema.known():
        raise RestoreProblem("Nothing was restored: a later version of Muster made this backup. Update Muster first.")


def _put_sqlite(copy: Path, database: Path) -> None:
    if not copy.is_file():
        raise RestoreProblem("This backup is of PostgreSQL: set DATABASE_URL to an empty database of PostgreSQL.")
    checked = sqlite3.connect(copy)
    try:
        is_whole = checked.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        versions = [version for (version,) in checked.execute("SELECT version_num FROM alembic_version")]
    except sqlite3.Error:
        is_whole, versions = False, []
    finally:
        checked.close()
    if not is_whole:
        raise RestoreProblem("Nothing was restored: the database in this backup is damaged. Take another one.")
    _refuse_later(versions)
    for end in LEFT_BEHIND:
        database.with_name(database.name + end).unlink(missing_ok=True)
    copy.chmod(0o600)
    shutil.move(copy, database)


def _put_postgresql(dump: Path, address: sa.URL) -> None:
    if not dump.is_file():
        raise RestoreProblem("This backup is of SQLite: leave DATABASE_URL empty to restore it.")
    program = client_program("pg_restore")
    if program is None:
        raise RestoreProblem("Nothing was restored: pg_restore is not here. Install PostgreSQL's client programs.")
    asked = [program, "--data-only", "--table=alembic_version", "--file=-", str(dump)]
    told = subprocess.run(asked, capture_output=True, text=True).stdout.splitlines()  # noqa: S603 - no shell
    begins = next((number for number, line in enumerate(told) if line.startswith("COPY ")), len(told))
    _refuse_later(list(takewhile(lambda line: line != "\\.", told[begins + 1 :])))
    shown, secret = in_words(address)
    command = [program, "--no-owner", "--exit-on-error", "--single-transaction", f"--dbname={shown}", str(dump)]
    done = subprocess.run(command, env={**os.environ, **secret}, capture_output=True, text=True)  # noqa: S603 - no shell
    if done.returncode:
        raise RestoreProblem(f"Nothing was restored: {done.stderr.strip() or 'pg_restore failed'}")
