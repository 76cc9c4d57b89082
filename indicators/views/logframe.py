"""The logframe as managers write it: results, indicators, targets, assumptions; and the log of its changes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts.access import requires
from core.db import db
from core.errors import Refused
from indicators import changes, defining, hints, judging, metric_words, policies, wording
from indicators.change_words import field_in_words, value_in_words
from indicators.changes import Wanted
from indicators.logframe_forms import (
    SUBJECT_NAMES,
    AssumptionForm,
    ChangesFilter,
    IndicatorForm,
    JudgementForm,
    ResultForm,
    RetirementForm,
    TargetForm,
)
from indicators.metrics import METRICS
from indicators.models import Assumption, AssumptionState, Indicator, Result, TargetOrigin
from indicators.record_models import Subject
from materials import library
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
        try:
            defining.revise_result(result, form.code.data, form.statement.texts, current_user)
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for("logframe.show_result", result=result.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
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
    db.session.commit()
    flash(_("The assumption stands there. Now judge whether it holds."))
    return redirect(url_for("logframe.show_result", result=result.uid), 303)


@edge.get("/assumptions/<uid:assumption>")
@requires(policies.may_judge, assumption=Assumption)
def show_assumption(assumption: Assumption) -> Any:
    return _assumption_page(assumption, JudgementForm(formdata=None), _worded(assumption))


@edge.post("/assumptions/<uid:assumption>")
@requires(policies.may_judge, assumption=Assumption)
def word_assumption(assumption: Assumption) -> Any:
    form = AssumptionForm()
    if not form.validate_on_submit():
        return _assumption_page(assumption, JudgementForm(formdata=None), form), 422
    defining.word_assumption(assumption, form.assumption.texts, current_user)
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("logframe.show_assumption", assumption=assumption.uid), 303)


@edge.post("/assumptions/<uid:assumption>/judgements")
@requires(policies.may_judge, assumption=Assumption)
def judge_assumption(assumption: Assumption) -> Any:
    form = JudgementForm()
    programme = policies.programme_of(assumption.result)
    if form.validate_on_submit():
        try:
            state = AssumptionState(form.state.data)
            judging.judge(programme, assumption, state, form.on_day.data, form.note.data, current_user)
            db.session.commit()
            flash(_("The judgement is written down."))
            return redirect(url_for("logframe.show_assumption", assumption=assumption.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _assumption_page(assumption, form, _worded(assumption)), 422


@edge.post("/assumptions/<uid:assumption>/dropping")
@requires(policies.may_judge, assumption=Assumption)
def drop_assumption(assumption: Assumption) -> Any:
    defining.drop_assumption(assumption, current_user)
    db.session.commit()
    flash(_("The assumption is not followed any more. What was judged stays in the record."))
    return redirect(url_for("logframe.show_result", result=assumption.result.uid), 303)


@edge.get("/results/<uid:result>/indicators/new")
@requires(policies.may_define_result, result=Result)
def show_new_indicator(result: Result) -> Any:
    return _indicator_form_page(result, None, IndicatorForm())


@edge.post("/results/<uid:result>/indicators")
@requires(policies.may_define_result, result=Result)
def add_indicator(result: Result) -> Any:
    form = _form_of(result)
    if form.validate_on_submit():
        try:
            indicator = defining.add_indicator(result, form.values, current_user)
            db.session.commit()
            flash(_("The indicator is there. Now say what is to be reached."))
            return redirect(url_for("logframe.show_targets", indicator=indicator.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _indicator_form_page(result, None, form), 422


@edge.get("/indicators/<uid:indicator>/definition")
@requires(policies.may_define_indicator, indicator=Indicator)
def show_indicator_form(indicator: Indicator) -> Any:
    form = IndicatorForm()
    form.show(indicator)
    return _indicator_form_page(indicator.result, indicator, form)


@edge.post("/indicators/<uid:indicator>/definition")
@requires(policies.may_define_indicator, indicator=Indicator)
def revise_indicator(indicator: Indicator) -> Any:
    form = _form_of(indicator.result)
    if form.validate_on_submit():
        try:
            defining.revise_indicator(indicator, form.values, current_user, form.reason.data)
            db.session.commit()
            flash(_("Saved. What was changed stands in the change log."))
            return redirect(url_for("indicators.show_indicator", indicator=indicator.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _indicator_form_page(indicator.result, indicator, form), 422


@edge.post("/indicators/<uid:indicator>/retirement")
@requires(policies.may_define_indicator, indicator=Indicator)
def retire_indicator(indicator: Indicator) -> Any:
    form = RetirementForm()
    if not form.validate_on_submit():
        shown = IndicatorForm(formdata=None)
        shown.show(indicator)
        return _indicator_form_page(indicator.result, indicator, shown, form), 422
    defining.retire(indicator, form.reason.data, current_user)
    db.session.commit()
    flash(_("The indicator is retired. Its values and targets stay."))
    return redirect(url_for("logframe.show_logframe", programme=policies.programme_of(indicator).uid), 303)


@edge.post("/indicators/<uid:indicator>/return")
@requires(policies.may_define_indicator, indicator=Indicator)
def take_indicator_back(indicator: Indicator) -> Any:
    defining.take_back(indicator, current_user)
    db.session.commit()
    flash(_("The indicator is reported again."))
    return redirect(url_for("logframe.show_logframe", programme=policies.programme_of(indicator).uid), 303)


@edge.get("/indicators/<uid:indicator>/targets")
@requires(policies.may_define_indicator, indicator=Indicator)
def show_targets(indicator: Indicator) -> Any:
    return _targets_page(indicator, TargetForm())


@edge.post("/indicators/<uid:indicator>/targets")
@requires(policies.may_define_indicator, indicator=Indicator)
def set_target(indicator: Indicator) -> Any:
    form = TargetForm()
    programme = policies.programme_of(indicator)
    periods = judging.periods_of(programme)
    form.offer(periods)
    if form.validate_on_submit():
        try:
            _promise(programme, indicator, form)
            db.session.commit()
            flash(_("The target is set."))
            return redirect(url_for("logframe.show_targets", indicator=indicator.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _targets_page(indicator, form), 422


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


def _promise(programme: Programme, indicator: Indicator, form: TargetForm) -> None:
    period = next((p for p in judging.periods_of(programme) if p.uid == form.period.data), None)
    judging.promise(
        programme,
        indicator,
        period,
        value=form.value.data,
        text=form.text.texts or None,
        origin=TargetOrigin(form.origin.data),
        reason=form.reason.data or "",
        by=current_user,
    )


def _form_of(result: Result) -> IndicatorForm:
    form = IndicatorForm()
    form.offer(library.of_programme(policies.programme_of(result)))
    return form


def _worded(assumption: Assumption) -> AssumptionForm:
    form = AssumptionForm(formdata=None)
    form.process(data={"assumption": assumption.statement})
    return form


def _result_page(result: Result, form: ResultForm, assumption_form: AssumptionForm) -> str:
    return render_template(
        "indicators/result.html",
        programme=policies.programme_of(result),
        result=result,
        form=form,
        assumption_form=assumption_form,
        words=wording,
    )


def _assumption_page(assumption: Assumption, form: JudgementForm, wording_form: AssumptionForm) -> str:
    programme = policies.programme_of(assumption.result)
    if not form.is_submitted() or not form.on_day.data:
        form.on_day.data = form.on_day.data or programme.today()
    return render_template(
        "indicators/assumption.html",
        programme=programme,
        assumption=assumption,
        form=form,
        wording_form=wording_form,
        words=wording,
    )


def _indicator_form_page(
    result: Result, indicator: Indicator | None, form: IndicatorForm, retirement: RetirementForm | None = None
) -> str:
    programme = policies.programme_of(result)
    form.offer(library.of_programme(programme))
    return render_template(
        "indicators/indicator_form.html",
        programme=programme,
        result=result,
        indicator=indicator,
        form=form,
        retirement=retirement or RetirementForm(formdata=None),
        hints=hints.of(indicator) if indicator else [],
        missing=hints.languages_missing(indicator) if indicator else [],
        metrics=[METRICS[key] for key in sorted(METRICS)],
        metric_words=metric_words,
        words=wording,
    )


def _targets_page(indicator: Indicator, form: TargetForm) -> str:
    programme = policies.programme_of(indicator)
    form.offer(judging.periods_of(programme))
    return render_template(
        "indicators/targets.html",
        programme=programme,
        indicator=indicator,
        form=form,
        standing={target.id for target in judging.standing_targets(indicator)},
        words=wording,
    )
