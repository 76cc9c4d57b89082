"""What monitors and managers type about units, visits and reports."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, RadioField, SelectField
from wtforms.validators import ValidationError

from core.forms import (
    NOT_IN_LIST,
    BaseForm,
    FilterForm,
    ParagraphsForm,
    TextsField,
    choice,
    day,
    line,
    paragraph,
    presence,
    radios,
    whole_number,
)
from monitoring.models import Announcement, Judgement, ProtocolItem, Visit, VisitState
from monitoring.wording import ANNOUNCEMENT_NAMES, JUDGEMENT_NAMES, VISIT_STATE_NAMES

MONTHS = (3, 6, 9, 12)


class UnitForm(BaseForm):
    alias = line(_l("Alias, used outside the team"), needed=True, length=60)
    region = line(_l("Region"), needed=True, length=100)
    name = line(_l("Real name, encrypted"))


class VisitForm(BaseForm):
    """A visit with one choice for each point of the protocol; made for a programme by `visit_form`.

    A draft may be saved with anything missing except the day.
    """

    visited_on = day(_l("Day of the visit"), needed=True)
    announcement = radios(
        _l("Did the unit know that you would come?"),
        lambda: [(word.value, ANNOUNCEMENT_NAMES[word]) for word in Announcement],
        validators=presence(False),
    )
    organisation = line(_l("Organisation of the monitors"))
    monitor_count = whole_number(_l("Number of monitors"), 1, 20)
    notes = paragraph(_l("Notes, encrypted"))

    latest: date | None = None

    def validate_visited_on(self, field: Field) -> None:
        if self.latest and field.data and field.data > self.latest:
            raise ValidationError(_("This visit is in the future."))

    def findings(self, items: list[ProtocolItem]) -> dict[str, Judgement]:
        return {
            item.key: Judgement(self[f"item-{item.key}"].data)
            for item in items
            if self[f"item-{item.key}"].data in list(Judgement)
        }

    @property
    def announced(self) -> Announcement | None:
        return Announcement(self.announcement.data) if self.announcement.data in list(Announcement) else None


def visit_form(items: list[ProtocolItem], visit: Visit) -> VisitForm:
    """A VisitForm for these points: what was sent, else what the visit holds."""
    fields: dict[str, RadioField] = {
        f"item-{item.key}": RadioField(
            item.text,
            presence(False),
            choices=[(word.value, JUDGEMENT_NAMES[word]) for word in Judgement],
            invalid_choice_message=NOT_IN_LIST,
            name=f"item-{item.key}",
        )
        for item in items
    }
    made: type[Form] = type("ProgrammeVisitForm", (VisitForm,), fields)
    values = {f"item-{key}": value for key, value in visit.findings.items()}
    values |= {"organisation": visit.organisation.name if visit.organisation else "", "notes": visit.notes or ""}
    values |= {"announcement": visit.announcement.value if visit.announcement else ""}
    form: VisitForm = made(data={"visited_on": visit.visited_on, "monitor_count": visit.monitor_count, **values})
    form.latest = visit.police_unit.programme.today()
    return form


class ReturnForm(BaseForm):
    note = paragraph(_l("What should be mended, encrypted"), needed=True, length=1000)


class VisitsFilter(FilterForm):
    state = choice(
        _l("State"),
        lambda: [("", _l("all")), *((word.value, VISIT_STATE_NAMES[word]) for word in VisitState)],
        default="",
    )


class CoverageFilter(FilterForm):
    months = SelectField(
        _l("A repeat is due after"),
        choices=lambda: [(str(number), _l("%(number)s months", number=number)) for number in MONTHS],
        default="6",
        coerce=str,
    )


class ReportForm(BaseForm):
    title = TextsField(_l("Title"), needed=True)
    summary = TextsField(_l("What the report says, in short"), form=ParagraphsForm)


class VisitsChoice(FilterForm):
    """Which approved visits are offered to a report."""

    region = choice(_l("Region"), list, default="")
    since = day(_l("Visits since"))
    until = day(_l("Visits until"))


class RecommendationForm(BaseForm):
    addressee = line(_l("To whom"), needed=True)
    text = paragraph(_l("What should be done"), needed=True)
    theme = line(_l("Theme"), needed=True, length=100)
    standard = line(_l("By what standard"))
    due_on = day(_l("Until"))

    def particulars(self) -> dict[str, Any]:
        return {"theme": self.theme.data, "standard": self.standard.data or "", "due_on": self.due_on.data}


class PublishForm(BaseForm):
    on_day = day(_l("Published on"), needed=True)
