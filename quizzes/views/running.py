"""Quizzes for staff: reading them, using them at events, opening and closing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import load_or_404, requires
from core import clock
from core.db import db
from quizzes import attempts, drafts, openings, policies, taken, versions, writing
from quizzes.models import EventQuiz, Phase, Quiz, Results
from quizzes.running_forms import PHASE_NAMES, PhaseForm, ResultsForm, UseForm
from trainings.models import Event, Programme

edge = Blueprint("quizzes", __name__)


@edge.get("/programmes/<uid:programme>/quizzes")
@requires(policies.may_see_quizzes, programme=Programme)
def list_quizzes(programme: Programme) -> Any:
    return render_template(
        "quizzes/quizzes.html",
        programme=programme,
        shelf=versions.shelf(programme.id),
        may_write=policies.may_write_quizzes(current_user, programme),
    )


@edge.get("/quizzes/<uid:quiz>")
@requires(policies.may_see_quiz, quiz=Quiz)
def show_quiz(quiz: Quiz) -> Any:
    questions = drafts.questions_of(quiz)
    return render_template(
        "quizzes/quiz.html",
        quiz=quiz,
        programme=db.session.get_one(Programme, quiz.programme_id),
        written=list(zip(questions, drafts.faults_in(questions), strict=True)),
        forms=drafts.sizes_of_forms(questions),
        draft=drafts.find_draft(quiz),
        newest=writing.find_newest(quiz),
        may_write=policies.may_write_quiz(current_user, quiz),
    )


@edge.post("/events/<uid:event>/quizzes")
@requires(policies.may_run_quizzes, event=Event)
def use_quiz(event: Event) -> Any:
    form = UseForm()
    form.quiz.choices = [(quiz.uid, str(quiz.title)) for quiz in writing.of_programme(event.programme_id)]
    if form.validate_on_submit():
        used = openings.use(event, load_or_404(Quiz, form.quiz.data))
        audit.record(current_user, "used_quiz", used)
        db.session.commit()
    return redirect(url_for("events.show_event", event=event.uid), 303)


@edge.post("/event-quizzes/<uid:event_quiz>/opening")
@requires(policies.may_run_quiz, event_quiz=EventQuiz)
def open_phase(event_quiz: EventQuiz) -> Any:
    form = _phase_form()
    phase = Phase(form.phase.data)
    ends = clock.now() + timedelta(minutes=int(form.minutes.data)) if form.minutes.data else None
    openings.open_phase(event_quiz, phase, ends)
    audit.record(current_user, "opened_quiz", event_quiz, phase=phase)
    db.session.commit()
    flash(_("The quiz “%(phase)s” is open on every phone of this event.", phase=PHASE_NAMES[phase]))
    return _back(form, event_quiz)


@edge.post("/event-quizzes/<uid:event_quiz>/closing")
@requires(policies.may_run_quiz, event_quiz=EventQuiz)
def close_phase(event_quiz: EventQuiz) -> Any:
    form = _phase_form()
    phase = Phase(form.phase.data)
    openings.close_phase(event_quiz, phase)
    attempts.submit_complete(event_quiz, phase)
    audit.record(current_user, "closed_quiz", event_quiz, phase=phase)
    db.session.commit()
    flash(_("The quiz “%(phase)s” is closed.", phase=PHASE_NAMES[phase]))
    return _back(form, event_quiz)


@edge.post("/event-quizzes/<uid:event_quiz>/results")
@requires(policies.may_run_quiz, event_quiz=EventQuiz)
def choose_results(event_quiz: EventQuiz) -> Any:
    form = ResultsForm()
    if form.validate_on_submit():
        event_quiz.results = Results(form.results.data)
        audit.record(current_user, "chose_quiz_results", event_quiz, results=form.results.data)
        db.session.commit()
        flash(_("It is kept."))
    return redirect(url_for("quizzes.run_quiz", event_quiz=event_quiz.uid), 303)


@edge.get("/event-quizzes/<uid:event_quiz>")
@requires(policies.may_run_quiz, event_quiz=EventQuiz)
def run_quiz(event_quiz: EventQuiz) -> Any:
    """The quiz at this event: open it, close it, see it fill, and its paper."""
    event = event_quiz.event
    return render_template(
        "quizzes/running.html",
        used=event_quiz,
        event=event,
        programme=event.programme,
        counts=taken.progress(event_quiz),
        phase_form=PhaseForm(formdata=None),
        results_form=ResultsForm(results=event_quiz.results.value),
        phase_names=PHASE_NAMES,
        Phase=Phase,
    )


def _phase_form() -> PhaseForm:
    form = PhaseForm()
    if not form.validate_on_submit() or form.phase.data not in list(Phase):
        abort(400)
    return form


def _back(form: PhaseForm, event_quiz: EventQuiz) -> Any:
    if form.here.data == "today":
        return redirect(url_for("programmes.show_programme", programme=event_quiz.event.programme.uid), 303)
    if form.here.data:
        return redirect(url_for("quizzes.run_quiz", event_quiz=event_quiz.uid), 303)
    return redirect(url_for("events.show_event", event=event_quiz.event.uid), 303)
