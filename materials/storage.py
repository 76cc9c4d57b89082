"""Where files lie: under their digest, so the same bytes are kept once and no name of a file says anything."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from flask import current_app
from flask_babel import lazy_gettext as _l

from core.errors import Refused


class FileNotHere(Refused):
    code = "file_not_here"
    sentence = _l("This file is not here at the moment. Please tell the team of the programme.")


def keep(content: bytes) -> str:
    """Store bytes; returns their digest. They are on the disk when this returns, as a row about them will be."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Under a name of its own until it is whole: two may store the same bytes at once.
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as unfinished:
            unfinished.write(content)
            unfinished.flush()
            os.fsync(unfinished.fileno())
        Path(unfinished.name).replace(path)
    return digest


def find(digest: str) -> Path:
    """The file of a digest. Refuses FileNotHere when the folder of files was not restored with the database."""
    path = _path(digest)
    if not path.is_file():
        raise FileNotHere
    return path


def delete(digest: str) -> bool:
    """Delete the file of a digest; whether there was one. For bytes that are nobody else's."""
    path = _path(digest)
    was_there = path.is_file()
    path.unlink(missing_ok=True)
    return was_there


def _path(digest: str) -> Path:
    folder: Path = current_app.extensions["settings"].files
    return folder / digest[:2] / digest
