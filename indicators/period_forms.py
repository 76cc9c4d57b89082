"""What is typed about reporting periods, and the words of their states."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from core.forms import BaseForm, choice, line, paragraph
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
