"""What is typed about reporting periods, and the words of their states."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from core.forms import BaseForm, choice, day, line, paragraph
from indicators.period_models import PeriodState

STATE_NAMES = {
    PeriodState.OPEN: _l("not submitted yet"),
    PeriodState.SUBMITTED: _l("report submitted"),
    PeriodState.RETURNED: _l("report returned"),
    PeriodState.ACCEPTED: _l("report accepted"),
    PeriodState.LOCKED: _l("locked"),
}
# The button, and what is said when it was pressed.
VERBS = {
    PeriodState.SUBMITTED: (_l("Submit"), _l("Submitted. Somebody else accepts or returns it.")),
    PeriodState.RETURNED: (_l("Return"), _l("Returned.")),
    PeriodState.ACCEPTED: (_l("Accept"), _l("Accepted. It can be locked now.")),
    PeriodState.LOCKED: (_l("Lock"), _l("Locked. These figures stay, and donors see them from now on.")),
}


class StepForm(BaseForm):
    state = choice(_l("What is done"), lambda: [(state.value, words[0]) for state, words in VERBS.items()])
    note = paragraph(_l("Note"), length=1000)


class ReasonForm(BaseForm):
    indicator = HiddenField()
    reason = line(_l("Why it is another figure now"), needed=True, length=500)


class PeriodForm(BaseForm):
    key = line(_l("Title"), needed=True, length=20)
    starts_on = day(_l("First day"), needed=True)
    ends_on = day(_l("Last day"), needed=True)

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        if fine and self.ends_on.data <= self.starts_on.data:
            self.ends_on.errors = [*self.ends_on.errors, _("The last day comes after the first.")]
            return False
        return fine
