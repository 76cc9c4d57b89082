"""The institutions of a programme: their names, making two one, and who of them sees its numbers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core import web
from core.db import db
from core.errors import Refused
from participants import organisations, policies
from participants.forms import ContactForm, MergeOrganisationForm, OrganisationForm
from participants.models import Organisation
from participants.people_models import OrganisationContact
from trainings.models import Programme

edge = Blueprint("organisations", __name__)


@edge.get("/programmes/<uid:programme>/organisations")
@requires(policies.may_see_register, programme=Programme)
def list_organisations(programme: Programme) -> Any:
    lines = organisations.of_programme(programme)
    return render_template("participants/organisations.html", programme=programme, lines=lines)


@edge.get("/organisations/<uid:organisation>")
@requires(policies.may_keep_organisation, organisation=Organisation)
def show_organisation(organisation: Organisation) -> Any:
    return _page(organisation)


@edge.post("/organisations/<uid:organisation>")
@requires(policies.may_keep_organisation, organisation=Organisation)
def rename_organisation(organisation: Organisation) -> Any:
    form = OrganisationForm()
    if form.validate_on_submit():
        try:
            organisations.rename(organisation, form.name.data)
            audit.record(current_user, "renamed", organisation)
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for("organisations.show_organisation", organisation=organisation.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _page(organisation, naming=form), 422


@edge.post("/organisations/<uid:organisation>/merging")
@requires(policies.may_keep_organisation, organisation=Organisation)
def merge_organisation(organisation: Organisation) -> Any:
    form, others = MergeOrganisationForm(), _others(organisation)
    form.into.choices = [(uid, one.name) for uid, one in others.items()]
    if not form.validate_on_submit():
        return _page(organisation, merging=form), 422
    kept = others[form.into.data]
    organisations.merge(kept, organisation)
    audit.record(current_user, "merged", kept)
    db.session.commit()
    flash(_("The two organisations are one now; lists with either name find it."))
    return redirect(url_for("organisations.show_organisation", organisation=kept.uid), 303)


@edge.post("/organisations/<uid:organisation>/contacts")
@requires(policies.may_keep_organisation, organisation=Organisation)
def give_contact_link(organisation: Organisation) -> Any:
    form = ContactForm()
    if not form.validate_on_submit():
        return _page(organisation, giving=form), 422
    contact, token = organisations.give_link(organisation, form.label.data, form.days.data, current_user)
    audit.record(current_user, "gave_contact_link", contact)
    db.session.commit()
    address = web.public_address() + url_for("participant_page.show_numbers", token=token)
    return _page(organisation, new_link=address)


@edge.post("/organisation-contacts/<uid:contact>/end")
@requires(policies.may_end_contact, contact=OrganisationContact)
def end_contact_link(contact: OrganisationContact) -> Any:
    organisations.revoke(contact)
    audit.record(current_user, "ended_contact_link", contact)
    db.session.commit()
    flash(_("This link opens nothing any more."))
    return redirect(url_for("organisations.show_organisation", organisation=contact.organisation.uid), 303)


def _others(organisation: Organisation) -> dict[str, Organisation]:
    lines = organisations.of_programme(organisation.programme)
    return {line.organisation.uid: line.organisation for line in lines if line.organisation.id != organisation.id}


def _page(organisation: Organisation, new_link: str = "", **forms: Any) -> str:
    lines = organisations.of_programme(organisation.programme)
    merging = forms.get("merging") or MergeOrganisationForm(formdata=None)
    merging.into.choices = [(uid, one.name) for uid, one in _others(organisation).items()]
    return render_template(
        "participants/organisation.html",
        programme=organisation.programme,
        organisation=organisation,
        line=next(line for line in lines if line.organisation.id == organisation.id),
        naming=forms.get("naming") or OrganisationForm(formdata=None, name=organisation.name),
        merging=merging,
        giving=forms.get("giving") or ContactForm(formdata=None),
        contacts=organisations.contacts_of(organisation),
        new_link=new_link,
    )
