"""What there is to know about a row of a list: kept as a word and its values, said in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "heading": _l("heading"),
    "title": _l("title"),
    "note": _l("a total or a note"),
    "no_name": _l("no name"),
    "sex": _l("the sex “%(cell)s” is not understood; not recorded"),
    "email": _l("“%(cell)s” is no e-mail address; it is left out"),
    "phone": _l("“%(cell)s” is no phone number; it is left out"),
    "formula": _l("the organisation looks like a formula; it is kept as text"),
    "same_person_row": _l("the same person as row %(number)s"),
    "same_name_row": _l("the same name as row %(number)s"),
    "perhaps_row": _l("perhaps the same person as row %(number)s"),
    "similar_row": _l("a similar name stands in row %(number)s"),
    "shares_row": _l("shares a phone or an address with row %(number)s"),
    "shares": _l("shares a phone or an address with %(code)s"),
    "perhaps": _l("perhaps %(person)s (%(code)s)"),
    "by_phone": _l("known by name and phone"),
    "by_email": _l("known by name and e-mail address"),
    "by_line": _l("known by name, organisation and position"),
}
TO_CORRECT = {"no_name", "sex", "email", "phone"}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know about a row; `cell` is the cell it is about, as a spreadsheet calls it."""

    code: str
    cell: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def asks_to_correct(self) -> bool:
        return self.code in TO_CORRECT

    def said(self, person: str = "") -> str:
        """The remark in words; `person` is what the one whom it is about is called."""
        words = str(SENTENCES[self.code]) % {"person": person, **self.values}
        return f"{self.cell}: {words}" if self.cell else words
