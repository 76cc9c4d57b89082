"""What is typed about materials, their files and the ledger of copies."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from core.forms import BaseForm, ParagraphsForm, TextsField, choice, day, line, radios, whole_number
from core.i18n import LANGUAGES
from materials.cleaning import Removed
from materials.library import MaterialDetails
from materials.models import Audience, CopiesKind, Material, MaterialKind, PlaceKind
from trainings.models import Event

MOST_COPIES = 1_000_000
KIND_NAMES = {
    MaterialKind.BROCHURE: _l("Brochure"),
    MaterialKind.GUIDE: _l("Guide"),
    MaterialKind.REPORT: _l("Report"),
}
AUDIENCE_NAMES = {
    Audience.PUBLIC: _l("Anybody who has its link"),
    Audience.REGISTERED: _l("People with a place in the programme, on their own page"),
    Audience.STAFF: _l("Staff only"),
}
COPIES_NAMES = {CopiesKind.PRINTED: _l("Printed"), CopiesKind.HANDED_OUT: _l("Handed out")}
PLACE_NAMES = {
    PlaceKind.POLICE_UNIT: _l("Police unit"),
    PlaceKind.COURT: _l("Court"),
    PlaceKind.LAWYERS: _l("Lawyers' office or bar association"),
    PlaceKind.CIVIL_SOCIETY: _l("Civil-society organisation"),
    PlaceKind.LIBRARY: _l("Library or university"),
    PlaceKind.BY_POST: _l("Sent by post"),
    PlaceKind.ELSEWHERE: _l("Elsewhere"),
}
REMOVED_NAMES = {
    Removed.SCRIPTS: _l("scripts and actions"),
    Removed.ATTACHMENTS: _l("attached files"),
    Removed.COMMENTS: _l("comments"),
}


class MaterialForm(BaseForm):
    """What a manager says about a material."""

    title = TextsField(_l("Title"), needed=True)
    description = TextsField(_l("Description"), form=ParagraphsForm)
    kind = choice(_l("Kind"), lambda: [(kind.value, KIND_NAMES[kind]) for kind in MaterialKind])
    copies_planned = whole_number(_l("Copies planned"), 1, 10_000_000)
    audience = radios(
        _l("Who may open it"),
        lambda: [(audience.value, AUDIENCE_NAMES[audience]) for audience in Audience],
        default=Audience.REGISTERED.value,
    )

    @property
    def details(self) -> MaterialDetails:
        return MaterialDetails(
            title=self.title.texts,
            description=self.description.texts or None,
            kind=MaterialKind(self.kind.data),
            copies_planned=self.copies_planned.data,
            audience=Audience(self.audience.data),
        )

    def show(self, material: Material) -> None:
        """Fill the form with a material as it is."""
        self.process(
            data={
                "title": material.title,
                "description": material.description or {},
                "kind": material.kind.value,
                "copies_planned": material.copies_planned,
                "audience": material.audience.value,
            }
        )


class FileForm(BaseForm):
    language = choice(_l("Language"), lambda: list(LANGUAGES.items()))
    file = FileField(
        _l("File"), [FileRequired(_l("Choose a file first."))], render_kw={"accept": ".pdf,.jpg,.jpeg,.png"}
    )


class PrintedForm(BaseForm):
    """A batch that came from the printer."""

    batch = line(_l("Batch"), length=80)
    number = whole_number(_l("Copies"), 1, MOST_COPIES, needed=True)
    on_day = day(_l("Day"), needed=True)
    note = line(_l("Note"))


class HandedOutForm(BaseForm):
    """Copies that people took: at an event, or at another place."""

    where = choice(_l("Where"), lambda: [])
    number = whole_number(_l("Copies"), 1, MOST_COPIES, needed=True)
    on_day = day(_l("Day"), needed=True)
    note = line(_l("Note"))

    def offer(self, events: list[Event]) -> None:
        self.where.choices = {
            str(_l("Places")): [(place.value, name) for place, name in PLACE_NAMES.items()],
            str(_l("Events")): [(event.uid, f"{event.starts_on} · {event.title}") for event in events],
        }

    @property
    def place(self) -> PlaceKind | None:
        """The place, None where it was an event: then `where` is its uid."""
        return PlaceKind(self.where.data) if self.where.data in set(PlaceKind) else None


class CorrectionForm(BaseForm):
    """What a line of the ledger says too much."""

    number = whole_number(_l("Copies too many"), 1, MOST_COPIES, needed=True)
    on_day = day(_l("Day it counts for"), needed=True)
    reason = line(_l("Reason"), needed=True)


class PublishForm(BaseForm):
    published_on = day(_l("Published on"), needed=True)
