"""The database's shape: which migration it stands at, which is the newest, and bringing it there.

The library that migrates is loaded by who migrates only: a server that finds everything up to date does without its
memory, and starts sooner.
"""

from __future__ import annotations

import sys

import sqlalchemy as sa
from flask import Flask, current_app

from core.config import CHECKOUT
from core.db import db

MIGRATIONS = CHECKOUT / "migrations"


def known() -> set[str]:
    """The revisions of all migrations; the name of each one's file begins with its own."""
    return {path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")}


def newest() -> str:
    return max(known())


def current() -> str | None:
    """The revision that the database stands at; None for one that is empty."""
    with db.engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.scalar(sa.text("SELECT version_num FROM alembic_version"))


def bring_up_to_date() -> None:
    """Make the migrations that are missing, all in their order."""
    if current() == newest():
        return
    from flask_migrate import upgrade

    set_up(current_app._get_current_object())  # type: ignore[attr-defined]
    upgrade(directory=str(MIGRATIONS))


def set_up(app: Flask) -> None:
    """Let the library know the application, where it is loaded: by `flask db`, with which migrations are written."""
    if "flask_migrate" in sys.modules:
        from flask_migrate import Migrate

        Migrate(app, db)
