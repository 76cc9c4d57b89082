"""What happens to sign-ins by itself."""

from __future__ import annotations

from accounts import signing_in
from core.db import db
from core.queue import queue


@queue.every(minute="15", hour="*")
def forget_ended_sign_ins() -> None:
    signing_in.forget_ended()
    db.session.commit()
