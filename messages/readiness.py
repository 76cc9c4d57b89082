"""Letters that an event's people should have had."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from messages import outbox, wording, writing
from messages.models import Message, MessageKind, Recipients
from trainings.models import Event
from trainings.readiness import Gap, Stage, check

SAY_THE_DAYS = (MessageKind.INVITATION, MessageKind.REMINDER, MessageKind.CHANGE)
REMINDED_WITHIN = timedelta(days=7)


@check(Stage.BEFORE, 2)
def invitation(event: Event) -> Iterator[Gap]:
    """In a programme that writes letters: a first word to people nobody has written to."""
    if not wording.settings_of(event.programme).is_on or _written(event):
        return
    awaited = len(writing.reach(event, MessageKind.INVITATION, Recipients.ALL).by_mail)
    if awaited:
        said = ngettext("an invitation to %(num)s person", "an invitation to %(num)s people", awaited)
        yield _letter(event, said, MessageKind.INVITATION)


@check(Stage.BEFORE, 2)
def word_of_a_change(event: Event) -> Iterator[Gap]:
    """Who was written to knows the plan of that day: what has changed since they have to be told."""
    written = _written(event)
    if written and event.changed_at is not None and event.changed_at > max(m.written_at for m in written):
        said = _("word to its people: the plan has changed since they were written to")
        yield _letter(event, said, MessageKind.CHANGE)


@check(Stage.BEFORE, 4)
def reminder(event: Event) -> Iterator[Gap]:
    """In a programme that writes letters: in the last week a reminder to those who can be reached."""
    is_near = event.sessions[0].starts_at < clock.now() + REMINDED_WITHIN
    if not is_near or not wording.settings_of(event.programme).is_on:
        return
    is_written = any(m.kind == MessageKind.REMINDER for m in _written(event))
    if not is_written and writing.reach(event, MessageKind.REMINDER, Recipients.ALL).by_mail:
        yield _letter(event, _("a reminder to its people"), MessageKind.REMINDER)


def _written(event: Event) -> list[Message]:
    """What was written about when the event is, and not withdrawn."""
    return [m for m in outbox.of_event(event) if m.kind in SAY_THE_DAYS and m.withdrawn_at is None]


def _letter(event: Event, said: str, kind: MessageKind) -> Gap:
    return Gap(said, "messages.show_new_message", {"event": event.uid, "letter": kind.value})
