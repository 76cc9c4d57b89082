"""Wrong guesses, counted by what was guessed at or from where: after a few the next one waits, nobody is locked out."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from accounts.models import SignInFailure
from core import clock
from core.db import db, insert_of

FREE = 5
LONGEST_WAIT = timedelta(minutes=15)
KEPT_FOR = timedelta(days=1)
_DOUBLINGS = 20  # more would only overflow: the longest wait is reached long before


def seconds_to_wait(key: bytes, longest: timedelta = LONGEST_WAIT) -> int:
    """How long the next guess under this key has to wait now, in seconds; 0 for not at all."""
    failure = db.session.get(SignInFailure, key, populate_existing=True)
    if failure is None or failure.count < FREE:
        return 0
    wait = min(timedelta(seconds=2 ** min(failure.count - FREE + 1, _DOUBLINGS)), longest)
    left = failure.last_at + wait - clock.now()
    return int(left.total_seconds()) + 1 if left > timedelta(0) else 0


def counted(key: bytes) -> int:
    """How many guesses are written down under this key."""
    failure = db.session.get(SignInFailure, key)
    return failure.count if failure else 0


def count(key: bytes) -> None:
    """Write down one wrong guess under this key; of several at the same moment each is counted."""
    now = clock.now()
    insert = insert_of(db.engine.dialect.name)(SignInFailure).values(account=key, count=1, last_at=now)
    db.session.execute(
        insert.on_conflict_do_update(
            index_elements=[SignInFailure.account], set_={"count": SignInFailure.count + 1, "last_at": now}
        )
    )


def forgive(key: bytes) -> None:
    """Forget the wrong guesses under this key."""
    db.session.execute(sa.delete(SignInFailure).where(SignInFailure.account == key))


def forget_old() -> None:
    """Delete what was counted more than a day ago."""
    db.session.execute(sa.delete(SignInFailure).where(SignInFailure.last_at < clock.now() - KEPT_FOR))
