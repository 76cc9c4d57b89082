"""Certificates people have earned and not been given."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext

from certificates import issuing, qualifying, rules
from trainings.models import Event, EventStatus
from trainings.readiness import Gap, Stage, Whose, check


@check(Stage.AFTER, 6)
def certificates(event: Event) -> Iterator[Gap]:
    """Of an event that is closed: who qualifies and never had one."""
    page = {"event": event.uid}
    if event.status == EventStatus.HELD:
        had = issuing.by_place(event)
        owed = sum(standing.qualifies and standing.place.id not in had for standing in qualifying.of(event))
        if owed:
            said = ngettext("%(num)s certificate that was earned", "%(num)s certificates that were earned", owed)
            yield Gap(said, "certificates.list_certificates", page, Whose.TRAINERS)
    elif qualifying.misses_post_test(event, rules.of(event)):
        yield Gap(_("the quiz that its certificates ask for"), "certificates.list_certificates", page)
