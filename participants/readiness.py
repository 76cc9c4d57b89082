"""People an event lacks, or who have not answered."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext

from participants import audience
from participants.models import RegistrationStatus
from trainings.models import Event
from trainings.readiness import Gap, Stage, check


@check(Stage.BEFORE, 2)
def people(event: Event) -> Iterator[Gap]:
    """Somebody to come, and an answer of those who were asked."""
    counted = audience.counts(event)
    invited = counted[RegistrationStatus.INVITED]
    if not invited and not counted[RegistrationStatus.REGISTERED]:
        yield Gap(_("people: import their list"), "imports.show_upload", {"event": event.uid})
    if invited:
        said = ngettext("the answer of %(num)s person invited", "the answers of %(num)s people invited", invited)
        yield Gap(said, "places.show_places", {"event": event.uid})
    for clash in audience.clashes(event, event.sessions):
        yield Gap(str(clash), "events.show_event", {"event": clash.other.uid})
