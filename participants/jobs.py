"""What happens to uploaded lists by themselves."""

from __future__ import annotations

from core.db import db
from core.queue import queue
from participants import importing


@queue.every(minute="30", hour="*")
def forget_abandoned_lists() -> None:
    importing.withdraw_abandoned()
    db.session.commit()
