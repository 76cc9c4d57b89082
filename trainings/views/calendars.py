"""Calendars for calendar programs: one event as a file, and a member of staff's own feed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from accounts.policies import is_staff
from core.db import db
from trainings import calendars, policies
from trainings.models import Event

edge = Blueprint("calendars", __name__)


@edge.get("/events/<uid:event>/calendar.ics")
@requires(policies.may_see_event, event=Event)
def export_event(event: Event) -> Any:
    face = calendars.Face.of(current_app.extensions["settings"])
    answer = Response(calendars.written([event], face), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="{event.starts_on.isoformat()}.ics"'
    return answer


@edge.get("/calendar-feed")
@requires(is_staff)
def show_feed() -> Any:
    return _feed_page()


@edge.post("/calendar-feed")
@requires(is_staff)
def give_feed() -> Any:
    """Make a feed, in the place of the one there was; its address is shown this once."""
    token = calendars.give_feed(current_user)
    audit.record(current_user, "gave_feed", current_user)
    db.session.commit()
    site = current_app.extensions["settings"].address
    return _feed_page(site + url_for("calendars_public.read_feed", token=token))


@edge.post("/calendar-feed/withdrawal")
@requires(is_staff)
def withdraw_feed() -> Any:
    calendars.withdraw_feed(current_user)
    audit.record(current_user, "withdrew_feed", current_user)
    db.session.commit()
    flash(_("The address opens nothing any more."))
    return redirect(url_for("calendars.show_feed"), 303)


def _feed_page(address: str = "") -> Any:
    settings = current_app.extensions["settings"]
    return render_template(
        "trainings/feed.html",
        feed=calendars.feed_of(current_user),
        address=address,
        says_titles=settings.calendar_titles,
    )
