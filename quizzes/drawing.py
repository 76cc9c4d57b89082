"""The charts of a quiz's report: every question and every event from before to after, and how the points are spread."""

from __future__ import annotations

from flask_babel import gettext as _

from core import charts
from core.charts import Change, Chart, Columns
from core.i18n import number
from quizzes import report_tables
from quizzes.items import Facility
from quizzes.reporting import Report

# Narrow, because the table with the whole texts stands beside.
WIDTH, LABELS = 340.0, 30.0
MOST_ROWS = 24


def questions(report: Report) -> list[Chart]:
    """A line for every question, by its number, from the share of right answers before to the one after."""
    rows = [Change(f"{item.number}.", _percent(item.before), _percent(item.after)) for item in report.items]
    if not any(row.before is not None or row.after is not None for row in rows):
        return []
    return _dumbbells(rows, _("Correct answers before (ring) and after (disc), in percent"))


def events(report: Report) -> list[Chart]:
    """A line for every event from the mean before to the mean after; none where one alone is no comparison."""
    rows = [Change(f"{place}.", at.before, at.after) for place, at in enumerate(report.events, 1)]
    if sum(row.before is not None for row in rows) < 2:
        return []
    return _dumbbells(rows, _("Mean points before (ring) and after (disc), by event"))


def spread(report: Report) -> list[Chart]:
    """Bars of people by their points; none where a bar would show what is withheld."""
    bands = [
        Columns(report_tables.band_name(band.low, band.high), band.before, band.after)
        for band in report.bands
        if band.before is not None and band.after is not None
    ]
    if not bands or len(bands) < len(report.bands):
        return []
    words = "; ".join(f"{band.label}: {band.before} → {band.after}" for band in bands)
    return [charts.columns(bands, _("People by points of 100, before (hollow) and after (full)"), words, width=WIDTH)]


def _dumbbells(rows: list[Change], title: str) -> list[Chart]:
    """In pieces that fit a page."""
    return [
        charts.dumbbells(piece, title, _in_words(piece), width=WIDTH, label_room=LABELS)
        for piece in (rows[start : start + MOST_ROWS] for start in range(0, len(rows), MOST_ROWS))
    ]


def _percent(found: Facility | None) -> float | None:
    return found.percent if found else None


def _in_words(rows: list[Change]) -> str:
    return "; ".join(f"{row.label} {number(row.before)} → {number(row.after)}" for row in rows)
