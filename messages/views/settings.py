"""Whether a programme writes e-mail, under which subject, and what its letters say."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.db import db
from core.errors import Refused
from messages import placeholders, policies, wording
from messages.forms import KIND_MEANINGS, KIND_NAMES, MailForm, TextForm
from messages.models import MessageKind
from trainings.models import Programme

LETTER = f"<any({', '.join(MessageKind)}):letter>"
edge = Blueprint("mail_settings", __name__)


@edge.get("/programmes/<uid:programme>/mail")
@requires(policies.may_settle_mail, programme=Programme)
def show_settings(programme: Programme) -> Any:
    settings = wording.settings_of(programme)
    values = {"is_on": settings.is_on, "tells_who_moves_up": settings.tells_who_moves_up}
    return _page(programme, MailForm(data=values | {"subject": settings.subject or {}}))


@edge.post("/programmes/<uid:programme>/mail")
@requires(policies.may_settle_mail, programme=Programme)
def settle_mail(programme: Programme) -> Any:
    form = MailForm()
    if not form.validate_on_submit():
        return _page(programme, form), 422
    by_itself = form.tells_who_moves_up.data
    wording.settle(programme, is_on=form.is_on.data, subject=form.subject.texts, tells_who_moves_up=by_itself)
    audit.record(current_user, "settled_mail", programme, is_on=form.is_on.data)
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("mail_settings.show_settings", programme=programme.uid), 303)


@edge.get("/programmes/<uid:programme>/mail/" + LETTER)
@requires(policies.may_settle_mail, programme=Programme)
def show_text(programme: Programme, letter: str) -> Any:
    return _text_page(
        programme, MessageKind(letter), TextForm(data={"body": wording.text_of(programme, MessageKind(letter))})
    )


@edge.post("/programmes/<uid:programme>/mail/" + LETTER)
@requires(policies.may_settle_mail, programme=Programme)
def keep_text(programme: Programme, letter: str) -> Any:
    form = TextForm()
    if form.validate_on_submit():
        try:
            wording.keep(programme, MessageKind(letter), form.body.texts)
            audit.record(current_user, "changed_letter", programme, kind=letter)
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for("mail_settings.show_settings", programme=programme.uid), 303)
        except Refused as refusal:
            form.refuse(refusal)
    return _text_page(programme, MessageKind(letter), form), 422


@edge.post("/programmes/<uid:programme>/mail/" + LETTER + "/removal")
@requires(policies.may_settle_mail, programme=Programme)
def drop_text(programme: Programme, letter: str) -> Any:
    wording.drop(programme, MessageKind(letter))
    audit.record(current_user, "dropped_letter", programme, kind=letter)
    db.session.commit()
    flash(_("Letters of this kind say again what comes with the product."))
    return redirect(url_for("mail_settings.show_settings", programme=programme.uid), 303)


def _page(programme: Programme, form: MailForm) -> str:
    return render_template(
        "messages/settings.html",
        programme=programme,
        form=form,
        kinds=[(kind, KIND_NAMES[kind], KIND_MEANINGS[kind], wording.is_own(programme, kind)) for kind in MessageKind],
        subject=wording.subject_of(programme),
        has_server=bool(current_app.extensions["settings"].mail_host),
    )


def _text_page(programme: Programme, kind: MessageKind, form: TextForm) -> str:
    return render_template(
        "messages/text.html",
        programme=programme,
        kind=kind,
        kind_name=KIND_NAMES[kind],
        form=form,
        meanings=placeholders.MEANINGS,
        is_own=wording.is_own(programme, kind),
    )
