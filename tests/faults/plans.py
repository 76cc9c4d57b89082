"""What happens in one run: who is read and undone, when a tab dies, how the network misbehaves; all of it by a seed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from random import Random
from typing import Any

CELLS = 4  # (badge, session) pairs that only this run reads
HOURS = 3600
UNDO_WITHIN = 15 * 60
SKEWS = (0, 0, 0, 40, -40, 10 * 60, -10 * 60, 48 * HOURS, -48 * HOURS)


class Fault(StrEnum):
    """What can become of a request between the phone and the server."""

    DROPPED = "dropped before the server"
    LOST_ANSWER = "answer lost after the commit"
    TIMED_OUT = "time-out after the commit"
    DOUBLED = "sent twice at once"
    OVERTAKEN = "held and delivered late"
    BROKEN = "500 before the server"
    BROKEN_AFTER = "500 after the commit"
    TOO_LARGE = "413"
    FORBIDDEN = "403 of somebody else"
    PORTAL = "HTML with 200"
    FOREIGN = "JSON of somebody else with 200"
    REDIRECTED = "redirect"
    TRUNCATED = "answer cut in half"
    PARTIAL = "answer names some only"
    SLOW = "slow answer"


class Whose(StrEnum):
    """What kind of code an item holds."""

    OWN = "own"  # a badge that nobody else reads at this session
    SHARED = "shared"  # a badge that many runs read at the same session
    OTHER_DAY = "other_day"
    STRANGER = "stranger"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    WALK_IN = "walk_in"  # somebody new, without a code


WHOSE = (Whose.OWN,) * 9 + (Whose.SHARED,) * 3 + tuple(Whose)[2:]


@dataclass(frozen=True)
class Item:
    """One thing the phone keeps: a reading, or the undoing of one. `seconds` before now, by the phone's clock."""

    id: str
    whose: Whose
    which: int
    seconds: int
    source: str = "camera"
    undoes: str | None = None
    is_confirmed: bool = False  # let in all the same by whoever stands at the door


@dataclass(frozen=True)
class Act:
    """One thing a tab does: keep an item, wait, set the phone's clock, or die with `items` on their way to the disk."""

    kind: str
    items: tuple[Item, ...] = ()
    milliseconds: int = 0
    skew: int = 0


@dataclass
class Plan:
    """A run."""

    number: int
    skew: int
    tabs: list[list[Act]]
    faults: list[Fault]
    most: int | None = None  # a proxy on the way refuses more scans than this at once, always
    poison: str | None = None  # a request with this item is answered 500, until the rest has got through
    at_once: int = 100
    items: dict[str, Item] = field(default_factory=dict)

    @property
    def is_steady(self) -> bool:
        """Whether the phone's clock, right or wrong, runs evenly."""
        return not any(act.kind == "clock" for tab in self.tabs for act in tab)

    def kin(self) -> list[str]:
        """The poison and what may not overtake it: whatever else is about the same badge at the same session."""
        if self.poison is None:
            return []
        ill = self.items[self.poison]
        if ill.whose == Whose.WALK_IN:
            return [item.id for item in self.items.values() if ill.id in (item.id, item.undoes)]
        return [item.id for item in self.items.values() if (item.whose, item.which) == (ill.whose, ill.which)]


def draw(seed: int, number: int) -> Plan:
    """The run of this number; the same for the same seed."""
    rng = Random(f"{seed}/{number}")
    count = rng.choice((1, 1, 2))
    items = _items(rng)
    tabs: list[list[Item]] = [[] for _ in range(count)]
    for item in items:
        # All about one badge happens in one tab, so that it is known what came first.
        tabs[item.which % count].append(item)
    plan = Plan(
        number,
        skew=rng.choice(SKEWS),
        tabs=[_acts(rng, tab) for tab in tabs],
        faults=_faults(rng),
        most=rng.randint(1, 5) if rng.random() < 0.1 else None,
        poison=rng.choice(items).id if rng.random() < 0.15 else None,
        at_once=rng.choice((100, 100, 3)),
        items={item.id: item for item in items},
    )
    if rng.random() < 0.15:
        tab = rng.choice(plan.tabs)
        tab.insert(rng.randint(0, len(tab)), Act("clock", skew=rng.choice(SKEWS)))
    return plan


def _items(rng: Random) -> list[Item]:
    """One to twelve readings in the order in which they happen, some undone soon after, some too late."""
    items: list[Item] = []
    count = rng.randint(1, 12)
    for number in range(count):
        whose = rng.choice(WHOSE)
        item = Item(
            id=_uuid(rng),
            whose=whose,
            which=rng.randrange(CELLS),
            seconds=40 * 60 - number * 30,
            source=rng.choice(("camera", "camera", "wedge", "typed")),
            is_confirmed=whose in (Whose.STRANGER, Whose.CANCELLED) and rng.random() < 0.3,
        )
        items.append(item)
        if rng.random() < 0.3:
            later = rng.choice((5, 60, 300, UNDO_WITHIN - 10, UNDO_WITHIN + 10, HOURS))
            undoing = replace(item, id=_uuid(rng), undoes=item.id, seconds=item.seconds - later, is_confirmed=False)
            items.append(undoing)
            if rng.random() < 0.5:  # and read again after all
                items.append(replace(item, id=_uuid(rng), seconds=item.seconds - later - 5))
    return items


def _acts(rng: Random, items: list[Item]) -> list[Act]:
    """What one tab does: often it is slow, sometimes it dies."""
    acts: list[Act] = []
    waiting = list(items)
    pauses = rng.choice((0, 0.2, 0.6))
    while waiting:
        if rng.random() < pauses:
            acts.append(Act("wait", milliseconds=rng.randint(1, 60)))
        if rng.random() < 0.06:
            several = rng.randint(0, 3)
            acts.append(Act("die", tuple(waiting[:several]), milliseconds=rng.randint(0, 25)))
            waiting = waiting[several:]
        else:
            acts.append(Act("keep", (waiting.pop(0),)))
    if rng.random() < 0.12:
        acts.append(Act("die", milliseconds=rng.randint(0, 60)))
    return acts


def _faults(rng: Random) -> list[Fault]:
    """What befalls the requests of a run, one after the other; after that the network is honest."""
    count = rng.choice((0, 1, 2, 3, 4, 6, 8, 12))
    if rng.random() < 0.2:
        return [rng.choice(list(Fault))] * count  # a stretch of the same
    return [rng.choice(list(Fault)) for _ in range(count)]


def _uuid(rng: Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def shown(plan: Plan, item: Callable[[Item], dict[str, Any]]) -> dict[str, Any]:
    """A run as the page gets it; `item` shows one thing that a phone keeps."""

    def act(one: Act) -> dict[str, Any]:
        items = [item(each) for each in one.items]
        return {"kind": one.kind, "items": items, "milliseconds": one.milliseconds, "skew": one.skew}

    return {
        "number": plan.number,
        "skew": plan.skew,
        "atOnce": plan.at_once,
        "tabs": [[act(one) for one in tab] for tab in plan.tabs],
        "poison": plan.poison,
        "kin": plan.kin(),
    }
