"""A stamp of each programme's register that is another after every change of what the indicators count.

Triggers set it, so that no way of writing is forgotten: a check-in, a batch from a phone's queue, an attendance taken
back, two people made one, an event closed. Only what belongs to an event that was held counts, so at a door that is
open, the busiest place of all, nothing is stamped.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model
from door.models import Attendance
from feedback.models import Evaluation
from participants.models import Pairing, Participant, Registration
from quizzes.models import Attempt, EventQuiz
from trainings.models import Event, EventSession


class RegisterStamp(Model):
    """A random word: the same as long as nothing has changed, and never again one that was rolled back."""

    __tablename__ = "register_stamps"

    programme_id: Mapped[int] = mapped_column(
        sa.ForeignKey("programmes.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    stamp: Mapped[str] = mapped_column(sa.String(32))


OF_EVENT = "SELECT programme_id FROM events WHERE id = {row}.event_id AND status = 'held'"
OF_QUIZ = (
    "SELECT events.programme_id FROM event_quizzes JOIN events ON events.id = event_quizzes.event_id"
    " WHERE event_quizzes.id = {row}.event_quiz_id AND events.status = 'held'"
)
ITSELF = "SELECT id FROM programmes WHERE id = {row}.programme_id"
ALWAYS = ("INSERT", "UPDATE", "DELETE")
# By table: the writes that count, and whose register they change.
STAMPED = {
    "events": (("INSERT", "UPDATE OF programme_id, kind, status, starts_on, ends_on", "DELETE"), ITSELF),
    "event_sessions": (ALWAYS, OF_EVENT),
    "participants": (("UPDATE OF sex, sector, organisation_id", "DELETE"), ITSELF),
    "registrations": (("INSERT", "UPDATE OF participant_id, event_id, status", "DELETE"), OF_EVENT),
    "pairings": (("INSERT", "DELETE"), OF_EVENT),
    "attendances": (ALWAYS, OF_EVENT),
    "event_quizzes": (ALWAYS, OF_EVENT),
    "attempts": (ALWAYS, OF_QUIZ),
    "evaluations": (ALWAYS, OF_EVENT),
}
TABLES = (Event, EventSession, Participant, Registration, Pairing, Attendance, EventQuiz, Attempt, Evaluation)


def stamping(dialect: str, table: str, writes: tuple[str, ...] | None = None) -> list[str]:
    """The triggers of a table. On PostgreSQL they wait for the commit, so that no two writers wait for each other.

    `writes` are those of an older installation, for a migration that goes back.
    """
    now, whose = STAMPED[table]
    writes = writes or now
    return _for_sqlite(table, writes, whose) if dialect == "sqlite" else _for_postgresql(table, writes, whose)


def unstamping(dialect: str, table: str) -> list[str]:
    """The statements that take them away again."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {_name(table, write)}" for write in STAMPED[table][0]]
    return [f"DROP TRIGGER IF EXISTS {table}_stamp ON {table}", f"DROP FUNCTION IF EXISTS {table}_stamp"]


def _for_sqlite(table: str, writes: tuple[str, ...], whose: str) -> list[str]:
    return [
        f"CREATE TRIGGER {_name(table, write)} AFTER {write} ON {table} BEGIN "
        + _stamp(whose.format(row="OLD" if write == "DELETE" else "NEW"), "hex(randomblob(16))")
        + "; END"
        for write in writes
    ]


def _for_postgresql(table: str, writes: tuple[str, ...], whose: str) -> list[str]:
    stamp = _stamp(whose.format(row="changed"), "md5(random()::text || clock_timestamp()::text)")
    return [
        f"CREATE OR REPLACE FUNCTION {table}_stamp() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ DECLARE changed {table}%ROWTYPE; BEGIN "
        "IF TG_OP = 'DELETE' THEN changed := OLD; ELSE changed := NEW; END IF; "
        f"{stamp}; RETURN NULL; END $$",
        f"CREATE CONSTRAINT TRIGGER {table}_stamp AFTER {' OR '.join(writes)} ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {table}_stamp()",
    ]


def _stamp(whose: str, word: str) -> str:
    found = f"SELECT programme.id, {word} FROM programmes AS programme WHERE programme.id IN ({whose})"  # noqa: S608
    return (
        f"INSERT INTO register_stamps (programme_id, stamp) {found}"
        " ON CONFLICT (programme_id) DO UPDATE SET stamp = excluded.stamp"
    )


def _name(table: str, write: str) -> str:
    return f"{table}_stamp_{write.split()[0].lower()}"


for model in TABLES:
    for dialect in ("sqlite", "postgresql"):
        for statement in stamping(dialect, model.__tablename__):
            ddl = sa.DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)
            event.listen(model.__table__, "after_create", ddl)
