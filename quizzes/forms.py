"""What is chosen about quizzes at an event."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.fields import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from core.forms import BaseForm, FilterForm, choice
from quizzes.models import Phase

PHASE_NAMES = {Phase.PRE: _l("before"), Phase.POST: _l("after"), Phase.FOLLOW_UP: _l("months later")}

READERS = {"": _l("The team: everything"), "donor": _l("Donors: small groups withheld")}


class UseForm(BaseForm):
    quiz = choice(_l("Quiz"), lambda: [])


class PhaseForm(BaseForm):
    phase = HiddenField()


class Ticks(SelectMultipleField):
    """Several of a list."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ReportForm(FilterForm):
    """Which events a report is of, and for whom it is."""

    event = Ticks(_l("Events"), choices=[], validate_choice=False)
    readers = choice(_l("For whom"), lambda: [(code, str(words)) for code, words in READERS.items()], name="for")
