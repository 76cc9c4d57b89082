"""What was locked as people outside were told it: once for each smallest group, and read for ever after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import sqlalchemy as sa

from core.db import db
from indicators import freezing, snapshots
from indicators.models import Period
from indicators.period_models import Snapshot
from indicators.publication import Dashboard
from indicators.told_models import ToldSnapshot
from trainings.models import Programme


@dataclass(frozen=True)
class Locked:
    """A locked period: as the team knows it, and as it was told by the smallest group shown.

    Where nothing was kept, it was locked before that was done, or the smallest group was another.
    """

    board: Dashboard
    told: Mapping[int, Dashboard] = field(default_factory=dict)


def keep(snapshot: Snapshot, k: int, board: Dashboard) -> ToldSnapshot:
    """Keep what is told of a locked period to readers for whom groups below `k` people are withheld."""
    row = ToldSnapshot(snapshot_id=snapshot.id, k=k, content=freezing.frozen(board))
    db.session.add(row)
    db.session.flush()
    return row


def of_programme(programme: Programme) -> list[Locked]:
    """What was locked, the earliest period first. Refuses snapshots.Damaged."""
    rows = db.session.execute(
        sa.select(ToldSnapshot.snapshot_id, ToldSnapshot.k, ToldSnapshot.content)
        .join(Snapshot, Snapshot.id == ToldSnapshot.snapshot_id)
        .join(Period, Period.id == Snapshot.period_id)
        .where(Period.programme_id == programme.id)
    )
    told: dict[int, dict[int, Dashboard]] = {}
    for snapshot_id, k, content in rows:
        told.setdefault(snapshot_id, {})[k] = _thawed(content)
    return [Locked(snapshots.read(row), told.get(row.id, {})) for row in snapshots.of_programme(programme)]


@lru_cache(maxsize=64)
def _thawed(content: bytes) -> Dashboard:
    return freezing.thawed(content)
