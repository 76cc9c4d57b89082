"""Background work as people see it: what was asked for, how far it is, what comes by itself and whether it is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, load_only

from certificates.models import CertificatePrinting
from core import clock, runs
from core.db import db
from core.errors import Refused
from core.queue import queue
from core.runs import JobRun, RunOutcome
from participants.models import RosterImport
from trainings.models import Event, Programme

GRACE = timedelta(minutes=5)


class NothingToAskAgain(Refused):
    code = "nothing_to_ask_again"
    sentence = _l("This work did not fail, or has been asked for again already.")


@dataclass(frozen=True)
class Asked:
    """Something that was asked for: at which event, how far it is, whether it can be asked for again."""

    run: JobRun
    event: Event | None
    done: int
    total: int
    can_be_asked_again: bool


@dataclass(frozen=True)
class Recurring:
    """Something that comes again by itself, and how it went."""

    name: str
    last: JobRun | None
    failed: JobRun | None
    due_at: datetime | None

    @property
    def is_late(self) -> bool:
        """Whether it has not begun although it was due more than five minutes ago."""
        begun = self.last.started_at if self.last is not None else None
        return self.due_at is not None and (begun is None or begun < self.due_at)

    @property
    def is_failing(self) -> bool:
        return self.last is not None and self.last.went_wrong


def asked_for(programme: Programme | None = None) -> list[Asked]:
    """What was asked for lately, the newest first: in a programme, or all of it."""
    newest: set[tuple[str, str | None]] = set()
    found = []
    lately = runs.asked()
    subjects = _subjects({run.subject_uid for run in lately if run.subject_uid})
    for run in lately:
        subject = subjects.get(run.subject_uid or "")
        event = subject.event if subject else None
        is_newest = (run.name, run.subject_uid) not in newest
        newest.add((run.name, run.subject_uid))
        if programme is not None and (event is None or event.programme_id != programme.id):
            continue
        done, total = _progress(subject) if subject and run.outcome is None and run.started_at else (0, 0)
        found.append(Asked(run, event, done, total, is_newest and run.went_wrong and _is_there(run, subject)))
    return found


def recurring() -> list[Recurring]:
    """What comes again by itself, by name."""
    before = clock.now() - GRACE
    return [
        Recurring(name, runs.latest(name), runs.latest(name, RunOutcome.FAILED), queue.last_due(name, before))
        for name in sorted(queue.hours)
    ]


def programme_of(run: JobRun) -> Programme | None:
    """The programme whose own work a run is; None for work of the whole installation."""
    subject = _subjects({run.subject_uid}).get(run.subject_uid) if run.subject_uid else None
    return subject.event.programme if subject else None


def refuse_unless_failed(run: JobRun) -> None:
    """Refuses NothingToAskAgain for what did not fail and for what was asked for again since."""
    if run.name not in queue.known or not run.went_wrong or not runs.is_newest(run):
        raise NothingToAskAgain
    if run.subject_uid and programme_of(run) is None:
        raise NothingToAskAgain


def _subjects(uids: set[str]) -> dict[str, CertificatePrinting | RosterImport]:
    printings = sa.select(CertificatePrinting).where(CertificatePrinting.uid.in_(uids))
    printings = printings.options(joinedload(CertificatePrinting.event))
    # How far it is, and not the list itself.
    narrow = load_only(RosterImport.uid, RosterImport.event_id, RosterImport.done, RosterImport.total)
    lists = sa.select(RosterImport).where(RosterImport.uid.in_(uids)).options(narrow, joinedload(RosterImport.event))
    found: dict[str, CertificatePrinting | RosterImport] = {row.uid: row for row in db.session.scalars(printings)}
    return found | {row.uid: row for row in db.session.scalars(lists)}


def _progress(subject: CertificatePrinting | RosterImport) -> tuple[int, int]:
    return (subject.drawn if isinstance(subject, CertificatePrinting) else subject.done), subject.total


def _is_there(run: JobRun, subject: CertificatePrinting | RosterImport | None) -> bool:
    return run.subject_uid is None or subject is not None
