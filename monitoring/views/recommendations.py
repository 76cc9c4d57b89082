"""The register of recommendations: looking through it, taking it away, noting what became of one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.saving import refusals_in, saved
from core.web import answer_file
from monitoring import policies, recommendations, register_files, searching
from monitoring.models import Implementation, Recommendation, ResponseKind, Voice
from monitoring.recommendations import Standing
from monitoring.register_forms import AssessmentForm, RegisterFilter, ResponseForm
from trainings.models import Programme

edge = Blueprint("recommendations", __name__)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@edge.get("/programmes/<uid:programme>/recommendations")
@requires(policies.may_see_register, programme=Programme)
def list_recommendations(programme: Programme) -> Any:
    form, found = _found(programme)
    return render_template(
        "monitoring/recommendations.html",
        programme=programme,
        form=form,
        balance=recommendations.balance(found),
        leaf=searching.leaf(found, request.args.get("page", 1, type=int)),
        on_day=form.as_of.data or programme.today(),
        sources=recommendations.sources(programme),
        Implementation=Implementation,
        Voice=Voice,
        may_import=policies.may_import(current_user, programme),
    )


@edge.get("/programmes/<uid:programme>/recommendations.csv")
@requires(policies.may_see_register, programme=Programme)
def export_csv(programme: Programme) -> Any:
    _form, found = _found(programme)
    return answer_file(register_files.csv_of(found), "text/csv", "recommendations.csv", as_download=True)


@edge.get("/programmes/<uid:programme>/recommendations.xlsx")
@requires(policies.may_see_register, programme=Programme)
def export_workbook(programme: Programme) -> Any:
    _form, found = _found(programme)
    return answer_file(register_files.workbook_of(found), WORKBOOK, "recommendations.xlsx", as_download=True)


@edge.get("/recommendations/<uid:recommendation>")
@requires(policies.may_follow_up, recommendation=Recommendation)
def show_recommendation(recommendation: Recommendation) -> Any:
    today = recommendation.programme.today()
    return _recommendation_page(recommendation, ResponseForm(answered_on=today), AssessmentForm(assessed_on=today))


@edge.post("/recommendations/<uid:recommendation>/responses")
@requires(policies.may_follow_up, recommendation=Recommendation)
def note_response(recommendation: Recommendation) -> Any:
    form = ResponseForm()
    if form.validate_on_submit():
        with refusals_in(form):
            kind, particulars = ResponseKind(form.response.data), form.particulars()
            recommendations.note_response(recommendation, kind, form.answered_on.data, **particulars, by=current_user)
            audit.record(current_user, "noted_response", recommendation)
            return saved(
                _("The response is noted."),
                url_for("recommendations.show_recommendation", recommendation=recommendation.uid),
            )
    return _recommendation_page(recommendation, form, AssessmentForm(formdata=None)), 422


@edge.post("/recommendations/<uid:recommendation>/assessments")
@requires(policies.may_follow_up, recommendation=Recommendation)
def assess_recommendation(recommendation: Recommendation) -> Any:
    form = AssessmentForm()
    if form.validate_on_submit():
        with refusals_in(form):
            recommendations.assess(recommendation, **form.assessment(), by=current_user)
            audit.record(current_user, "assessed", recommendation)
            return saved(
                _("The assessment is noted."),
                url_for("recommendations.show_recommendation", recommendation=recommendation.uid),
            )
    return _recommendation_page(recommendation, ResponseForm(formdata=None), form), 422


def _found(programme: Programme) -> tuple[RegisterFilter, list[Standing]]:
    """The filters of the address, and what they find as of their day."""
    form = RegisterFilter(request.args)
    on_day = form.as_of.data or programme.today()
    standings = recommendations.issued(programme, on_day)
    form.offer(standings)
    form.validate()
    return form, searching.find(standings, form.wanted(), form.chosen_order())


def _recommendation_page(
    recommendation: Recommendation, response_form: ResponseForm, assessment_form: AssessmentForm
) -> Any:
    programme = recommendation.programme
    return render_template(
        "monitoring/recommendation.html",
        recommendation=recommendation,
        programme=programme,
        stands=recommendations.standing(recommendation, programme.today()),
        response_form=response_form,
        assessment_form=assessment_form,
        Voice=Voice,
    )
