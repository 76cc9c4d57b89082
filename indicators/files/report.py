"""The report as a PDF: cover, summary, logframe, a page for each indicator, quizzes, recommendations, methods."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, PageBreak, Spacer

from core import books, clock, pdf
from core.books import chapter, fitted
from core.i18n import day
from indicators import drawing, freezing, prose, wording
from indicators.files import report_beside, report_pages
from indicators.models import Measure
from indicators.publication import Chapter, Dashboard, Line
from trainings.forms import PARTNER_NAMES


def pdf_report(board: Dashboard) -> bytes:
    """The report in the language being spoken. But for the day of printing, the same dashboard is the same bytes."""
    story: list[Any] = [chapter(_("In short")), *[pdf.text(said) for said in prose.summary(board)]]
    standing = drawing.statuses(board)
    if standing is not None:
        story += [KeepTogether([pdf.text(standing.title, "subheading"), fitted(standing.drawing)])]
    overview = drawing.overview(board)
    if overview is not None:
        story += [KeepTogether([pdf.text(overview.title, "subheading"), fitted(overview.drawing)])]
    story += [PageBreak(), chapter(_("Logframe"))]
    for part in board.chapters:
        story += _chapter(part)
    if board.lines:
        story += [PageBreak(), chapter(_("Indicators one by one")), *report_pages.indicators(board)]
    story += report_beside.quizzes(board)
    story += report_beside.recommendations(board)
    story += [PageBreak(), *_methods(board)]
    return books.written(
        str(board.programme.title), _cover(board), story, _footer(board), _printed(board), _("Contents")
    )


def _cover(board: Dashboard) -> list[Any]:
    programme = board.programme
    facts = [
        [_("Programme"), f"{day(programme.starts_on)} – {day(programme.ends_on)}"],
        *[[str(PARTNER_NAMES[partner.role]), str(partner.name)] for partner in programme.partners],
        [_("Data as of"), day(board.on_day)],
        [_("State"), prose.standing(board)],
        *([[_("Smallest group shown"), str(board.k)]] if board.k else []),
        *([[_("Contact"), programme.contact]] if programme.contact else []),
    ]
    return [
        Spacer(1, 42 * mm),
        pdf.text(_("Report on results"), "over"),
        pdf.text(programme.title, "cover"),
        Spacer(1, 4 * mm),
        pdf.text(programme.summary),
        Spacer(1, 12 * mm),
        pdf.table(facts, [45 * mm, 129 * mm], head=0, room=4),
    ]


def _footer(board: Dashboard) -> str:
    if board.is_provisional:
        return _("Data as of %(day)s · provisional", day=day(board.on_day))
    return _("Data as of %(day)s · locked", day=day(board.on_day))


def _printed(board: Dashboard) -> str:
    """The fingerprint that was locked, or that of the figures as they are printed."""
    mark = board.fingerprint or freezing.fingerprint(freezing.frozen(board))
    printed = day(clock.today(board.programme.time_zone))
    return _("Printed on %(day)s · fingerprint %(mark)s", day=printed, mark=mark)


def _chapter(part: Chapter) -> list[Any]:
    result = part.result
    story: list[Any] = [
        pdf.text(f"{wording.LEVEL_NAMES[result.level]} {result.code}. {result.statement}", "subheading")
    ]
    story += [pdf.text(_("Assumption: %(words)s", words=words), "small") for words in _assumptions(part)]
    counted = [line for line in part.lines if line.indicator.measure != Measure.QUALITATIVE]
    if counted:
        story.append(_table(counted))
    return [*story, *(words for line in part.lines if line not in counted for words in _in_words(line))]


def _assumptions(part: Chapter) -> list[str]:
    found = []
    for assumption in part.result.assumptions:
        state = wording.assumption_state(assumption.state)
        found.append(f"{assumption.statement} ({state})" if state else str(assumption.statement))
    return found


def _in_words(line: Line) -> list[Any]:
    """An indicator that is no number: what was, what is, what should be."""
    told = (
        (_("Baseline"), wording.baseline_in_words(line)),
        (_("Value"), wording.value_in_words(line)),
        (_("Target"), wording.target_in_words(line, line.target)),
    )
    return [
        pdf.text(f"{line.indicator.code} {line.indicator.statement}", "cell"),
        *(pdf.text(f"{name}: {words}", "list") for name, words in told),
    ]


def _table(lines: list[Line]) -> Any:
    rows: list[list[Any]] = [[_("Code"), _("Indicator"), _("Baseline"), _("Value"), _("Target"), _("Status")]]
    for line in lines:
        behind = wording.resting_on(line)
        target = wording.target_in_words(line, line.target)
        rows.append(
            [
                line.indicator.code,
                str(line.indicator.statement),
                wording.baseline_in_words(line),
                wording.value_in_words(line) + (f" ({behind})" if behind else ""),
                target + (f" ({wording.ORIGIN_NAMES[line.target.origin]})" if line.target else ""),
                str(wording.STATUS_NAMES[line.status]),
            ]
        )
    return pdf.table(rows, [15 * mm, 55 * mm, 24 * mm, 33 * mm, 26 * mm, 21 * mm])


def _methods(board: Dashboard) -> list[Any]:
    story: list[Any] = [chapter(_("Methods and privacy")), pdf.text(board.method or prose.method_note())]
    story += [pdf.text(words) for words in prose.rules(board)]
    if board.k:
        story.append(
            pdf.text(
                _(
                    "This report was made for readers outside the team. It names nobody; a group of fewer than "
                    "%(number)s people is not shown, and where one could be worked out from the others, those are "
                    "not shown either. Totals are exact.",
                    number=board.k,
                )
            )
        )
    else:
        story.append(pdf.text(_("This report was made for the team and shows every group, however small.")))
    return story
