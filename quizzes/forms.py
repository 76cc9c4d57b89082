"""What is chosen about quizzes at an event."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from core.forms import BaseForm, choice
from quizzes.models import Phase

PHASE_NAMES = {Phase.PRE: _l("before"), Phase.POST: _l("after"), Phase.FOLLOW_UP: _l("months later")}


class UseForm(BaseForm):
    quiz = choice(_l("Quiz"), lambda: [])


class PhaseForm(BaseForm):
    phase = HiddenField()
