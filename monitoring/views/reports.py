"""Monitoring reports: begun, laid over approved visits, filled with recommendations, published, printed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.db import db
from core.i18n import speaking
from core.saving import saved
from core.web import answer_file
from monitoring import findings, policies, protocol, report_pdf, reports, units
from monitoring.forms import PublishForm, RecommendationForm, ReportForm, VisitsChoice
from monitoring.models import Judgement, Recommendation, Report
from trainings.models import Programme

edge = Blueprint("monitoring_reports", __name__)


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
    report = reports.begin(programme, form.title.texts, form.summary.texts)
    audit.record(current_user, "began", report)
    db.session.commit()
    return redirect(url_for("monitoring_reports.show_report", report=report.uid), 303)


@edge.get("/reports/<uid:report>")
@requires(policies.may_write_report, report=Report)
def show_report(report: Report) -> Any:
    return _report_page(report, RecommendationForm())


@edge.get("/reports/<uid:report>/edit")
@requires(policies.may_write_report, report=Report)
def show_report_form(report: Report) -> Any:
    reports.refuse_published(report)
    return _report_form_page(report, ReportForm(data={"title": report.title, "summary": report.summary or {}}))


@edge.post("/reports/<uid:report>")
@requires(policies.may_write_report, report=Report)
def revise_report(report: Report) -> Any:
    form = ReportForm()
    if not form.validate_on_submit():
        return _report_form_page(report, form), 422
    reports.revise(report, form.title.texts, form.summary.texts)
    audit.record(current_user, "revised", report)
    return saved(_("Saved."), url_for("monitoring_reports.show_report", report=report.uid))


@edge.get("/reports/<uid:report>/visits")
@requires(policies.may_write_report, report=Report)
def show_visits_choice(report: Report) -> Any:
    """The approved visits of a region and a span; what the report rests on already stays in sight."""
    reports.refuse_published(report)
    form = VisitsChoice(request.args)
    regions = sorted({unit.region for unit in units.of_programme(report.programme)})
    form.region.choices = [("", _l("all")), *((region, region) for region in regions)]
    form.validate()
    chosen = reports.visits_of(report)
    offered = reports.approved(report.programme, form.region.data or "", form.since.data, form.until.data)
    return render_template(
        "monitoring/visits_choice.html",
        report=report,
        programme=report.programme,
        form=form,
        offered=offered,
        others=[visit for visit in chosen if visit not in offered],
        chosen=chosen,
    )


@edge.post("/reports/<uid:report>/visits")
@requires(policies.may_write_report, report=Report)
def choose_visits(report: Report) -> Any:
    wanted = set(request.form.getlist("visit"))
    chosen = [visit for visit in reports.approved(report.programme) if visit.uid in wanted]
    reports.rest_on(report, chosen)
    audit.record(current_user, "chose_visits", report, visits=len(chosen))
    return saved(_("Saved."), url_for("monitoring_reports.show_report", report=report.uid))


@edge.get("/reports/<uid:report>/report-<any(en, ru, be):language>.pdf")
@requires(policies.may_write_report, report=Report)
def print_report(report: Report, language: str) -> Any:
    visits = reports.visits_of(report)
    with speaking(language):
        content = report_pdf.drawn(report, visits, findings.over(visits, protocol.items(report.programme)))
    return answer_file(content, "application/pdf", f"report-{language}.pdf")


@edge.post("/reports/<uid:report>/recommendations")
@requires(policies.may_write_report, report=Report)
def add_recommendation(report: Report) -> Any:
    form = RecommendationForm()
    if not form.validate_on_submit():
        return _report_page(report, form), 422
    asked = reports.recommend(report, form.addressee.data, form.text.data, **form.particulars())
    audit.record(current_user, "added", asked)
    db.session.commit()
    return redirect(url_for("monitoring_reports.show_report", report=report.uid), 303)


@edge.get("/recommendations/<uid:recommendation>/edit")
@requires(policies.may_write_recommendation, recommendation=Recommendation)
def show_recommendation_form(recommendation: Recommendation) -> Any:
    reports.refuse_published(recommendation.report)
    return _recommendation_form_page(recommendation, RecommendationForm(obj=recommendation))


@edge.post("/recommendations/<uid:recommendation>")
@requires(policies.may_write_recommendation, recommendation=Recommendation)
def reword_recommendation(recommendation: Recommendation) -> Any:
    form = RecommendationForm()
    if not form.validate_on_submit():
        return _recommendation_form_page(recommendation, form), 422
    reports.reword(recommendation, form.addressee.data, form.text.data, **form.particulars())
    audit.record(current_user, "revised", recommendation)
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("monitoring_reports.show_report", report=recommendation.report.uid), 303)  # type: ignore[union-attr]


@edge.post("/recommendations/<uid:recommendation>/withdrawal")
@requires(policies.may_write_recommendation, recommendation=Recommendation)
def withdraw_recommendation(recommendation: Recommendation) -> Any:
    report = recommendation.report
    audit.record(current_user, "withdrew", recommendation)
    reports.withdraw(recommendation)
    db.session.commit()
    flash(_("The recommendation is taken out."))
    return redirect(url_for("monitoring_reports.show_report", report=report.uid), 303)  # type: ignore[union-attr]


@edge.post("/reports/<uid:report>/publication")
@requires(policies.may_publish, report=Report)
def publish_report(report: Report) -> Any:
    form = PublishForm()
    if not form.validate_on_submit():
        return _report_page(report, RecommendationForm(formdata=None), form), 422
    reports.publish(report, form.on_day.data)
    audit.record(current_user, "published", report)
    return saved(_("It is published."), url_for("monitoring_reports.show_report", report=report.uid))


def _reports_page(programme: Programme, form: ReportForm) -> Any:
    return render_template(
        "monitoring/reports.html", programme=programme, reports=reports.of_programme(programme), form=form
    )


def _report_form_page(report: Report, form: ReportForm) -> Any:
    return render_template("monitoring/report_form.html", programme=report.programme, report=report, form=form)


def _recommendation_form_page(recommendation: Recommendation, form: RecommendationForm) -> Any:
    return render_template(
        "monitoring/recommendation_form.html",
        programme=recommendation.programme,
        recommendation=recommendation,
        form=form,
    )


def _report_page(report: Report, form: RecommendationForm, publish_form: PublishForm | None = None) -> Any:
    visits = reports.visits_of(report)
    return render_template(
        "monitoring/report.html",
        report=report,
        programme=report.programme,
        form=form,
        visits=visits,
        found=findings.over(visits, protocol.items(report.programme)),
        how_counted=report_pdf.how_counted(),
        Judgement=Judgement,
        publish_form=publish_form or PublishForm(formdata=None, on_day=report.programme.today()),
        may_publish=policies.may_publish(current_user, report),
    )
