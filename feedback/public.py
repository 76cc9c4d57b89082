"""Giving feedback from the participant's own page; no JavaScript needed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, request, url_for

from accounts.access import load_or_404, open_to_anyone
from core.db import db
from core.web import csrf
from feedback import evaluations
from participants import own_page
from trainings.models import Event

edge = Blueprint("feedback_giving", __name__)
csrf.exempt(edge)  # the secret of the address is the right to act; there is no cookie to ride on


@edge.post("/p/<token:token>/events/<uid:event>/feedback")
@open_to_anyone
def give_feedback(token: str, event: str) -> Any:
    person = own_page.greet(token)
    found: Event = load_or_404(Event, event)
    usefulness = request.form.get("usefulness", type=int)
    if usefulness is None or not 1 <= usefulness <= 5:
        abort(400)
    evaluations.rate(found, own_page.place_at(person, found), usefulness, request.form.get("remark", ""))
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
    evaluations.say_whether_applied(
        found, own_page.place_at(person, found), has_applied, request.form.get("remark", "")
    )
    db.session.commit()
    return redirect(url_for("participant_page.show_page", token=token, done="follow-up"), 303)
