"""What an event lacks before it and after: a list of checks, each asked by the package that owns the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from core import clock
from core.db import db
from trainings.models import Event, EventStatus, Programme

ASKED_AFTER = timedelta(days=30)  # how long what is missing after an event is asked for
WINDOW = timedelta(days=14)


class Stage(StrEnum):
    """When something is asked for: until the event is over, and once it is."""

    BEFORE = "before"
    AFTER = "after"


class Whose(StrEnum):
    TRAINERS = "trainers"
    MANAGERS = "managers"


@dataclass(frozen=True)
class Gap:
    """One thing to mend: what it is, and the page on which it is mended."""

    what: str
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)
    whose: Whose = Whose.MANAGERS


Look = Callable[[Event], Iterator[Gap]]
CHECKS: list[tuple[Stage, int, Look]] = []


def check(stage: Stage, turn: int) -> Callable[[Look], Look]:
    """Register a check of a stage; `turn` says when its gap is mended, before those with a greater one."""

    def register(look: Look) -> Look:
        CHECKS.append((stage, turn, look))
        CHECKS.sort(key=lambda entry: entry[1])
        return look

    return register


def stage_of(event: Event) -> Stage | None:
    """What is asked of an event today; None of one that is cancelled or long over."""
    if event.status == EventStatus.CANCELLED or event.ends_on < event.programme.today() - ASKED_AFTER:
        return None
    is_over = event.status == EventStatus.HELD or event.sessions[-1].ends_at < clock.now()
    return Stage.AFTER if is_over else Stage.BEFORE


def gaps(event: Event) -> list[Gap]:
    """What an event lacks today, in the order in which it is mended."""
    asked = stage_of(event)
    return [gap for stage, _turn, look in CHECKS if stage == asked for gap in look(event)]


def near(programme: Programme, around: timedelta = WINDOW) -> list[Event]:
    """The events of these days before and after today, that were not cancelled."""
    today = programme.today()
    query = (
        sa.select(Event)
        .where(
            Event.programme_id == programme.id,
            Event.status != EventStatus.CANCELLED,
            Event.ends_on >= today - around,
            Event.starts_on <= today + around,
        )
        .options(joinedload(Event.venue), selectinload(Event.trainers), selectinload(Event.sessions))
    )
    return list(db.session.scalars(query.order_by(Event.starts_on, Event.id)))


@check(Stage.BEFORE, 1)
def venue_and_trainers(event: Event) -> Iterator[Gap]:
    """Where, who leads, and whether the room is large enough."""
    form = {"event": event.uid}
    if event.venue is None:
        yield Gap(_("a venue"), "events.show_event_form", form)
    elif event.venue.capacity and event.capacity and event.capacity > event.venue.capacity:
        said = _(
            "a larger venue: it has %(room)s places for %(places)s", room=event.venue.capacity, places=event.capacity
        )
        yield Gap(said, "events.show_event_form", form)
    if not event.trainers:
        yield Gap(_("trainers"), "events.show_event_form", form)


@check(Stage.AFTER, 5)
def closing(event: Event) -> Iterator[Gap]:
    """An event counts once it is closed."""
    if event.is_planned:
        said = _("closing: the event is over and counts once it is closed")
        yield Gap(said, "events.show_event", {"event": event.uid, "_anchor": "close"}, Whose.TRAINERS)
