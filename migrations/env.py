"""Runs migrations with the application's own database, on SQLite and PostgreSQL alike."""

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import context
from flask import current_app


def plainly(kind, item, _autogen_context):
    """Write our column types into a migration as what they are in the database, so that it never needs our code."""
    if kind == "type" and isinstance(item, sa.TypeDecorator):
        plain = item.impl_instance if hasattr(item, "impl_instance") else item.impl
        return f"sa.{plain!r}"
    return False


@contextmanager
def references_at_rest(connection):
    """SQLite changes a table by making it anew; meanwhile what refers to it must not be deleted along with it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    plain = connection.connection.driver_connection
    plain.execute("PRAGMA foreign_keys=OFF")
    yield
    broken = plain.execute("PRAGMA foreign_key_check").fetchall()
    plain.execute("PRAGMA foreign_keys=ON")
    assert not broken, f"rows refer to what is not there: {broken[:5]}"


def run():
    migrate = current_app.extensions["migrate"]
    with migrate.db.engine.connect() as connection, references_at_rest(connection):
        context.configure(
            connection=connection,
            target_metadata=migrate.db.metadata,
            render_item=plainly,
            render_as_batch=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
