"""Assumptions: worded, judged day by day, followed no more."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts.access import requires
from core.saving import refusals_in, saved
from indicators import defining, judging, policies, wording
from indicators.logframe_forms import AssumptionForm, JudgementForm
from indicators.models import Assumption, AssumptionState

edge = Blueprint("assumptions", __name__)


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
    return saved(_("Saved."), url_for("assumptions.show_assumption", assumption=assumption.uid))


@edge.post("/assumptions/<uid:assumption>/judgements")
@requires(policies.may_judge, assumption=Assumption)
def judge_assumption(assumption: Assumption) -> Any:
    form = JudgementForm()
    programme = policies.programme_of(assumption.result)
    if form.validate_on_submit():
        with refusals_in(form):
            state = AssumptionState(form.state.data)
            judging.judge(programme, assumption, state, form.on_day.data, form.note.data, current_user)
            return saved(
                _("The judgement is written down."), url_for("assumptions.show_assumption", assumption=assumption.uid)
            )
    return _assumption_page(assumption, form, _worded(assumption)), 422


@edge.post("/assumptions/<uid:assumption>/dropping")
@requires(policies.may_judge, assumption=Assumption)
def drop_assumption(assumption: Assumption) -> Any:
    defining.drop_assumption(assumption, current_user)
    return saved(
        _("The assumption is not followed any more. What was judged stays in the record."),
        url_for("logframe.show_result", result=assumption.result.uid),
    )


@edge.post("/assumptions/<uid:assumption>/return")
@requires(policies.may_judge, assumption=Assumption)
def follow_assumption_again(assumption: Assumption) -> Any:
    defining.follow_again(assumption, current_user)
    address = url_for("assumptions.show_assumption", assumption=assumption.uid)
    return saved(_("The assumption is followed again."), address)


def _worded(assumption: Assumption) -> AssumptionForm:
    form = AssumptionForm(formdata=None)
    form.process(data={"assumption": assumption.statement})
    return form


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
