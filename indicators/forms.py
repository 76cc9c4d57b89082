"""What is typed about indicators and share links."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import FloatField
from wtforms.validators import Optional

from core.forms import BaseForm, TextsField, choice, day, line, whole_number
from indicators.models import Audience

AUDIENCE_NAMES = {Audience.DONOR: _l("A donor"), Audience.PUBLIC: _l("The public")}


class ValueForm(BaseForm):
    on_day = day(_l("As of"), needed=True)
    value = FloatField(_l("Number"), [Optional()], invalid_value_message=_l("A number, please."))
    text = TextsField(_l("In words"))
    evidence = line(_l("Where it comes from"), needed=True, length=500)


class ShareForm(BaseForm):
    label = line(_l("For whom"), needed=True, length=100)
    audience = choice(_l("Shown as for"), lambda: [(a.value, AUDIENCE_NAMES[a]) for a in Audience])
    days = whole_number(_l("Days until it expires"), 1, 730, needed=True, default=90)
