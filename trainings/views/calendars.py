"""Calendars: one event as a file and on paper, half a year as a timeline, and a member of staff's own feed."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from accounts.policies import is_staff
from core.db import db
from core.web import answer_file
from trainings import agenda, agenda_pdf, calendars, policies
from trainings.forms import TimelineFilter
from trainings.models import Event, Programme

edge = Blueprint("calendars", __name__)


@edge.get("/events/<uid:event>/calendar.ics")
@requires(policies.may_see_event, event=Event)
def export_event(event: Event) -> Any:
    face = calendars.Face.of(current_app.extensions["settings"])
    answer = Response(calendars.written([event], face), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="{event.starts_on.isoformat()}.ics"'
    return answer


@edge.get('/events/<uid:event>/agenda/<any("en","ru","be"):language>.pdf')
@requires(policies.may_see_event, event=Event)
def print_agenda(event: Event, language: str) -> Any:
    return answer_file(agenda_pdf.drawn(event, language), "application/pdf", "agenda.pdf")


@edge.get("/programmes/<uid:programme>/timeline", defaults={"year": 0, "month": 0})
@edge.get("/programmes/<uid:programme>/timeline/<int(min=2000,max=2100):year>/<int(min=1,max=12):month>")
@requires(policies.may_see_programme, programme=Programme)
def show_timeline(programme: Programme, year: int, month: int) -> Any:
    """Half a year, from this month on or another: who and what is taken when."""
    form = TimelineFilter(request.args)
    by = agenda.Lane(form.by.data) if form.validate() and form.by.data else agenda.Lane.KIND
    today = programme.today()
    months = agenda.half_year(year or today.year, month or today.month)
    return render_template(
        "trainings/timeline.html",
        programme=programme,
        form=form,
        months=months,
        lines=agenda.timeline(programme, months, by),
        before=_timeline_address(programme, months[0], -6, by),
        after=_timeline_address(programme, months[0], 6, by),
    )


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


def _timeline_address(programme: Programme, first: date, step: int, by: agenda.Lane) -> str:
    months = first.year * 12 + first.month - 1 + step
    values: dict[str, Any] = {"year": months // 12, "month": months % 12 + 1, "by": by.value}
    return url_for("calendars.show_timeline", programme=programme.uid, **values)


def _feed_page(address: str = "") -> Any:
    settings = current_app.extensions["settings"]
    return render_template(
        "trainings/feed.html",
        feed=calendars.feed_of(current_user),
        address=address,
        says_titles=settings.calendar_titles,
    )
