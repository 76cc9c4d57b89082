"""The charts of the logframe."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from core import charts
from core.charts import Bullet, Change, Chart, Stack, Step
from core.i18n import number
from indicators import gains
from indicators.models import Accumulation, Measure, ResultLevel
from indicators.publication import Dashboard, Line, Status
from indicators.publication_heads import OutsideHead, ProgrammeHead, QuizHead, RecommendationHead
from indicators.recommended import FURTHEST_FIRST
from indicators.wording import LEVEL_NAMES, STATUS_NAMES, target_in_words, value_in_words
from monitoring.models import Implementation
from monitoring.wording import IMPLEMENTATION_NAMES

ORDER = (
    Status.ON_TRACK,
    Status.AHEAD,
    Status.BEHIND,
    Status.NOT_DUE,
    Status.NOT_REPORTED,
    Status.TARGET_MISSING,
    Status.WITHHELD,
)
IMPLEMENTATIONS: tuple[Implementation | None, ...] = (*FURTHEST_FIRST, None)
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


def gain(board: Dashboard, line: Line) -> Chart | None:
    """A line from the mean before to the mean after for every row of the table that has both."""
    rows = [
        Change(row.label, row.before, row.after) for row in gains.of(board, line) if None not in (row.before, row.after)
    ]
    if not rows:
        return None
    words = "; ".join(f"{row.label} {number(row.before)} → {number(row.after)}" for row in rows)
    return charts.dumbbells(rows, _("Mean points before (ring) and after (disc)"), words, label_room=60)


def statuses(board: Dashboard) -> Chart | None:
    """How many indicators stand how, level by level."""
    rows = []
    for level in ResultLevel:
        found = [line.status for part in board.chapters if part.result.level == level for line in part.lines]
        if found:
            rows.append(Stack(str(LEVEL_NAMES[level]), [found.count(status) for status in ORDER]))
    if not rows:
        return None
    names = [str(STATUS_NAMES[status]) for status in ORDER]
    return charts.stacks(rows, names, _("Indicators by status"), _told(rows, names))


def quiz(head: QuizHead) -> Chart | None:
    """A line for every event from the mean before to the mean after, in the order of the table."""
    rows = [Change(f"{place}.", at.before, at.after) for place, at in enumerate(head.events, 1)]
    if not any(row.before is not None for row in rows):
        return None
    words = "; ".join(f"{row.label} {number(row.before)} → {number(row.after)}" for row in rows)
    title = _("Mean points before (ring) and after (disc), by event")
    return charts.dumbbells(rows, title, words, width=490, label_room=40)


def recommendations(found: Sequence[RecommendationHead]) -> Chart:
    """How far recommendations are implemented, report by report."""
    rows = [
        _by_implementation(report, [asked for asked in found if str(asked.report) == report])
        for report in dict.fromkeys(str(asked.report) for asked in found)
    ]
    return _implementation(rows)


def outside(source: OutsideHead) -> Chart:
    """How far what a body from outside recommended is implemented."""
    return _implementation([_by_implementation(source.title, source.recommendations)])


def _by_implementation(label: str, found: Sequence[RecommendationHead]) -> Stack:
    how = [asked.implementation for asked in found]
    return Stack(label, [how.count(state) for state in IMPLEMENTATIONS])


def _implementation(rows: Sequence[Stack]) -> Chart:
    names = [str(IMPLEMENTATION_NAMES[state]) if state else _("not assessed") for state in IMPLEMENTATIONS]
    return charts.stacks(rows, names, _("Recommendations by implementation"), _told(rows, names))


def _told(rows: Sequence[Stack], names: Sequence[str]) -> str:
    parts = [
        f"{row.label}: " + ", ".join(f"{name} {part}" for name, part in zip(names, row.parts, strict=True) if part)
        for row in rows
    ]
    return "; ".join(parts)


def _is_counted(line: Line) -> bool:
    return line.indicator.measure == Measure.UNIT and line.indicator.accumulation in CUMULATIVE


def _place(programme: ProgrammeHead, day: date) -> float:
    whole = (programme.ends_on - programme.starts_on).days
    return min(max((day - programme.starts_on).days / whole, 0), 1)
