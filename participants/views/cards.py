"""Cards to print: for an event without names, with personal links, and rolls of blank badges."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core import web
from core.db import db
from core.errors import Refused
from core.web import answer_file
from door import code_cards
from door.paper_forms import CardsForm, RollForm
from participants import blanks, identity, link_cards, links, policies, roster
from participants.blank_cards import Layout
from participants.blanks import Roll
from participants.models import Registration, Sector, Sex
from trainings.models import Event, Programme

edge = Blueprint("cards", __name__)


@edge.get("/events/<uid:event>/cards")
@requires(policies.may_see_people, event=Event)
def show_cards(event: Event) -> Any:
    return _cards_page(event, CardsForm(sector=roster.usual_sector(event).value))


@edge.post("/events/<uid:event>/cards")
@requires(policies.may_see_people, event=Event)
def add_cards(event: Event) -> Any:
    form = CardsForm()
    if form.validate_on_submit():
        try:
            added = code_cards.add(event, form.number.data, Sector(form.sector.data), Sex(form.sex.data))
            audit.record(current_user, "added_cards", event, cards=len(added))
            db.session.commit()
            flash(ngettext("%(num)s card is added. Print it.", "%(num)s cards are added. Print them.", len(added)))
            return redirect(url_for("cards.show_cards", event=event.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _cards_page(event, form), 422


@edge.get("/registrations/<uid:place>/cards.pdf")
@requires(policies.may_change_place, place=Registration)
def print_cards(place: Registration) -> Any:
    """The cards that were added together with this one."""
    audit.record_at_once(current_user, "printed_cards", place)
    return answer_file(code_cards.draw(place.event, place), "application/pdf", "cards.pdf")


@edge.get("/events/<uid:event>/link-cards.pdf")
@requires(policies.may_see_people, event=Event)
def print_link_cards(event: Event) -> Any:
    """A card for each person with a place, with their personal link."""
    links.keep_typed_codes(place.participant for place in roster.expected_at(event))
    audit.record_at_once(current_user, "printed_link_cards", event)
    return answer_file(link_cards.draw(event, web.public_address()), "application/pdf", "cards.pdf")


@edge.get("/programmes/<uid:programme>/blank-badges")
@requires(policies.may_print_blanks, programme=Programme)
def list_rolls(programme: Programme) -> Any:
    return _rolls_page(programme, RollForm())


@edge.post("/programmes/<uid:programme>/blank-badges")
@requires(policies.may_print_blanks, programme=Programme)
def make_roll(programme: Programme) -> Any:
    form = RollForm()
    if not form.validate_on_submit():
        return _rolls_page(programme, form), 422
    roll = blanks.print_roll(programme, form.number.data)
    audit.record(current_user, "made_blank_badges", programme, badges=roll.size)
    db.session.commit()
    flash(ngettext("%(num)s blank badge is made. Print it.", "%(num)s blank badges are made. Print them.", roll.size))
    return redirect(url_for("cards.show_roll", programme=programme.uid, roll=roll.uid), 303)


@edge.get("/programmes/<uid:programme>/blank-badges/rolls/<uid:roll>")
@requires(policies.may_print_blanks, programme=Programme)
def show_roll(programme: Programme, roll: str) -> Any:
    found = _roll_or_404(programme, roll)
    return render_template("participants/roll.html", programme=programme, roll=found)


@edge.get("/programmes/<uid:programme>/blank-badges/rolls/<uid:roll>/badges.pdf")
@requires(policies.may_print_blanks, programme=Programme)
def print_roll(programme: Programme, roll: str) -> Any:
    found = _roll_or_404(programme, roll)
    layout = Layout.ROLL if request.args.get("format") == Layout.ROLL else Layout.A4
    audit.record_at_once(current_user, "printed_blank_badges", programme)
    return answer_file(blanks.draw_roll(found, layout), "application/pdf", "badges.pdf")


@edge.post("/programmes/<uid:programme>/blank-badges/rolls/<uid:roll>/voiding")
@requires(policies.may_print_blanks, programme=Programme)
def void_roll(programme: Programme, roll: str) -> Any:
    found = _roll_or_404(programme, roll)
    count = blanks.void(found)
    audit.record(current_user, "voided_blank_badges", programme, badges=count)
    db.session.commit()
    flash(ngettext("%(num)s blank badge is void.", "%(num)s blank badges are void.", count))
    return redirect(url_for("cards.show_roll", programme=programme.uid, roll=found.uid), 303)


def _roll_or_404(programme: Programme, uid: str) -> Roll:
    return blanks.find(programme, uid) or abort(404)


def _rolls_page(programme: Programme, form: RollForm) -> Any:
    return render_template("participants/rolls.html", programme=programme, rolls=blanks.rolls(programme), form=form)


def _cards_page(event: Event, form: CardsForm) -> Any:
    return render_template(
        "participants/cards.html",
        event=event,
        programme=event.programme,
        form=form,
        batches=code_cards.batches(event),
        keeps_names=identity.keeps_names(event),
        may_print_blanks=policies.may_print_blanks(current_user, event.programme),
    )
