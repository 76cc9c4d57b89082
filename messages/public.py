"""What opens without signing in: wanting no letters any more, or wanting them again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, url_for

from accounts.access import open_to_anyone
from core.db import db
from core.web import csrf
from messages import stops
from messages.forms import WantedForm
from messages.models import StopReason
from participants import own_page

edge = Blueprint("messages_public", __name__)
# Whoever knows the secret of the address may act; there is no cookie that somebody else's page could ride on.
csrf.exempt(edge)


@edge.post("/p/<token:token>/letters")
@open_to_anyone
def choose_letters(token: str) -> Any:
    person = own_page.greet(token)
    form = WantedForm()
    if not form.validate_on_submit():
        abort(400)
    if form.wanted.data == "yes":
        stops.lift(person)
    else:
        stops.note(person, StopReason.UNWANTED)
    db.session.commit()
    return redirect(url_for("participant_page.show_page", token=token, done="letters"), 303)
