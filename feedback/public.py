"""Giving feedback on its own short page, through the personal link; no JavaScript needed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from accounts.access import load_or_404, open_to_anyone
from core.db import db
from core.errors import Refused
from core.web import csrf
from feedback import answers, evaluations, questionnaires
from feedback.models import Questionnaire
from feedback.tallies import K
from participants import own_page
from participants.models import PairingPurpose
from trainings.models import Event

edge = Blueprint("feedback_giving", __name__)
csrf.exempt(edge)  # the secret of the address is the right to act; there is no cookie to ride on

PURPOSES = {"feedback": PairingPurpose.EVALUATION, "follow-up": PairingPurpose.FOLLOW_UP}
ADDRESS = '/p/<token:token>/events/<uid:event>/<any(feedback, "follow-up"):asked>'


@edge.get(ADDRESS)
@open_to_anyone
def show_questions(token: str, event: str, asked: str) -> Any:
    """Shows, and changes nothing; back to the own page when nothing is asked."""
    person = own_page.greet(token)
    found: Event = load_or_404(Event, event)
    purpose = PURPOSES[asked]
    if not evaluations.asks(found, own_page.place_at(person, found), purpose):
        return redirect(url_for("participant_page.show_page", token=token), 303)
    return _page(token, found, asked, questionnaires.of_event(found, purpose), {})


@edge.post(ADDRESS)
@open_to_anyone
def give_feedback(token: str, event: str, asked: str) -> Any:
    person = own_page.greet(token)
    found: Event = load_or_404(Event, event)
    purpose, given = PURPOSES[asked], _given()
    version = request.form.get("version", type=int)
    try:
        evaluations.give(found, purpose, own_page.place_at(person, found), given, version=version)
    except (evaluations.FirstUnanswered, questionnaires.ChangedMeanwhile) as refusal:
        db.session.rollback()
        return _page(token, found, asked, questionnaires.of_event(found, purpose), given, refusal), 422
    db.session.commit()
    return redirect(url_for("participant_page.show_page", token=token, done=asked), 303)


def _page(
    token: str,
    event: Event,
    asked: str,
    questionnaire: Questionnaire,
    given: answers.Given,
    refusal: Refused | None = None,
) -> str:
    return render_template(
        "feedback/give.html",
        token=token,
        event=event,
        asked=asked,
        questionnaire=questionnaire,
        given=given,
        refusal=refusal,
        longest=answers.LONGEST,
        k=K,
    )


def _given() -> dict[str, list[str]]:
    return {name[2:]: request.form.getlist(name) for name in request.form if name.startswith("q-")}
