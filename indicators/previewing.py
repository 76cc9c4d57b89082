"""What people outside will see of a programme, beside what is true: for a manager, before a link is given away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.i18n import number
from indicators import publishing, wording
from indicators.mean_protection import NOW
from indicators.models import Visibility
from indicators.protection import Protection
from indicators.publication import Dashboard, Line
from indicators.series import Value
from indicators.told import Locked
from privacy.withholding import Reason, Verdict

REASON_NAMES = {
    Reason.SMALL: _l("few people"),
    Reason.OVER_TIME: _l("few people came or went since an earlier period"),
    Reason.NESTED: _l("few people make the difference to another indicator"),
    Reason.COMPLEMENTARY: _l("another withheld figure would follow from it"),
    Reason.STRICTER: _l("withheld from donors, so from the public too"),
    Reason.TOLD: _l("withheld when the period was locked, and that stays"),
}
SPEAKS_OF_FEW = _l("it speaks of few people, or of few more than before")


@dataclass(frozen=True)
class Figure:
    """One figure as it will be seen; where it is withheld, what it truly is and why it is not told."""

    what: str
    shown: str
    truth: str = ""
    why: str = ""


@dataclass(frozen=True)
class Preview:
    """The figures of one indicator."""

    code: str
    statement: str
    figures: list[Figure] = field(default_factory=list)

    @property
    def hidden(self) -> int:
        return sum(bool(figure.why) for figure in self.figures)


def of(board: Dashboard, audience: Visibility, k: int, before: Sequence[Locked]) -> list[Preview]:
    """Every figure of a dashboard as an audience with this smallest group will see it."""
    safe = publishing.protected(board, k, before)
    return [
        Preview(line.indicator.code, str(line.indicator.statement), list(_figures(line, safe, board.period)))
        for line in board.lines
        if publishing.is_visible(line.indicator.visibility, audience)
    ]


def _figures(line: Line, safe: Protection, locked: str | None) -> Iterator[Figure]:
    seen = safe.line(line)
    moments = [
        (stone.period.key, stone.then, after.then)
        for stone, after in zip(line.milestones, seen.milestones, strict=True)
    ]
    for moment, truth, shown in [(NOW, line.value, seen.value), *moments]:
        if truth is None or shown is None or (locked and moment == locked):  # what was locked is told as the value
            continue
        name = moment or locked or _("Today")
        if shown.is_withheld:
            why = _why(safe.verdict(line.indicator.uid, moment, "answer", "did"))
            yield Figure(name, wording.value_in_words(seen, shown), _truth(line, truth), why)
        elif not seen.is_withheld:
            yield Figure(name, wording.value_in_words(seen, shown))
        yield from _cells(line, moment, name, truth, shown, safe)


def _cells(line: Line, moment: str, name: str, truth: Value, shown: Value, safe: Protection) -> Iterator[Figure]:
    for dimension, cells in shown.cells.items():
        for cell, people in cells.items():
            what = f"{name} · {wording.DIMENSION_NAMES[dimension]}: {wording.CELL_NAMES.get(cell, cell)}"
            if people is not None:
                yield Figure(what, number(people))
            else:
                why = _why(safe.verdict(line.indicator.uid, moment, dimension, cell))
                yield Figure(what, _("withheld"), number(truth.cells[dimension].get(cell) or 0), why)


def _truth(line: Line, value: Value) -> str:
    words = wording.value_in_words(line, value)
    if value.denominator is None:
        return words
    behind = _("%(number)s of %(out_of)s", number=value.numerator, out_of=value.denominator)
    return f"{words} ({behind})"


def _why(verdict: Verdict | None) -> str:
    if verdict is None or verdict.reason is None:
        return str(SPEAKS_OF_FEW)
    words = str(REASON_NAMES[verdict.reason])
    if verdict.low is None or verdict.high is None:
        return words
    return _("%(why)s; it could be from %(low)s to %(high)s at least", why=words, low=verdict.low, high=verdict.high)
