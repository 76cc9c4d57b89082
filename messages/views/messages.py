"""Writing to the people of an event, and what became of the letters."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core import web
from core.db import db, new_uid
from core.errors import Refused
from core.queue import queue
from messages import forms, outbox, placeholders, policies, recipients, stops, wording, writing
from messages.forms import CameBackForm, MessageForm
from messages.models import Message, MessageKind, Recipients, StopReason
from participants import registration, roster
from participants.models import Registration
from trainings.models import Event

LETTER = f"<any({', '.join(MessageKind)}):letter>"
edge = Blueprint("messages", __name__)


@edge.get("/events/<uid:event>/messages")
@requires(policies.may_write, event=Event)
def list_messages(event: Event) -> Any:
    sent = outbox.of_event(event)
    form = CameBackForm()
    form.offer(_with_address(event))
    return render_template(
        "messages/messages.html",
        event=event,
        programme=event.programme,
        sent=sent,
        tallies=outbox.tallies(sent),
        kinds=[(kind, forms.KIND_NAMES[kind], forms.KIND_MEANINGS[kind]) for kind in MessageKind],
        stopped=stops.at(event),
        form=form,
        may_settle=policies.may_settle_mail(current_user, event.programme),
        **_words(event),
    )


@edge.get("/events/<uid:event>/messages/new/" + LETTER)
@requires(policies.may_write, event=Event)
def show_new_message(event: Event, letter: str) -> Any:
    values = {"body": wording.text_of(event.programme, MessageKind(letter)), "recipients": "all", "uid": new_uid()}
    return _writing_page(event, MessageKind(letter), MessageForm(data=values))


@edge.post("/events/<uid:event>/messages/new/" + LETTER)
@requires(policies.may_write, event=Event)
def write_message(event: Event, letter: str) -> Any:
    form = MessageForm()
    meant = MessageKind(letter)
    if form.validate_on_submit():
        try:
            if "preview" in request.form:
                placeholders.check(form.body.texts)
                return _writing_page(event, meant, form)
            message = _write(event, meant, form)
            return redirect(url_for("messages.show_message", message=message.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _writing_page(event, meant, form), 422


@edge.get("/messages/<uid:message>")
@requires(policies.may_see_message, message=Message)
def show_message(message: Message) -> Any:
    event = message.event
    asks = message.kind in recipients.ASK_FOR_ANSWERS
    return render_template(
        "messages/message.html",
        message=message,
        event=event,
        programme=event.programme,
        tally=outbox.tallies([message])[message.id],
        # Whose reminder failed had not answered: of these letters only the number is shown.
        problems=[] if asks else outbox.problems_of(message),
        asks=asks,
        **_words(event),
    )


@edge.get("/messages/<uid:message>/by-hand")
@requires(policies.may_see_message, message=Message)
def show_texts(message: Message) -> Any:
    """The letters of those whom e-mail does not reach, as text to hand on by the office's own means."""
    audit.record_at_once(current_user, "showed_letters", message)
    event = message.event
    places = writing.without_mail(event, message.kind, message.recipients)
    return render_template(
        "messages/by_hand.html",
        message=message,
        event=event,
        programme=event.programme,
        texts=writing.by_hand(event, places, message.body, web.public_address()),
        **_words(event),
    )


@edge.post("/messages/<uid:message>/another-try")
@requires(policies.may_see_message, message=Message)
def try_again(message: Message) -> Any:
    number = outbox.try_again(message, web.public_address())
    audit.record(current_user, "tried_again", message, letters=number)
    db.session.commit()
    queue.ask("send_letters")
    flash(ngettext("%(num)s letter waits to be sent again.", "%(num)s letters wait to be sent again.", number))
    return redirect(url_for("messages.show_message", message=message.uid), 303)


@edge.post("/messages/<uid:message>/withdrawal")
@requires(policies.may_see_message, message=Message)
def withdraw_message(message: Message) -> Any:
    number = writing.withdraw(message)
    audit.record(current_user, "withdrew", message, letters=number)
    db.session.commit()
    flash(ngettext("%(num)s letter is not sent.", "%(num)s letters are not sent.", number))
    return redirect(url_for("messages.show_message", message=message.uid), 303)


@edge.post("/events/<uid:event>/messages/returned")
@requires(policies.may_write, event=Event)
def note_returned(event: Event) -> Any:
    form = CameBackForm()
    form.offer(_with_address(event))
    if form.validate_on_submit():
        place = registration.find_at(event, form.place.data) or abort(404)
        stops.note(place.participant, StopReason.CAME_BACK)
        audit.record(current_user, "noted_returned_letter", place)
        db.session.commit()
        flash(_("Nothing is sent to this address any more, until it is changed."))
    return redirect(url_for("messages.list_messages", event=event.uid), 303)


def _with_address(event: Event) -> list[Registration]:
    return [place for place in roster.expected_at(event) if place.participant.email_sealed is not None]


def _write(event: Event, kind: MessageKind, form: MessageForm) -> Message:
    """Keep the message; what goes out at once is made into letters at once, so that its page says how many."""
    whom, goes_out_at = Recipients(form.recipients.data), form.goes_out_at(event.programme.time_zone)
    message = writing.write(
        event, kind, whom, form.body.texts, by=current_user, uid=form.uid.data, goes_out_at=goes_out_at
    )
    letters = writing.spread(message, web.public_address()) if goes_out_at is None else 0
    audit.record(current_user, "wrote", message, letters=letters)
    db.session.commit()
    queue.ask("send_letters")
    return message


def _words(event: Event) -> dict[str, Any]:
    may_settle = policies.may_settle_mail(current_user, event.programme)
    return {
        "mail_settings": url_for("mail_settings.show_settings", programme=event.programme.uid) if may_settle else "",
        "kind_names": forms.KIND_NAMES,
        "recipients_names": forms.RECIPIENTS_NAMES,
        "state_names": forms.STATE_NAMES,
        "step_names": forms.STEP_NAMES,
        "stop_names": forms.STOP_NAMES,
        "is_on": wording.settings_of(event.programme).is_on,
        "has_server": bool(current_app.extensions["settings"].mail_host),
    }


def _writing_page(event: Event, kind: MessageKind, form: MessageForm) -> str:
    places = roster.expected_at(event)
    form.offer(places)
    whom = Recipients(form.recipients.data or "all") if form.recipients.data in set(Recipients) else Recipients.ALL
    shown = next((place for place in places if place.uid == form.shown.data), places[0] if places else None)
    body = form.body.texts
    preview = writing.as_read_by(shown.participant, event, body, web.public_address()) if shown else None
    return render_template(
        "messages/new.html",
        event=event,
        programme=event.programme,
        kind=kind,
        form=form,
        reach=writing.reach(event, kind, whom),
        preview=preview,
        subject=wording.subject_of(event.programme).in_language(writing.language_of(shown.participant))
        if shown
        else "",
        meanings=placeholders.MEANINGS,
        meaning=forms.KIND_MEANINGS[kind],
        **_words(event),
    )
