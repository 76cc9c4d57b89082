"""Reporting periods: open, submitted, returned, accepted, locked. Locking freezes every figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core import i18n
from core.db import db
from core.errors import Refused
from core.i18n import Texts
from indicators import dashboard, prose, publishing, snapshots
from indicators.models import Period
from indicators.period_models import PeriodState, PeriodStep, Snapshot
from trainings.models import Programme

# What may follow, in the order in which it is offered.
NEXT = {
    PeriodState.OPEN: (PeriodState.SUBMITTED,),
    PeriodState.SUBMITTED: (PeriodState.ACCEPTED, PeriodState.RETURNED),
    PeriodState.RETURNED: (PeriodState.SUBMITTED,),
    PeriodState.ACCEPTED: (PeriodState.LOCKED, PeriodState.RETURNED),
    PeriodState.LOCKED: (),
}


class NotOver(Refused):
    code = "period_not_over"
    sentence = _l("This period lasts until %(day)s. Its report is submitted after that.")


class NotInThisState(Refused):
    code = "not_in_this_state"
    sentence = _l("Somebody was quicker: this report is in another state now. Look again.")


class OwnReport(Refused):
    code = "own_report"
    sentence = _l("A report is accepted or returned by somebody other than the person who submitted it.")


class NoReason(Refused):
    code = "no_reason"
    sentence = _l("Say what has to be mended when you return a report.")


def of_programme(programme: Programme) -> list[Period]:
    """The periods of a programme, the earliest first."""
    query = sa.select(Period).where(Period.programme_id == programme.id)
    return list(db.session.scalars(query.order_by(Period.ends_on, Period.id)))


def steps_of(period: Period) -> list[PeriodStep]:
    """What was done about a period's report, in order."""
    query = sa.select(PeriodStep).where(PeriodStep.period_id == period.id).order_by(PeriodStep.number)
    return list(db.session.scalars(query))


def states_of(periods: Sequence[Period]) -> dict[int, PeriodState]:
    """Where each period stands, by its id."""
    query = (
        sa.select(PeriodStep.period_id, PeriodStep.state)
        .where(PeriodStep.period_id.in_([period.id for period in periods]))
        .order_by(PeriodStep.number)
    )
    reached = dict(db.session.execute(query).all())
    return {period.id: reached.get(period.id, PeriodState.OPEN) for period in periods}


def next_of(programme: Programme) -> Period | None:
    """The period that is reported next: the earliest that is not locked."""
    periods = of_programme(programme)
    states = states_of(periods)
    return next((period for period in periods if states[period.id] != PeriodState.LOCKED), None)


def may_follow(steps: Sequence[PeriodStep], by: User) -> list[PeriodState]:
    """The states to which this member of staff may bring a period now."""
    state = steps[-1].state if steps else PeriodState.OPEN
    return [wanted for wanted in NEXT[state] if not _is_own(steps, wanted, by)]


def take_step(programme: Programme, period: Period, state: PeriodState, *, by: User, note: str = "") -> PeriodStep:
    """Bring a period's report to the next state; locking it freezes its figures as the register knows them now.

    Refuses NotOver, NotInThisState, OwnReport, NoReason.
    """
    if period.ends_on >= programme.today():
        raise NotOver(day=i18n.day(period.ends_on))
    _take_turns(period)
    steps = steps_of(period)
    before = steps[-1] if steps else None
    if state not in NEXT[before.state if before else PeriodState.OPEN]:
        raise NotInThisState
    if _is_own(steps, state, by):
        raise OwnReport
    if state == PeriodState.RETURNED and not note:
        raise NoReason
    is_submission = state == PeriodState.SUBMITTED
    snapshot = _freeze(programme, period) if state == PeriodState.LOCKED else None
    step = PeriodStep(
        period_id=period.id,
        number=before.number + 1 if before else 1,
        number_before=before.number if before else None,
        state_before=before.state if before else PeriodState.OPEN,
        state=state,
        user_id=by.id,
        submitted_by_id=by.id if is_submission or before is None else before.submitted_by_id,
        judged_number=None if is_submission or before is None else before.number,
        snapshot_id=snapshot.id if snapshot else None,
        note=note or None,
    )
    step.user = by
    db.session.add(step)
    db.session.flush()
    return step


def _freeze(programme: Programme, period: Period) -> Snapshot:
    method = {}
    for language in i18n.LANGUAGES:
        with i18n.speaking(language):
            method[language] = prose.method_note()
    board = dashboard.compute(programme, until=period.ends_on, in_full=True)
    snapshot = snapshots.keep(period, replace(board, method=Texts(method)))
    publishing.keep_told(programme, snapshot)
    return snapshot


def _is_own(steps: Sequence[PeriodStep], wanted: PeriodState, by: User) -> bool:
    judges = wanted in (PeriodState.ACCEPTED, PeriodState.RETURNED)
    return judges and bool(steps) and steps[-1].submitted_by_id == by.id


def _take_turns(period: Period) -> None:
    """Two at once step one after the other, each upon what the other reached."""
    db.session.execute(sa.select(Period.id).where(Period.id == period.id).with_for_update())
