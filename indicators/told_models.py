"""What people outside were told of a locked period, kept as it was told."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Identified, Model, append_only, kept_for_good


class ToldSnapshot(Identified, Model):
    """A locked period with groups below `k` people withheld: the bytes of a dashboard. Never changed.

    Kept, and not worked out again from the period's own figures, because rules of withholding may change and what was
    once told cannot.
    """

    __tablename__ = "told_snapshots"
    __table_args__ = (
        sa.UniqueConstraint("snapshot_id", "k"),
        sa.CheckConstraint("k > 1", "withholds_something"),
    )

    snapshot_id: Mapped[int] = mapped_column(sa.ForeignKey("snapshots.id"))
    k: Mapped[int]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)


append_only(ToldSnapshot.__table__)
kept_for_good(ToldSnapshot.__table__)
