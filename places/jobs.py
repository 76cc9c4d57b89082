"""What happens to spent proofs by itself."""

from __future__ import annotations

from core.db import db
from core.queue import queue
from places import proofs


@queue.every(minute="25", hour="*")
def forget_spent_proofs() -> None:
    proofs.forget_expired()
    db.session.commit()
