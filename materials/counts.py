"""How often files are opened and saved: a number for each file and day, and nothing about who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask import current_app

from core.db import db, insert_of, short_write
from materials.models import FileUse, Material, MaterialFile, Use


@dataclass(frozen=True)
class Uses:
    """How often something was opened and saved."""

    opened: int = 0
    saved: int = 0


def count(file_id: int, what: Use, on_day: date) -> None:
    """One more, in a transaction of its own. A number that cannot be written troubles no reader: it is left out."""
    insert = insert_of(db.engine.dialect.name)(FileUse).values(file_id=file_id, on_day=on_day, what=what, number=1)
    one_more = insert.on_conflict_do_update(
        index_elements=["file_id", "on_day", "what"], set_={"number": FileUse.number + 1}
    )
    try:
        with short_write() as connection:
            connection.execute(one_more)
    except sa.exc.SQLAlchemyError as problem:
        current_app.logger.warning("a use was not counted: %s", type(problem).__name__)


def of(material: Material) -> dict[str, Uses]:
    """How often a material was opened and saved, by language, all versions together."""
    query = (
        sa.select(MaterialFile.language, FileUse.what, sa.func.sum(FileUse.number))
        .join(FileUse, FileUse.file_id == MaterialFile.id)
        .where(MaterialFile.material_id == material.id)
        .group_by(MaterialFile.language, FileUse.what)
    )
    found: dict[str, dict[str, int]] = {}
    for language, what, number in db.session.execute(query):
        found.setdefault(language, {})[what.value] = int(number)
    return {language: Uses(**numbers) for language, numbers in found.items()}
