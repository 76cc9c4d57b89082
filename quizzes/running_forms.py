"""What is chosen when a quiz is run at an event."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from core.forms import BaseForm, choice, line
from quizzes.models import Phase, Results

PHASE_NAMES = {Phase.PRE: _l("before"), Phase.POST: _l("after"), Phase.FOLLOW_UP: _l("months later")}
RESULTS_NAMES = {
    Results.NOTHING: _l("nothing"),
    Results.SCORE: _l("their own score"),
    Results.ANSWERS: _l("their own score and the right answers"),
}
MINUTES = (10, 15, 20, 30, 45, 60, 90)


def given_in(form: MultiDict[str, str]) -> dict[str, list[str]]:
    """What was given to questions, by their uid; an empty text takes an answer back."""
    return {name[2:]: [text for text in form.getlist(name) if text] for name in form if name.startswith("q-")}


class UseForm(BaseForm):
    quiz = choice(_l("Quiz"), lambda: [])


class PhaseForm(BaseForm):
    phase = HiddenField()
    minutes = choice(
        _l("It closes"),
        lambda: [
            ("", _l("when I close it")),
            *((str(m), _l("by itself after %(num)s minutes", num=m)) for m in MINUTES),
        ],
        default="",
    )
    here = HiddenField()


class ResultsForm(BaseForm):
    results = choice(_l("After the quiz is over people see"), lambda: [(r.value, RESULTS_NAMES[r]) for r in Results])


class SheetForm(BaseForm):
    """Whose sheet of paper is entered; months later nobody can be asked on paper."""

    phase = choice(_l("Which quiz"), lambda: [(p.value, PHASE_NAMES[p]) for p in (Phase.PRE, Phase.POST)])
    code = line(_l("Code on the sheet"), needed=True, length=40)
