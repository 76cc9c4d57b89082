"""The migrations make exactly what the models say, can be undone, and bring the triggers along."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

import app as application
from core import schema
from core.config import CHECKOUT, Settings
from core.db import db
from core.i18n import Texts
from door import attendance
from feedback.models import FreeText, ReviewState
from indicators.models import Assumption, Indicator, Target, ValueSource
from privacy.crypto import key_ring
from tests import make
from tests.conftest import Installation, new_database

MIGRATIONS = str(CHECKOUT / "migrations")


def test_the_newest_migration_equals_the_models(installation: Installation) -> None:
    with installation.app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_the_newest_is_known_without_the_library_that_migrates() -> None:
    folder = ScriptDirectory(MIGRATIONS)
    assert folder.get_heads() == [schema.newest()]
    assert {script.revision for script in folder.walk_revisions()} == schema.known()


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_each_migration_goes_up_and_down(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    address = "" if database == "sqlite" else new_database(request.getfixturevalue("postgres_address"), "migrating")
    app = application.create_app(Settings(home=tmp_path, database_url=address))
    revisions = [script.revision for script in ScriptDirectory(MIGRATIONS).walk_revisions()][::-1]
    with app.app_context():
        for revision in revisions:
            upgrade(MIGRATIONS, revision)
            downgrade(MIGRATIONS, "-1")
            upgrade(MIGRATIONS, revision)
        downgrade(MIGRATIONS, "base")
        assert set(sa.inspect(db.engine).get_table_names()) <= {"alembic_version"}
        db.engine.dispose()


@pytest.mark.parametrize(
    "table",
    [
        "scans",
        "copies_entries",
        "responses",
        "assessments",
        "audit_entries",
        "targets",
        "entered_values",
        "qualifications",
        "assumption_judgements",
        "logframe_changes",
        "adjustments",
        "narratives",
    ],
)
def test_what_was_written_down_cannot_be_changed(installation: Installation, table: str) -> None:
    """A migrated database refuses an UPDATE of these tables, whoever asks."""
    with installation.app.app_context():
        if installation.is_sqlite:
            query = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
        else:
            of_table = "tgrelid = CAST(:table AS regclass) AND tgname LIKE '%append_only'"
            query = f"SELECT count(*) FROM pg_trigger WHERE {of_table}"
        assert db.session.scalar(sa.text(query), {"table": table}) == 1


def test_a_filled_register_comes_through_the_door_s_migration_whole(app: Flask) -> None:
    place = make.registration(make.event())
    attendance.mark(place.event.sessions[0], place, by=None)
    before = {name: _rows(name) for name in ("events", "event_sessions", "badges", "scans", "attendances")}
    db.session.commit()
    db.session.remove()
    downgrade(MIGRATIONS, "0002")
    upgrade(MIGRATIONS)
    assert {name: _rows(name) for name in before} == before
    assert all(rows for rows in before.values())


def test_what_people_wrote_is_still_readable_on_both_sides_of_the_questionnaires(app: Flask) -> None:
    """What is encrypted is bound to its row, and here it moves to another."""
    free = make.free_text(make.event(), "Спасибо Анне")
    db.session.commit()
    db.session.remove()
    downgrade(MIGRATIONS, "0005")
    uid, sealed = db.session.execute(sa.text("SELECT uid, remark_sealed FROM evaluations")).one()
    assert key_ring().unseal(bytes(sealed), f"evaluations.remark_sealed:{uid}") == "Спасибо Анне"
    db.session.remove()
    upgrade(MIGRATIONS)
    moved = db.session.scalars(sa.select(FreeText)).one()
    assert moved.text == "Спасибо Анне" and moved.state == ReviewState.UNREAD and moved.uid != free.uid


def test_a_filled_logframe_comes_through_with_its_assumptions_and_its_replaced_targets(app: Flask) -> None:
    indicator = make.indicator(targets={"M12": 5})
    entered = make.indicator(None)
    result = indicator.result
    result.assumptions.append(Assumption(position=1, statement=Texts(en="People may meet", ru="Можно встречаться")))
    uids = (indicator.uid, entered.uid)
    db.session.commit()
    db.session.remove()
    downgrade(MIGRATIONS, "0010")
    columns = "indicator_id, period_id, value, origin, set_at"
    copy = f"INSERT INTO targets ({columns}) SELECT indicator_id, period_id, 7, origin, set_at FROM targets"
    db.session.execute(sa.text(copy))
    db.session.commit()
    db.session.remove()
    upgrade(MIGRATIONS)
    first, second = db.session.scalars(sa.select(Target).order_by(Target.id)).all()
    assert (first.replaces_id, second.replaces_id, second.value) == (None, first.id, 7) and second.reason
    moved = db.session.scalars(sa.select(Assumption)).one()
    assert moved.statement == {"en": "People may meet", "ru": "Можно встречаться"} and moved.uid
    by_uid = {row.uid: row.value_source for row in db.session.scalars(sa.select(Indicator))}
    assert [by_uid[uid] for uid in uids] == [ValueSource.COMPUTED, ValueSource.ENTERED]


def _rows(table: str) -> list:
    found = db.session.execute(sa.text(f"SELECT * FROM {table} ORDER BY id"))
    return sorted(tuple(sorted((key, str(value)) for key, value in row._mapping.items())) for row in found)
