"""What is typed to set a programme up."""

from __future__ import annotations

from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, StringField
from wtforms.validators import AnyOf, Regexp

from core.forms import BaseForm, ParagraphsForm, TextsField, choice, day, line, presence, stripped, whole_number
from core.i18n import LANGUAGES
from trainings.forms import PARTNER_NAMES
from trainings.models import PartnerRole, Programme
from trainings.setting_up import ProgrammeDetails


class PartnerForm(Form):
    """A partner: a line of the form. One without a name is none."""

    role = choice(_l("Role"), lambda: [(role.value, PARTNER_NAMES[role]) for role in PartnerRole])
    name = TextsField(_l("Organisation"))


class ProgrammeForm(BaseForm):
    """A programme; its key is given once, when it is founded."""

    title = TextsField(_l("Title"), needed=True)
    summary = TextsField(_l("Summary"), needed=True, form=ParagraphsForm)
    starts_on = day(_l("First day"), needed=True)
    ends_on = day(_l("Last day"), needed=True)
    country = StringField(
        _l("Country"),
        [*presence(True), Regexp("^[A-Z]{2}$", message=_l("Two letters, as in BY or MD."))],
        filters=[stripped, lambda text: text.upper() if text else text],
    )
    time_zone = StringField(
        _l("Time zone"),
        [*presence(True), AnyOf(available_timezones(), message=_l("Not a time zone. Europe/Minsk is one."))],
        filters=[stripped],
    )
    language = choice(_l("Language"), lambda: list(LANGUAGES.items()))
    contact = line(_l("Contact"))
    completion_percent = whole_number(_l("Share of sessions to attend (percent)"), 1, 100, needed=True, default=80)
    pass_mark = whole_number(_l("Pass mark of quizzes (percent)"), 1, 100, needed=True, default=70)
    show_names_offline = BooleanField(_l("Names on the phones at the door"))
    partners = FieldList(FormField(PartnerForm), min_entries=2, max_entries=20)

    def show(self, programme: Programme) -> None:
        """Fill the form with a programme as it is."""
        fields = (
            "title", "summary", "starts_on", "ends_on", "country", "time_zone", "language", "contact",
            "completion_percent", "pass_mark", "show_names_offline",
        )  # fmt: skip
        partners = [{"role": partner.role.value, "name": partner.name} for partner in programme.partners]
        self.process(data={name: getattr(programme, name) for name in fields} | {"partners": partners})
        self.partners.append_entry()

    @property
    def details(self) -> ProgrammeDetails:
        named = [entry.form for entry in self.partners if entry.form.name.texts]
        return ProgrammeDetails(
            title=self.title.texts,
            summary=self.summary.texts,
            country=self.country.data,
            time_zone=self.time_zone.data,
            language=self.language.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            contact=self.contact.data or "",
            completion_percent=self.completion_percent.data,
            pass_mark=self.pass_mark.data,
            show_names_offline=self.show_names_offline.data,
            partners=[(PartnerRole(partner.role.data), partner.name.texts) for partner in named],
        )


class NewProgrammeForm(ProgrammeForm):
    key = StringField(
        _l("Key"),
        [*presence(True), Regexp("^[a-z0-9-]{2,60}$", message=_l("Small Latin letters, digits and hyphens."))],
        filters=[stripped],
    )
