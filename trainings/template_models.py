"""Templates of events: what an event of a kind usually is in a programme."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Identified, Model, one_of
from trainings.models import EventKind, PrivacyLevel


class EventTemplate(Identified, Model):
    """The pattern of a kind in a programme, in the place of the one that comes with the product."""

    __tablename__ = "event_templates"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "kind"),
        sa.CheckConstraint("capacity > 0", "capacity_is_positive"),
        sa.CheckConstraint("certificate_percent BETWEEN 1 AND 100", "certificate_is_a_share"),
    )

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    kind: Mapped[EventKind] = mapped_column(one_of(EventKind))
    capacity: Mapped[int | None] = mapped_column(default=None)
    privacy: Mapped[PrivacyLevel] = mapped_column(one_of(PrivacyLevel))
    # A list of {"day": 1, "starts": "09:30", "ends": "12:30"}; the first day is 1.
    sessions: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON(none_as_null=True))
    # Of a quiz of the programme, whatever its version; None for no quiz.
    quiz_key: Mapped[str | None] = mapped_column(sa.String(60), default=None)
    # None: the rule of the programme.
    certificate_percent: Mapped[int | None] = mapped_column(default=None)
    certificate_needs_quiz: Mapped[bool] = mapped_column(default=False)
