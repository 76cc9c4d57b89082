"""What is typed about recommendations: responses, assessments, filters of the register, lists from outside."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField

from core.forms import BaseForm, FilterForm, choice, day, line
from monitoring.external import ListPlan
from monitoring.models import Implementation, ResponseKind, Voice
from monitoring.recommendations import Standing
from monitoring.searching import NONE, OUTSIDE, OWN, Due, Order, Wanted
from monitoring.wording import DUE_NAMES, IMPLEMENTATION_NAMES, ORDER_NAMES, RESPONSE_NAMES, VOICE_NAMES

ALL = ("", _l("all"))


class ResponseForm(BaseForm):
    response = choice(_l("Response"), lambda: [(k.value, RESPONSE_NAMES[k]) for k in ResponseKind])
    answered_on = day(_l("Day"), needed=True)
    is_written = BooleanField(_l("In writing"), default=True)
    note = line(_l("Note"), length=500)
    letter = line(_l("Where it can be found: letter, number, date"))

    def particulars(self) -> dict[str, Any]:
        return {"is_written": self.is_written.data, "note": self.note.data or "", "evidence": self.letter.data or ""}


class AssessmentForm(BaseForm):
    implementation = choice(_l("How far"), lambda: [(i.value, IMPLEMENTATION_NAMES[i]) for i in Implementation])
    voice = choice(_l("In whose view"), lambda: [(v.value, VOICE_NAMES[v]) for v in Voice])
    assessed_on = day(_l("Day"), needed=True)
    basis = line(_l("What it rests on"), length=500)
    evidence = line(_l("Where it can be found: document, page, visit"))

    def assessment(self) -> dict[str, Any]:
        return {
            "implementation": Implementation(self.implementation.data),
            "voice": Voice(self.voice.data),
            "on_day": self.assessed_on.data,
            "note": self.basis.data or "",
            "evidence": self.evidence.data or "",
        }


class RegisterFilter(FilterForm):
    """Filters of the register; what is offered are the words that occur in it."""

    words = line(_l("Words"))
    source = choice(_l("From"), list, default="")
    addressee = choice(_l("To whom"), list, default="")
    theme = choice(_l("Theme"), list, default="")
    response = choice(
        _l("Response"),
        lambda: [ALL, (NONE, _l("none")), *((k.value, RESPONSE_NAMES[k]) for k in ResponseKind)],
        default="",
    )
    implementation = choice(
        _l("How far"),
        lambda: [ALL, (NONE, _l("not assessed")), *((i.value, IMPLEMENTATION_NAMES[i]) for i in Implementation)],
        default="",
    )
    due = choice(_l("Due"), lambda: [ALL, *((d.value, DUE_NAMES[d]) for d in Due)], default="")
    differs = BooleanField(_l("views differ"))
    as_of = day(_l("As of"))
    order = choice(_l("Order"), lambda: [(o.value, ORDER_NAMES[o]) for o in Order], default=Order.SOURCE.value)

    def offer(self, standings: list[Standing]) -> None:
        asked = [row.recommendation for row in standings]
        reports = {a.report.uid: str(a.report.title) for a in asked if a.report}
        outside = {a.source.uid: a.source.title for a in asked if a.source}
        self.source.choices = [
            ALL,
            (OWN, _l("our own reports")),
            (OUTSIDE, _l("from outside")),
            *reports.items(),
            *outside.items(),
        ]
        self.addressee.choices = [ALL, *((word, word) for word in sorted({a.addressee for a in asked}))]
        self.theme.choices = [ALL, *((word, word) for word in sorted({a.theme for a in asked}))]

    def wanted(self) -> Wanted:
        names = ("words", "source", "addressee", "theme", "response", "implementation", "due")
        return Wanted(**{name: self[name].data or "" for name in names}, differs=bool(self.differs.data))

    def chosen_order(self) -> Order:
        return Order(self.order.data) if self.order.data in list(Order) else Order.SOURCE

    def query(self) -> dict[str, Any]:
        """What is asked, for the address of another page of it."""
        return {
            field.short_name: field._value() if hasattr(field, "_value") else field.data for field in self if field.data
        }


class ListForm(BaseForm):
    """A list from outside, and what it says as a whole."""

    body = line(_l("Whose recommendations: the body, such as UPR or CAT"), needed=True, length=100)
    cycle = line(_l("Cycle or year"), needed=True, length=100)
    issued_on = day(_l("Issued on"), needed=True)
    as_of = day(_l("Day of the answers and assessments in it"), needed=True)
    voice = choice(
        _l("In whose view it is assessed"),
        lambda: [(v.value, VOICE_NAMES[v]) for v in Voice],
        default=Voice.OTHER_CSO.value,
    )
    addressee = line(_l("To whom, where a row names nobody"), needed=True)
    theme = line(_l("Theme, where a row names none"), needed=True, length=100)
    file = FileField(_l("List (.xlsx or .csv)"), validators=[FileRequired(_l("Please choose a file."))])

    def plan(self) -> ListPlan:
        return ListPlan(
            body=self.body.data,
            cycle=self.cycle.data,
            issued_on=self.issued_on.data,
            as_of=self.as_of.data,
            voice=Voice(self.voice.data),
            addressee=self.addressee.data,
            theme=self.theme.data,
        )


class TakingForm(ListForm):
    """The same, the file carried by the page that was looked at."""

    file = HiddenField()
