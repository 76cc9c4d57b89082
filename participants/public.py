"""What opens without signing in: a participant's own page by personal link; the door's page, which holds nothing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from accounts.access import load_or_404, open_to_anyone
from certificates import issuing
from core import clock, i18n, web
from core.db import db
from core.errors import Refused
from core.i18n import LANGUAGES
from core.web import csrf
from door import attendance, room
from door.room_forms import PresenceForm
from feedback import evaluations
from materials import library
from messages import stops
from participants import consenting, links, organisations, own_page, registration
from participants.forms import TypedCodeForm
from participants.models import Participant
from places import answering
from quizzes import openings, published, taken
from trainings.models import EventSession

edge = Blueprint("participant_page", __name__)
# Whoever knows the secret of the address may act; there is no cookie that somebody else's page could ride on.
csrf.exempt(edge)


@edge.get("/p/<token:token>")
@open_to_anyone
def show_page(token: str) -> Any:
    """Shows, and changes nothing: messengers open links by themselves."""
    return _page(token, own_page.greet(token), PresenceForm())


@edge.post("/p/<token:token>/language")
@open_to_anyone
def choose_language(token: str) -> Any:
    person = own_page.greet(token)
    if request.form.get("language") not in LANGUAGES:
        abort(400)
    person.language = request.form["language"]
    db.session.commit()
    return redirect(url_for("participant_page.show_page", token=token), 303)


@edge.post("/p/<token:token>/presence")
@open_to_anyone
def check_in_oneself(token: str) -> Any:
    """With the code on the room's screen."""
    person = own_page.greet(token)
    form = PresenceForm()
    event_session: EventSession = load_or_404(EventSession, form.session.data or "")
    place = registration.find(person, event_session.event) or abort(404)
    try:
        if form.validate():
            room.self_check_in(place, event_session, form.code.data)
    except Refused as refusal:
        form.refuse(refusal)
    db.session.commit()  # a refused code is kept as well: guessing is seen and counted
    if form.said_no:
        return _page(token, person, form), 409 if form.problem else 422
    return redirect(url_for("participant_page.show_page", token=token), 303)


@edge.get("/p/<token:token>/room-camera")
@open_to_anyone
def show_room_camera(token: str) -> Any:
    """Reads the code on the room's screen and sends the same form; back to the page when there is nothing to read."""
    place = own_page.place_that_matters(own_page.greet(token))
    entrance = room.entrance(place) if place else None
    if entrance is None or not entrance.awaits:
        return redirect(url_for("participant_page.show_page", token=token), 303)
    web.allow_camera()
    form = PresenceForm(session=entrance.event_session.uid)
    return render_template("participants/room_camera.html", token=token, form=form, mark=room.MARK)


@edge.get("/go")
@open_to_anyone
def ask_for_code() -> Any:
    """The short address on a card, for whoever cannot read its QR code."""
    return _go_page(TypedCodeForm())


@edge.post("/go")
@open_to_anyone
def open_by_code() -> Any:
    form = TypedCodeForm()
    try:
        if form.validate():
            person = links.find_by_typed_code(form.code.data, request.remote_addr or "")
            return redirect(url_for("participant_page.show_page", token=links.token_of(person)), 303)
    except Refused as refusal:
        form.refuse(refusal)
    db.session.commit()  # a wrong guess is counted
    return _go_page(form), 409 if form.problem else 422


@edge.get("/time")
@open_to_anyone
def tell_time() -> Any:
    """What time it is here, for a screen that must agree with us; nothing else.

    It is asked without a cookie, so that a screen left on keeps nobody signed in.
    """
    return {"now": clock.milliseconds(clock.now())}


@edge.post("/p/<token:token>/consent")
@open_to_anyone
def answer_consent(token: str) -> Any:
    """Agree to what is asked, or take a yes back."""
    person = own_page.greet(token)
    if request.form.get("answer") == "withdraw":
        consenting.withdraw(person)
    else:
        consenting.give(person, request.form.get("wording", ""))
    db.session.commit()
    return redirect(url_for("participant_page.show_page", token=token, _anchor="consent"), 303)


@edge.get("/o/<token:token>")
@open_to_anyone
def show_numbers(token: str) -> Any:
    """How many people of an organisation came, for somebody of it: numbers, never names."""
    i18n.speak(request.args.get("language"))
    organisation = organisations.open_link(token).organisation
    places = organisations.places_put_on_lists(organisation)
    attended: dict[int, int] = {}
    for event_id in {place.event_id for place in places}:
        attended |= attendance.sessions_attended(event_id)
    counts = organisations.counts_of(places, attended)
    return render_template("participants/numbers.html", token=token, organisation=organisation, counts=counts)


def _go_page(form: TypedCodeForm) -> str:
    i18n.speak(request.args.get("language"))
    return render_template("participants/go.html", form=form)


def _page(token: str, person: Participant, form: PresenceForm) -> str:
    place = own_page.place_that_matters(person)
    always = {
        "token": token,
        "person": person,
        "form": form,
        "feedback_awaited": evaluations.awaited_of(person),
        "places": answering.own_places(person),
        "consent": _consent_of(person),
        "wants_letters": stops.asks(person),
        "done": request.args.get("done"),
    }
    if place is None:
        return render_template("participants/own_page.html", event=None, **always)
    event = place.event
    quizzes = openings.of_event(event)
    entrance = room.entrance(place)
    form.session.data = entrance.event_session.uid if entrance else None
    return render_template(
        "participants/own_page.html",
        event=event,
        day=own_page.day_that_matters(person, event),
        now=clock.now(),
        entrance=entrance,
        quizzes_open=taken.open_to(place, quizzes),
        results=[(used, found) for used in quizzes if (found := taken.own_result(used, place))],
        questions_of=published.questions_of,
        materials=library.open_to(person),
        certificate=issuing.valid_of_place(place),
        **always,
    )


def _consent_of(person: Participant) -> dict[str, Any] | None:
    """What is asked of the person and what they said to it; None where nothing is asked."""
    wording = consenting.asked_in(person.programme)
    if wording is None:
        return None
    given = consenting.in_force(person, wording)
    return {"wording": wording, "given": given, "earlier": None if given else consenting.earlier(person, wording)}
