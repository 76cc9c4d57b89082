"""How programmes are known in IATI."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model


class IatiEntry(Model):
    """What a programme's activity file needs and nothing else of the register says."""

    __tablename__ = "iati_entries"
    __table_args__ = (sa.CheckConstraint("identifier <> reporting", "activity_is_not_its_organisation"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), primary_key=True)
    identifier: Mapped[str] = mapped_column(sa.String(100), unique=True)
    reporting: Mapped[str] = mapped_column(sa.String(60))
    reporting_type: Mapped[str] = mapped_column(sa.String(2))
    sector: Mapped[str] = mapped_column(sa.String(5))
