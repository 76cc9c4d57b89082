"""Feedback an event has not had."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from feedback import results
from participants.models import PairingPurpose
from trainings.models import Event
from trainings.readiness import Gap, Stage, Whose, check


@check(Stage.AFTER, 3)
def feedback(event: Event) -> Iterator[Gap]:
    """While the event is open people can still say something: remind them."""
    if event.is_planned and not results.of_event(event, PairingPurpose.EVALUATION).response.answers:
        yield Gap(_("feedback"), "feedback.show_event_results", {"event": event.uid}, Whose.TRAINERS)
