"""What a manager chooses when settling clashes, and the words for why something waits."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectMultipleField

from core.forms import BaseForm, choice
from door.entries import (
    Admitted,
    Item,
    Malformed,
    TakenBack,
    WalkIn,
)
from door.models import Decision, ReviewReason
from door.readings import Reading

REASON_NAMES = {
    ReviewReason.UNKNOWN: _l("Nobody's code"),
    ReviewReason.WRONG_EVENT: _l("Not on this list"),
    ReviewReason.WRONG_SESSION: _l("Read during another session"),
    ReviewReason.CANCELLED: _l("Place was cancelled"),
    ReviewReason.WAITLISTED: _l("On the waiting list"),
    ReviewReason.REVOKED: _l("Badge was replaced"),
    ReviewReason.NOT_OPEN: _l("Read before the session"),
    ReviewReason.LATE: _l("Read after the session"),
    ReviewReason.CONFLICT: _l("One number, two readings"),
    ReviewReason.TWO_ROOMS: _l("In two rooms at once"),
    ReviewReason.DEVICE_ENDED: _l("From a device that had ended"),
    ReviewReason.LOOK_ALIKE: _l("A walk-in with a familiar name"),
}
REASON_WHY = {
    ReviewReason.UNKNOWN: _l(
        "The code belongs to nobody here: a blank badge that was not bound yet, or a foreign code."
    ),
    ReviewReason.WRONG_EVENT: _l("The badge is good, but the person has no place at this event."),
    ReviewReason.WRONG_SESSION: _l("The phone had one session open, and the hour was another's."),
    ReviewReason.CANCELLED: _l("The person came although the place had been cancelled."),
    ReviewReason.WAITLISTED: _l("The person came from the waiting list."),
    ReviewReason.REVOKED: _l(
        "Somebody came with the old badge after it was replaced. It may have been lost and found."
    ),
    ReviewReason.NOT_OPEN: _l("The code was read more than two hours before the session, perhaps by a wrong clock."),
    ReviewReason.LATE: _l(
        "The code was read more than an hour after the session. The person counts as present already."
    ),
    ReviewReason.CONFLICT: _l("A phone used one number for two readings. The first one counts; this is the second."),
    ReviewReason.TWO_ROOMS: _l("The person counts as present at two sessions that were on at the same time."),
    ReviewReason.DEVICE_ENDED: _l(
        "The phone was no longer trusted when it handed this in, so nothing was decided by it."
    ),
    ReviewReason.LOOK_ALIKE: _l("The name of a walk-in sounds like somebody's whom the programme knows."),
}
DECISION_NAMES = {
    Decision.COUNTED: _l("counted"),
    Decision.DISMISSED: _l("dismissed"),
    Decision.SAME_PERSON: _l("the same person"),
}
ENTRY_NAMES: dict[type[Item], Any] = {
    Reading: _l("Reading"),
    Admitted: _l("Let in all the same"),
    TakenBack: _l("Undo at the door"),
    WalkIn: _l("Walk-in"),
    Malformed: _l("Not readable"),
}


class SettleForm(BaseForm):
    """One choice of those a review offers."""

    decision = choice("", lambda: DECISION_NAMES.items())
    session = HiddenField()
    person = HiddenField()


class TogetherForm(BaseForm):
    """Several reviews at once: those that are ticked, or all that wait for one reason."""

    decision = choice("", lambda: list(DECISION_NAMES.items())[:2])
    review = SelectMultipleField("", validate_choice=False)
    every = HiddenField()


class AttachForm(BaseForm):
    """Whose a code is."""

    person = HiddenField()


class QueueFileForm(BaseForm):
    file = FileField(_l("Queue file"), [FileRequired(_l("Choose a file first."))])
