"""The logframe as managers write it: its results with their assumptions; and the log of its changes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts.access import requires
from core.saving import refusals_in, saved
from indicators import chain, changes, defining, hints, metric_words, policies, wording
from indicators.change_words import field_in_words, value_in_words
from indicators.changes import Lock, Wanted
from indicators.logframe_forms import SUBJECT_NAMES, AssumptionForm, ChangesFilter, NewResultForm, ResultForm
from indicators.models import Result, ResultLevel
from indicators.record_models import Subject
from trainings.models import Programme

edge = Blueprint("logframe", __name__)


@edge.get("/programmes/<uid:programme>/logframe")
@requires(policies.may_define, programme=Programme)
def show_logframe(programme: Programme) -> Any:
    return render_template(
        "indicators/logframe.html",
        programme=programme,
        results=chain.results_of(programme),
        hints_of=hints.of,
        words=wording,
        metric_name=metric_words.name_of,
    )


@edge.get("/programmes/<uid:programme>/results/new")
@requires(policies.may_define, programme=Programme)
def show_new_result(programme: Programme) -> Any:
    form = NewResultForm(formdata=None)
    form.suggest(chain.results_of(programme), request.args.get("under", ""))
    return _new_result_page(programme, form)


@edge.post("/programmes/<uid:programme>/results")
@requires(policies.may_define, programme=Programme)
def add_result(programme: Programme) -> Any:
    form = NewResultForm()
    results = {result.uid: result for result in chain.results_of(programme)}
    form.offer(list(results.values()))
    if form.validate_on_submit():
        with refusals_in(form):
            level, parent = ResultLevel(form.level.data), results.get(form.parent.data)
            result = chain.add(programme, level, form.code.data, form.statement.texts, parent, current_user)
            words = _("The result is there. Now say what has to hold, and how it is measured.")
            return saved(words, url_for("logframe.show_result", result=result.uid))
    return _new_result_page(programme, form), 422


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
            chain.revise(result, form.code.data, form.statement.texts, current_user)
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


@edge.post("/results/<uid:result>/removal")
@requires(policies.may_define_result, result=Result)
def take_result_out(result: Result) -> Any:
    programme = policies.programme_of(result)
    chain.take_out(result, current_user)
    return saved(_("The result is taken out."), url_for("logframe.show_logframe", programme=programme.uid))


@edge.get("/programmes/<uid:programme>/logframe/changes")
@requires(policies.may_see_indicators, programme=Programme)
def list_changes(programme: Programme) -> Any:
    form = ChangesFilter(request.args)
    people, locks = changes.people(programme), changes.locks_of(programme)
    form.offer(people, locks)
    wanted = _wanted(form, {user.uid: user.id for user in people}, locks) if form.validate() else Wanted()
    return render_template(
        "indicators/changes.html",
        programme=programme,
        form=form,
        leaf=changes.leaf(programme, wanted, form.page.data or 1),
        subject_names=SUBJECT_NAMES,
        field_name=field_in_words,
        shown=value_in_words,
        lock_before=lambda change: changes.lock_before(change, locks),
        asked={name: value for name, value in form.data.items() if value and name != "page"},
    )


def _wanted(form: ChangesFilter, ids: dict[str, int], locks: list[Lock]) -> Wanted:
    return Wanted(
        subject=Subject(form.subject.data) if form.subject.data else None,
        code=form.code.data or None,
        user_id=ids.get(form.who.data),
        since=form.since.data,
        until=form.until.data,
        after=next((lock for lock in locks if lock.uid == form.lock.data), None),
    )


def _new_result_page(programme: Programme, form: NewResultForm) -> str:
    form.offer(chain.results_of(programme))
    return render_template("indicators/new_result.html", programme=programme, form=form)


def _result_page(result: Result, form: ResultForm, assumption_form: AssumptionForm) -> str:
    return render_template(
        "indicators/result.html",
        programme=policies.programme_of(result),
        result=result,
        is_bare=chain.is_bare(result),
        form=form,
        assumption_form=assumption_form,
        words=wording,
    )
