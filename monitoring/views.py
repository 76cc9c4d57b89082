"""The monitoring register for staff: units, visits, reports, recommendations."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.db import db
from core.errors import Refused
from monitoring import policies, reports, visits
from monitoring.forms import (
    AssessmentForm,
    PublishForm,
    RecommendationForm,
    ReportForm,
    ResponseForm,
    UnitForm,
    VisitForm,
    visit_form,
)
from monitoring.models import Implementation, PoliceUnit, Recommendation, Report, ResponseKind, Visit, Voice
from monitoring.visits import VisitRecord
from participants import roster
from trainings.models import Programme

edge = Blueprint("monitoring", __name__)


@edge.get("/programmes/<uid:programme>/monitoring")
@requires(policies.may_see_register, programme=Programme)
def show_register(programme: Programme) -> Any:
    return _register_page(programme, UnitForm())


@edge.post("/programmes/<uid:programme>/units")
@requires(policies.may_record, programme=Programme)
def add_unit(programme: Programme) -> Any:
    form = UnitForm()
    if form.validate_on_submit():
        try:
            unit = visits.add_unit(programme, form.alias.data, form.region.data, form.name.data or "")
            audit.record(current_user, "added", unit)
            db.session.commit()
            flash(_("The unit is in the register."))
            return redirect(url_for("monitoring.show_register", programme=programme.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _register_page(programme, form), 422


@edge.get("/units/<uid:unit>/visits/new")
@requires(policies.may_visit, unit=PoliceUnit)
def show_new_visit(unit: PoliceUnit) -> Any:
    return _visit_page(unit, visit_form(visits.protocol(unit.programme)))


@edge.post("/units/<uid:unit>/visits")
@requires(policies.may_visit, unit=PoliceUnit)
def record_visit(unit: PoliceUnit) -> Any:
    form = visit_form(visits.protocol(unit.programme))
    if form.validate_on_submit():
        try:
            visit = visits.record(unit, _seen(unit.programme, form), current_user)
            audit.record(current_user, "recorded", visit)
            db.session.commit()
            flash(_("The visit is recorded as a draft; somebody else approves it."))
            return redirect(url_for("monitoring.show_visit", visit=visit.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _visit_page(unit, form), 422


@edge.get("/visits/<uid:visit>")
@requires(policies.may_see_visit, visit=Visit)
def show_visit(visit: Visit) -> Any:
    unit = visit.police_unit
    return _visit_page(unit, visit_form(visits.protocol(unit.programme), visit), visit)


@edge.post("/visits/<uid:visit>")
@requires(policies.may_see_visit, visit=Visit)
def revise_visit(visit: Visit) -> Any:
    unit = visit.police_unit
    form = visit_form(visits.protocol(unit.programme))
    if form.validate_on_submit():
        try:
            visits.revise(visit, _seen(unit.programme, form))
            audit.record(current_user, "revised", visit)
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for("monitoring.show_visit", visit=visit.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _visit_page(unit, form, visit), 422


@edge.post("/visits/<uid:visit>/approval")
@requires(policies.may_approve, visit=Visit)
def approve_visit(visit: Visit) -> Any:
    visits.approve(visit, current_user)
    audit.record(current_user, "approved", visit)
    db.session.commit()
    flash(_("The visit is approved and counts."))
    return redirect(url_for("monitoring.show_visit", visit=visit.uid), 303)


@edge.get("/programmes/<uid:programme>/reports")
@requires(policies.may_see_register, programme=Programme)
def list_reports(programme: Programme) -> Any:
    return _reports_page(programme, ReportForm())


@edge.post("/programmes/<uid:programme>/reports")
@requires(policies.may_record, programme=Programme)
def begin_report(programme: Programme) -> Any:
    form = ReportForm()
    if not form.validate_on_submit():
        return _reports_page(programme, form), 422
    report = reports.begin(programme, form.title.texts)
    audit.record(current_user, "began", report)
    db.session.commit()
    return redirect(url_for("monitoring.show_report", report=report.uid), 303)


@edge.get("/reports/<uid:report>")
@requires(policies.may_write_report, report=Report)
def show_report(report: Report) -> Any:
    return _report_page(report, RecommendationForm())


@edge.post("/reports/<uid:report>/recommendations")
@requires(policies.may_write_report, report=Report)
def add_recommendation(report: Report) -> Any:
    form = RecommendationForm()
    if form.validate_on_submit():
        try:
            standard = form.standard.data or ""
            asked = reports.recommend(
                report,
                form.addressee.data,
                form.text.data,
                theme=form.theme.data,
                standard=standard,
                due_on=form.due_on.data,
            )
            audit.record(current_user, "added", asked)
            db.session.commit()
            return redirect(url_for("monitoring.show_report", report=report.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _report_page(report, form), 422


@edge.post("/reports/<uid:report>/publication")
@requires(policies.may_publish, report=Report)
def publish_report(report: Report) -> Any:
    form = PublishForm()
    if form.validate_on_submit():
        reports.publish(report, form.on_day.data)
        audit.record(current_user, "published", report)
        db.session.commit()
        flash(_("It is published."))
    return redirect(url_for("monitoring.show_report", report=report.uid), 303)


@edge.get("/recommendations/<uid:recommendation>")
@requires(policies.may_follow_up, recommendation=Recommendation)
def show_recommendation(recommendation: Recommendation) -> Any:
    today = recommendation.report.programme.today()
    return _recommendation_page(recommendation, ResponseForm(answered_on=today), AssessmentForm(assessed_on=today))


@edge.post("/recommendations/<uid:recommendation>/responses")
@requires(policies.may_follow_up, recommendation=Recommendation)
def note_response(recommendation: Recommendation) -> Any:
    form = ResponseForm()
    if not form.validate_on_submit():
        return _recommendation_page(recommendation, form, AssessmentForm()), 422
    reports.note_response(
        recommendation,
        ResponseKind(form.response.data),
        form.answered_on.data,
        is_written=form.is_written.data,
        note=form.note.data or "",
        by=current_user,
    )
    audit.record(current_user, "noted_response", recommendation)
    db.session.commit()
    return redirect(url_for("monitoring.show_recommendation", recommendation=recommendation.uid), 303)


@edge.post("/recommendations/<uid:recommendation>/assessments")
@requires(policies.may_follow_up, recommendation=Recommendation)
def assess_recommendation(recommendation: Recommendation) -> Any:
    form = AssessmentForm()
    if not form.validate_on_submit():
        return _recommendation_page(recommendation, ResponseForm(), form), 422
    reports.assess(
        recommendation,
        Implementation(form.implementation.data),
        Voice(form.voice.data),
        form.assessed_on.data,
        note=form.basis.data or "",
        by=current_user,
    )
    audit.record(current_user, "assessed", recommendation)
    db.session.commit()
    return redirect(url_for("monitoring.show_recommendation", recommendation=recommendation.uid), 303)


def _seen(programme: Programme, form: VisitForm) -> VisitRecord:
    organisation = roster.find_organisation(programme, form.organisation.data)
    assert organisation is not None, "the form asks for it"
    return VisitRecord(
        visited_on=form.visited_on.data,
        organisation=organisation,
        monitor_count=form.monitor_count.data,
        findings=form.findings(visits.protocol(programme)),
        notes=form.notes.data or "",
    )


def _register_page(programme: Programme, form: UnitForm) -> Any:
    made = visits.of_programme(programme)
    return render_template(
        "monitoring/register.html",
        programme=programme,
        form=form,
        units=visits.units(programme),
        visits=made,
        may_see=policies.may_see_visit,
        visits_of={
            unit_id: [v for v in made if v.police_unit_id == unit_id] for unit_id in {v.police_unit_id for v in made}
        },
    )


def _visit_page(unit: PoliceUnit, form: VisitForm, visit: Visit | None = None) -> Any:
    return render_template(
        "monitoring/visit.html",
        unit=unit,
        visit=visit,
        programme=unit.programme,
        form=form,
        items=visits.protocol(unit.programme),
        organisations=roster.organisations(unit.programme),
        may_approve=visit is not None and policies.may_approve(current_user, visit),
    )


def _reports_page(programme: Programme, form: ReportForm) -> Any:
    return render_template(
        "monitoring/reports.html", programme=programme, reports=reports.of_programme(programme), form=form
    )


def _report_page(report: Report, form: RecommendationForm) -> Any:
    return render_template(
        "monitoring/report.html",
        report=report,
        programme=report.programme,
        form=form,
        publish_form=PublishForm(on_day=report.programme.today()),
        may_publish=policies.may_publish(current_user, report),
    )


def _recommendation_page(
    recommendation: Recommendation, response_form: ResponseForm, assessment_form: AssessmentForm
) -> Any:
    return render_template(
        "monitoring/recommendation.html",
        recommendation=recommendation,
        report=recommendation.report,
        programme=recommendation.report.programme,
        response_form=response_form,
        assessment_form=assessment_form,
    )
