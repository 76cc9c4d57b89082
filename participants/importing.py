"""Lists as offices send them: uploaded, looked at row by row, said yes to or forgotten; nothing happens before the yes.

Reading is reading.py, the yes is applying.py, taking back is undoing.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core import clock
from core.db import db, short_write
from core.errors import Refused
from participants import applying, identity, layouts, reading
from participants.columns import Column, Header
from participants.list_rows import Fate, RowFate
from participants.models import ImportState, KnownPeople, RosterImport, Sector
from participants.reading import Plan
from privacy import erasure
from trainings.models import Event

KEPT_FOR = timedelta(days=1)
LEFT_BEHIND_AFTER = timedelta(minutes=10)
READ_AT_ONCE = 40_000  # bytes of a file; a larger one is read in the background, holding up no other writer
APPLIED_AT_ONCE = 300  # rows of a list; a longer one is applied in the background
ANSWERS = ("same", "new", "leave")


class AlreadySettled(Refused):
    code = "already_settled"
    sentence = _l("This list has been settled already.")


class NamesNobody(Refused):
    code = "names_nobody"
    sentence = _l("Say which column holds the full name or the family name.")


def stage(
    event: Event, content: bytes, sector: Sector, user: User, known: KnownPeople = KnownPeople.FILL
) -> RosterImport:
    """Keep a file, encrypted, until somebody says yes; a small one is read at once. Refuses those of reading.REFUSALS.

    At an event without names no name is kept even for that long: only what list_rows.as_numbers() leaves.
    """
    staged = RosterImport(event_id=event.id, event=event, sector=sector, user_id=user.id, known=known)
    staged.content = content or b"\n"
    staged.answers, staged.counts, staged.new_organisations = {}, {}, []
    if len(content) <= READ_AT_ONCE or not identity.keeps_names(event):
        reading.at_once(staged, most_rows())
    db.session.add(staged)
    db.session.flush()
    return staged


def most_rows() -> int:
    return int(current_app.extensions["settings"].import_rows)


def find(uid: str) -> RosterImport | None:
    return db.session.scalar(sa.select(RosterImport).where(RosterImport.uid == uid))


def waiting(uid: str) -> RosterImport:
    """The same list again, locked, after slow work. Refuses AlreadySettled if it was forgotten meanwhile."""
    query = sa.select(RosterImport).where(RosterImport.uid == uid).with_for_update()
    staged = db.session.scalar(query.execution_options(populate_existing=True))
    if staged is None or staged.state not in (ImportState.READING, ImportState.APPLYING):
        raise AlreadySettled
    return staged


def of_event(event: Event) -> list[RosterImport]:
    """The lists of an event, the newest first."""
    query = sa.select(RosterImport).where(RosterImport.event_id == event.id).order_by(RosterImport.id.desc())
    return list(db.session.scalars(query))


def plan_of(staged: RosterImport) -> Plan:
    """What is kept to be looked at. Refuses AlreadySettled where that was forgotten."""
    if staged.plan is None:
        raise AlreadySettled
    try:
        return Plan.from_bytes(staged.plan)
    except ValueError:  # kept by an earlier version of this program
        raise AlreadySettled from None


def preview(staged: RosterImport) -> list[RowFate]:
    """The fate of every row, as things stood when the list was read. Refuses AlreadySettled."""
    return open_plan(staged).rows


def open_plan(staged: RosterImport) -> Plan:
    """What is looked at while a list waits for the yes. Refuses AlreadySettled."""
    if staged.state != ImportState.WAITING:
        raise AlreadySettled
    plan = plan_of(staged)
    if not identity.keeps_names(staged.event) and any(row.name for row in plan.rows):
        raise AlreadySettled  # uploaded while names were still kept: it may not be used any more
    return plan


def rows_of(staged: RosterImport) -> list[list[str]]:
    """The rows as they came. Refuses AlreadySettled where they were forgotten."""
    if staged.state != ImportState.WAITING or staged.rows is None:
        raise AlreadySettled
    return reading.rows_in(staged.rows)


def choose_sheet(staged: RosterImport, sheet: int) -> None:
    """Read another sheet of the workbook. Refuses AlreadySettled and those of reading.REFUSALS."""
    if staged.state != ImportState.WAITING or staged.content is None:
        raise AlreadySettled
    staged.rows, staged.arrangement, staged.sheet, staged.answers = None, None, sheet, {}
    _read_again(staged)


def arrange(staged: RosterImport, header_row: int, columns: Mapping[int, Column], *, remember: bool) -> None:
    """Say which row is the heading (from 1; 0 for none) and what each column holds, by number from 0.

    Refuses NamesNobody, AlreadySettled and those of reading.REFUSALS.
    """
    rows = rows_of(staged)
    before = Header.from_json(staged.arrangement) if staged.arrangement else None
    first = header_row - 1
    # A heading of two rows stays one when only its columns are said anew.
    last = before.last if before and before.first == first else first
    header = Header(first, last, dict(columns))
    if not header.names_people:
        raise NamesNobody
    if remember and header_row:
        layouts.keep(staged.event.programme_id, rows, header)
    staged.arrangement, staged.answers = header.as_json(), {}
    _read_again(staged)


def answer(staged: RosterImport, answers: Mapping[int, str]) -> None:
    """Keep what was said about similar rows: "same", "new" or "leave". Refuses AlreadySettled."""
    if staged.state != ImportState.WAITING:
        raise AlreadySettled
    said = {str(number): word for number, word in answers.items() if word in ANSWERS}
    staged.answers = {**staged.answers, **said}
    db.session.flush()


def ask(staged: RosterImport, known: KnownPeople) -> bool:
    """Say yes. True if it is done at once and now; False if the worker is to be asked. Refuses AlreadySettled.

    Of two who press at the same moment one does it.
    """
    this = sa.update(RosterImport).where(
        RosterImport.id == staged.id, RosterImport.asked_at.is_(None), RosterImport.read_at.is_not(None)
    )
    asked = this.where(RosterImport.plan_sealed.is_not(None)).values(asked_at=clock.now(), known=known, done=0)
    if not db.session.execute(asked).rowcount:  # type: ignore[attr-defined]
        raise AlreadySettled
    db.session.refresh(staged)
    if staged.total > APPLIED_AT_ONCE:
        return False
    applying.write(staged, applying.prepare(applying.gather(staged)))
    return True


def apply(staged: RosterImport, choices: Mapping[int, str]) -> dict[Fate, int]:
    """Say yes and do it now, whatever the length; how many rows met each fate. Refuses AlreadySettled."""
    if staged.state != ImportState.WAITING:
        raise AlreadySettled
    answer(staged, choices)
    if not ask(staged, staged.known):
        applying.write(staged, applying.prepare(applying.gather(staged)))
    return {fate: staged.counts.get(fate.value, 0) for fate in Fate}


@erasure.forgets(RosterImport)
def withdraw(staged: RosterImport) -> None:
    """Forget an uploaded list without using it, or what is left of one that was used."""
    staged.empty()
    db.session.flush()


def abandon(staged: RosterImport) -> None:
    """Say no to a list: nobody was added and what it held is forgotten. Refuses AlreadySettled."""
    if staged.state not in (ImportState.READING, ImportState.WAITING, ImportState.REFUSED):
        raise AlreadySettled
    withdraw(staged)


def refuse(staged: RosterImport, refusal: Refused) -> None:
    """A list read in the background that is none: keep why, forget the rest."""
    staged.problem = refusal.code
    staged.empty()
    db.session.flush()


def ask_again(staged: RosterImport) -> None:
    """A yes that came to nothing, as people of the list were changed meanwhile: it waits for another one."""
    staged.asked_at, staged.done = None, 0
    db.session.flush()


def note_progress(import_id: int, done: int, total: int) -> None:
    """Say how far it is, at once and beside any transaction."""
    with short_write() as connection:
        this = sa.update(RosterImport).where(RosterImport.id == import_id)
        connection.execute(this.values(done=min(done, total), total=total))


def left_behind() -> list[RosterImport]:
    """Lists that nobody is reading or applying any more, as the server was stopped meanwhile."""
    long_ago = clock.now() - LEFT_BEHIND_AFTER
    unread = sa.and_(
        RosterImport.read_at.is_(None), RosterImport.content_sealed.is_not(None), RosterImport.uploaded_at < long_ago
    )
    unapplied = sa.and_(
        RosterImport.asked_at < long_ago, RosterImport.applied_at.is_(None), RosterImport.rows_sealed.is_not(None)
    )
    return list(db.session.scalars(sa.select(RosterImport).where(sa.or_(unread, unapplied))))


def withdraw_abandoned() -> int:
    """Forget lists that nobody has said yes or no to for a day, and what failed of those applied a day ago."""
    too_old = clock.now() - KEPT_FOR
    holds = sa.or_(
        RosterImport.rows_sealed.is_not(None),
        RosterImport.content_sealed.is_not(None),
        RosterImport.plan_sealed.is_not(None),
    )
    since = sa.func.coalesce(RosterImport.applied_at, RosterImport.uploaded_at)
    abandoned = list(db.session.scalars(sa.select(RosterImport).where(holds, since < too_old)))
    for staged in abandoned:
        withdraw(staged)
    return len(abandoned)


def _read_again(staged: RosterImport) -> None:
    """At once if it is small; else it waits for the worker: `read_at` is empty then."""
    # Rows are kept at about a quarter of their size.
    held = 4 * len(staged.rows_sealed) if staged.rows_sealed else len(staged.content_sealed or b"")
    staged.read_at = None
    if held <= 4 * READ_AT_ONCE:
        reading.at_once(staged, most_rows())
    db.session.flush()
