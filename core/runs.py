"""What background jobs did: one row a run, written around every job; the last ones of each are kept."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Identified, Model, UtcDateTime, db, new_uid, one_of, short_write

KEPT = 40  # runs of one job with one outcome


class RunOutcome(StrEnum):
    DONE = "done"
    FAILED = "failed"
    BROKEN_OFF = "broken_off"


class JobRun(Identified, Model):
    """One run of a background job: waiting, under way, or over. It names a kind of error, never data."""

    __tablename__ = "job_runs"
    __table_args__ = (
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", "over_with_an_outcome"),
        sa.CheckConstraint("ended_at IS NULL OR started_at IS NOT NULL", "over_was_begun"),
        sa.CheckConstraint(
            "(problem IS NOT NULL) = (outcome IS NOT NULL AND outcome = 'failed')", "failed_by_something"
        ),
        sa.Index("ix_job_runs_name_id", "name", "id"),
    )

    name: Mapped[str] = mapped_column(sa.String(60))
    subject_uid: Mapped[str | None] = mapped_column(sa.String(16), default=None)  # what an asked job is about
    is_asked: Mapped[bool]  # by somebody; the others come again by themselves
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    outcome: Mapped[RunOutcome | None] = mapped_column(one_of(RunOutcome), default=None)
    problem: Mapped[str | None] = mapped_column(sa.String(100), default=None)

    @property
    def went_wrong(self) -> bool:
        return self.outcome in (RunOutcome.FAILED, RunOutcome.BROKEN_OFF)


def wait(name: str, subject_uid: str | None) -> str:
    """Write down that somebody asked for a job; the uid of its run."""
    uid = new_uid()
    with short_write() as connection:
        row = {"uid": uid, "name": name, "subject_uid": subject_uid, "is_asked": True, "asked_at": clock.now()}
        connection.execute(sa.insert(JobRun).values(**row))
    return uid


def begin(name: str, uid: str | None) -> str:
    """Write down that a job begins: the run that waited for it, or a new one of a job that comes by itself."""
    now = clock.now()
    with short_write() as connection:
        waited = sa.update(JobRun).where(JobRun.uid == uid).values(started_at=now)
        if uid is not None and connection.execute(waited).rowcount:
            return uid
        uid = new_uid()
        row = {"uid": uid, "name": name, "is_asked": False, "asked_at": now, "started_at": now}
        connection.execute(sa.insert(JobRun).values(**row))
    return uid


def end(name: str, uid: str, problem: Exception | None = None) -> None:
    """Write down how a run ended, an error by its kind only, and forget the oldest runs of the job."""
    outcome = RunOutcome.FAILED if problem is not None else RunOutcome.DONE
    kind = type(problem).__name__[:100] if problem is not None else None
    with short_write() as connection:
        this = sa.update(JobRun).where(JobRun.uid == uid)
        connection.execute(this.values(ended_at=clock.now(), outcome=outcome, problem=kind))
        alike = sa.select(JobRun.id).where(JobRun.name == name, JobRun.outcome == outcome)
        last_kept = connection.scalar(alike.order_by(JobRun.id.desc()).offset(KEPT).limit(1))
        if last_kept is not None:
            old = (JobRun.name == name, JobRun.outcome == outcome, JobRun.id <= last_kept)
            connection.execute(sa.delete(JobRun).where(*old))


def break_off() -> None:
    """Called when the worker starts: what was under way died with the worker before it."""
    with short_write() as connection:
        under_way = sa.update(JobRun).where(JobRun.started_at.is_not(None), JobRun.ended_at.is_(None))
        connection.execute(under_way.values(ended_at=clock.now(), outcome=RunOutcome.BROKEN_OFF))


def asked(limit: int = 500) -> list[JobRun]:
    """The runs that somebody asked for, the newest first."""
    query = sa.select(JobRun).where(JobRun.is_asked).order_by(JobRun.id.desc()).limit(limit)
    return list(db.session.scalars(query))


def latest(name: str, *outcomes: RunOutcome) -> JobRun | None:
    """The newest run of a job, or the newest with one of these outcomes."""
    query = sa.select(JobRun).where(JobRun.name == name).order_by(JobRun.id.desc()).limit(1)
    return db.session.scalar(query.where(JobRun.outcome.in_(outcomes)) if outcomes else query)


def is_newest(run: JobRun) -> bool:
    """Whether the same has not been done or asked for since."""
    since = sa.select(JobRun.id).where(JobRun.name == run.name, JobRun.id > run.id)
    return db.session.scalar(since.where(JobRun.subject_uid.is_not_distinct_from(run.subject_uid)).limit(1)) is None
