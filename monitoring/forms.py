"""What monitors type: units, visits, reports, recommendations and what became of them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, RadioField

from core.forms import NOT_IN_LIST, BaseForm, TextsField, choice, day, line, paragraph, presence, whole_number
from monitoring.models import Implementation, Judgement, ProtocolItem, ResponseKind, Visit, Voice

JUDGEMENT_NAMES = {
    Judgement.MET: _l("met"),
    Judgement.PARTLY: _l("partly met"),
    Judgement.NOT_MET: _l("not met"),
    Judgement.NOT_SEEN: _l("could not be seen"),
}
RESPONSE_NAMES = {
    ResponseKind.ACCEPTED: _l("accepted"),
    ResponseKind.PARTLY: _l("partly accepted"),
    ResponseKind.NOTED: _l("noted"),
    ResponseKind.REJECTED: _l("rejected"),
}
IMPLEMENTATION_NAMES = {
    Implementation.NO_INFORMATION: _l("no information"),
    Implementation.NOT_IMPLEMENTED: _l("not implemented"),
    Implementation.IN_PROGRESS: _l("in progress"),
    Implementation.PARTIALLY: _l("partially implemented"),
    Implementation.IMPLEMENTED: _l("implemented"),
    Implementation.CONTRARY: _l("contrary action"),
    Implementation.NOT_APPLICABLE: _l("no longer applicable"),
}
VOICE_NAMES = {
    Voice.OWN: _l("our own view"),
    Voice.AUTHORITY: _l("the authority's view"),
    Voice.OTHER_CSO: _l("other civil society"),
    Voice.UN_BODY: _l("a UN body"),
}


class UnitForm(BaseForm):
    alias = line(_l("Alias, used outside the team"), needed=True, length=60)
    region = line(_l("Region"), needed=True, length=100)
    name = line(_l("Real name, encrypted"))


class VisitForm(BaseForm):
    """A visit with one choice for each point of the protocol; made for a programme by `visit_form`."""

    visited_on = day(_l("Day of the visit"), needed=True)
    organisation = line(_l("Organisation of the monitors"), needed=True)
    monitor_count = whole_number(_l("Number of monitors"), 1, 20, needed=True, default=2)
    notes = paragraph(_l("Notes, encrypted"))

    def findings(self, items: list[ProtocolItem]) -> dict[str, Judgement]:
        return {item.key: Judgement(self[f"item-{item.key}"].data) for item in items if self[f"item-{item.key}"].data}


def visit_form(items: list[ProtocolItem], visit: Visit | None = None) -> VisitForm:
    """A VisitForm for these points, filled from a visit."""
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
    if visit is None:
        return made()
    values = {f"item-{key}": value for key, value in visit.findings.items()}
    values |= {"organisation": visit.organisation.name, "notes": visit.notes or ""}
    return made(data={"visited_on": visit.visited_on, "monitor_count": visit.monitor_count, **values})


class ReportForm(BaseForm):
    title = TextsField(_l("Title"), needed=True)


class RecommendationForm(BaseForm):
    addressee = line(_l("To whom"), needed=True)
    text = paragraph(_l("What should be done"), needed=True)
    theme = line(_l("Theme"), needed=True, length=100)
    standard = line(_l("By what standard"))
    due_on = day(_l("Until"))


class PublishForm(BaseForm):
    on_day = day(_l("Published on"), needed=True)


class ResponseForm(BaseForm):
    response = choice(_l("Response"), lambda: [(k.value, RESPONSE_NAMES[k]) for k in ResponseKind])
    answered_on = day(_l("Day"), needed=True)
    is_written = BooleanField(_l("In writing"), default=True)
    note = line(_l("Note"), length=500)


class AssessmentForm(BaseForm):
    implementation = choice(_l("How far"), lambda: [(i.value, IMPLEMENTATION_NAMES[i]) for i in Implementation])
    voice = choice(_l("In whose view"), lambda: [(v.value, VOICE_NAMES[v]) for v in Voice])
    assessed_on = day(_l("Day"), needed=True)
    basis = line(_l("What it rests on"), length=500)
