"""A quiz on paper: printing its sheets, and entering what stands on them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.db import db
from core.errors import Refused
from core.i18n import language
from core.web import answer_file
from quizzes import attempts, orders, paper, policies
from quizzes.models import EventQuiz, Phase
from quizzes.running_forms import SheetForm, given_in

edge = Blueprint("quiz_paper", __name__)


@edge.get("/event-quizzes/<uid:event_quiz>/sheets/<any(pre, post):phase>.pdf")
@requires(policies.may_run_quiz, event_quiz=EventQuiz)
def print_sheets(event_quiz: EventQuiz, phase: str) -> Any:
    heading = _("Before the event") if phase == "pre" else _("After the event")
    content = paper.draw(event_quiz, Phase(phase), heading)
    audit.record(current_user, "printed_quiz_sheets", event_quiz, phase=phase)
    db.session.commit()
    return answer_file(content, "application/pdf", "sheets.pdf")


@edge.get("/event-quizzes/<uid:event_quiz>/sheets")
@requires(policies.may_run_quiz, event_quiz=EventQuiz)
def show_sheet(event_quiz: EventQuiz) -> Any:
    """The code of a sheet, and then its questions to enter."""
    form = SheetForm(request.args, meta={"csrf": False})
    if not form.code.data or not form.validate():
        return _page(event_quiz, form)
    try:
        place = paper.place_of(event_quiz, form.code.data)
        questions = attempts.asked_of(event_quiz, Phase(form.phase.data), place)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(event_quiz, form), 409
    return _page(event_quiz, form, questions)


@edge.post("/event-quizzes/<uid:event_quiz>/sheets")
@requires(policies.may_run_quiz, event_quiz=EventQuiz)
def enter_sheet(event_quiz: EventQuiz) -> Any:
    form = SheetForm()
    if not form.validate_on_submit():
        return _page(event_quiz, form), 422
    phase = Phase(form.phase.data)
    try:
        place = paper.place_of(event_quiz, form.code.data)
        given, spoken = given_in(request.form), place.participant.language or language()
        paper.enter(event_quiz, phase, place, given, language=spoken)
        audit.record(current_user, "entered_quiz_sheet", event_quiz, phase=phase)
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        form.refuse(refusal)
        return _page(event_quiz, form), 409
    flash(_("The sheet is entered. The next one, please."))
    return redirect(url_for("quiz_paper.show_sheet", event_quiz=event_quiz.uid, phase=phase.value), 303)


def _page(event_quiz: EventQuiz, form: SheetForm, questions: Any = ()) -> Any:
    return render_template(
        "quizzes/sheet.html",
        used=event_quiz,
        event=event_quiz.event,
        programme=event_quiz.event.programme,
        form=form,
        questions=questions,
        seed=paper.ON_PAPER,
        orders=orders,
    )
