"""What is typed about indicators and share links."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import FloatField, PasswordField
from wtforms.validators import Length, Optional

from core.forms import (
    BaseForm,
    FilterForm,
    ParagraphsForm,
    TextsField,
    at_most,
    choice,
    day,
    line,
    presence,
    whole_number,
)
from indicators.models import Period
from indicators.record_models import Absence
from indicators.share_models import Audience, Detail

AUDIENCE_NAMES = {Audience.DONOR: _l("A donor"), Audience.PUBLIC: _l("The public")}

DETAIL_NAMES = {
    Detail.TOTALS: _l("totals only"),
    Detail.BREAKDOWNS: _l("totals and breakdowns"),
    Detail.FULL: _l("everything: breakdowns, quizzes, recommendations"),
}


ABSENCE_NAMES = {
    Absence.NOT_RECORDED: _l("not recorded"),
    Absence.NOT_APPLICABLE: _l("not applicable"),
}


PAPERS = ".pdf,.jpg,.jpeg,.png"


class ValueForm(BaseForm):
    on_day = day(_l("As of"), needed=True)
    value = FloatField(_l("Number"), [Optional()], invalid_value_message=_l("A number, please."))
    text = TextsField(_l("In words"), form=ParagraphsForm)
    absence = choice(
        _l("No value"),
        lambda: [("", _l("there is one")), *((word.value, name) for word, name in ABSENCE_NAMES.items())],
        default="",
    )
    evidence = line(_l("Where it comes from"), needed=True, length=500)
    file = FileField(_l("Its document, if there is one"), render_kw={"accept": PAPERS})


class AdjustmentForm(BaseForm):
    on_day = day(_l("Counts from"), needed=True)
    delta = whole_number(_l("Adjustment, with its sign"), -1_000_000, 1_000_000, needed=True)
    reason = line(_l("Reason"), needed=True, length=500)
    evidence = line(_l("Where it comes from"), needed=True, length=500)


class EvidenceForm(BaseForm):
    title = line(_l("Title"), needed=True)
    on_day = day(_l("Day of the document"), needed=True)
    file = FileField(_l("File"), [FileRequired(_l("Choose a file first."))], render_kw={"accept": PAPERS})


class NarrativeForm(BaseForm):
    period = choice(_l("Period"), lambda: [])
    text = TextsField(_l("What stands behind the figure"), needed=True, form=ParagraphsForm)

    def offer(self, periods: list[Period]) -> None:
        self.period.choices = [(period.uid, period.key) for period in periods]


class ShareForm(BaseForm):
    label = line(_l("For whom"), needed=True, length=100)
    audience = choice(_l("Shown as for"), lambda: [(a.value, AUDIENCE_NAMES[a]) for a in Audience])
    detail = choice(
        _l("How much it shows"), lambda: [(d.value, DETAIL_NAMES[d]) for d in Detail], default=Detail.FULL.value
    )
    days = whole_number(_l("Days until it expires"), 1, 730, needed=True, default=90)
    passphrase = line(
        _l("Passphrase, if one is wanted"),
        length=100,
        also=[Length(min=8, message=_l("At least %(min)d characters, please."))],
        render_kw={"autocomplete": "off"},
    )


class PassphraseForm(BaseForm):
    """Said to a link; there is no cookie yet that somebody else's page could ride on."""

    class Meta(FlaskForm.Meta):
        csrf = False

    passphrase = PasswordField(_l("Passphrase"), [*presence(True), at_most(100)])


class DonorFilter(FilterForm):
    """Which locked period the logframe shows, and by what it breaks the values down."""

    period = choice(_l("Period"), list)
    by = choice(_l("Broken down by"), list)
