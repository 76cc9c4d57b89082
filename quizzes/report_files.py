"""The report of a quiz to take away: as a PDF, and as a workbook for who counts on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Spacer

from core import pdf, workbooks
from core.charts import Chart
from core.i18n import day, span
from quizzes import drawing, report_tables, wording
from quizzes.report_tables import Table
from quizzes.reporting import Part, Report

ROOM = 174 * mm
FIRST = {2: 0.75, 3: 0.46, 4: 0.5, 5: 0.42, 7: 0.4}  # the share of the first column, by the number of columns


def pdf_report(report: Report) -> bytes:
    """The report on paper: in words, the figures, the charts with their tables, how it was made."""
    story: list[Any] = [
        pdf.text(_("Report of the quiz"), "subheading"),
        pdf.text(report.quiz.title, "title"),
        pdf.text(f"{report.programme.title}. {where(report)}."),
        pdf.text(_("In short"), "heading"),
        *[pdf.text(sentence) for sentence in wording.summary(report)],
        *[pdf.text(caution, "small") for caution in wording.cautions(report)],
    ]
    if report.n and Part.GAIN not in report.withheld:
        for table in (report_tables.points(report), report_tables.gain(report), report_tables.moves(report)):
            story += _part(table)
        story += _part(report_tables.spread(report), drawing.spread(report))
    if report.items:
        story += _part(report_tables.questions(report), drawing.questions(report))
        for table in report_tables.answers(report):
            story += _part(table, style="subheading")
    if len(report.events) > 1:
        story += _part(report_tables.events(report), drawing.events(report))
    later = wording.months_later(report)
    if later:
        story += [pdf.text(_("Months later"), "heading"), *[pdf.text(sentence) for sentence in later]]
    if report.reliabilities:
        story += _part(report_tables.reliability(report))
    story += _part(report_tables.counted(report))
    story += [pdf.text(sentence) for sentence in wording.unmatched(report)]
    story += [pdf.text(_("How these numbers are made"), "heading"), pdf.text(wording.method(report))]
    footer = _("Data as of %(day)s · provisional", day=day(report.on_day))
    return pdf.report(str(report.quiz.title), story, footer)


def workbook(report: Report) -> bytes:
    """The same figures as a workbook: one sheet in words, then one for each part, numbers as numbers."""
    words = [
        [str(report.quiz.title)],
        [str(report.programme.title)],
        [where(report)],
        *[[sentence] for sentence in (*wording.summary(report), *wording.cautions(report))],
        *[[sentence] for sentence in (*wording.months_later(report), *wording.unmatched(report))],
        [wording.method(report)],
        [_("Data as of %(day)s · provisional", day=day(report.on_day))],
    ]
    sheets: dict[str, list[list[object]]] = {_("In short"): [list(row) for row in words]}
    parts = [report_tables.counted(report), report_tables.points(report), report_tables.gain(report)]
    parts += [report_tables.moves(report), report_tables.spread(report), report_tables.questions(report)]
    for table in (*parts, report_tables.events(report), report_tables.reliability(report)):
        if table.rows:
            sheets[table.name] = [list(table.head), *(_values(row) for row in table.rows)]
    chosen = report_tables.answers(report)
    if chosen:
        rows = [[table.name, *_values(row)] for table in chosen for row in table.rows]
        sheets[_("Answers")] = [[_("Question"), *chosen[0].head], *rows]
    return workbooks.written(
        [workbooks.Sheet(name, [str(word) for word in rows[0]], rows[1:]) for name, rows in sheets.items()]
    )


def where(report: Report) -> str:
    """At which events, in words."""
    if len(report.events) == 1:
        event = report.events[0].event
        return f"{event.title}, {span(event.starts_on, event.ends_on)}"
    return _("Events in this report: %(number)s", number=len(report.events))


def _values(row: list[report_tables.Cell]) -> list[object]:
    return [cell.shown if cell.value is None else cell.value for cell in row]


def _part(table: Table, charts: Sequence[Chart] = (), style: str = "heading") -> list[Any]:
    """A table under its name, the charts before it; the name never stands alone at the end of a page."""
    columns = len(table.head)
    first = ROOM * FIRST.get(columns, 0.4)
    widths = [first, *[(ROOM - first) / (columns - 1)] * (columns - 1)]
    if columns == 5 and table.head[-1] == _("What it says"):
        widths = [ROOM * share for share in (0.3, 0.12, 0.1, 0.1, 0.38)]
    rows: list[list[Any]] = [list(table.head), *([cell.shown for cell in row] for row in table.rows)]
    name = pdf.text(table.name, style)
    below = [pdf.table(rows, widths), *([pdf.text(table.note, "small")] if table.note else [])]
    if not charts:
        return [name, *below]
    first, *others = ([pdf.text(chart.title, "small"), chart.drawing, Spacer(1, 3 * mm)] for chart in charts)
    return [KeepTogether([name, *first]), *[KeepTogether(other) for other in others], *below]
