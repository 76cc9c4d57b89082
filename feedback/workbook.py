"""The workbook of results: what leaves the house holds no small figure and no text that nobody has reviewed."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence

from flask_babel import gettext as _

from core import excel
from core.i18n import span
from core.tables import harmless
from feedback import wording
from feedback.results import Overview
from feedback.tallies import Asked, Tally
from trainings.forms import KIND_NAMES

Line = Sequence[object]


def write(overview: Overview, texts: Sequence[tuple[Asked | None, list[str]]]) -> bytes:
    """An XLSX file of three sheets: how many answered, what they answered, what they wrote."""
    book = excel.library().Workbook()
    from openpyxl.styles import Font

    book.remove(book.active)
    sheets: list[tuple[str, Line, Iterable[Line]]] = [
        (_("Response rate"), _response_head(), _responses(overview)),
        (_("Answers"), _answers_head(), _answers(overview)),
        (_("Texts"), (_("Question"), _("Text")), _written(texts)),
    ]
    for title, head, lines in sheets:
        sheet = book.create_sheet(title[:31])
        sheet.append([str(cell) for cell in head])
        for line in lines:
            sheet.append([cell if isinstance(cell, int | float) else harmless(str(cell)) for cell in line])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            sheet.column_dimensions[cell.column_letter].width = 24
        sheet.freeze_panes = "A2"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _response_head() -> Line:
    return _("Event"), _("Kind"), _("When"), _("answered"), _("people asked"), _("share answered, percent")


def _responses(overview: Overview) -> Iterator[Line]:
    for result in overview.events:
        event, response = result.event, result.response
        percent = "" if response.percent is None else round(response.percent)
        when = span(event.starts_on, event.ends_on)
        yield event.title, KIND_NAMES[event.kind], when, response.answers, response.people, percent


def _written(texts: Sequence[tuple[Asked | None, list[str]]]) -> Iterator[Line]:
    for asked, found in texts:
        yield from ((asked.text if asked else "", words) for words in found)


def _answers_head() -> Line:
    return _("Event"), _("Question"), _("answered"), _("Mean"), _("Value"), _("Number"), "%"


def _answers(overview: Overview) -> Iterator[Line]:
    for one in overview.tallies:
        yield from _lines(_("All together"), one)
    for result in overview.events:
        for one in result.tallies:
            yield from _lines(result.event.title, one)


def _lines(scope: object, one: Tally) -> Iterator[Line]:
    withheld = _("withheld")
    if not one.is_shown:
        if one.people:
            yield scope, one.asked.text, withheld, withheld, "", withheld, withheld
        return
    mean = "" if one.mean is None else round(one.mean, 2)
    counts = one.in_a_file()
    for value in wording.values_in_order(one.asked):
        word = wording.value_in_words(one.asked, value)
        cells: Line = (withheld, withheld) if counts is None else (counts.get(value, 0), round(one.share(value)))
        yield scope, one.asked.text, one.people, mean, word, *cells
