"""The yes to a list: everything slow is made ready first, then written in one short transaction, with what was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import clock
from core.db import db
from core.errors import Refused
from participants import comparing, identity, placing, roster
from participants.comparing import Contacts, Known
from participants.list_rows import Fate, RowFate
from participants.models import Participant, RosterImport
from participants.placing import Decided
from participants.reading import Plan
from privacy import codes
from trainings.models import Event, PrivacyLevel

NOTED_EVERY = 1000  # rows
Note = Callable[[int, int], None]


class ChangedMeanwhile(Refused):
    code = "changed_meanwhile"
    sentence = _l("People of this list were changed at this very moment. Nothing was saved; please try again.")


@dataclass(frozen=True)
class Gathered:
    """What the yes needs of the register, so that making everything ready holds nobody up."""

    programme_id: int
    plan: Plan
    answers: dict[str, str]
    keeps_names: bool
    known: Contacts[Known]
    codes: set[str]


@dataclass(frozen=True)
class Prepared:
    plan: Plan
    decided: list[Decided]
    keeps_names: bool


def gather(staged: RosterImport) -> Gathered:
    event = staged.event
    taken = sa.select(Participant.code).where(Participant.programme_id == event.programme_id)
    keeps_names = identity.keeps_names(event)
    assert staged.plan is not None, "asked for"
    return Gathered(
        programme_id=event.programme_id,
        plan=Plan.from_bytes(staged.plan),
        answers=dict(staged.answers),
        keeps_names=keeps_names,
        known=comparing.known_people(event) if keeps_names else Contacts(),
        codes=set(db.session.scalars(taken)),
    )


def prepare(gathered: Gathered, note: Note = lambda done, total: None) -> Prepared:
    """Decide about every row by whom we know now, and make ready who is new. Asks the register nothing."""
    shown = {row.number: row.match for row in gathered.plan.rows}
    _compare_anew(gathered)
    decided = []
    for done, row in enumerate(gathered.plan.rows, 1):
        found = _decide(row, gathered.answers.get(str(row.number), ""), shown[row.number])
        if found is not None:
            if found.uid is None and found.as_row is None:
                assert row.details
                found.person = roster.columns_of(gathered.programme_id, _free_code(gathered.codes), row.details)
            decided.append(found)
        if done % NOTED_EVERY == 0:
            note(done, len(gathered.plan.rows))
    return Prepared(gathered.plan, decided, gathered.keeps_names)


def write(staged: RosterImport, prepared: Prepared) -> None:
    """Write it down, with what each row changed; what failed stays, encrypted, to be corrected.

    Refuses ChangedMeanwhile where somebody of the list was merged, erased or hidden since it was made ready.
    """
    event = staged.event
    level = db.session.scalar(sa.select(Event.privacy).where(Event.id == event.id).with_for_update(read=True))
    if (level == PrivacyLevel.NAMED) != prepared.keeps_names:
        raise ChangedMeanwhile
    wanted = {found.uid for found in prepared.decided if found.uid is not None}
    known = placing.known_ids(event, wanted)
    if len(known) < len(wanted):
        raise ChangedMeanwhile
    placing.place(staged, prepared.decided, known)
    staged.counts = {
        fate.value: number for fate in Fate if (number := sum(row.fate == fate for row in prepared.plan.rows))
    }
    failed = [row for row in prepared.plan.rows if row.is_to_correct]
    titles = prepared.plan.titles
    staged.empty()
    staged.plan = Plan([], titles, failed).as_bytes() if failed and prepared.keeps_names else None
    staged.applied_at, staged.done, staged.answers = clock.now(), staged.total, {}
    db.session.flush()


def _compare_anew(gathered: Gathered) -> None:
    """Somebody may have come into the register since the list was read."""
    if not gathered.keeps_names:
        return
    for row in gathered.plan.rows:
        if row.match is not None:
            row.fate, row.match = Fate.NEW, None
    comparing.with_known(gathered.plan.rows, gathered.known)


def _decide(row: RowFate, answer: str, shown: str | None) -> Decided | None:
    if row.details is None or row.fate in (Fate.ERROR, Fate.REPEATED, Fate.NO_PERSON):
        return None
    if row.fate in (Fate.EXISTING, Fate.REGISTERED):
        return Decided(row, uid=row.match)
    if row.fate == Fate.SIMILAR:
        if answer == "leave":
            return None
        if answer == "same" and row.match is not None and row.match == shown:
            return Decided(row, uid=row.match)
        if answer == "same" and row.match is None:
            return Decided(row, as_row=row.matched_row)
    return Decided(row)


def _free_code(taken: set[str]) -> str:
    while (code := codes.short_code()) in taken:
        pass
    taken.add(code)
    return code
