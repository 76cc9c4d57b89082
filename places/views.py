"""The places of an event: how many are left, who waits, who answered, quotas, and the page for strangers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from accounts import audit
from accounts.access import load_or_404, requires
from core import web
from core.db import db
from core.saving import saved
from participants import identity, roster
from participants.models import Registration
from places import answering, applying, giving, policies, quotas, waiting
from places.forms import SAID_NAMES, AllowanceForm, FillingForm, NotedAnswerForm, PageForm, QuotaForm
from places.models import Quota, Said
from trainings.models import Event, Programme

edge = Blueprint("places", __name__)


@edge.get("/events/<uid:event>/places")
@requires(policies.may_give_places, event=Event)
def show_places(event: Event) -> Any:
    return _page(event)


@edge.post("/events/<uid:event>/places/questions")
@requires(policies.may_give_places, event=Event)
def ask_people(event: Event) -> Any:
    """Whether they come: everybody on the list who has not said it."""
    asked = answering.ask(event)
    audit.record(current_user, "asked_people", event, people=asked)
    return saved(
        ngettext("%(num)s person is asked on their page now.", "%(num)s people are asked on their pages now.", asked),
        _places_of(event),
    )


@edge.post("/registrations/<uid:place>/answer")
@requires(policies.may_give_place, place=Registration)
def note_answer(place: Registration) -> Any:
    """What somebody said by telephone or through the office, written down by staff."""
    form = NotedAnswerForm()
    if not form.validate_on_submit():
        abort(400)
    said = Said(form.said.data)
    answering.accept(place) if said == Said.COMING else answering.decline(place)
    audit.record(current_user, "noted_answer", place, said=said.value)
    return saved(_("%(person)s: %(answer)s.", person=place.called, answer=SAID_NAMES[said]), _places_of(place.event))


@edge.post("/registrations/<uid:place>/giving")
@requires(policies.may_give_place, place=Registration)
def give_place(place: Registration) -> Any:
    waiting.give(place)
    audit.record(current_user, "gave_place", place)
    return saved(_("%(person)s has a place now.", person=place.called), _places_of(place.event))


@edge.post("/events/<uid:event>/places/filling")
@requires(policies.may_set_rules, event=Event)
def set_filling(event: Event) -> Any:
    giving.hold(event)
    rules = giving.rules_of(event)
    rules.fills_by_itself = bool(FillingForm().fills_by_itself.data)
    db.session.add(rules)
    db.session.flush()
    moved = waiting.fill(event)
    audit.record(current_user, "set_filling", event, moved=len(moved))
    return saved(_said_of(len(moved)), _places_of(event))


@edge.post("/events/<uid:event>/places/quotas")
@requires(policies.may_set_rules, event=Event)
def set_quota(event: Event) -> Any:
    form = QuotaForm()
    if not form.validate_on_submit():
        return _page(event, quota_form=form), 422
    quota = quotas.set_for(event, form.organisation.data, form.places.data)
    moved = waiting.fill(event)
    audit.record(current_user, "set_quota", quota, places=quota.places)
    return saved(_said_of(len(moved)), _places_of(event))


@edge.post("/quotas/<uid:quota>/removal")
@requires(policies.may_drop_quota, quota=Quota)
def drop_quota(quota: Quota) -> Any:
    event = quota.event
    audit.record(current_user, "dropped_quota", quota)
    quotas.drop(quota)
    moved = waiting.fill(event)
    return saved(_said_of(len(moved)), _places_of(event))


@edge.post("/programmes/<uid:programme>/registration-pages")
@requires(policies.may_allow_pages, programme=Programme)
def allow_pages(programme: Programme) -> Any:
    form = AllowanceForm()
    if not form.validate_on_submit():
        abort(400)
    event: Event = load_or_404(Event, form.event.data or "")
    applying.allow(programme, form.is_allowed.data == "yes")
    audit.record(current_user, "allowed_registration_pages", programme, allowed=form.is_allowed.data)
    return saved(_("Saved."), _places_of(event))


@edge.post("/events/<uid:event>/registration-page")
@requires(policies.may_set_rules, event=Event)
def open_page(event: Event) -> Any:
    form = PageForm()
    if not form.validate_on_submit():
        return _page(event, page_form=form), 422
    applying.open_page(event, form.words.texts)
    audit.record(current_user, "opened_registration_page", event)
    return saved(_("Whoever has the address can register now."), _places_of(event))


@edge.post("/events/<uid:event>/registration-page/closing")
@requires(policies.may_set_rules, event=Event)
def close_page(event: Event) -> Any:
    applying.close_page(event)
    audit.record(current_user, "closed_registration_page", event)
    return saved(_("The registration page is closed. Its address opens nothing any more."), _places_of(event))


def _said_of(moved: int) -> str:
    if not moved:
        return _("Saved.")
    return ngettext(
        "Saved. %(num)s person moved up from the waiting list.",
        "Saved. %(num)s people moved up from the waiting list.",
        moved,
    )


def _places_of(event: Event) -> str:
    return url_for("places.show_places", event=event.uid)


def _page(event: Event, *, quota_form: QuotaForm | None = None, page_form: PageForm | None = None) -> str:
    rules = giving.rules_of(event)
    return render_template(
        "places/places.html",
        event=event,
        programme=event.programme,
        count=giving.count(event),
        waiting=waiting.of(event),
        people=roster.of(event),
        said=answering.said_at(event),
        keeps_names=identity.keeps_names(event),
        rules=rules,
        quotas=quotas.of(event),
        organisations=roster.organisations(event.programme),
        are_allowed=applying.are_allowed(event.programme),
        may_set_rules=policies.may_set_rules(current_user, event),
        filling_form=FillingForm(obj=rules),
        quota_form=quota_form or QuotaForm(),
        page_form=page_form or PageForm(data={"words": rules.words or {}}),
        page_address=f"{web.public_address()}/r/{rules.page_token}" if rules.page_token else None,
    )
