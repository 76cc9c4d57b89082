"""What a quiz showed, at one event, at some or in the whole programme: as a page, a PDF and a workbook."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, request

from accounts.access import requires
from core.i18n import span
from core.web import answer_file
from quizzes import drawing, evidence, for_donors, policies, report_files, report_tables, reporting, wording
from quizzes.forms import ReportForm
from quizzes.models import EventQuiz, Phase, Quiz
from quizzes.reporting import Part, Report

edge = Blueprint("quiz_reports", __name__)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@edge.get("/event-quizzes/<uid:event_quiz>/report")
@requires(policies.may_read_report, event_quiz=EventQuiz)
def show_event_report(event_quiz: EventQuiz) -> Any:
    return _page(_of_event(event_quiz), ReportForm(request.args), event=event_quiz.event, event_quiz=event_quiz)


@edge.get("/event-quizzes/<uid:event_quiz>/report.pdf")
@requires(policies.may_read_report, event_quiz=EventQuiz)
def print_event_report(event_quiz: EventQuiz) -> Any:
    return answer_file(report_files.pdf_report(_of_event(event_quiz)), "application/pdf", "quiz-report.pdf")


@edge.get("/event-quizzes/<uid:event_quiz>/report.xlsx")
@requires(policies.may_read_report, event_quiz=EventQuiz)
def export_event_report(event_quiz: EventQuiz) -> Any:
    content = report_files.workbook(_of_event(event_quiz))
    return answer_file(content, WORKBOOK, "quiz-report.xlsx", as_download=True)


@edge.get("/quizzes/<uid:quiz>/report")
@requires(policies.may_see_quiz, quiz=Quiz)
def show_report(quiz: Quiz) -> Any:
    report, form = _of_events(quiz)
    return _page(report, form, quiz=quiz)


@edge.get("/quizzes/<uid:quiz>/report.pdf")
@requires(policies.may_see_quiz, quiz=Quiz)
def print_report(quiz: Quiz) -> Any:
    report, _form = _of_events(quiz)
    return answer_file(report_files.pdf_report(report), "application/pdf", "quiz-report.pdf")


@edge.get("/quizzes/<uid:quiz>/report.xlsx")
@requires(policies.may_see_quiz, quiz=Quiz)
def export_report(quiz: Quiz) -> Any:
    report, _form = _of_events(quiz)
    return answer_file(report_files.workbook(report), WORKBOOK, "quiz-report.xlsx", as_download=True)


def _of_event(event_quiz: EventQuiz) -> Report:
    report = reporting.of(event_quiz.event.programme, event_quiz.quiz, [event_quiz])
    return _for_its_readers(report, ReportForm(request.args))


def _of_events(quiz: Quiz) -> tuple[Report, ReportForm]:
    """The report of the events that are ticked; where none is, of those at which both quizzes were opened."""
    used = evidence.opened(quiz)
    form = ReportForm(request.args)
    form.event.choices = [(u.event.uid, f"{u.event.title}, {span(u.event.starts_on, u.event.ends_on)}") for u in used]
    ticked = [event_quiz for event_quiz in used if event_quiz.event.uid in (form.event.data or [])]
    chosen = ticked or [event_quiz for event_quiz in used if event_quiz.opening(Phase.POST)] or used
    form.event.data = [event_quiz.event.uid for event_quiz in chosen]
    return _for_its_readers(reporting.of(policies.programme_of(quiz), quiz, chosen), form), form


def _for_its_readers(report: Report, form: ReportForm) -> Report:
    k = int(current_app.extensions["settings"].donor_k)
    return for_donors.withhold(report, k) if form.readers.data == "donor" else report


def _page(report: Report, form: ReportForm, **more: Any) -> Any:
    return render_template(
        "quizzes/report.html",
        programme=report.programme,
        report=report,
        form=form,
        words=wording,
        tables=report_tables,
        charts=drawing,
        where=report_files.where(report),
        shows_gain=report.n > 0 and Part.GAIN not in report.withheld,
        **more,
    )
