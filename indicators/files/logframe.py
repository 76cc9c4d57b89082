"""The logframe as a workbook, in the columns of the European Union's logframe, and as a sheet for entry into OPSYS."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from core import workbooks
from core.i18n import LANGUAGES, day, language
from core.workbooks import Sheet
from indicators import figures, prose, wording
from indicators.files import rows
from indicators.files.rows import Entry
from indicators.publication import Chapter, Dashboard, Line, Milestone
from trainings.forms import PARTNER_NAMES

SEX = "sex"


def workbook(board: Dashboard) -> bytes:
    """Results chain, indicators, baselines, targets, current values, sources and assumptions; by sex."""
    sheets = [_logframe(board), _periods(board), _breakdowns(board), _not_counted(board), _about(board)]
    return workbooks.written([sheet for sheet in sheets if sheet.rows])


def opsys(board: Dashboard) -> bytes:
    """What is typed into OPSYS, in its order: one row for each value that has a field of its own there."""
    head = [
        _("Level"),
        _("Result code"),
        _("Result"),
        _("Indicator code"),
        _("Indicator"),
        _("Unit of measure"),
        _("Breakdown"),
    ]
    head += [_("Baseline"), _("Baseline date"), _("Intermediate target"), _("Intermediate target date")]
    head += [_("Final target"), _("Final target date"), _("Current value"), _("Current value date")]
    head += [_("Comment"), _("Source of verification")]
    entries = [_opsys_row(board, entry) for entry in rows.of(board, SEX)]
    widths = [10, 10, 40, 12, 44, 12, 18, 12, 14, 14, 14, 12, 14, 14, 14, 40, 30]
    return workbooks.written([Sheet("OPSYS", head, entries, widths, is_wide=True), _about(board)])


def _logframe(board: Dashboard) -> Sheet:
    head = [
        _("Level"),
        _("Results chain"),
        _("Code"),
        _("Indicator"),
        _("Unit of measure"),
        _("Breakdown"),
        _("Baseline"),
    ]
    head += [_("Baseline year")]
    head += [_("Target %(period)s", period=f"{p.key} ({day(p.ends_on, pattern='MM.yyyy')})") for p in board.periods]
    head += [_("Current value"), _("As of"), _("Numerator"), _("Of"), _("Asked"), _("Status")]
    head += [_("Sources of verification"), _("Assumptions")]
    widths = [10, 38, 10, 40, 12, 18, 12, 10, *[12] * len(board.periods), 14, 12, 11, 9, 9, 14, 30, 38]
    return Sheet(
        _("Logframe"), head, [_logframe_row(board, entry) for entry in rows.of(board, SEX)], widths, is_wide=True
    )


def _logframe_row(board: Dashboard, entry: Entry) -> list[object]:
    line, chapter = entry.line, entry.chapter
    result = [str(wording.LEVEL_NAMES[chapter.result.level]), f"{chapter.result.code}. {chapter.result.statement}"]
    named = [*result, line.indicator.code, str(line.indicator.statement), rows.unit(line), entry.breakdown]
    if not entry.is_total:
        nothing = [""] * (2 + len(board.periods))
        return [*named, *nothing, entry.value, board.on_day, "", "", "", "", "", ""]
    by_period = {stone.period.key: stone for stone in line.milestones}
    targets = [_target_of(line, by_period.get(period.key)) for period in board.periods]
    counted = rows.counted(line)
    return [
        *named, rows.baseline(line), _baseline_year(board, line), *targets, entry.value, board.on_day,
        *counted, str(wording.STATUS_NAMES[line.status]), str(line.indicator.source or ""), _assumptions(chapter),
    ]  # fmt: skip


def _opsys_row(board: Dashboard, entry: Entry) -> list[object]:
    line, result = entry.line, entry.chapter.result
    named = [str(wording.LEVEL_NAMES[result.level]), result.code, str(result.statement)]
    named += [line.indicator.code, str(line.indicator.statement), rows.unit(line), entry.breakdown]
    if not entry.is_total:
        return [*named, *[""] * 6, entry.value, board.on_day, "", ""]
    next_one = next((stone for stone in line.milestones[:-1] if stone.period.ends_on >= board.on_day), None)
    between = next_one or (line.milestones[-2] if len(line.milestones) > 1 else None)
    final = line.milestones[-1] if line.milestones else None
    return [
        *named, rows.baseline(line), _baseline_day(board, line),
        _target_of(line, between), between.period.ends_on if between else "",
        _target_of(line, final), final.period.ends_on if final else "",
        entry.value, board.on_day, wording.resting_on(line), str(line.indicator.source or ""),
    ]  # fmt: skip


def _periods(board: Dashboard) -> Sheet:
    head = [_("Code"), _("Indicator"), _("Period"), _("Until"), _("Target"), _("Origin"), _("Reached"), _("State")]
    found: list[list[object]] = []
    for line in board.lines:
        for stone in line.milestones:
            state = _state(board, line, stone)
            reached = figures.published(line.indicator, stone.then.number) if stone.then else None
            shown = _in_words(line, stone, state) if reached is None or line.is_withheld else reached
            origin = str(wording.ORIGIN_NAMES[stone.target.origin])
            found.append(
                [
                    line.indicator.code, str(line.indicator.statement), stone.period.key, stone.period.ends_on,
                    rows.target(line, stone.target), origin, shown, state,
                ]
            )  # fmt: skip
    return Sheet(_("Periods"), head, found, [10, 50, 10, 12, 14, 12, 16, 16], is_wide=True)


def _in_words(line: Line, stone: Milestone, state: str) -> str:
    """What stands where no number does: of a withheld share its band."""
    found = stone.then.band if stone.then else None
    return state if found is None else wording.value_in_words(line, stone.then)


def _state(board: Dashboard, line: Line, stone: Milestone) -> str:
    if line.is_withheld and stone.period.ends_on < board.on_day:
        return str(_("withheld"))
    return str(wording.STATE_NAMES[stone.state if stone.then and stone.state else figures.state_of(stone.then)])


def _breakdowns(board: Dashboard) -> Sheet:
    head = [_("Code"), _("Indicator"), _("Breakdown"), _("Value"), _("State")]
    found = [
        [entry.line.indicator.code, str(entry.line.indicator.statement), entry.breakdown, entry.value, entry.state]
        for entry in rows.of(board)
        if not entry.is_total
    ]
    return Sheet(_("Who they are"), head, found, [10, 50, 30, 12, 14])


def _not_counted(board: Dashboard) -> Sheet:
    head = [_("Code"), _("Indicator"), _("Why it was not counted"), _("How many")]
    found: list[list[object]] = [
        [line.indicator.code, str(line.indicator.statement), why, _("withheld") if people is None else people]
        for line in board.lines
        for why, people in wording.not_counted(board.programme, line)
    ]
    return Sheet(_("Not counted"), head, found, [10, 50, 50, 14])


def _about(board: Dashboard) -> Sheet:
    programme = board.programme
    partners: list[list[object]] = [[str(PARTNER_NAMES[found.role]), str(found.name)] for found in programme.partners]
    told: list[list[object]] = [
        [_("Programme"), str(programme.title)],
        *partners,
        [_("Starts"), programme.starts_on],
        [_("Ends"), programme.ends_on],
        [_("Data as of"), board.on_day],
        [_("State"), prose.standing(board)],
        *([[_("Fingerprint"), board.fingerprint]] if board.fingerprint else []),
        *([[_("Smallest group shown"), board.k]] if board.k else []),
        [_("Language"), LANGUAGES[language()]],
        [_("How these numbers are made"), prose.method_note()],
    ]
    return Sheet(_("About"), [], told, [26, 100])


def _target_of(line: Line, stone: Milestone | None) -> rows.Figure:
    return rows.target(line, stone.target if stone else None)


def _baseline_day(board: Dashboard, line: Line) -> date | str:
    if line.baseline is None and not line.indicator.baseline_text:
        return ""
    return line.indicator.baseline_on or board.programme.starts_on


def _baseline_year(board: Dashboard, line: Line) -> int | str:
    found = _baseline_day(board, line)
    return found.year if isinstance(found, date) else ""


def _assumptions(chapter: Chapter) -> str:
    told = []
    for assumption in chapter.result.assumptions:
        state = wording.assumption_state(assumption.state)
        told.append(f"{assumption.statement} ({state})" if state else str(assumption.statement))
    return "\n".join(told)
