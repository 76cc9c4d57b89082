"""Taking a quiz and giving feedback from the participant's own page; no JavaScript needed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from accounts.access import load_or_404, open_to_anyone
from core.db import db
from core.errors import Refused
from core.i18n import language
from core.web import csrf
from participants import own_page
from quizzes import attempts, evaluation
from quizzes.models import EventQuiz, Phase
from trainings.models import Event

edge = Blueprint("quiz_taking", __name__)
csrf.exempt(edge)  # the secret of the address is the right to act; there is no cookie to ride on


@edge.get("/p/<token:token>/quizzes/<uid:event_quiz>/<any(pre, post):phase>")
@open_to_anyone
def show_quiz(token: str, event_quiz: str, phase: str) -> Any:
    person = own_page.greet(token)
    used: EventQuiz = load_or_404(EventQuiz, event_quiz)
    place = own_page.place_at(person, used.event)
    if not used.is_open(Phase(phase)) or attempts.own(used, Phase(phase), place):
        return redirect(url_for("participant_page.show_page", token=token), 303)
    return render_template("quizzes/take.html", token=token, used=used, phase=phase, chosen={}, gaps=[])


@edge.post("/p/<token:token>/quizzes/<uid:event_quiz>/<any(pre, post):phase>")
@open_to_anyone
def submit_quiz(token: str, event_quiz: str, phase: str) -> Any:
    person = own_page.greet(token)
    used: EventQuiz = load_or_404(EventQuiz, event_quiz)
    place = own_page.place_at(person, used.event)
    chosen = _chosen(request.form)
    try:
        with_gaps = "with_gaps" in request.form
        attempts.submit(used, Phase(phase), place, chosen, language=language(), with_gaps=with_gaps)
    except attempts.Unanswered as refusal:
        db.session.rollback()
        gaps = [question.uid for question in refusal.questions]
        return render_template("quizzes/take.html", token=token, used=used, phase=phase, chosen=chosen, gaps=gaps), 422
    except Refused as refusal:
        db.session.rollback()
        page = render_template(
            "quizzes/take.html", token=token, used=used, phase=phase, chosen=chosen, gaps=[], problem=refusal.message
        )
        return page, 409
    db.session.commit()
    return redirect(url_for("participant_page.show_page", token=token, done=phase), 303)


@edge.post("/p/<token:token>/events/<uid:event>/feedback")
@open_to_anyone
def give_feedback(token: str, event: str) -> Any:
    person = own_page.greet(token)
    found: Event = load_or_404(Event, event)
    usefulness = request.form.get("usefulness", type=int)
    if usefulness is None or not 1 <= usefulness <= 5:
        abort(400)
    evaluation.rate(found, own_page.place_at(person, found), usefulness, request.form.get("remark", ""))
    db.session.commit()
    return redirect(url_for("participant_page.show_page", token=token, done="feedback"), 303)


@edge.post("/p/<token:token>/events/<uid:event>/follow-up")
@open_to_anyone
def give_follow_up(token: str, event: str) -> Any:
    person = own_page.greet(token)
    found: Event = load_or_404(Event, event)
    if request.form.get("applied") not in ("yes", "no"):
        abort(400)
    has_applied = request.form["applied"] == "yes"
    evaluation.say_whether_applied(found, own_page.place_at(person, found), has_applied, request.form.get("remark", ""))
    db.session.commit()
    return redirect(url_for("participant_page.show_page", token=token, done="follow-up"), 303)


def _chosen(form: MultiDict[str, str]) -> dict[str, list[int]]:
    """Option positions by question uid; what is no number is no answer."""
    return {
        name[2:]: [int(value) for value in form.getlist(name) if value.isdecimal() and len(value) < 4]
        for name in form
        if name.startswith("q-")
    }
