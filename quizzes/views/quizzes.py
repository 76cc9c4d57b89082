"""Quizzes for staff: reading them, using them at events, opening and closing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import load_or_404, requires
from core.db import db
from quizzes import openings, policies, writing
from quizzes.forms import PHASE_NAMES, PhaseForm, UseForm
from quizzes.models import EventQuiz, Phase, Quiz
from trainings.models import Event, Programme

edge = Blueprint("quizzes", __name__)


@edge.get("/programmes/<uid:programme>/quizzes")
@requires(policies.may_see_quizzes, programme=Programme)
def list_quizzes(programme: Programme) -> Any:
    return render_template("quizzes/quizzes.html", programme=programme, quizzes=writing.of_programme(programme.id))


@edge.get("/quizzes/<uid:quiz>")
@requires(policies.may_see_quiz, quiz=Quiz)
def show_quiz(quiz: Quiz) -> Any:
    return render_template("quizzes/quiz.html", quiz=quiz, programme=db.session.get(Programme, quiz.programme_id))


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
    phase = _phase()
    openings.open_phase(event_quiz, phase)
    audit.record(current_user, "opened_quiz", event_quiz, phase=phase)
    db.session.commit()
    flash(_("The quiz “%(phase)s” is open on every phone of this event.", phase=PHASE_NAMES[phase]))
    return redirect(url_for("events.show_event", event=event_quiz.event.uid), 303)


@edge.post("/event-quizzes/<uid:event_quiz>/closing")
@requires(policies.may_run_quiz, event_quiz=EventQuiz)
def close_phase(event_quiz: EventQuiz) -> Any:
    phase = _phase()
    openings.close_phase(event_quiz, phase)
    audit.record(current_user, "closed_quiz", event_quiz, phase=phase)
    db.session.commit()
    flash(_("The quiz “%(phase)s” is closed.", phase=PHASE_NAMES[phase]))
    return redirect(url_for("events.show_event", event=event_quiz.event.uid), 303)


def _phase() -> Phase:
    form = PhaseForm()
    if not form.validate_on_submit() or form.phase.data not in list(Phase):
        abort(400)
    return Phase(form.phase.data)
