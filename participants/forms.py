"""What is typed about people, and the lists that are uploaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField
from wtforms.validators import ValidationError

from core.forms import (
    TYPED_AS_SHOWN,
    BaseForm,
    FilterForm,
    ParagraphsForm,
    TextsField,
    choice,
    email,
    line,
    whole_number,
)
from core.i18n import LANGUAGES
from participants.columns import Column
from participants.models import KnownPeople, Origin, RegistrationStatus, Sector, Sex
from participants.names import PersonName
from participants.roster import PersonDetails

SECTOR_NAMES = {
    Sector.POLICE: _l("Police"),
    Sector.LAWYER: _l("Lawyer"),
    Sector.CSO: _l("Civil society"),
    Sector.AUTHORITY: _l("Legislative or other authority"),
    Sector.OTHER: _l("Other"),
}
SEX_NAMES = {
    Sex.FEMALE: _l("Female"),
    Sex.MALE: _l("Male"),
    Sex.OTHER: _l("Other"),
    Sex.NOT_RECORDED: _l("Not recorded"),
}
STATUS_NAMES = {
    RegistrationStatus.INVITED: _l("invited"),
    RegistrationStatus.REGISTERED: _l("registered"),
    RegistrationStatus.WAITLISTED: _l("waiting list"),
    RegistrationStatus.CANCELLED: _l("cancelled"),
}
ORIGIN_NAMES = {
    Origin.IMPORT: _l("from a list"),
    Origin.BY_HAND: _l("by hand"),
    Origin.WALK_IN: _l("walk-in"),
    Origin.SELF: _l("registered by themselves"),
}


class UploadForm(BaseForm):
    file = FileField(_l("List"), [FileRequired(_l("Choose a file first."))])
    sector = choice(
        _l("Who is on this list"), lambda: [(sector.value, SECTOR_NAMES[sector]) for sector in Sector], default="police"
    )


KNOWN_NAMES = {
    KnownPeople.FILL: _l("fill in what is not known"),
    KnownPeople.UPDATE: _l("replace by what the list says"),
    KnownPeople.SKIP: _l("leave as it is"),
}
COLUMN_NAMES = {
    Column.FULL_NAME: _l("Full name"),
    Column.FAMILY: _l("Family name"),
    Column.GIVEN: _l("Given name"),
    Column.PATRONYMIC: _l("Patronymic"),
    Column.ORGANISATION: _l("Organisation"),
    Column.POSITION: _l("Position"),
    Column.SEX: _l("Sex"),
    Column.PHONE: _l("Phone"),
    Column.EMAIL: _l("E-mail address"),
    Column.LANGUAGE: _l("Language"),
    Column.SECTOR: _l("Sector"),
    Column.NUMBER: _l("Number of the line"),
}


class YesForm(BaseForm):
    """The yes to a list."""

    known = choice(
        _l("Details of people we know"), lambda: [(known.value, KNOWN_NAMES[known]) for known in KNOWN_NAMES]
    )


class ColumnsForm(BaseForm):
    """Which row is the heading and what each column holds; the columns are fields of their own, `column-0` and on."""

    header_row = whole_number(_l("The heading is in row (0: there is none)"), 0, 200, needed=True)
    remember = BooleanField(_l("Remember this for lists with the same headings"), default=True)

    @staticmethod
    def columns_in(fields: Mapping[str, str]) -> dict[int, Column]:
        """The columns that were chosen, by number; anything we do not know is none."""
        known = {column.value for column in Column}
        return {
            int(name[7:]): Column(value)
            for name, value in fields.items()
            if name.startswith("column-") and name[7:].isdecimal() and len(name) < 12 and value in known
        }


REASON_NAMES = {
    "phone": _l("the same phone"),
    "email": _l("the same e-mail address"),
    "same_name": _l("the same name"),
    "alike": _l("the names sound alike"),
    "initials": _l("the same family name and initial"),
}
FIELD_NAMES = {
    "name": _l("Name"),
    "sex": _l("Sex"),
    "sector": _l("Sector"),
    "organisation": _l("Organisation"),
    "position": _l("Position"),
    "phone": _l("Phone"),
    "email": _l("E-mail address"),
    "language": _l("Language"),
}


class OrganisationForm(BaseForm):
    name = line(_l("Name of the organisation"), needed=True)


class MergeOrganisationForm(BaseForm):
    into = choice(_l("Make it one with"), list)


class ContactForm(BaseForm):
    """Somebody of an institution who is to see its numbers."""

    label = line(_l("Whose link this is"), needed=True)
    days = whole_number(_l("Days until it ends"), 1, 365, needed=True, default=90)


class ConsentForm(BaseForm):
    text = TextsField(_l("What people are asked to agree to"), needed=True, form=ParagraphsForm)


class SearchForm(FilterForm):
    search = line(_l("Part of a name in either script, a code or an organisation"), render_kw={"type": "search"})


class PersonForm(BaseForm):
    """A person, by hand or as a walk-in. Only the sector is always needed; the name where names are kept.

    Where they are not, what names a person is neither asked nor taken from whoever sends it all the same.
    """

    needs_name = True
    keeps_names = True

    family = line(_l("Family name"), render_kw={"autocomplete": "off"})
    given = line(_l("Given name"), render_kw={"autocomplete": "off"})
    patronymic = line(_l("Patronymic"), render_kw={"autocomplete": "off"})
    sector = choice(_l("Sector"), lambda: [(sector.value, SECTOR_NAMES[sector]) for sector in Sector])
    sex = choice(_l("Sex"), lambda: [(sex.value, SEX_NAMES[sex]) for sex in Sex], default=Sex.NOT_RECORDED.value)
    organisation = line(_l("Organisation"), render_kw={"autocomplete": "off", "list": "organisations"})
    position = line(_l("Position"), render_kw={"autocomplete": "off"})
    phone = line(_l("Phone"), length=40, render_kw={"type": "tel", "autocomplete": "off"})
    email = email(_l("E-mail address"), render_kw={"type": "email", "autocomplete": "off"})
    language = choice(_l("Language"), lambda: [("", _l("Not known")), *LANGUAGES.items()], default="")

    def validate(self, extra_validators: Any = None) -> bool:
        fine = bool(super().validate(extra_validators))
        if self.keeps_names and self.needs_name and not (self.family.data or self.given.data):
            self.family.errors = [*self.family.errors, _("A name, please.")]
            return False
        return fine

    def details(self) -> PersonDetails:
        family, given = self.family.data or "", self.given.data or ""
        details = PersonDetails(
            name=PersonName(family or given, given if family else "", self.patronymic.data or ""),
            sector=Sector(self.sector.data),
            sex=Sex(self.sex.data),
            organisation=self.organisation.data or "",
            position=self.position.data or "",
            phone=self.phone.data or "",
            email=self.email.data or "",
            language=self.language.data or None,
        )
        return details if self.keeps_names else details.without_identity()


class NewPersonForm(PersonForm):
    """A person added to an event by the office."""

    waits = BooleanField(_l("No place is free: put this person on the waiting list"))


class EraseForm(BaseForm):
    is_sure = BooleanField(_l("Yes, forget this person for good"))

    def validate_is_sure(self, field: BooleanField) -> None:
        if not field.data:
            raise ValidationError(_l("Tick the box to say that you are sure."))


class TypedCodeForm(BaseForm):
    """The code on a card, typed by whoever holds it; there is no cookie that somebody else's page could ride on."""

    class Meta(FlaskForm.Meta):
        csrf = False

    code = line(_l("Code on your card"), needed=True, render_kw=TYPED_AS_SHOWN)

    @property
    def said_no(self) -> str | None:
        """Why the code did not do; None when it did, or when none was sent."""
        return self.problem or (str(self.code.errors[0]) if self.code.errors else None)
