"""The links by which donors read a logframe."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import clock
from core.db import Identified, Model, UtcDateTime, never_again, one_of
from trainings.models import Programme


class Audience(StrEnum):
    """For whom a share link is, which sets the smallest group it shows."""

    DONOR = "donor"
    PUBLIC = "public"


class Detail(StrEnum):
    """How much a share link shows, fixed when it is made; each shows what the one before does, and more."""

    TOTALS = "totals"
    BREAKDOWNS = "breakdowns"
    FULL = "full"


class ShareLink(Identified, Model):
    """An expiring, revocable, read-only address of the dashboard. How often it is opened is counted, not by whom."""

    __tablename__ = "share_links"
    __table_args__ = (sa.CheckConstraint("view_count >= 0", "views_are_counted_up"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), index=True)
    label: Mapped[str] = mapped_column(sa.String(100))
    audience: Mapped[Audience] = mapped_column(one_of(Audience))
    detail: Mapped[Detail] = mapped_column(one_of(Detail), default=Detail.FULL)
    token_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    passphrase_hash: Mapped[str | None] = mapped_column(sa.String(200), default=None)
    view_count: Mapped[int] = mapped_column(default=0)
    last_viewed_on: Mapped[date | None] = mapped_column(default=None)

    programme: Mapped[Programme] = relationship(lazy="joined", innerjoin=True)


# Whom a link is for and how much it shows is settled when it is made.
never_again(ShareLink.__table__, "programme_id, audience, detail, passphrase_hash, token_digest", "1 = 1")
