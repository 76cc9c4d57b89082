"""What happens to free texts by itself."""

from __future__ import annotations

from core.db import db
from core.queue import queue
from feedback import reviewing


@queue.every(minute="50", hour="2")
def forget_feedback_originals() -> None:
    reviewing.forget_originals()
    db.session.commit()
