"""Who did what: one line per deed, ids only."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from accounts.models import AuditEntry, User
from core import clock
from core.db import db, short_write


def record(user: User | None, verb: str, subject: Any, **details: Any) -> AuditEntry:
    """Write down that `user` did `verb` to `subject` (a row with a uid, or a word). Details are ids and counts."""
    is_row = hasattr(subject, "__tablename__")
    entry = AuditEntry(
        user_id=user.id if user is not None else None,
        verb=verb,
        subject_kind=subject.__tablename__ if is_row else str(subject),
        subject_uid=getattr(subject, "uid", None) if is_row else None,
        details=details or None,
    )
    db.session.add(entry)
    return entry


def record_at_once(user: User, verb: str, subject: Any) -> None:
    """Write down a look at names or their export while a page is being read, which changes nothing else."""
    with short_write() as connection:
        values = {"user_id": user.id, "verb": verb, "subject_kind": subject.__tablename__, "subject_uid": subject.uid}
        connection.execute(sa.insert(AuditEntry).values(at=clock.now(), **values))
