"""The chart of a quiz: every question from before to after."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from core import charts
from core.charts import Change, Chart
from core.i18n import number
from quizzes.analysis import Item


def questions(items: Sequence[Item]) -> Chart:
    """A line for every question from the share of right answers before to the one after."""
    rows = [Change(f"{place}. {item.question.text}", item.before, item.after) for place, item in enumerate(items, 1)]
    words = "; ".join(f"{row.label}: {number(row.before)} → {number(row.after)}" for row in rows)
    return charts.dumbbells(rows, _("Correct answers before (ring) and after (disc), in percent"), words)
