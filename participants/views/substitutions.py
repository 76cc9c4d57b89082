"""Somebody cannot come: another person of the same institution takes the place."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.db import db
from core.errors import Refused
from participants import identity, policies, roster, substituting
from participants.forms import PersonForm
from participants.models import Registration

edge = Blueprint("substitutions", __name__)


@edge.get("/registrations/<uid:place>/substitution")
@requires(policies.may_change_place, place=Registration)
def show_substitution(place: Registration) -> Any:
    return _page(place, _form(place))


@edge.post("/registrations/<uid:place>/substitution")
@requires(policies.may_change_place, place=Registration)
def substitute(place: Registration) -> Any:
    """By somebody who is known (`person`), or by a new person of the same institution."""
    form, colleagues = _form(place), {person.uid: person for person in substituting.colleagues_of(place)}
    person = colleagues.get(request.form.get("person", ""))
    if person is None and not form.validate_on_submit():
        return _page(place, form), 422
    try:
        person = person or roster.add(place.event.programme, form.details())
        taken = substituting.substitute(place, person, current_user)
    except Refused as refusal:
        db.session.rollback()
        form.refuse(refusal)
        return _page(place, form), 409
    audit.record(current_user, "substituted", taken)
    db.session.commit()
    flash(_("%(person)s has a place now.", person=taken.called))
    return redirect(url_for("people.list_people", event=place.event.uid), 303)


def _form(place: Registration) -> PersonForm:
    """A new colleague: sector and institution are those of the person whose place it is."""
    person = place.participant
    organisation = person.organisation.name if person.organisation else ""
    form = PersonForm(sector=person.sector.value, organisation=organisation)
    form.keeps_names = identity.keeps_names(place.event)
    return form


def _page(place: Registration, form: PersonForm) -> str:
    return render_template(
        "participants/substitution.html",
        place=place,
        event=place.event,
        programme=place.event.programme,
        colleagues=substituting.colleagues_of(place),
        form=form,
        organisations=[place.participant.organisation] if place.participant.organisation else [],
    )
