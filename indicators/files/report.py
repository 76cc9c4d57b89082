"""The report as a PDF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Spacer

from core import pdf
from core.i18n import day, number
from indicators import drawing, wording
from indicators.models import Measure
from indicators.publication import Chapter, Dashboard, Line
from trainings.forms import PARTNER_NAMES


def pdf_report(board: Dashboard) -> bytes:
    """The report: cover, summary in words, chart, logframe with breakdowns, methods."""
    programme = board.programme
    story: list[Any] = [
        Spacer(1, 30 * mm),
        pdf.text(_("Report on results"), "subheading"),
        pdf.text(programme.title, "title"),
        pdf.text(programme.summary),
        Spacer(1, 6 * mm),
        pdf.table(
            [
                [_("Programme"), f"{day(programme.starts_on)} – {day(programme.ends_on)}"],
                *[[str(PARTNER_NAMES[partner.role]), str(partner.name)] for partner in programme.partners],
                [_("Data as of"), day(board.on_day)],
                [_("State"), wording.standing(board)],
            ],
            [45 * mm, 128 * mm],
            head=0,
        ),
        pdf.text(_("In short"), "heading"),
        *[pdf.text(sentence) for sentence in wording.summary(board)],
    ]
    overview = drawing.overview(board)
    if overview is not None:
        story += [KeepTogether([pdf.text(overview.title, "heading"), overview.drawing])]
    story.append(pdf.text(_("Logframe"), "heading"))
    for chapter in board.chapters:
        story += _chapter(chapter)
    story += _breakdowns(board)
    story += [pdf.text(_("How these numbers are made"), "heading"), pdf.text(board.method or wording.method_note())]
    return pdf.report(str(programme.title), story, _footer(board))


def _footer(board: Dashboard) -> str:
    if board.is_provisional:
        return _("Data as of %(day)s · provisional", day=day(board.on_day))
    return _("Data as of %(day)s · locked · %(fingerprint)s", day=day(board.on_day), fingerprint=board.fingerprint)


def _chapter(chapter: Chapter) -> list[Any]:
    result = chapter.result
    story: list[Any] = [
        pdf.text(f"{wording.LEVEL_NAMES[result.level]} {result.code}. {result.statement}", "subheading")
    ]
    counted = [line for line in chapter.lines if line.indicator.measure != Measure.QUALITATIVE]
    if counted:
        story.append(_table(counted))
    return [*story, *(words for line in chapter.lines if line not in counted for words in _in_words(line))]


def _in_words(line: Line) -> list[Any]:
    """An indicator that is no number: what was, what is, what should be."""
    told = (
        (_("Baseline"), wording.baseline_in_words(line)),
        (_("Value"), wording.value_in_words(line)),
        (_("Target"), wording.target_in_words(line, line.target)),
    )
    return [
        pdf.text(f"{line.indicator.code} {line.indicator.statement}", "cell"),
        *(pdf.text(f"{name}: {words}", "list") for name, words in told),
    ]


def _table(lines: list[Line]) -> Any:
    rows: list[list[Any]] = [[_("Code"), _("Indicator"), _("Baseline"), _("Value"), _("Target"), _("Status")]]
    for line in lines:
        behind = wording.resting_on(line)
        target = wording.target_in_words(line, line.target)
        rows.append(
            [
                line.indicator.code,
                str(line.indicator.statement),
                wording.baseline_in_words(line),
                wording.value_in_words(line) + (f" ({behind})" if behind else ""),
                target + (f" ({wording.ORIGIN_NAMES[line.target.origin]})" if line.target else ""),
                str(wording.STATUS_NAMES[line.status]),
            ]
        )
    return pdf.table(rows, [15 * mm, 55 * mm, 24 * mm, 33 * mm, 26 * mm, 21 * mm])


def _breakdowns(board: Dashboard) -> list[Any]:
    story: list[Any] = []
    for line in board.lines:
        tables = [
            _breakdown(line, dimension, cells)
            for dimension, cells in line.cells.items()
            if any(count is None or count for count in cells.values())
        ]
        if tables:
            title = pdf.text(f"{line.indicator.code} {line.indicator.statement}", "subheading")
            story += [KeepTogether([title, tables[0]]), *tables[1:]]
    return [pdf.text(_("Who they are"), "heading"), *story] if story else []


def _breakdown(line: Line, dimension: str, cells: Mapping[str, int | None]) -> Any:
    rows: list[list[Any]] = [[str(wording.DIMENSION_NAMES[dimension]), _("People")]]
    for cell, count in cells.items():
        rows.append([str(wording.CELL_NAMES.get(cell, cell)), _("withheld") if count is None else number(count)])
    rows.append([_("Total"), wording.value_in_words(line)])
    return pdf.table(rows, [80 * mm, 30 * mm])
