"""What is typed into the ledger of copies."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.forms import BaseForm, choice, day, line, whole_number
from materials.models import CopiesKind, MaterialKind

KIND_NAMES = {
    MaterialKind.BROCHURE: _l("Brochure"),
    MaterialKind.GUIDE: _l("Guide"),
    MaterialKind.REPORT: _l("Report"),
}
COPIES_NAMES = {CopiesKind.PRINTED: _l("Printed"), CopiesKind.HANDED_OUT: _l("Handed out")}


class CopiesForm(BaseForm):
    kind = choice(
        _l("What happened"),
        lambda: [(k.value, COPIES_NAMES[k]) for k in CopiesKind],
        default=CopiesKind.HANDED_OUT.value,
    )
    number = whole_number(_l("Copies"), 1, 1_000_000, needed=True)
    on_day = day(_l("Day"), needed=True)
    event = choice(_l("Event"), lambda: [])
    note = line(_l("Where else, or which batch"))


class PublishForm(BaseForm):
    published_on = day(_l("Published on"), needed=True)
