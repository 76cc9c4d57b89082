"""Letters that an event's people should have had."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from messages import outbox, wording, writing
from messages.models import MessageKind, Recipients
from trainings.models import Event
from trainings.readiness import Gap, Stage, check


@check(Stage.BEFORE, 4)
def reminder(event: Event) -> Iterator[Gap]:
    """In a programme that writes letters: a reminder to those who can be reached."""
    if not wording.settings_of(event.programme).is_on:
        return
    written = any(m.kind == MessageKind.REMINDER and not m.withdrawn_at for m in outbox.of_event(event))
    if not written and writing.reach(event, MessageKind.REMINDER, Recipients.ALL).by_mail:
        page = {"event": event.uid, "letter": MessageKind.REMINDER.value}
        yield Gap(_("a reminder to its people"), "messages.show_new_message", page)
