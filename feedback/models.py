"""Anonymous feedback. Nothing here points to a person: a voice hangs on a pseudonym."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Identified, Model, one_of
from participants.models import PairingPurpose
from privacy.crypto import Sealed, sealed_column


class Evaluation(Identified, Model):
    """One anonymous feedback: after the event how useful it was; months later whether it was applied."""

    __tablename__ = "evaluations"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "purpose", "pseudonym"),
        sa.CheckConstraint("usefulness BETWEEN 1 AND 5", "usefulness_in_range"),
        sa.CheckConstraint("purpose <> 'knowledge'", "is_feedback"),
        sa.CheckConstraint(
            "(purpose = 'evaluation' AND usefulness IS NOT NULL AND has_applied IS NULL) OR "
            "(purpose = 'follow_up' AND usefulness IS NULL AND has_applied IS NOT NULL)",
            "answers_its_question",
        ),
    )

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    purpose: Mapped[PairingPurpose] = mapped_column(one_of(PairingPurpose))
    pseudonym: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    given_on: Mapped[date]
    usefulness: Mapped[int | None] = mapped_column(default=None)
    has_applied: Mapped[bool | None] = mapped_column(default=None)
    remark_sealed: Mapped[bytes | None] = sealed_column()

    remark = Sealed()
