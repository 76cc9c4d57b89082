"""The ledger of copies: printed, handed out, and what must be left on the shelf."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core.db import db
from core.errors import Refused
from materials.models import CopiesEntry, CopiesKind, Material
from trainings.models import Event


class NotEnoughCopies(Refused):
    code = "not_enough_copies"
    sentence = _l("Copies left on that shelf: %(left)s. Record the printing first, or check the number.")


@dataclass(frozen=True)
class Balance:
    """Copies of a material in numbers."""

    printed: int
    handed_out: int

    @property
    def left(self) -> int:
        return self.printed - self.handed_out


def record(
    material: Material,
    kind: CopiesKind,
    number: int,
    on_day: date,
    *,
    event: Event | None = None,
    note: str = "",
    by: User | None = None,
) -> CopiesEntry:
    """Write a line of the ledger; a negative number corrects an earlier one. Refuses NotEnoughCopies."""
    # Two at once take turns, so that together they cannot take more than there is.
    db.session.execute(sa.select(Material.id).where(Material.id == material.id).with_for_update())
    balance = balance_of(material)
    left = balance.left + (number if kind == CopiesKind.PRINTED else -number)
    if left < 0:
        raise NotEnoughCopies(left=balance.left)
    entry = CopiesEntry(
        material_id=material.id,
        kind=kind,
        number=number,
        on_day=on_day,
        event_id=event.id if event else None,
        note=note.strip() or None,
        user_id=by.id if by else None,
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def balance_of(material: Material) -> Balance:
    query = sa.select(CopiesEntry.kind, sa.func.sum(CopiesEntry.number)).where(CopiesEntry.material_id == material.id)
    counted = dict(db.session.execute(query.group_by(CopiesEntry.kind)).all())
    return Balance(int(counted.get(CopiesKind.PRINTED, 0)), int(counted.get(CopiesKind.HANDED_OUT, 0)))


def entries(material: Material) -> list[CopiesEntry]:
    """The lines of a material, the newest first."""
    query = sa.select(CopiesEntry).where(CopiesEntry.material_id == material.id)
    return list(db.session.scalars(query.order_by(CopiesEntry.on_day.desc(), CopiesEntry.id.desc())))
