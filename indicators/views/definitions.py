"""How an indicator is defined, and what is to be reached."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts.access import requires
from core.saving import refusals_in, saved
from indicators import defining, hints, judging, metric_words, periods, policies, wording
from indicators.logframe_forms import IndicatorForm, RetirementForm, TargetForm
from indicators.metrics import METRICS
from indicators.models import Indicator, Result, TargetOrigin
from materials import library
from trainings.models import Programme

edge = Blueprint("definitions", __name__)


@edge.get("/results/<uid:result>/indicators/new")
@requires(policies.may_define_result, result=Result)
def show_new_indicator(result: Result) -> Any:
    return _indicator_form_page(result, None, IndicatorForm())


@edge.post("/results/<uid:result>/indicators")
@requires(policies.may_define_result, result=Result)
def add_indicator(result: Result) -> Any:
    form = _form_of(result)
    if form.validate_on_submit():
        with refusals_in(form):
            indicator = defining.add_indicator(result, form.values, current_user)
            return saved(
                _("The indicator is there. Now say what is to be reached."),
                url_for("definitions.show_targets", indicator=indicator.uid),
            )
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
        with refusals_in(form):
            defining.revise_indicator(indicator, form.values, current_user, form.reason.data)
            return saved(
                _("Saved. What was changed stands in the change log."),
                url_for("indicators.show_indicator", indicator=indicator.uid),
            )
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
    return saved(
        _("The indicator is retired. Its values and targets stay."),
        url_for("logframe.show_logframe", programme=policies.programme_of(indicator).uid),
    )


@edge.post("/indicators/<uid:indicator>/return")
@requires(policies.may_define_indicator, indicator=Indicator)
def take_indicator_back(indicator: Indicator) -> Any:
    defining.take_back(indicator, current_user)
    return saved(
        _("The indicator is reported again."),
        url_for("logframe.show_logframe", programme=policies.programme_of(indicator).uid),
    )


@edge.get("/indicators/<uid:indicator>/targets")
@requires(policies.may_define_indicator, indicator=Indicator)
def show_targets(indicator: Indicator) -> Any:
    next_one = periods.next_of(policies.programme_of(indicator))
    return _targets_page(indicator, TargetForm(formdata=None, data={"period": next_one.uid if next_one else ""}))


@edge.post("/indicators/<uid:indicator>/targets")
@requires(policies.may_define_indicator, indicator=Indicator)
def set_target(indicator: Indicator) -> Any:
    form = TargetForm()
    programme = policies.programme_of(indicator)
    form.offer(judging.periods_of(programme))
    if form.validate_on_submit():
        with refusals_in(form):
            _promise(programme, indicator, form)
            return saved(_("The target is set."), url_for("definitions.show_targets", indicator=indicator.uid))
    return _targets_page(indicator, form), 422


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
        targets=judging.targets_of(indicator),
        standing={target.id for target in judging.standing_targets(indicator)},
        words=wording,
    )
