"""Copies handed out at an event, as the ledger has them."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from flask_babel import gettext as _

from core.db import db
from materials.models import CopiesEntry, CopiesKind, Material
from trainings.models import Event, EventKind
from trainings.readiness import Gap, Stage, Whose, check

TAUGHT = (EventKind.WORKSHOP, EventKind.CSO_TRAINING)


@check(Stage.AFTER, 4)
def copies(event: Event) -> Iterator[Gap]:
    """A workshop or training of a programme with printed copies, without a line in the ledger."""
    if event.kind not in TAUGHT:
        return
    of_it = sa.select(CopiesEntry.id).join(Material, Material.id == CopiesEntry.material_id)
    printed = of_it.where(Material.programme_id == event.programme_id, CopiesEntry.kind == CopiesKind.PRINTED)
    handed_out = of_it.where(CopiesEntry.event_id == event.id, CopiesEntry.kind == CopiesKind.HANDED_OUT)
    if db.session.scalar(printed.limit(1)) and not db.session.scalar(handed_out.limit(1)):
        said = _("how many copies were handed out")
        yield Gap(said, "materials.list_materials", {"programme": event.programme.uid}, Whose.TRAINERS)
