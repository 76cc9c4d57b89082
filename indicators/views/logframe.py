"""The logframe as managers write it: its results with their assumptions; and the log of its changes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts.access import requires
from core.saving import refusals_in, saved
from indicators import changes, defining, hints, metric_words, policies, wording
from indicators.change_words import field_in_words, value_in_words
from indicators.changes import Wanted
from indicators.logframe_forms import SUBJECT_NAMES, AssumptionForm, ChangesFilter, ResultForm
from indicators.models import Result
from indicators.record_models import Subject
from trainings.models import Programme

edge = Blueprint("logframe", __name__)


@edge.get("/programmes/<uid:programme>/logframe")
@requires(policies.may_define, programme=Programme)
def show_logframe(programme: Programme) -> Any:
    return render_template(
        "indicators/logframe.html",
        programme=programme,
        results=defining.results_of(programme),
        hints_of=hints.of,
        words=wording,
        metric_name=metric_words.name_of,
    )


@edge.get("/results/<uid:result>")
@requires(policies.may_define_result, result=Result)
def show_result(result: Result) -> Any:
    form = ResultForm()
    form.show(result)
    return _result_page(result, form, AssumptionForm(formdata=None))


@edge.post("/results/<uid:result>")
@requires(policies.may_define_result, result=Result)
def revise_result(result: Result) -> Any:
    form = ResultForm()
    if form.validate_on_submit():
        with refusals_in(form):
            defining.revise_result(result, form.code.data, form.statement.texts, current_user)
            return saved(_("Saved."), url_for("logframe.show_result", result=result.uid))
    return _result_page(result, form, AssumptionForm(formdata=None)), 422


@edge.post("/results/<uid:result>/assumptions")
@requires(policies.may_define_result, result=Result)
def add_assumption(result: Result) -> Any:
    form = AssumptionForm()
    if not form.validate_on_submit():
        first = ResultForm(formdata=None)
        first.show(result)
        return _result_page(result, first, form), 422
    defining.assume(result, form.assumption.texts, current_user)
    return saved(
        _("The assumption stands there. Now judge whether it holds."),
        url_for("logframe.show_result", result=result.uid),
    )


@edge.get("/programmes/<uid:programme>/logframe/changes")
@requires(policies.may_see_indicators, programme=Programme)
def list_changes(programme: Programme) -> Any:
    form = ChangesFilter(request.args)
    people = changes.people(programme)
    form.offer(people)
    wanted = _wanted(form, {user.uid: user.id for user in people}) if form.validate() else Wanted()
    return render_template(
        "indicators/changes.html",
        programme=programme,
        form=form,
        leaf=changes.leaf(programme, wanted, form.page.data or 1),
        subject_names=SUBJECT_NAMES,
        field_name=field_in_words,
        shown=value_in_words,
        asked={name: value for name, value in form.data.items() if value and name != "page"},
    )


def _wanted(form: ChangesFilter, ids: dict[str, int]) -> Wanted:
    return Wanted(
        subject=Subject(form.subject.data) if form.subject.data else None,
        code=form.code.data or None,
        user_id=ids.get(form.who.data),
        since=form.since.data,
        until=form.until.data,
    )


def _result_page(result: Result, form: ResultForm, assumption_form: AssumptionForm) -> str:
    return render_template(
        "indicators/result.html",
        programme=policies.programme_of(result),
        result=result,
        form=form,
        assumption_form=assumption_form,
        words=wording,
    )
