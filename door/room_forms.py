"""What is typed about the screen in the room: its code by a participant, its switch by staff."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf, ValidationError

from core.forms import TYPED_AS_SHOWN, BaseForm, line


class PresenceForm(BaseForm):
    """The code on the screen, from a participant's own page: the secret of its address is the right to send it."""

    class Meta(FlaskForm.Meta):
        csrf = False

    code = line(_l("Code on the screen in the room"), needed=True, render_kw=TYPED_AS_SHOWN)
    session = HiddenField()

    def validate_code(self, field: StringField) -> None:
        if not field.data:  # spaces are no code, and no guess
            raise ValidationError(_l("Please fill this in."))

    @property
    def said_no(self) -> str | None:
        """Why the code did not do; None when it did, or when none was sent."""
        errors = list(self.code.errors)
        return self.problem or (str(errors[0]) if errors else None)


class SelfCheckInForm(BaseForm):
    """Whether people may check in by themselves. `room` is the session of the screen that asks, if one does."""

    is_allowed = HiddenField(validators=[AnyOf(("yes", "no"))])
    room = HiddenField()
