"""The tables of a quiz's report: built once, shown on the page, printed in the PDF and saved in the workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.i18n import day, number
from quizzes.items import TESTED, Facility, Item, OptionFigures
from quizzes.reporting import Part, Report
from quizzes.running_forms import PHASE_NAMES
from quizzes.statistics import Interval, Share

NOT_COMPUTED = _l("not computed")
WITHHELD = _l("withheld")
PARTS = {
    "points": _l("Points of 100, people tested both times"),
    "gain": _l("The gain"),
    "moves": _l("Who moved"),
    "spread": _l("How the points are spread"),
    "questions": _l("Question by question"),
    "events": _l("Events"),
    "reliability": _l("How well the questions hold together"),
    "counted": _l("Who was counted"),
}


@dataclass(frozen=True)
class Cell:
    """What is shown, and the number behind it for who counts on."""

    shown: str
    value: float | None = None


@dataclass(frozen=True)
class Table:
    """A table with what it is called, its columns and its rows."""

    name: str
    head: list[str]
    rows: list[list[Cell]]
    note: str = ""


def points(report: Report) -> Table:
    """What people knew before and after."""
    hidden = WITHHELD if Part.GAIN in report.withheld else NOT_COMPUTED
    before, after = report.comparison.before, report.comparison.after
    shares = (report.passing.before, report.passing.after)
    rows = [
        _row(_("Mean"), before.mean, after.mean, hidden),
        _row(_("Median"), before.median, after.median, hidden),
        _row(_("Standard deviation"), before.sd, after.sd, hidden),
        [
            _text(_("Reached %(mark)s %% of the points", mark=report.programme.pass_mark)),
            *(_count(share.number if share.of else None, hidden) for share in shares),
        ],
        [_text(_("the same in percent")), *(_figure(share.percent, 0, hidden) for share in shares)],
    ]
    if all(share.interval for share in shares):
        low, high = ([_bound(share, edge) for share in shares] for edge in ("low", "high"))
        rows += [[_text(_("Interval, from")), *low], [_text(_("Interval, to")), *high]]
    return Table(str(PARTS["points"]), [_("Figure"), _("Before"), _("After")], rows)


def gain(report: Report) -> Table:
    """The gain with how sure it is, each figure with what it says."""
    found = report.comparison
    hidden = WITHHELD if Part.GAIN in report.withheld else NOT_COMPUTED
    rank = found.signed_rank
    how = _("exact, ties included") if rank is None or rank.is_exact else _("normal approximation")
    told = [
        (_("Mean gain in points"), found.gain, 1, found.interval, _("How much more people knew, on average.")),
        (_("Standard deviation of the gains"), found.sd, 1, None, _("How different the gains of people are.")),
        (
            _("Wilcoxon signed-rank test, p (%(how)s)", how=how),
            rank.p if rank else None,
            3,
            None,
            _("How often chance alone would bring so clear a change; below 0.05 is called significant."),
        ),
        ("d_z", found.d_z, 2, found.d_z_interval, _("The mean gain, measured by how different the gains are.")),
        ("d_av", found.d_av, 2, None, _("The mean gain, measured by how different people's points are.")),
        (_("g_av (Hedges)"), found.g_av, 2, None, _("The same, put right for small groups.")),
        (
            _("Normalised gain g (Hake)"),
            found.hake,
            2,
            None,
            _("The part learned of what was not known."),
        ),
    ]
    rows = [
        [_text(name), _figure(value, digits, hidden), *_interval(interval, digits), _text(gloss)]
        for name, value, digits, interval, gloss in told
    ]
    return Table(
        str(PARTS["gain"]), [_("Figure"), _("Value"), _("Interval, from"), _("Interval, to"), _("What it says")], rows
    )


def moves(report: Report) -> Table:
    """How many gained and lost, points and the pass mark."""
    directions, passing = report.directions, report.passing
    turns = passing.turns
    p = _figure(passing.p, 3, NOT_COMPUTED if turns else WITHHELD)
    rows = [
        [_text(_("More points after than before")), _count(directions.improved)],
        [_text(_("As many")), _count(directions.same)],
        [_text(_("Fewer")), _count(directions.worse)],
        [_text(_("Came to the pass mark")), _count(turns.gained if turns else None)],
        [_text(_("Fell below the pass mark")), _count(turns.lost if turns else None)],
        [_text(_("McNemar's exact test of these two, p")), p],
    ]
    return Table(str(PARTS["moves"]), [_("Change"), _("People")], rows)


def spread(report: Report) -> Table:
    rows = [[_text(band_name(b.low, b.high)), _count(b.before), _count(b.after)] for b in report.bands]
    return Table(str(PARTS["spread"]), [_("Points of 100"), _("People before"), _("People after")], rows)


def band_name(low: int, high: int) -> str:
    return f"{low}–{high if high == 100 else high - 1}"


def questions(report: Report) -> Table:
    """Every question; what helps to write better ones is for the team only."""
    is_for_staff = not report.k
    head = [_("Question"), _("Right before"), _("Right after"), _("From wrong to right"), _("From right to wrong")]
    if is_for_staff:
        head += [_("r %(phase)s", phase=PHASE_NAMES[phase]) for phase in TESTED]
    rows = []
    for item in report.items:
        turns = item.turns
        missing = WITHHELD if report.k else NOT_COMPUTED
        row = [
            _marked(question_name(item), _("check the key") if is_for_staff and item.is_suspect else ""),
            _facility(item.before, missing),
            _facility(item.after, missing),
            _count(turns.gained if turns else None, missing),
            _count(turns.lost if turns else None, missing),
        ]
        if is_for_staff:
            row += [_figure(item.tells.get(phase), 2, NOT_COMPUTED) for phase in TESTED]
        rows.append(row)
    note = _("r: whether who gets this question right knows the others too; below 0 its key may be wrong.")
    return Table(str(PARTS["questions"]), head, rows, note if is_for_staff else "")


def question_name(item: Item) -> str:
    form = f" ({item.question.form})" if item.question.form else ""
    return f"{item.number}. {item.question.text}{form}"


def answers(report: Report) -> list[Table]:
    """Of each question which answers were chosen, and by whom: those who know the rest, or those who do not."""
    head = [_("Answer")]
    for phase in TESTED:
        name = PHASE_NAMES[phase]
        head += [_("Chosen %(phase)s", phase=name), _("%% %(phase)s", phase=name), _("r %(phase)s", phase=name)]
    return [
        Table(question_name(item), head, [_answer(option) for option in item.options])
        for item in report.items
        if item.options
    ]


def events(report: Report) -> Table:
    """Event by event: who was tested both times, and their means."""
    head = [_("Event"), _("Tested both times"), _("Mean before"), _("Mean after"), _("Gain")]
    rows = [
        [
            _text(f"{place}. {at.event.title}, {day(at.event.starts_on)}"),
            _count(at.n),
            *(_figure(value, 1, WITHHELD if at.is_withheld else "—") for value in (at.before, at.after, at.gain)),
        ]
        for place, at in enumerate(report.events, 1)
    ]
    return Table(str(PARTS["events"]), head, rows)


def reliability(report: Report) -> Table:
    """Cronbach's alpha, of each version, form and phase."""
    rows = [
        [
            _marked(_("Version %(number)s", number=found.version), found.form or ""),
            _text(str(PHASE_NAMES[found.phase])),
            _count(found.n),
            _figure(found.alpha, 2, NOT_COMPUTED),
        ]
        for found in report.reliabilities
    ]
    return Table(str(PARTS["reliability"]), [_("Version"), _("When"), _("People"), _("Alpha (KR-20)")], rows)


def counted(report: Report) -> Table:
    """How many people stand behind the figures."""
    counts = report.counts
    told = [
        (_("Had a place"), counts.invited),
        (_("Tested before"), counts.before),
        (_("Tested after"), counts.after),
        (_("Tested both times"), counts.matched),
    ]
    if not report.k:
        told += [
            (_("Before only"), counts.before_only),
            (_("After only"), counts.after_only),
            (_("Entered from paper"), counts.on_paper),
            (_("Finished too late: kept, not counted"), counts.late),
        ]
    return Table(str(PARTS["counted"]), [_("Who"), _("People")], [[_text(name), _count(n)] for name, n in told])


def _answer(option: OptionFigures) -> list[Cell]:
    name = _("nothing chosen") if option.text is None else str(option.text)
    row = [_marked(name, _("right") if option.is_right else "")]
    for phase in TESTED:
        pick = option.picks.get(phase)
        row += [
            _count(pick.n if pick else None, NOT_COMPUTED),
            _figure(100 * pick.n / pick.of if pick else None, 0, NOT_COMPUTED),
            _figure(pick.r if pick else None, 2, NOT_COMPUTED),
        ]
    return row


def _text(words: object) -> Cell:
    return Cell(str(words))


def _marked(words: str, mark: str) -> Cell:
    return Cell(f"{words} — {mark}" if mark else words)


def _row(name: str, before: float | None, after: float | None, missing: object) -> list[Cell]:
    return [_text(name), _figure(before, 1, missing), _figure(after, 1, missing)]


def _count(n: int | None, missing: object = WITHHELD) -> Cell:
    return Cell(str(missing)) if n is None else Cell(number(n), n)


def _figure(value: float | None, digits: int, missing: object) -> Cell:
    if value is None:
        return Cell(str(missing))
    least = 10.0**-digits
    shown = f"< {number(least, digits)}" if digits == 3 and value < least else number(value, digits)
    return Cell(shown, value)


def _interval(interval: Interval | None, digits: int) -> Sequence[Cell]:
    if interval is None:
        return (Cell(""), Cell(""))
    return (_figure(interval.low, digits, ""), _figure(interval.high, digits, ""))


def _facility(found: Facility | None, missing: object) -> Cell:
    return Cell(str(missing)) if found is None else Cell(f"{number(found.percent)}\u00a0%", found.percent)


def _bound(share: Share, edge: str) -> Cell:
    return _figure(100 * getattr(share.interval, edge), 0, "")
