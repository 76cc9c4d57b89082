"""The logframe as CSV: one line per indicator, one per cell of a breakdown."""

from __future__ import annotations

from flask_babel import gettext as _

from core import tables
from indicators import wording
from indicators.files import rows
from indicators.files.rows import Entry
from indicators.publication import Dashboard, Line


def csv(board: Dashboard) -> bytes:
    head = [
        _("Code"),
        _("Indicator"),
        _("Breakdown"),
        _("Baseline"),
        _("Value"),
        _("Numerator"),
        _("Of"),
        _("Interval, from"),
    ]
    head += [_("Interval, to"), _("As of"), _("Target"), _("Status"), _("State"), _("Result"), _("Asked")]
    return tables.write_csv(head, [_row(board, entry) for entry in rows.of(board)])


def _row(board: Dashboard, entry: Entry) -> list[object]:
    line = entry.line
    named = [line.indicator.code, str(line.indicator.statement), entry.breakdown]
    if not entry.is_total:
        nothing = [""] * 4
        return [
            *named, "", entry.value, *nothing, board.on_day, "", "", entry.state, entry.chapter.result.code, "",
        ]  # fmt: skip
    numerator, denominator, asked = rows.counted(line)
    rests_on = [numerator, denominator, *(_interval(line) if not line.is_withheld else [None, None])]
    standing = [rows.target(line, line.target), str(wording.STATUS_NAMES[line.status]), entry.state]
    return [
        *named, rows.baseline(line), entry.value, *rests_on, board.on_day, *standing, entry.chapter.result.code, asked,
    ]  # fmt: skip


def _interval(line: Line) -> list[float | None]:
    found = line.value.knowledge
    return [None if edge is None else round(edge, 1) for edge in ((found.low, found.high) if found else (None, None))]
