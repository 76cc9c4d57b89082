"""What stands on a row, in whichever table: asked of the foreign keys, so that a new table is not forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core.db import Base, db

Id = TypeVar("Id", int, str)
AT_ONCE = 5000  # ids in one question


def to(model: type[Base]) -> list[sa.Column[int]]:
    """Every column that refers to the `id` of a model's rows."""
    target = model.__table__.c.id
    return [key.parent for table in db.metadata.sorted_tables for key in table.foreign_keys if key.column is target]


def standing_on(model: type[Base], ids: Collection[int], but: Collection[str] = ()) -> set[int]:
    """Which of these rows something refers to, leaving out the tables named in `but`."""
    found: set[int] = set()
    for column in to(model):
        if column.table.name not in but:
            for some in in_batches(ids):
                found |= set(db.session.scalars(sa.select(column).where(column.in_(some)).distinct()))
    return found


def move(column: sa.Column[int], before: int, after: int) -> list[Any]:
    """Let everything in a column that refers to one row refer to another; the keys of what was moved.

    What the other has already, as a unique index says, stays where it is.
    """
    table, moved = column.table, []
    key = next(iter(table.primary_key.columns))
    for row_key in list(db.session.scalars(sa.select(key).where(column == before))):
        this = sa.update(table).where(key == row_key, column == before)
        try:
            with db.session.begin_nested():
                db.session.execute(this.values({column.name: after}))
        except IntegrityError:
            continue
        moved.append(row_key)
    return moved


def in_batches(ids: Collection[Id]) -> Iterator[tuple[Id, ...]]:
    """The ids, a statement's worth at a time."""
    every = tuple(ids)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
