"""What is typed about places: by staff, and by whoever registers."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField
from wtforms.validators import AnyOf, InputRequired

from core.forms import NOT_IN_LIST, BaseForm, ParagraphsForm, TextsField, choice, line, whole_number
from core.i18n import LANGUAGES
from participants import consenting, identity
from participants.forms import SECTOR_NAMES, PersonForm
from participants.models import Sector
from participants.people_models import ConsentText
from places.models import EventPlaces, Said

SAID_NAMES = {Said.COMING: _l("said yes"), Said.NOT_COMING: _l("said no")}


class FillingForm(BaseForm):
    fills_by_itself = BooleanField(_l("When a place is free, the next on the waiting list gets it by itself"))


class QuotaForm(BaseForm):
    organisation = line(_l("Organisation"), needed=True, render_kw={"list": "organisations", "autocomplete": "off"})
    places = whole_number(_l("Places at most"), 0, 100_000, needed=True)


class PageForm(BaseForm):
    words = TextsField(_l("What stands above the form"), form=ParagraphsForm)


class AllowanceForm(BaseForm):
    """Whether a programme has registration pages; `event` is the one whose page asks."""

    event = HiddenField()
    is_allowed = HiddenField(validators=[AnyOf(("yes", "no"))])


class AnswerForm(BaseForm):
    """An answer from a participant's own page: the secret of its address is the right to send it."""

    class Meta(FlaskForm.Meta):
        csrf = False

    said = choice("", lambda: [(said.value, said.value) for said in Said])


class NotedAnswerForm(BaseForm):
    """An answer that staff write down for somebody."""

    said = choice("", lambda: [(said.value, said.value) for said in Said])


class ApplicationForm(PersonForm):
    """Somebody who registers; there is no cookie that somebody else's page could ride on."""

    class Meta(FlaskForm.Meta):
        csrf = False

    organisation = line(_l("Organisation"), render_kw={"autocomplete": "organization"})
    sector = choice(
        _l("Sector"),
        lambda: [("", _l("Please choose")), *((sector.value, SECTOR_NAMES[sector]) for sector in Sector)],
        validators=[InputRequired(NOT_IN_LIST)],
    )
    family = line(_l("Family name"), render_kw={"autocomplete": "family-name"})
    given = line(_l("Given name"), render_kw={"autocomplete": "given-name"})
    patronymic = line(_l("Patronymic"), render_kw={"autocomplete": "additional-name"})
    language = choice(_l("Language"), lambda: list(LANGUAGES.items()))
    agrees = BooleanField(_l("I have read this and agree to it"))
    wording = HiddenField()  # which one was read
    challenge = HiddenField()
    answer = HiddenField()

    asked: ConsentText | None = None

    @classmethod
    def of(cls, rules: EventPlaces, **values: str) -> ApplicationForm:
        """The form of an event: what is asked there, and what has to be agreed to."""
        form = cls(**values)
        form.keeps_names = identity.keeps_names(rules.event)
        form.asked = consenting.asked_in(rules.event.programme)
        return form

    def proofs(self) -> dict[str, str]:
        """What applying.apply() wants to see beside the details."""
        read = {"challenge": self.challenge, "answer": self.answer, "agreed_to": self.wording}
        return {name: field.data or "" for name, field in read.items()}

    def validate(self, extra_validators: Any = None) -> bool:
        fine = bool(super().validate(extra_validators))
        if self.asked is not None and not self.agrees.data:
            self.agrees.errors = [*self.agrees.errors, _("Tick the box, please: without your yes nothing is kept.")]
            return False
        return fine

    def ask(self, wording: ConsentText | None) -> None:
        """Ask for a yes to this wording. A yes to another one, replaced since it was read, is none to this."""
        self.asked = wording
        if wording is not None and self.wording.data != wording.uid:
            self.agrees.data, self.wording.data = False, wording.uid
