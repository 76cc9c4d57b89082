"""What is typed at the door, and the words of its closed lists."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import ValidationError

from core.forms import BaseForm, line
from door.models import Outcome, Source
from participants.forms import PersonForm
from privacy import codes

SOURCE_NAMES = {
    Source.CAMERA: _l("camera"),
    Source.WEDGE: _l("hand scanner"),
    Source.TYPED: _l("typed code"),
    Source.SEARCH: _l("found by name"),
    Source.MANUAL: _l("by hand"),
    Source.PAPER: _l("from paper"),
    Source.SELF: _l("by oneself"),
    Source.IMPORT: _l("from a file"),
}
OUTCOME_NAMES = {
    Outcome.IN: _l("In"),
    Outcome.ALREADY_IN: _l("Already in"),
    Outcome.UNKNOWN: _l("Unknown code"),
    Outcome.WRONG_EVENT: _l("Not on this list"),
    Outcome.WRONG_SESSION: _l("Another session is on now"),
    Outcome.CANCELLED: _l("Place was cancelled"),
    Outcome.WAITLISTED: _l("On the waiting list"),
    Outcome.REVOKED: _l("Badge was replaced"),
    Outcome.NOT_OPEN: _l("Not open yet"),
    Outcome.LATE: _l("In, after the session"),
    Outcome.CONFLICT: _l("Kept for review"),
    Outcome.UNDER_REVIEW: _l("Kept for review"),
}


class WalkInForm(PersonForm):
    """Somebody at the door who is on no list; a blank badge may be given right away."""

    badge = line(_l("Code of a blank badge, if one is given"), length=40, render_kw={"autocomplete": "off"})

    def validate_badge(self, field: Any) -> None:
        if field.data and not codes.is_badge_code(codes.normalised(field.data)):
            raise ValidationError(_("This is no code of a badge. Look again, or leave it empty."))


class MarkForm(BaseForm):
    registration = HiddenField()


class AnnulForm(BaseForm):
    reason = line(_l("Reason"))
