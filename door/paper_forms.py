"""What is entered from paper, counted, and printed ahead."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField

from core.forms import BaseForm, choice, line, radios, whole_number
from door import code_cards, headcounts
from door.models import CountingMethod, Source
from participants import blanks
from participants.forms import SECTOR_NAMES, SEX_NAMES
from participants.models import Sector, Sex

METHOD_NAMES = {
    CountingMethod.ROOM: _l("Counted in the room"),
    CountingMethod.ENTRANCE: _l("Counted at the entrance"),
    CountingMethod.ESTIMATE: _l("Estimated"),
}


class NoteForm(BaseForm):
    """The ticks of a sheet. Whose they are is asked of the register, so any value may come."""

    place = SelectMultipleField(validate_choice=False)
    source = HiddenField()

    @property
    def came_from(self) -> Source:
        return Source.PAPER if self.source.data == Source.PAPER else Source.MANUAL


class TakeBackForm(BaseForm):
    """Presences to be taken back together, and why."""

    presence = SelectMultipleField(validate_choice=False)
    reason = line(_l("Why they are taken back"), needed=True, render_kw={"autocomplete": "off"})


class HeadcountForm(BaseForm):
    """Heads counted at a session. `replaces` is the count that was on the page when this one was typed."""

    people = whole_number(_l("People"), 0, headcounts.MOST_PEOPLE, needed=True, render_kw={"inputmode": "numeric"})
    method = radios(
        _l("How they were counted"),
        lambda: [(method.value, METHOD_NAMES[method]) for method in CountingMethod],
        default=CountingMethod.ROOM.value,
    )
    replaces = HiddenField()


class RollForm(BaseForm):
    number = whole_number(
        _l("How many badges"), blanks.FEWEST, blanks.MOST, needed=True, render_kw={"inputmode": "numeric"}
    )


class CardsForm(BaseForm):
    """So many places at an event without names."""

    number = whole_number(_l("How many cards"), 1, code_cards.MOST, needed=True, render_kw={"inputmode": "numeric"})
    sector = choice(_l("Sector"), lambda: [(sector.value, SECTOR_NAMES[sector]) for sector in Sector])
    sex = choice(_l("Sex"), lambda: [(sex.value, SEX_NAMES[sex]) for sex in Sex], default=Sex.NOT_RECORDED.value)
