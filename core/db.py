"""The database object, the column types every table shares, and how SQLite is kept honest under load."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from flask import has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
WRITES = {"writes": True}
Row = TypeVar("Row")


class Base(DeclarativeBase):
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


# Objects stay readable after the commit: a view answers with what it has just written without asking again.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def new_uid() -> str:
    """A random outside id of 16 URL-safe characters (96 bits)."""
    return secrets.token_urlsafe(12)


class Identified:
    """A row known inside by an integer and outside by a random `uid`."""

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(16), unique=True)

    def __init__(self, **values: Any) -> None:
        # First of all: encrypted fields are bound to it.
        self.uid = values.pop("uid", None) or new_uid()
        super().__init__(**values)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.uid}>"


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An instant, kept in UTC and always aware."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(words: type[StrEnum]) -> sa.Enum:
    """A column holding one word of a closed list, with a CHECK in the database."""
    return sa.Enum(
        words,
        name=words.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda enum: [member.value for member in enum],
    )


def append_only(table: sa.FromClause) -> None:
    """Let the database refuse every change of a row of `table`: what was written down stays as it was."""
    name = table.name  # type: ignore[attr-defined]
    refuse = (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$"
    )
    by_dialect = {
        "sqlite": [
            f"CREATE TRIGGER {name}_are_append_only BEFORE UPDATE ON {name} "
            f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        ],
        "postgresql": [
            refuse,
            f"CREATE TRIGGER {name}_are_append_only BEFORE UPDATE ON {name} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        ],
    }
    for dialect, statements in by_dialect.items():
        for statement in statements:
            event.listen(table, "after_create", sa.DDL(statement).execute_if(dialect=dialect))


def kept_for_good(table: sa.FromClause) -> None:
    """Let the database refuse to delete a row of `table`, which is `append_only` too."""
    for dialect in ("sqlite", "postgresql"):
        statement = kept_for_good_in(dialect, table.name)  # type: ignore[attr-defined]
        event.listen(table, "after_create", sa.DDL(statement).execute_if(dialect=dialect))


def kept_for_good_in(dialect: str, table: str) -> str:
    """The statement of `kept_for_good`, for a migration; on PostgreSQL it needs the function of `append_only`."""
    trigger = f"CREATE TRIGGER {table}_are_kept BEFORE DELETE ON {table}"
    if dialect == "sqlite":
        return f"{trigger} BEGIN SELECT RAISE(ABORT, '{table} are kept'); END"
    return f"{trigger} FOR EACH ROW EXECUTE FUNCTION refuse_change()"


def never_again(table: sa.FromClause, columns: str, when: str) -> None:
    """Let the database refuse a change of these columns of a row (`OLD`) for which `when` holds."""
    name = table.name  # type: ignore[attr-defined]
    for dialect in ("sqlite", "postgresql"):
        for statement in never_again_in(dialect, name, columns, when):
            event.listen(table, "after_create", sa.DDL(statement.replace("%", "%%")).execute_if(dialect=dialect))


def never_again_in(dialect: str, table: str, columns: str, when: str) -> list[str]:
    """The statements of `never_again`, for a migration."""
    name = f"{table}_are_final"
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{table} are final'); END"
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {when} THEN RAISE EXCEPTION '{table} are final'; END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER {name} BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def refused_when(table: sa.FromClause, name: str, moment: str, when: str) -> None:
    """Let the database refuse an INSERT or UPDATE (`moment`) of rows (`NEW`) for which `when` holds."""
    for dialect in ("sqlite", "postgresql"):
        for statement in refused_when_in(dialect, table.name, name, moment, when):  # type: ignore[attr-defined]
            event.listen(table, "after_create", sa.DDL(statement.replace("%", "%%")).execute_if(dialect=dialect))


def refused_when_in(dialect: str, table: str, name: str, moment: str, when: str) -> list[str]:
    """The statements of `refused_when`, for a migration."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {name} BEFORE {moment} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{name}'); END"
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {when} THEN RAISE EXCEPTION '{name}'; END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def never_joined(table: sa.FromClause, when: str) -> None:
    """Let the database refuse new rows and deletions for which `when` holds; `{}` in it is the row, new or old."""
    name = table.name  # type: ignore[attr-defined]
    for dialect in ("sqlite", "postgresql"):
        for statement in never_joined_in(dialect, name, when):
            event.listen(table, "after_create", sa.DDL(statement.replace("%", "%%")).execute_if(dialect=dialect))


def never_joined_in(dialect: str, table: str, when: str) -> list[str]:
    """The statements of `never_joined`, for a migration."""
    statements = []
    for deed, row, word in (("INSERT", "NEW", "joined"), ("DELETE", "OLD", "left")):
        name, condition = f"{table}_are_not_{word}", when.format(row)
        if dialect == "sqlite":
            statements.append(
                f"CREATE TRIGGER {name} BEFORE {deed} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{table} are not {word}'); END"
            )
        else:
            statements += [
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {condition} THEN RAISE EXCEPTION '{table} are not {word}'; END IF; RETURN {row}; END $$",
                f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
            ]
    return statements


@contextmanager
def short_write() -> Iterator[sa.Connection]:
    """A transaction of its own that commits at once, for the few writes of a reading request."""
    with db.engine.connect().execution_options(**WRITES) as connection, connection.begin():
        yield connection


def insert_of(dialect: str) -> Any:
    """The insert that speaks ON CONFLICT: both databases do, each in a module of its own."""
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


def insert_if_new(model: type[Row], **values: Any) -> Row | None:
    """A new row, or None where a unique index has it already: of several at once the quickest inserts, none fails."""
    insert = insert_of(db.engine.dialect.name)
    return db.session.scalar(insert(model).values(**values).on_conflict_do_nothing().returning(model))


def only_reads() -> bool:
    """Whether this is a page being read, which changes nothing."""
    return has_request_context() and request.method in SAFE_METHODS


def release() -> None:
    """End the transaction before slow work (hashing, drawing), so that nobody waits for it."""
    db.session.rollback()


def keep_sqlite_honest(engine: sa.Engine) -> None:
    """Durable commits, real foreign keys, deletions that delete, and one writer at a time."""
    if engine.dialect.name != "sqlite":
        return
    writer = threading.Lock()

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "busy_timeout=15000",
            "temp_store=MEMORY",
            "cache_size=-2000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        if only_reads() and "writes" not in connection.get_execution_options():
            connection.exec_driver_sql("BEGIN")
            return
        # A deferred transaction that turns into a writer fails under load whatever the timeout, so a writer
        # says so at once; waiting for a lock of our own is fair and quick where SQLite's is a sleep and a poll.
        if not connection.info.get("is_writer"):
            connection.info["is_writer"] = writer.acquire(timeout=15)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "checkin")
    def on_checkin(_connection: Any, record: Any) -> None:
        if record.info.pop("is_writer", False):
            writer.release()
