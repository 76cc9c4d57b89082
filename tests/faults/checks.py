"""What must be true in the register after runs: nothing lost, nothing doubled, and everybody where they were left."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from core.db import db
from door.models import Attendance, Outcome, Scan
from door.readings import PRESENT
from participants.models import Origin, Registration
from tests.faults.plans import UNDO_WITHIN, Item, Plan, Whose
from tests.faults.world import World


@dataclass(frozen=True)
class Played:
    """A run as it went: its plan, its place in the chunk, and what the phone says of it."""

    plan: Plan
    place: int
    taken: set[str]
    begun: set[str]
    held_up: int
    stuck: int

    def items(self) -> Iterator[Item]:
        """Everything that was begun, in the order in which it happened within each tab."""
        return (item for item in self.plan.items.values() if item.id in self.begun)


@dataclass
class Findings:
    """What is wrong, each with the run it went wrong in."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    held_up: list[str] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        return {name.replace("_", " "): len(found) for name, found in vars(self).items()}

    def all(self) -> list[str]:
        return [f"{name.replace('_', ' ')}: {one}" for name, found in vars(self).items() for one in found]

    def add(self, other: Findings) -> None:
        for name, found in vars(self).items():
            found.extend(getattr(other, name))


class Register:
    """Scans and attendances of a chunk as the database has them."""

    def __init__(self, world: World) -> None:
        scan, presence = Scan.__table__.c, Attendance.__table__.c
        sessions = [number for number, _uid in world.sessions]
        query = sa.select(scan.id, scan.scan_id, scan.outcome, scan.event_session_id, scan.registration_id)
        self.scans = db.session.execute(query.where(scan.event_session_id.in_(sessions))).all()
        query = sa.select(presence.scan_id, presence.registration_id, presence.event_session_id, presence.annulled_at)
        self.presences = db.session.execute(query.where(presence.event_id == world.event_id)).all()
        query = sa.select(Registration.id).where(Registration.event_id == world.event_id)
        self.new_places = set(db.session.scalars(query.where(Registration.origin == Origin.WALK_IN)))
        self.by_id = {row.scan_id: row for row in self.scans}
        self.presence_of = {row.scan_id: row for row in self.presences}
        self.present = {(row.registration_id, row.event_session_id) for row in self.presences if not row.annulled_at}
        db.session.rollback()


def check(world: World, runs: list[Played]) -> Findings:
    """Compare what the phones of a chunk kept with what the register has."""
    found, register = Findings(), Register(world)
    _once(register, runs, found)
    for run in runs:
        name = f"run {run.plan.number}"
        if run.stuck:
            found.stuck.append(f"{name}: {run.stuck} items")
        if run.held_up:
            found.held_up.append(f"{name}: {run.held_up} items behind a poison one")
        found.lost += [f"{name}: {item.id} ({item.whose})" for item in run.items() if _is_lost(item, run, register)]
        found.misplaced += [f"{name}: {problem}" for problem in _misplaced(world, run, register)]
    return found


def _once(register: Register, runs: list[Played], found: Findings) -> None:
    """Every scan is there once, nobody is present twice, and nothing came from nowhere."""
    run_of = {item: run.plan.number for run in runs for item in run.plan.items}
    in_force = Counter((p.registration_id, p.event_session_id) for p in register.presences if not p.annulled_at)
    for scan_id, times in Counter(row.scan_id for row in register.scans).items():
        if times > 1:
            found.doubled.append(f"run {run_of.get(scan_id)}: {scan_id} is there {times} times")
    found.doubled += [f"a place is present {times} times at a session" for times in in_force.values() if times > 1]
    found.doubled += [f"nobody made scan {row.scan_id}" for row in register.scans if row.scan_id not in run_of]
    if len(register.presence_of) < len(register.presences):
        found.doubled.append("a scan made two attendances")
    nobodys = register.new_places - {row.registration_id for row in register.scans}
    found.doubled += [f"somebody new got the place {place} too, without a scan" for place in nobodys]
    new = [item for run in runs for item in run.items() if item.whose == Whose.WALK_IN and item.id in register.by_id]
    for place, times in Counter(register.by_id[item.id].registration_id for item in new).items():
        if times > 1 or place is None:
            found.lost.append(f"{times} who came without a code have the place {place} together")


def _is_lost(item: Item, run: Played, register: Register) -> bool:
    return item.undoes is None and item.id in run.taken and item.id not in register.by_id


def _misplaced(world: World, run: Played, register: Register) -> Iterator[str]:
    """What the register tells differently from what happened."""
    undone = {item.undoes for item in run.items() if item.undoes}
    for item in run.items():
        row = register.by_id.get(item.id)
        if row is None:
            continue
        if row.event_session_id != world.session(item, run.place)[0] or row.outcome == Outcome.CONFLICT:
            yield f"{item.id} stands at another session or as a conflict"
        presence = register.presence_of.get(row.id)
        # Whom another phone took back is present because of this reading, though it came second.
        may_stand = (True, False) if row.outcome == Outcome.ALREADY_IN else (row.outcome in PRESENT,)
        if (presence is not None) not in may_stand:
            yield f"{item.id} came to {row.outcome}, and its attendance does not fit"
        if presence is not None and presence.annulled_at and item.id not in undone:
            yield f"{item.id} is annulled though nobody undid it"
    if run.plan.is_steady:
        yield from _as_it_happened(world, run, register)


def _as_it_happened(world: World, run: Played, register: Register) -> Iterator[str]:
    """With an even clock faults change nothing: it comes out as if each item had arrived at once, in its order."""
    cells: dict[tuple[int, int], list[Item]] = defaultdict(list)
    for item in run.items():
        if item.undoes and item.id in run.taken and _is_in_time(item, run) and _is_present(item.undoes, register):
            yield f"{item.undoes} was undone and is present"
        if item.whose == Whose.OWN:
            cells[world.cell(item, run.place)].append(item)
    for cell, items in cells.items():
        if any(item.undoes and item.id not in run.taken for item in items):
            continue  # a tab died over it: it may have been kept or not
        kept = [item for item in items if item.undoes or item.id in register.by_id]
        if _in_order(kept, run) != (cell in register.present):
            left = "out" if cell in register.present else "in"
            yield f"{[(item.id, item.undoes) for item in kept]} should have left somebody {left}"


def _in_order(items: list[Item], run: Played) -> bool:
    """Whether somebody is present after these items about one badge at one session."""
    present_by = None
    for item in items:
        if item.undoes is None:
            present_by = present_by or item.id
        elif item.undoes == present_by and _is_in_time(item, run):
            present_by = None
    return present_by is not None


def _is_in_time(undoing: Item, run: Played) -> bool:
    return run.plan.items[str(undoing.undoes)].seconds - undoing.seconds < UNDO_WITHIN


def _is_present(scan_id: str, register: Register) -> bool:
    row: Any = register.by_id.get(scan_id)
    presence = register.presence_of.get(row.id) if row else None
    return presence is not None and presence.annulled_at is None
