"""Calendar feeds: a secret address at which a member of staff's own calendar program reads their events."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core import clock
from core.db import Identified, Model, UtcDateTime


class CalendarFeed(Identified, Model):
    """One address, of one member of staff; of its secret the digest is kept. Everybody has one at a time."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        sa.Index(
            "uq_calendar_feeds_user_id_in_use",
            "user_id",
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
    )

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    token_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    last_read_on: Mapped[date | None] = mapped_column(default=None)

    user: Mapped[User] = relationship()
