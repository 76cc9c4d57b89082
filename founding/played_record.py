"""How the demo's logframe was kept: values with their papers, narratives, an adjustment, assumptions, targets."""

from __future__ import annotations

import io
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from accounts.models import User
from core import clock, pdf
from core.db import db
from door.models import Attendance
from founding import invented_record as words
from indicators import defining, documents, entering, judging, substantiating
from indicators.models import (
    Accumulation,
    Assumption,
    AssumptionState,
    Indicator,
    Measure,
    Period,
    Result,
    TargetOrigin,
    ValueSource,
)
from materials import cleaning
from participants import roster
from participants.models import Participant, Registration, Sex
from trainings.models import Event, EventKind, EventStatus, Programme

DEFINED = (
    "code", "statement", "definition", "unit", "measure", "direction", "accumulation", "value_source", "metric",
    "parameters", "baseline_kind", "baseline_value", "baseline_text", "baseline_on", "source", "frequency",
    "responsible", "limitations", "visibility",
)  # fmt: skip
TAKEN_OFF = -20
TODAY = 2  # which of the words fit the period that is running


def begin(programme: Programme, manager: User) -> None:
    """In the first weeks: nearly every assumption is looked at, and one count is opened to adjustments."""
    with _at(programme, programme.starts_on + timedelta(days=30)):
        for number, assumption in enumerate(_assumptions(programme)[:-1]):
            _judge(programme, assumption, AssumptionState.HOLDS, number, manager)
        handed_out = _by_metric(programme, "copies.distributed")
        if handed_out is not None:
            _define(handed_out, manager, words.ADJUSTABLE, value_source=ValueSource.ADJUSTED)


def report(programme: Programme, period: Period, number: int, manager: User) -> None:
    """Before a period's report: what was entered with its papers, what was lost on the way, and what is said of it."""
    with _at(programme, period.ends_on + timedelta(days=8)):
        for indicator in _indicators(programme):
            if indicator.is_entered:
                _enter(programme, indicator, period.ends_on - timedelta(days=20), number, manager)
        handed_out = _by_metric(programme, "copies.distributed")
        if number == 1 and handed_out is not None:
            _take_off(programme, handed_out, period.ends_on - timedelta(days=45), manager)
        _narrate(programme, period, number, manager)


def go_on(programme: Programme, period: Period, number: int, manager: User) -> None:
    """After a lock: what became of the assumptions, and what was changed in targets and definitions."""
    observed, trained = _by_metric(programme, "units.observed"), _by_metric(programme, "people.completed")
    with _at(programme, period.ends_on + timedelta(days=28)):
        if number == 0:
            _judge_first(programme, trained, AssumptionState.AT_RISK, manager)
            if observed is not None:
                _promise_less(programme, observed, period, manager)
        elif number == 1 and observed is not None:
            _judge_first(programme, observed, AssumptionState.BROKEN, manager)
            defining.assume(observed.result, words.NEW_ASSUMPTION, manager)
            _define(observed, manager, words.WHY_LIMITS, limitations=words.LIMITS)


def catch_up(programme: Programme, running: Period | None, manager: User) -> None:
    """What was entered and said since the last report."""
    for indicator in _indicators(programme):
        if indicator.is_entered:
            _enter(programme, indicator, programme.today() - timedelta(days=20), TODAY, manager)
    if running is not None:
        _narrate(programme, running, TODAY, manager)


def put_right(programme: Programme, last: Period) -> None:
    """Somebody of a forum or a training stood in the list with the wrong sex; the totals are the same."""
    others = (EventKind.FORUM, EventKind.DISCUSSION, EventKind.CSO_TRAINING)
    came = (
        sa.select(Participant)
        .join(Registration, Registration.participant_id == Participant.id)
        .join(Attendance, Attendance.registration_id == Registration.id)
        .join(Event, Event.id == Registration.event_id)
        .where(Event.programme_id == programme.id, Event.status == EventStatus.HELD, Event.kind.in_(others))
        .where(Event.ends_on <= last.ends_on, Participant.sex == Sex.MALE)
        .order_by(Participant.id)
    )
    person = db.session.scalars(came).first()
    if person is not None:
        roster.correct(person, replace(roster.details_of(person), sex=Sex.FEMALE))


def _enter(programme: Programme, indicator: Indicator, on_day: date, number: int, manager: User) -> None:
    is_words = indicator.measure == Measure.QUALITATIVE
    title = words.REVIEW if is_words else words.MINUTES if _adds_up(indicator) else words.SHEET
    entering.enter(
        programme,
        indicator,
        on_day,
        value=None if is_words else _number(indicator, number),
        text=words.ASSESSMENTS[min(number, 1)] if is_words else None,
        evidence=words.WHERE_FROM[title],
        by=manager,
    )
    documents.add(programme, indicator, title, on_day, cleaning.clean(_paper(title, on_day), 1), manager)


def _number(indicator: Indicator, number: int) -> float:
    """Two more in each period; of a figure that counts as it is, a quarter of the way from its baseline."""
    target = judging.standing_targets(indicator)[-1].value
    if indicator.accumulation == Accumulation.SUM or target is None or indicator.baseline_value is None:
        return 1 if number == TODAY else 2
    return round(indicator.baseline_value + (target - indicator.baseline_value) * (number + 1) / 4, 1)


def _take_off(programme: Programme, indicator: Indicator, on_day: date, manager: User) -> None:
    title = words.WRITTEN_OFF
    substantiating.adjust(programme, indicator, on_day, TAKEN_OFF, words.LOST, title, manager)
    documents.add(programme, indicator, title, on_day, cleaning.clean(_paper(title, on_day), 1), manager)


def _narrate(programme: Programme, period: Period, number: int, manager: User) -> None:
    for key, said in words.NARRATIVES.items():
        indicator, text = _told(programme, key), said[number] if number < len(said) else None
        if indicator is not None and text is not None:
            substantiating.narrate(indicator, period, text, manager)


def _told(programme: Programme, key: str) -> Indicator | None:
    if key not in ("entered", "words"):
        return _by_metric(programme, key)
    entered = (indicator for indicator in _indicators(programme) if indicator.is_entered)
    if key == "words":
        return next((indicator for indicator in entered if indicator.measure == Measure.QUALITATIVE), None)
    return next((indicator for indicator in entered if _adds_up(indicator)), None)


def _adds_up(indicator: Indicator) -> bool:
    return indicator.accumulation == Accumulation.SUM


def _promise_less(programme: Programme, indicator: Indicator, period: Period, manager: User) -> None:
    """A milestone after the next report is moved, and the reason stands beside it."""
    later = [found for found in judging.periods_of(programme) if found.ends_on > period.ends_on][1:]
    before = judging.standing_target(indicator, later[0]) if later else None
    if before is not None and before.value is not None:
        origin, reason = TargetOrigin.PROPOSED, words.FEWER_VISITS
        value = float(round(before.value * 0.85))
        judging.promise(
            programme, indicator, later[0], value=value, text=None, origin=origin, reason=reason, by=manager
        )


def _judge_first(programme: Programme, indicator: Indicator | None, state: AssumptionState, manager: User) -> None:
    if indicator is not None and indicator.result.assumptions:
        _judge(programme, indicator.result.assumptions[0], state, 0, manager)


def _judge(programme: Programme, assumption: Assumption, state: AssumptionState, number: int, manager: User) -> None:
    notes = words.JUDGEMENTS[state]
    judging.judge(programme, assumption, state, programme.today(), notes[number % len(notes)], manager)


def _define(indicator: Indicator, manager: User, reason: str, **changed: object) -> None:
    values = {name: getattr(indicator, name) for name in DEFINED}
    defining.revise_indicator(indicator, {**values, **changed}, manager, reason)


def _indicators(programme: Programme) -> list[Indicator]:
    query = sa.select(Indicator).join(Indicator.result).where(Result.programme_id == programme.id)
    return list(db.session.scalars(query.order_by(Indicator.position)))


def _by_metric(programme: Programme, metric: str) -> Indicator | None:
    """The indicator counted in this way; of several that of the workshops."""
    found = [indicator for indicator in _indicators(programme) if indicator.metric == metric]
    of_workshops = [indicator for indicator in found if "workshop" in indicator.parameters.get("kinds", [])]
    return next(iter(of_workshops or found), None)


def _assumptions(programme: Programme) -> list[Assumption]:
    query = sa.select(Assumption).join(Assumption.result).where(Result.programme_id == programme.id)
    return list(db.session.scalars(query.order_by(Result.position, Assumption.position)))


def _paper(title: str, on_day: date) -> bytes:
    """A page that says it is invented."""
    page, content = pdf.canvas(title)
    page.setFont(pdf.BOLD, 16)
    page.drawString(72, 740, title)
    page.setFont(pdf.REGULAR, 11)
    page.drawString(72, 714, f"{on_day:%d.%m.%Y}. Документ придуман для показа.")
    page.save()
    assert isinstance(content, io.BytesIO)
    return content.getvalue()


def _at(programme: Programme, day: date) -> AbstractContextManager[None]:
    return clock.standing_at(datetime.combine(day, time(12), ZoneInfo(programme.time_zone)))
