"""The sign-in sheet of a session, for the day the phones stay home."""

from __future__ import annotations

from flask_babel import gettext as _
from reportlab.lib.units import mm
from reportlab.platypus import Spacer, Table

from core import pdf
from core.i18n import clock_time, day, speaking
from participants import identity, roster
from participants.models import Registration
from trainings.models import EventSession

SPARE_ROWS = 5


def draw(event_session: EventSession) -> bytes:
    """A numbered list with room to sign: everybody with a place by name, and a few empty rows.

    In the programme's language, whoever prints it. Without names there is none to sign with: a code and room for a
    cross.
    """
    event = event_session.event
    with speaking(event.programme.language):
        places = roster.expected_at(event)
        table = _names(places) if identity.keeps_names(event) else _codes(places)
        story = [
            pdf.text(event.title, "heading"),
            pdf.text(_session(event_session), "subheading"),
            pdf.text(_when_and_where(event_session)),
            pdf.text(identity.level_in_words(event), "small"),
            Spacer(1, 3 * mm),
            table,
        ]
        return pdf.report(_("Sign-in sheet"), story, _("Sign-in sheet"))


def _names(places: list[Registration]) -> Table:
    rows: list[list[object]] = [["№", _("Name"), _("Organisation"), _("Code"), _("Signature")]]
    for number, place in enumerate(places, 1):
        person = place.participant
        organisation = person.organisation.name if person.organisation else ""
        rows.append([str(number), person.called if person.name else "", organisation, person.code, ""])
    return pdf.table(_with_spare(rows), [10 * mm, 62 * mm, 48 * mm, 17 * mm, 37 * mm], room=7)


def _codes(places: list[Registration]) -> Table:
    rows: list[list[object]] = [["№", _("Code"), _("Here: a cross, no signature")]]
    rows += [[str(number), place.participant.code, ""] for number, place in enumerate(places, 1)]
    return pdf.table(_with_spare(rows), [10 * mm, 40 * mm, 60 * mm], room=7)


def _with_spare(rows: list[list[object]]) -> list[list[object]]:
    """The rows and a few empty ones, numbered on: for those who come without being on the list."""
    empty = [""] * (len(rows[0]) - 1)
    return rows + [[str(number), *empty] for number in range(len(rows), len(rows) + SPARE_ROWS)]


def _session(event_session: EventSession) -> str:
    session = _("Session %(number)s", number=event_session.number)
    return f"{session}: {event_session.title}" if event_session.title else session


def _when_and_where(event_session: EventSession) -> str:
    event, zone = event_session.event, event_session.event.programme.time_zone
    times = f"{clock_time(event_session.starts_at, zone)}–{clock_time(event_session.ends_at, zone)}"
    where = f" · {event.venue.name}, {event.venue.town}" if event.venue else ""
    return f"{day(event_session.starts_at, zone)}, {times}{where}"
