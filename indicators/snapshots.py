"""What was locked: a period's figures as bytes with their fingerprint, checked whenever they are read."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import undefer

from core import clock
from core.db import db
from core.errors import Refused
from indicators import freezing
from indicators.models import Period
from indicators.period_models import Snapshot
from indicators.publication import Dashboard
from trainings.models import Programme


class Damaged(Refused):
    code = "damaged_snapshot"
    sentence = _l(
        "The locked figures of %(period)s do not match their fingerprint: somebody changed the database by hand. "
        "Nothing of them is shown. Restore the database from a backup."
    )


def keep(period: Period, board: Dashboard) -> Snapshot:
    """Freeze a dashboard as the figures of a period. Once for each period; the database refuses a second."""
    moment = clock.now()
    content = freezing.frozen(replace(board, period=period.key, locked_at=moment, fingerprint=None))
    row = Snapshot(period_id=period.id, content=content, fingerprint=freezing.fingerprint(content), locked_at=moment)
    row.period = period
    db.session.add(row)
    db.session.flush()
    return row


def of_programme(programme: Programme) -> list[Snapshot]:
    """What was locked, the earliest period first."""
    query = (
        sa.select(Snapshot)
        .join(Snapshot.period)
        .where(Period.programme_id == programme.id)
        .options(undefer(Snapshot.content))
        .order_by(Period.ends_on, Period.id)
    )
    return list(db.session.scalars(query))


def of_period(period: Period) -> Snapshot | None:
    return db.session.scalar(sa.select(Snapshot).where(Snapshot.period_id == period.id))


def newest(programme: Programme) -> Dashboard | None:
    """The figures of the latest period that is locked; None where none is. Refuses Damaged."""
    locked = of_programme(programme)
    return read(locked[-1]) if locked else None


def read(snapshot: Snapshot) -> Dashboard:
    """The dashboard as it was locked, with its fingerprint. Refuses Damaged."""
    if freezing.fingerprint(snapshot.content) != snapshot.fingerprint:
        raise Damaged(period=snapshot.period.key)
    return replace(_thawed(snapshot.content), fingerprint=snapshot.fingerprint)


@lru_cache(maxsize=32)
def _thawed(content: bytes) -> Dashboard:
    # The same bytes are the same dashboard, and nobody changes one: it is read from its bytes once.
    return freezing.thawed(content)
