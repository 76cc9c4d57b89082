"""Where files lie: under their digest, so the same bytes are kept once and no name of a file says anything."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from flask import current_app


def keep(content: bytes) -> str:
    """Store bytes; returns their digest."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(content)
        unfinished.replace(path)
    return digest


def fetch(digest: str) -> bytes:
    """The bytes of a digest; FileNotFoundError when the folder of files was not restored with the database."""
    return _path(digest).read_bytes()


def _path(digest: str) -> Path:
    folder: Path = current_app.extensions["settings"].files
    return folder / digest[:2] / digest
