"""What a programme asks its people to agree to, version by version."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.db import db
from core.errors import Refused
from participants import consenting, policies
from participants.forms import ConsentForm
from trainings.models import Programme

edge = Blueprint("consent", __name__)


@edge.get("/programmes/<uid:programme>/consent")
@requires(policies.may_ask_for_consent, programme=Programme)
def show_consent(programme: Programme) -> Any:
    current = consenting.asked_in(programme)
    return _page(programme, ConsentForm(formdata=None, data={"text": dict(current.text) if current else {}}))


@edge.post("/programmes/<uid:programme>/consent")
@requires(policies.may_ask_for_consent, programme=Programme)
def publish_consent(programme: Programme) -> Any:
    form = ConsentForm()
    if form.validate_on_submit():
        try:
            published = consenting.publish(programme, form.text.texts, current_user)
            audit.record(current_user, "published_consent", published)
            db.session.commit()
            flash(_("People are asked for this wording from now on."))
            return redirect(url_for("consent.show_consent", programme=programme.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _page(programme, form), 422


def _page(programme: Programme, form: ConsentForm) -> str:
    versions = consenting.versions_of(programme)
    return render_template("participants/consent.html", programme=programme, form=form, versions=versions)
