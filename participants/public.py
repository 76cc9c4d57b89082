"""The participant's own page, opened by a personal link: what is next, and what can be done now."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from accounts.access import open_to_anyone
from core.db import db
from core.i18n import LANGUAGES
from core.web import csrf
from materials import library
from participants import own_page
from quizzes import attempts, evaluation
from quizzes.models import PairingPurpose

edge = Blueprint("participant_page", __name__)
# Whoever knows the secret of the address may act; there is no cookie that somebody else's page could ride on.
csrf.exempt(edge)


@edge.get("/p/<token:token>")
@open_to_anyone
def show_page(token: str) -> Any:
    """Shows, and changes nothing: messengers open links by themselves."""
    person = own_page.greet(token)
    place = own_page.place_that_matters(person)
    if place is None:
        return render_template("participants/own_page.html", token=token, person=person, event=None)
    event = place.event
    return render_template(
        "participants/own_page.html",
        token=token,
        person=person,
        event=event,
        session_now=own_page.session_that_matters(event),
        quizzes_open=attempts.open_to(place),
        results=[(used, found) for used in attempts.of_event(event) if (found := attempts.own_result(used, place))],
        asks_feedback=evaluation.asks(event, place, PairingPurpose.EVALUATION),
        asks_follow_up=evaluation.asks(event, place, PairingPurpose.FOLLOW_UP),
        materials=library.of_programme(person.programme),
        done=request.args.get("done"),
    )


@edge.post("/p/<token:token>/language")
@open_to_anyone
def choose_language(token: str) -> Any:
    person = own_page.greet(token)
    if request.form.get("language") not in LANGUAGES:
        abort(400)
    person.language = request.form["language"]
    db.session.commit()
    return redirect(url_for("participant_page.show_page", token=token), 303)
