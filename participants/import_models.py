"""What an import did, row by row, so that it can be taken back; and which columns a programme's lists have."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Identified, Model, UtcDateTime, one_of
from participants.models import RegistrationStatus
from privacy.crypto import Sealed, sealed_column


class ImportChange(Identified, Model):
    """What one row of a list changed: a person or a place made, a place taken up again, details written down.

    `details` holds what was known before and what was written, as long as the person is known.
    """

    __tablename__ = "import_changes"
    __table_args__ = (sa.UniqueConstraint("import_id", "row_number"),)

    import_id: Mapped[int] = mapped_column(sa.ForeignKey("roster_imports.id"))
    row_number: Mapped[int]
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participants.id"), index=True)
    made_person: Mapped[bool]
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registrations.id"), default=None, index=True)
    made_place: Mapped[bool]
    status_before: Mapped[RegistrationStatus | None] = mapped_column(one_of(RegistrationStatus), default=None)
    details_sealed: Mapped[bytes | None] = sealed_column()

    details = Sealed()


class ListLayout(Identified, Model):
    """Which column of a list is what, by its heading, as somebody of the programme said; one for each heading."""

    __tablename__ = "list_layouts"
    __table_args__ = (sa.UniqueConstraint("programme_id", "signature"),)

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    signature: Mapped[str] = mapped_column(sa.String(64))
    columns: Mapped[dict[str, str]] = mapped_column(sa.JSON)  # by heading, as names.plain() writes it
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
