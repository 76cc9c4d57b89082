"""The charts of the logframe."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from core import charts
from core.charts import Bullet, Chart, Step
from indicators.models import Accumulation, Measure
from indicators.publication import Dashboard, Line, ProgrammeHead
from indicators.wording import target_in_words, value_in_words

CUMULATIVE = (Accumulation.SUM, Accumulation.DISTINCT)


def overview(board: Dashboard) -> Chart | None:
    """Every counted indicator against its final target."""
    rows = [
        Bullet(
            f"{line.indicator.code} {line.indicator.statement}",
            line.value.number,
            line.target.value,
            f"{value_in_words(line)} / {target_in_words(line, line.target)}",
        )
        for line in board.lines
        if line.target and line.target.value and line.value.number is not None and _is_counted(line)
    ]
    if not rows:
        return None
    words = "; ".join(f"{row.label}: {row.shown}" for row in rows)
    return charts.bullets(rows, _("Reached against the final target"), words)


def history(programme: ProgrammeHead, line: Line) -> Chart | None:
    """What an indicator reached over time, against its milestones; None where it is not a count."""
    if line.is_withheld or not _is_counted(line):
        return None
    targets = [
        (stone.period.ends_on, stone.target.value) for stone in line.milestones if stone.target.value is not None
    ]
    actual = [Step(_place(programme, point.on), point.number) for point in line.history]
    steps_to = [Step(0, 0), *(Step(_place(programme, day), value) for day, value in targets)]
    labels = [(_place(programme, stone.period.ends_on), stone.period.key) for stone in line.milestones]
    words = _(
        "Reached: %(value)s. Target at the end: %(target)s.",
        value=value_in_words(line),
        target=target_in_words(line, line.target),
    )
    return charts.steps(actual, steps_to if targets else [], labels, str(line.indicator.statement), words)


def _is_counted(line: Line) -> bool:
    return line.indicator.measure == Measure.UNIT and line.indicator.accumulation in CUMULATIVE


def _place(programme: ProgrammeHead, day: date) -> float:
    whole = (programme.ends_on - programme.starts_on).days
    return min(max((day - programme.starts_on).days / whole, 0), 1)
