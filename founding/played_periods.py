"""How the demo's reporting periods went: submitted, accepted, locked, and a sheet of paper that came late."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from accounts.models import User
from core import clock
from core.db import db
from door import attendance
from door.models import Attendance, Source
from founding import played_record
from founding.invented_record import SEX_PUT_RIGHT
from indicators import dashboard, periods, restatements
from indicators.models import Indicator, Period
from indicators.period_models import PeriodState
from participants import registration
from participants.models import Registration, RegistrationStatus
from trainings import agenda
from trainings.models import Event, EventKind, EventStatus, Programme

RETURNED = "Не хватает тиража памятки за последний месяц."
MENDED = "Тираж внесён."
LATE = "Лист присутствия пришёл по почте после сдачи отчёта."


def play(programme: Programme, manager: User, judge: User) -> None:
    """Every period that was over a month ago is locked; the first had to be mended; after the last a sheet came."""
    locked = [found for found in periods.of_programme(programme) if _is_over(programme, found)]
    played_record.begin(programme, manager)
    for number, period in enumerate(locked):
        played_record.report(programme, period, number, manager)
        first = [(12, manager, PeriodState.SUBMITTED, ""), (16, judge, PeriodState.RETURNED, RETURNED)]
        steps = [
            *(first if number == 0 else []),
            (19, manager, PeriodState.SUBMITTED, MENDED if number == 0 else ""),
            (24, judge, PeriodState.ACCEPTED, ""),
            (25, manager, PeriodState.LOCKED, ""),
        ]
        for days, by, state, note in steps:
            noon = datetime.combine(period.ends_on + timedelta(days=days), time(12), ZoneInfo(programme.time_zone))
            with clock.standing_at(noon):
                periods.take_step(programme, period, state, by=by, note=note)
        played_record.go_on(programme, period, number, manager)
    played_record.catch_up(programme, periods.next_of(programme), manager)
    if locked:
        _note_late(programme, locked[-1], manager)
        _explain(programme, LATE, manager)
        played_record.put_right(programme, locked[-1])
        _explain(programme, SEX_PUT_RIGHT, manager)


def _is_over(programme: Programme, period: Period) -> bool:
    return period.ends_on + timedelta(days=30) < programme.today()


def _note_late(programme: Programme, last: Period, manager: User) -> None:
    """Somebody missed a workshop, it seemed; the paper says otherwise, and the figure is restated from then on."""
    held = agenda.events_of(programme, EventKind.WORKSHOP, EventStatus.HELD)
    for event in (event for event in held if event.ends_on <= last.ends_on):
        missed = _missed(event)
        if missed is not None:
            for event_session in event.sessions:
                attendance.mark(event_session, missed, by=manager, source=Source.PAPER)
            return


def _explain(programme: Programme, reason: str, manager: User) -> None:
    """Give a reason to every restated figure that has none yet."""
    found = {period.key: period for period in periods.of_programme(programme)}
    for line in dashboard.compute(programme).lines:
        indicator = db.session.scalars(sa.select(Indicator).where(Indicator.uid == line.indicator.uid)).one()
        for restated in line.restatements:
            if not restated.why:
                restatements.explain(found[restated.period], indicator, reason, by=manager)


def _missed(event: Event) -> Registration | None:
    present = sa.select(Attendance.registration_id).where(Attendance.event_id == event.id)
    came = set(db.session.scalars(present))
    places = registration.of_event(event)
    return next((p for p in places if p.status == RegistrationStatus.REGISTERED and p.id not in came), None)
