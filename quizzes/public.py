"""Taking a quiz from the participant's own page; no JavaScript needed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from accounts.access import load_or_404, open_to_anyone
from core import assets, clock
from core.db import db
from core.errors import Refused
from core.i18n import language
from core.web import csrf
from participants import own_page
from participants.models import Registration
from privacy import codes
from quizzes import attempts, orders
from quizzes.models import Attempt, EventQuiz, Phase
from quizzes.running_forms import given_in

edge = Blueprint("quiz_taking", __name__)
csrf.exempt(edge)  # the secret of the address is the right to act; there is no cookie to ride on

_UID = re.compile(r"[A-Za-z0-9_-]{16}")


@edge.get("/p/<token:token>/quizzes/<uid:event_quiz>/<any(pre, post, follow_up):phase>")
@open_to_anyone
def show_quiz(token: str, event_quiz: str, phase: str) -> Any:
    person = own_page.greet(token)
    used: EventQuiz = load_or_404(EventQuiz, event_quiz)
    place = own_page.place_at(person, used.event)
    try:
        sitting = attempts.sit(used, Phase(phase), place)
    except Refused as refusal:
        if used.opening(Phase(phase)) is None:
            return redirect(url_for("participant_page.show_page", token=token), 303)
        # A phone that was away may still hold answers: this page hands them in.
        kept_as = _kept_as(token, used, phase)
        return render_template(
            "quizzes/ended.html", token=token, used=used, phase=phase, sentence=refusal.message, kept_as=kept_as
        )
    return _page(token, used, phase, sitting, sitting.given)


@edge.post("/p/<token:token>/quizzes/<uid:event_quiz>/<any(pre, post, follow_up):phase>/answers")
@open_to_anyone
def save_answers(token: str, event_quiz: str, phase: str) -> Any:
    """Keeps what is answered so far; from a script on the page, one request for each answer."""
    person = own_page.greet(token)
    used: EventQuiz = load_or_404(EventQuiz, event_quiz)
    place = own_page.place_at(person, used.event)
    uid = _attempt_uid(request.form)
    try:
        attempts.save(used, Phase(phase), place, given_in(request.form), language=language(), attempt_uid=uid)
    except Refused as refusal:
        return _told(token, refusal)
    db.session.commit()
    return {"outcome": "saved", "now": clock.milliseconds(clock.now())}


@edge.post("/p/<token:token>/quizzes/<uid:event_quiz>/<any(pre, post, follow_up):phase>/end")
@open_to_anyone
def finish_quiz(token: str, event_quiz: str, phase: str) -> Any:
    """Takes the whole, from a script on the page that may have waited for a network."""
    person = own_page.greet(token)
    used: EventQuiz = load_or_404(EventQuiz, event_quiz)
    place = own_page.place_at(person, used.event)
    try:
        attempt = _submit(used, Phase(phase), place)
    except Refused as refusal:
        return _told(token, refusal)
    db.session.commit()
    return {"outcome": "submitted", "page": _own_page(token, phase, attempt)}


@edge.get("/p/worker.js")
@open_to_anyone
def show_worker() -> Any:
    """What lets a quiz that was opened once open again without a network."""
    return Response((assets.SOURCE / "js" / "quiz" / "worker.js").read_text(), mimetype="text/javascript")


@edge.post("/p/<token:token>/quizzes/<uid:event_quiz>/<any(pre, post, follow_up):phase>")
@open_to_anyone
def submit_quiz(token: str, event_quiz: str, phase: str) -> Any:
    person = own_page.greet(token)
    used: EventQuiz = load_or_404(EventQuiz, event_quiz)
    place = own_page.place_at(person, used.event)
    try:
        attempt = _submit(used, Phase(phase), place)
    except Refused as refusal:
        db.session.rollback()
        if not used.is_open(Phase(phase)):
            raise
        return _again(token, used, phase, attempts.sit(used, Phase(phase), place), refusal)
    db.session.commit()
    return redirect(_own_page(token, phase, attempt), 303)


def _submit(used: EventQuiz, phase: Phase, place: Registration) -> Attempt:
    return attempts.submit(
        used,
        phase,
        place,
        given_in(request.form),
        language=language(),
        attempt_uid=_attempt_uid(request.form),
        with_gaps="with_gaps" in request.form,
        finished_at=_finished_at(request.form),
    )


def _own_page(token: str, phase: str, attempt: Attempt) -> str:
    done = phase if attempt.late_by_minutes is None else "late"
    return url_for("participant_page.show_page", token=token, done=done)


def _told(token: str, refusal: Refused) -> tuple[dict[str, str], int]:
    """A refusal as the script on the page gets it, and where the own page is."""
    db.session.rollback()
    page = url_for("participant_page.show_page", token=token)
    return {"outcome": refusal.code, "sentence": refusal.message, "page": page}, 409


def _again(token: str, used: EventQuiz, phase: str, sitting: attempts.Sitting, refusal: Refused) -> tuple[str, int]:
    """The same page with what was given, and what is wrong with it."""
    given = given_in(request.form)
    if isinstance(refusal, attempts.Unanswered):
        return _page(token, used, phase, sitting, given, [question.uid for question in refusal.questions]), 422
    return _page(token, used, phase, sitting, given, problem=refusal.message), 409


def _page(
    token: str,
    used: EventQuiz,
    phase: str,
    sitting: attempts.Sitting,
    given: attempts.Given,
    gaps: list[str] | None = None,
    problem: str | None = None,
) -> str:
    return render_template(
        "quizzes/take.html",
        token=token,
        used=used,
        phase=phase,
        sitting=sitting,
        given=given,
        gaps=gaps or [],
        problem=problem,
        attempt_uid=sitting.attempt.uid if sitting.attempt else "",
        kept_as=_kept_as(token, used, phase),
        opened_at=clock.milliseconds(clock.now()),
        options_of=orders.options_of,
        matches_of=orders.matches_of,
    )


def _kept_as(token: str, used: EventQuiz, phase: str) -> str:
    """Under what a phone keeps the answers: of one person, as it may go from hand to hand; it tells no link."""
    return f"{used.uid} {phase} {codes.token_digest(token)[:6].hex()}"


def _attempt_uid(form: MultiDict[str, str]) -> str | None:
    uid = form.get("attempt", "")
    return uid if _UID.fullmatch(uid) else None


def _finished_at(form: MultiDict[str, str]) -> datetime | None:
    """When the phone says the quiz was finished: milliseconds between then and the sending, by its own clock."""
    waited = form.get("waited", "")
    if not waited.isdecimal() or len(waited) > 11:
        return None
    return clock.now() - timedelta(milliseconds=int(waited))
