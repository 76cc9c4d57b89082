"""What the door owes an event that is over."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext

from door import attendance, cases, headcounts
from trainings.models import Event, FigureSource
from trainings.readiness import Gap, Stage, Whose, check


@check(Stage.AFTER, 1)
def presence(event: Event) -> Iterator[Gap]:
    """Sessions nobody is noted at or has counted, and scans that wait for a decision."""
    present = attendance.counts_of(event.sessions)
    counted = headcounts.figure(event)
    for event_session in event.sessions:
        place = {"event_session": event_session.uid}
        if not present[event_session.id]:
            said = _("attendance at session %(number)s", number=event_session.number)
            yield Gap(said, "sheet.show_presences", place, Whose.TRAINERS)
        if counted.source == FigureSource.HEADCOUNT and event_session.number in counted.uncounted:
            said = _("the headcount of session %(number)s", number=event_session.number)
            yield Gap(said, "sheet.show_headcount", place, Whose.TRAINERS)
    waiting = cases.open_count(event)
    if waiting:
        said = ngettext("a decision on %(num)s scan", "decisions on %(num)s scans", waiting)
        yield Gap(said, "reviews.list_reviews", {"event": event.uid})
