"""The files of a material: a new version, an older one taken up again, one taken back from readers."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core.db import db
from core.errors import Refused
from materials import storage
from materials.cleaning import CleanFile
from materials.models import Material, MaterialFile


class SameFile(Refused):
    code = "same_file"
    sentence = _l("This very file is what people open already. Nothing was changed.")


def add(material: Material, language: str, file: CleanFile, *, by: User | None = None) -> MaterialFile:
    """Make a file the current version in a language; the one before is kept. Refuses SameFile."""
    digest = storage.keep(file.content)
    earlier = _of(material, language)
    current = next((version for version in earlier if version.is_current), None)
    if current is not None and current.digest == digest:
        raise SameFile
    _put_aside(current)
    version = MaterialFile(
        material=material,
        language=language,
        number=max((version.number for version in earlier), default=0) + 1,
        kind=file.kind,
        digest=digest,
        size=len(file.content),
        user_id=by.id if by else None,
    )
    db.session.add(version)
    db.session.flush()
    return version


def restore(version: MaterialFile) -> None:
    """Make an older version the current one again; the one that was is kept as well."""
    current = next((file for file in _of(version.material, version.language) if file.is_current), None)
    _put_aside(current)
    version.is_current = True
    db.session.flush()


def withdraw(version: MaterialFile) -> None:
    """Take a file back: nobody but staff opens it any more, and its language has none until one is put there."""
    _put_aside(version)


def in_place_of(version: MaterialFile) -> MaterialFile | None:
    """What stands today where this version stood: a page opened yesterday leads to today's file."""
    return version.material.current_in(version.language)


def _of(material: Material, language: str) -> list[MaterialFile]:
    # Two at once take turns, so that numbers have no gap and the later one is the current one.
    db.session.execute(sa.select(Material.id).where(Material.id == material.id).with_for_update())
    query = sa.select(MaterialFile).where(MaterialFile.material_id == material.id, MaterialFile.language == language)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _put_aside(version: MaterialFile | None) -> None:
    # At once, for the database knows at no moment of two that are current.
    if version is not None:
        version.is_current = False
        db.session.flush()
