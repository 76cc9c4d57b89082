"""A page of the report for each indicator: the tables first, the chart under them, then how the number is made."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, KeepTogether, PageBreak, Spacer, Table

from core import pdf
from core.books import ROOM, chapter, fitted
from core.i18n import day, number
from indicators import drawing, figures, gains, wording
from indicators.models import Measure
from indicators.publication import LIFE_OF_PROGRAMME, Dashboard, Line, Restatement

HALF = ROOM / 2 - 2 * mm


def indicators(board: Dashboard) -> list[Any]:
    """The pages of all indicators, in the order of the logframe."""
    story: list[Any] = []
    for place, line in enumerate(board.lines):
        story += [PageBreak()] if place else []
        story += _page(board, line)
    return story


def _page(board: Dashboard, line: Line) -> list[Any]:
    told = str(line.indicator.statement)
    story: list[Any] = [chapter(f"{line.indicator.code} {told}", "subheading"), _facts(line)]
    periods = _periods(board, line)
    if periods is not None:
        story.append(periods)
    story += _breakdowns(line)
    story += _gains(board, line)
    chart = drawing.history(board.programme, line)
    if chart is not None:
        story += [KeepTogether([Spacer(1, 3 * mm), fitted(chart.drawing), pdf.text(chart.description, "small")])]
    story += _narratives(line)
    story += [CondPageBreak(30 * mm), pdf.text(_("How this number is made"), "part"), _method(board, line)]
    return [*story, *_record(line)]


def _facts(line: Line) -> Any:
    target = wording.target_in_words(line, line.target)
    origin = f" ({wording.ORIGIN_NAMES[line.target.origin]})" if line.target else ""
    way = "" if line.progress is None else f" · {number(line.progress)} %"
    rows = [
        [_("Value"), f"{wording.value_in_words(line)}{way}", _("Target at the end"), target + origin],
        [_("Baseline"), wording.baseline_in_words(line), _("Status"), str(wording.STATUS_NAMES[line.status])],
    ]
    resting = wording.resting_on(line)
    if resting:
        rows.append([_("Rests on"), resting, "", ""])
    if line.indicator.measure == Measure.QUALITATIVE:
        pairs = [pair for row in rows for pair in (row[:2], row[2:]) if pair[0]]
        return pdf.table(pairs, [32 * mm, ROOM - 32 * mm], head=0)
    return pdf.table(rows, [26 * mm, 61 * mm, 32 * mm, 55 * mm], head=0)


def _periods(board: Dashboard, line: Line) -> Any:
    head = [_("Period"), _("Until"), _("Target"), _("Reached")]
    if line.restatements:
        head.append(_("Restated since"))
    restated = {again.period: again for again in line.restatements}
    rows: list[list[Any]] = []
    for stone in line.milestones:
        period = stone.period
        if stone.then is None and line.is_withheld and period.ends_on <= board.on_day:
            reached = wording.value_in_words(line)
        else:
            reached = wording.value_in_words(line, stone.then) if stone.then else _("not due yet")
        row = [_period_name(period.key), day(period.ends_on), wording.target_in_words(line, stone.target), reached]
        if line.restatements:
            again = restated.get(period.key)
            row.append(_again(line, again) if again else "")
        rows.append(row)
    if not rows:
        return None
    if line.indicator.measure == Measure.QUALITATIVE:
        return pdf.table([head, *rows], [18 * mm, 30 * mm, *[(ROOM - 48 * mm) / (len(head) - 2)] * (len(head) - 2)])
    return pdf.table([head, *rows], [25 * mm, 40 * mm, *[(ROOM - 65 * mm) / (len(head) - 2)] * (len(head) - 2)])


def _again(line: Line, restatement: Restatement) -> str:
    parts = [wording.value_in_words(line, restatement.now), wording.broken_down_anew(restatement), restatement.why]
    return ". ".join(part.rstrip(".") for part in parts if part)


def _period_name(key: str) -> str:
    return _("whole programme") if key == LIFE_OF_PROGRAMME else key


def _breakdowns(line: Line) -> list[Any]:
    """The breakdowns, two beside each other."""
    found = [
        _breakdown(line, dimension)
        for dimension, cells in line.cells.items()
        if not line.is_withheld and any(count is None or count for count in cells.values())
    ]
    pairs = [found[start : start + 2] for start in range(0, len(found), 2)]
    return [
        Table([[*pair, *[""] * (2 - len(pair))]], colWidths=[HALF + 4 * mm, HALF], hAlign="LEFT", style=SIDE)
        for pair in pairs
    ]


SIDE = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 0)]


def _breakdown(line: Line, dimension: str) -> Any:
    rows: list[list[Any]] = [[str(wording.DIMENSION_NAMES.get(dimension, dimension)), _("People")]]
    for cell, count in line.cells[dimension].items():
        shown = _("withheld") if count is None else number(count)
        rows.append([str(wording.CELL_NAMES.get(cell, cell)), shown])
    rows.append([_("Total"), wording.value_in_words(line)])
    return pdf.table(rows, [HALF - 28 * mm, 24 * mm])


def _gains(board: Dashboard, line: Line) -> list[Any]:
    """Before and after, at the ends of periods and event by event, as a table and as a chart under it."""
    rows = gains.of(board, line)
    chart = drawing.gain(board, line)
    if chart is None:
        return []
    head = [_("Period or event"), _("Until"), _("Tested both times"), _("Mean before"), _("Mean after"), _("Gain")]
    told: list[list[Any]] = []
    for row in rows:
        nothing = _("withheld") if row.is_withheld else "—"
        means = [nothing if found is None else number(found, 1) for found in (row.before, row.after, row.gain)]
        told.append([row.name, day(row.on), "—" if row.people is None else number(row.people), *means])
    table = pdf.table([head, *told], [62 * mm, 32 * mm, 24 * mm, 20 * mm, 20 * mm, 16 * mm])
    return [
        pdf.text(_("Knowledge before and after"), "part"),
        table,
        KeepTogether([Spacer(1, 3 * mm), pdf.text(chart.title, "small"), fitted(chart.drawing)]),
    ]


def _narratives(line: Line) -> list[Any]:
    if not line.narratives:
        return []
    told = [pdf.text(f"{_period_name(said.period)}: {said.text}") for said in line.narratives]
    return [pdf.text(_("What the team says"), "part"), *told]


def _method(board: Dashboard, line: Line) -> Any:
    indicator = line.indicator
    metric = f"{indicator.metric}, {indicator.metric_version}" if indicator.metric else _("Entered by people")
    told = [
        (_("What counts"), indicator.definition),
        (_("Rule, version"), metric),
        (_("Unit of measure"), indicator.unit),
        (_("Source of verification"), indicator.source),
        (_("Responsible"), indicator.responsible),
        (_("Frequency"), indicator.frequency),
        (_("Limits"), indicator.limitations),
    ]
    withheld = _("withheld")
    left_out = "; ".join(
        f"{why}: {withheld if many is None else number(many)}"
        for why, many in wording.not_counted(board.programme, line)
    )
    told.append((_("Not counted"), left_out or (_("nothing was left out") if wording.nothing_left_out(line) else "")))
    return pdf.table([[name, str(words)] for name, words in told if words], [38 * mm, ROOM - 38 * mm], head=0)


def _record(line: Line) -> list[Any]:
    """Adjustments with what was computed before them, and the documents behind the value."""
    story: list[Any] = []
    if line.adjustments and not line.is_withheld:
        rows = [[day(made.on), _signed(line, made.delta), made.reason, made.evidence] for made in line.adjustments]
        head = [_("Day"), _("Change"), _("Reason"), _("Evidence")]
        story += [pdf.text(_("Adjustments"), "part"), pdf.table([head, *rows], [28 * mm, 20 * mm, 76 * mm, 50 * mm])]
        if line.computed is not None:
            computed = wording.value_in_words(line, line.computed)
            story.append(pdf.text(_("Computed before adjustments: %(value)s", value=computed), "small"))
    if line.evidence:
        rows = [[day(found.on), found.title] for found in line.evidence]
        story += [pdf.text(_("Documents"), "part"), pdf.table(rows, [28 * mm, ROOM - 28 * mm], head=0)]
    return story


def _signed(line: Line, delta: float) -> str:
    shown = number(delta, figures.digits_of(line.indicator, delta))
    return f"+{shown}" if delta > 0 else shown
