"""Reporting periods for staff: where each stands, its steps, what was restated since, and the locked files."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import load_or_404, requires
from core.saving import refusals_in, saved
from core.web import answer_file
from indicators import changes, dashboard, period_plan, periods, policies, restatements, snapshots, wording
from indicators.files import catalogue
from indicators.models import Indicator, Period
from indicators.period_forms import VERBS, PeriodForm, ReasonForm, StepForm
from indicators.period_models import PeriodState
from trainings.models import Programme

edge = Blueprint("periods", __name__)


@edge.get("/programmes/<uid:programme>/periods")
@requires(policies.may_see_indicators, programme=Programme)
def list_periods(programme: Programme) -> Any:
    return _list_page(programme, PeriodForm(formdata=None, data={"starts_on": period_plan.first_free_day(programme)}))


@edge.post("/programmes/<uid:programme>/periods")
@requires(policies.may_define, programme=Programme)
def add_period(programme: Programme) -> Any:
    form = PeriodForm()
    if form.validate_on_submit():
        with refusals_in(form):
            period = period_plan.add(programme, form.key.data, form.starts_on.data, form.ends_on.data)
            audit.record(current_user, "added", period)
            return saved(_("The period is there."), url_for("periods.list_periods", programme=programme.uid))
    return _list_page(programme, form), 422


@edge.post("/programmes/<uid:programme>/periods/half-years")
@requires(policies.may_define, programme=Programme)
def lay_out_periods(programme: Programme) -> Any:
    for period in period_plan.lay_out(programme):
        audit.record(current_user, "added", period)
    return saved(_("The periods are laid out."), url_for("periods.list_periods", programme=programme.uid))


@edge.post("/periods/<uid:period>/removal")
@requires(policies.may_report, period=Period)
def take_period_out(period: Period) -> Any:
    programme = policies.programme_of_period(period)
    audit.record(current_user, "removed", period)
    period_plan.take_out(period)
    return saved(_("The period is taken out."), url_for("periods.list_periods", programme=programme.uid))


@edge.get("/periods/<uid:period>")
@requires(policies.may_see_period, period=Period)
def show_period(period: Period) -> Any:
    return _period_page(period, StepForm(), ReasonForm())


@edge.post("/periods/<uid:period>/steps")
@requires(policies.may_report, period=Period)
def take_step(period: Period) -> Any:
    form = StepForm()
    if form.validate_on_submit():
        with refusals_in(form):
            state, note = PeriodState(form.state.data), form.note.data or ""
            programme = policies.programme_of_period(period)
            step = periods.take_step(programme, period, state, by=current_user, note=note)
            audit.record(current_user, f"{step.state}_period", period)
            return saved(str(VERBS[step.state][1]), url_for("periods.show_period", period=period.uid))
    return _period_page(period, form, ReasonForm(formdata=None)), 422


@edge.post("/periods/<uid:period>/reasons")
@requires(policies.may_report, period=Period)
def explain_restatement(period: Period) -> Any:
    form = ReasonForm()
    if not form.validate_on_submit():
        return _period_page(period, StepForm(formdata=None), form), 422
    indicator = load_or_404(Indicator, form.indicator.data)
    if policies.programme_of(indicator).id != period.programme_id:
        abort(404)
    restatements.explain(period, indicator, form.reason.data, by=current_user)
    audit.record(current_user, "explained", indicator, period=period.uid)
    return saved(_("Saved."), url_for("periods.show_period", period=period.uid))


@edge.get(f"/periods/<uid:period>/{catalogue.ADDRESS}")
@requires(policies.may_see_period, period=Period)
def download(period: Period, file_name: str) -> Any:
    snapshot = snapshots.of_period(period) or abort(404)
    return catalogue.answer(file_name, snapshots.read(snapshot))


@edge.get("/periods/<uid:period>/snapshot.json")
@requires(policies.may_see_period, period=Period)
def download_snapshot(period: Period) -> Any:
    """The very bytes whose SHA-256 is the fingerprint."""
    snapshot = snapshots.of_period(period) or abort(404)
    snapshots.read(snapshot)
    return answer_file(snapshot.content, "application/json", "snapshot.json", as_download=True)


def _list_page(programme: Programme, form: PeriodForm) -> str:
    found = periods.of_programme(programme)
    return render_template(
        "indicators/periods.html",
        programme=programme,
        periods=found,
        states=periods.states_of(found),
        locked={row.period_id: row for row in snapshots.of_programme(programme)},
        form=form,
        may_define=policies.may_define(current_user, programme),
        has_room=period_plan.first_free_day(programme) is not None,
    )


def _changed_since(programme: Programme, period: Period) -> int:
    lock = next((lock for lock in changes.locks_of(programme) if lock.uid == period.uid), None)
    return changes.since(programme, lock) if lock else 0


def _period_page(period: Period, form: StepForm, reason_form: ReasonForm) -> Any:
    programme = policies.programme_of_period(period)
    snapshot = snapshots.of_period(period)
    board = dashboard.restated(programme, snapshots.read(snapshot)) if snapshot else None
    steps = periods.steps_of(period)
    is_over = period.ends_on < programme.today()
    may_report = policies.may_report(current_user, period)
    return render_template(
        "indicators/period.html",
        programme=programme,
        period=period,
        steps=steps,
        state=steps[-1].state if steps else PeriodState.OPEN,
        offered=periods.may_follow(steps, current_user) if is_over and may_report else [],
        is_over=is_over,
        may_report=may_report,
        is_bare=may_report and period_plan.is_bare(period),
        snapshot=snapshot,
        board=board,
        changed=_changed_since(programme, period),
        restated=[line for line in board.lines if line.restatements] if board else [],
        form=form,
        reason_form=reason_form,
        verbs=VERBS,
        words=wording,
        files=catalogue.FILES.values(),
    )
