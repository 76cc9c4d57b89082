"""Turns at the doors of an event: what is handed in several at a time is taken in one batch after the other."""

from __future__ import annotations

import sqlalchemy as sa

from core.db import db
from trainings.models import Event


def wait_for_turn(event_id: int) -> None:
    """Wait until no other batch of this event is being taken in; the turn lasts until the commit.

    Two batches with the same people in another order would otherwise wait for each other, and the database would end
    one of them. A single reading waits for nobody and need not take a turn.
    """
    db.session.execute(sa.select(Event.id).where(Event.id == event_id).with_for_update(key_share=True))
