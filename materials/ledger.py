"""The ledger of copies: printed in batches, handed out at events and elsewhere, and what must be left on the shelf."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased, joinedload

from accounts.models import User
from core.db import db
from core.errors import Refused
from materials.models import CopiesEntry, CopiesKind, Material, PlaceKind
from trainings.models import Event


class NotEnoughCopies(Refused):
    code = "not_enough_copies"
    sentence = _l("Copies left on that shelf: %(left)s. Record the printing first, or check the number.")


class MoreThanWritten(Refused):
    code = "more_than_written"
    sentence = _l("This line holds %(number)s copies by now. A correction takes away that many at most.")


class CorrectionOfCorrection(Refused):
    code = "correction_of_correction"
    sentence = _l("This line is a correction itself. Write a new line instead.")


@dataclass(frozen=True)
class Balance:
    """Copies of a material in numbers."""

    printed: int = 0
    handed_out: int = 0

    @property
    def left(self) -> int:
        return self.printed - self.handed_out


@dataclass(frozen=True)
class Progress:
    """How far a number of copies has come towards what was planned."""

    number: int
    planned: int

    @property
    def percent(self) -> int:
        """Whole percents, rounded down: 100 means that all are there."""
        return self.number * 100 // self.planned


def record(
    material: Material,
    kind: CopiesKind,
    number: int,
    on_day: date,
    *,
    batch: str = "",
    event: Event | None = None,
    place: PlaceKind | None = None,
    note: str = "",
    by: User | None = None,
) -> CopiesEntry:
    """Write a line: `number` copies, more than none. Refuses NotEnoughCopies.

    A batch without a name is called by its day. Copies are handed out at an event or at a place, elsewhere if nothing
    is said.
    """
    assert number > 0, "what is taken away is a correction"
    if kind == CopiesKind.PRINTED:
        where: dict[str, Any] = {"batch": batch.strip() or on_day.isoformat()}
    else:
        where = {"event_id": event.id} if event else {"place": place or PlaceKind.ELSEWHERE}
    return _write(material, kind, number, on_day, note=note.strip() or None, by=by, **where)


def correct(entry: CopiesEntry, number: int, on_day: date, reason: str, *, by: User | None = None) -> CopiesEntry:
    """Take `number` copies away from what a line says, by a line of its own with the same batch, event or place.

    Refuses CorrectionOfCorrection, MoreThanWritten and NotEnoughCopies.
    """
    assert number > 0, "a correction takes away"
    assert reason.strip(), "a correction has a reason"
    if entry.number < 0:
        raise CorrectionOfCorrection
    _take_turns(entry.material)
    remaining = standing(entry)
    if number > remaining:
        raise MoreThanWritten(number=remaining)
    where = {"batch": entry.batch, "event_id": entry.event_id, "place": entry.place, "corrects_id": entry.id}
    return _write(entry.material, entry.kind, -number, on_day, note=reason.strip(), by=by, **where)


def standing(entry: CopiesEntry) -> int:
    """How many copies of a line stand after its corrections."""
    query = sa.select(sa.func.coalesce(sa.func.sum(CopiesEntry.number), 0))
    return entry.number + int(db.session.scalar(query.where(CopiesEntry.corrects_id == entry.id)) or 0)


def balance_of(material: Material) -> Balance:
    return balances_of([material])[material.id]


def balances_of(materials: list[Material]) -> dict[int, Balance]:
    """What is printed and handed out, by material id."""
    of_these = CopiesEntry.material_id.in_([material.id for material in materials])
    query = sa.select(CopiesEntry.material_id, CopiesEntry.printed_after, CopiesEntry.handed_out_after).where(of_these)
    # The sums stand in the last line; a line that another follows is not the last.
    below = aliased(CopiesEntry)
    is_followed = sa.exists().where(below.material_id == CopiesEntry.material_id, below.line_above == CopiesEntry.line)
    found = {row[0]: Balance(row[1], row[2]) for row in db.session.execute(query.where(~is_followed))}
    return {material.id: found.get(material.id, Balance()) for material in materials}


def progress_of(material: Material, balance: Balance) -> list[tuple[CopiesKind, Progress]]:
    """Printed and handed out against what was planned; nothing where nothing was."""
    if not material.copies_planned:
        return []
    numbers = ((CopiesKind.PRINTED, balance.printed), (CopiesKind.HANDED_OUT, balance.handed_out))
    return [(kind, Progress(number, material.copies_planned)) for kind, number in numbers]


def entries(material: Material) -> list[CopiesEntry]:
    """The lines of a material, the last written first."""
    query = sa.select(CopiesEntry).where(CopiesEntry.material_id == material.id).order_by(CopiesEntry.line.desc())
    beside = (joinedload(CopiesEntry.event), joinedload(CopiesEntry.user), joinedload(CopiesEntry.corrects))
    return list(db.session.scalars(query.options(*beside)))


def _write(
    material: Material, kind: CopiesKind, number: int, on_day: date, *, by: User | None, **values: Any
) -> CopiesEntry:
    _take_turns(material)
    query = sa.select(CopiesEntry).where(CopiesEntry.material_id == material.id)
    above = db.session.scalar(query.order_by(CopiesEntry.line.desc()).limit(1))
    before = Balance(above.printed_after, above.handed_out_after) if above else Balance()
    if kind == CopiesKind.PRINTED:
        after = Balance(before.printed + number, before.handed_out)
    else:
        after = Balance(before.printed, before.handed_out + number)
    if after.left < 0:
        raise NotEnoughCopies(left=before.left)
    entry = CopiesEntry(
        material_id=material.id,
        kind=kind,
        number=number,
        on_day=on_day,
        user_id=by.id if by else None,
        line=above.line + 1 if above else 1,
        line_above=above.line if above else None,
        printed_before=before.printed,
        handed_out_before=before.handed_out,
        printed_after=after.printed,
        handed_out_after=after.handed_out,
        **values,
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def _take_turns(material: Material) -> None:
    """Two at once write one after the other, each upon the other's sums."""
    db.session.execute(sa.select(Material.id).where(Material.id == material.id).with_for_update())
