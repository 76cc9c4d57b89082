"""What opens without signing in: an answer from a participant's own page, and a registration page by its address."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from accounts.access import load_or_404, open_to_anyone
from core import i18n
from core.db import db
from core.saving import refusals_in
from core.web import csrf
from participants import consenting, links, own_page
from participants.models import Registration
from places import answering, applying
from places.forms import AnswerForm, ApplicationForm
from places.models import EventPlaces, Said

edge = Blueprint("places_public", __name__)
# Whoever knows the secret of the address may act; there is no cookie that somebody else's page could ride on.
csrf.exempt(edge)


@edge.post("/p/<token:token>/places/<uid:place>/answer")
@open_to_anyone
def answer(token: str, place: Registration | str) -> Any:
    person = own_page.greet(token)
    own: Registration = load_or_404(Registration, str(place))
    form = AnswerForm()
    if own.participant_id != person.id or not form.validate_on_submit():
        abort(404)
    said = Said(form.said.data)
    answering.accept(own) if said == Said.COMING else answering.decline(own)
    db.session.commit()
    return redirect(url_for("participant_page.show_page", token=token, done=said.value), 303)


@edge.get("/r/<token:token>")
@open_to_anyone
def show_registration(token: str) -> Any:
    rules = applying.find(token)
    i18n.speak(request.args.get("language"))
    return _page(rules, ApplicationForm.of(rules, language=i18n.language()))


@edge.post("/r/<token:token>")
@open_to_anyone
def register_oneself(token: str) -> Any:
    rules = applying.find(token)
    i18n.speak(request.args.get("language"))
    form = ApplicationForm.of(rules)
    if not form.validate_on_submit():
        return _page(rules, form), 422
    with refusals_in(form):
        place = applying.apply(rules, form.details(), request.remote_addr or "", **form.proofs())
        db.session.commit()
        own = links.token_of(place.participant)
        return redirect(url_for("participant_page.show_page", token=own, done="registered"), 303)
    return _page(rules, form), 409


def _page(rules: EventPlaces, form: ApplicationForm) -> str:
    form.ask(consenting.asked_in(rules.event.programme))
    # Each page has a challenge of its own, also after a refusal.
    form.challenge.data, form.answer.data = (
        applying.challenge_for(rules.page_token or "", request.remote_addr or ""),
        "",
    )
    return render_template("places/register.html", rules=rules, event=rules.event, form=form)
