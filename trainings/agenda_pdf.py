"""The agenda of an event on paper, in a language: what happens when, and how to get in. It names nobody."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from reportlab.lib.units import mm

from core import pdf
from core.i18n import clock_time, day, span, speaking
from trainings.models import Event


def drawn(event: Event, language: str) -> bytes:
    """The agenda as a PDF: the public title, the days with their sessions, and the venue."""
    zone = ZoneInfo(event.programme.time_zone)
    with speaking(language):
        title = str(event.title)
        story: list[Any] = [pdf.text(title, "title"), pdf.text(span(event.starts_on, event.ends_on))]
        if event.venue is not None:
            story.append(pdf.text(f"{event.venue.name}, {event.venue.town}"))
            if event.venue.access:
                story.append(pdf.text(event.venue.access, "small"))
        for on, sessions in groupby(event.sessions, key=lambda s: s.starts_at.astimezone(zone).date()):
            story.append(pdf.text(day(on, pattern="EEEE, d MMMM"), "heading"))
            rows: list[list[Any]] = [[_("Time"), _("Session")]]
            for event_session in sessions:
                hours = (clock_time(moment, str(zone)) for moment in (event_session.starts_at, event_session.ends_at))
                named = event_session.title or _("Session %(number)s", number=event_session.number)
                rows.append(["–".join(hours), str(named)])
            story.append(pdf.table(rows, [30 * mm, 144 * mm], room=4))
        story.append(pdf.text(_("Times are local: %(zone)s.", zone=str(zone)), "small"))
        return pdf.report(title, story, title)
