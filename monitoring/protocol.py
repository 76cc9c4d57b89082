"""The protocol: the points of the guide's checklist, as a programme file holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.db import db
from core.i18n import Texts
from core.sections import Section
from monitoring.models import ProtocolItem
from trainings.models import Programme


@dataclass
class ItemPlan:
    """A point of the checklist as a programme file holds it."""

    key: str
    theme: Texts
    text: Texts


def read(root: Section) -> list[ItemPlan]:
    """The checklist of a programme file."""
    plans: dict[str, ItemPlan] = {}
    for section in root.tables("protocol"):
        key = section.unique("key", plans)
        plans[key] = ItemPlan(key, section.texts("theme"), section.texts("text"))
    return list(plans.values())


def load(programme: Programme, plans: list[ItemPlan]) -> None:
    """Add the points of a checklist that are not there yet."""
    known = {item.key for item in items(programme)}
    for position, plan in enumerate(plans, 1):
        if plan.key not in known:
            db.session.add(
                ProtocolItem(
                    programme_id=programme.id, position=position, key=plan.key, theme=plan.theme, text=plan.text
                )
            )
    db.session.flush()


def tables(programme: Programme) -> list[dict[str, Any]]:
    """The checklist as read() reads it."""
    return [{"key": item.key, "theme": dict(item.theme), "text": dict(item.text)} for item in items(programme)]


def items(programme: Programme) -> list[ProtocolItem]:
    """The points of a programme's protocol in their order."""
    query = sa.select(ProtocolItem).where(ProtocolItem.programme_id == programme.id).order_by(ProtocolItem.position)
    return list(db.session.scalars(query))
