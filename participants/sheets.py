"""The sign-in sheet of a session, for the day the phones stay home."""

from __future__ import annotations

from flask_babel import gettext as _
from reportlab.lib.units import mm
from reportlab.platypus import Spacer

from core import pdf
from core.i18n import clock_time, day
from participants import roster
from participants.models import RegistrationStatus
from trainings.models import EventSession

SPARE_ROWS = 5


def draw(event_session: EventSession) -> bytes:
    """A numbered list with room to sign: everybody with a place by name, and a few empty rows."""
    event = event_session.event
    zone = event.programme.time_zone
    places = [place for place in roster.of(event) if place.status != RegistrationStatus.CANCELLED]
    rows: list[list[object]] = [["№", _("Name"), _("Organisation"), _("Code"), _("Signature")]]
    for number, place in enumerate(places, 1):
        person = place.participant
        organisation = person.organisation.name if person.organisation else ""
        rows.append([str(number), person.called if person.name else "", organisation, person.code, ""])
    rows += [[str(number), "", "", "", ""] for number in range(len(places) + 1, len(places) + 1 + SPARE_ROWS)]
    table = pdf.table(rows, [10 * mm, 62 * mm, 48 * mm, 17 * mm, 37 * mm], room=7)
    times = f"{clock_time(event_session.starts_at, zone)}–{clock_time(event_session.ends_at, zone)}"
    where = f"{event.venue.name}, {event.venue.town}" if event.venue else ""
    head = f"{day(event_session.starts_at, zone)}, {times}" + (f" · {where}" if where else "")
    session = _("Session %(number)s", number=event_session.number)
    if event_session.title:
        session = f"{session}: {event_session.title}"
    story = [
        pdf.text(event.title, "heading"),
        pdf.text(session, "subheading"),
        pdf.text(head),
        Spacer(1, 3 * mm),
        table,
    ]
    return pdf.report(_("Sign-in sheet"), story, _("Sign-in sheet"))
