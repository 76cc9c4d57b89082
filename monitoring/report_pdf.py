"""A monitoring report on paper, in the language being spoken: what was found, by alias only, and what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from reportlab.lib.units import mm

from core import pdf
from core.i18n import day
from monitoring.findings import Found
from monitoring.models import Judgement, Report, Visit
from monitoring.wording import JUDGEMENT_NAMES

ROOM = 174 * mm


def drawn(report: Report, visits: Sequence[Visit], found: Sequence[Found]) -> bytes:
    """The report as a PDF. Units stand in it by their alias; a draft says on each page that it is one."""
    story: list[Any] = [
        pdf.text(_("Monitoring report"), "subheading"),
        pdf.text(report.title, "title"),
        pdf.text(report.programme.title),
    ]
    if report.summary:
        story += [pdf.text(part) for part in str(report.summary).splitlines() if part.strip()]
    if visits:
        story += _visits(visits)
    if found:
        story += _findings(found)
    if report.recommendations:
        story += _recommendations(report)
    if report.published_on:
        footer = _("Published on %(day)s", day=day(report.published_on))
    else:
        footer = _("Draft of %(day)s, not published", day=day(report.programme.today()))
    return pdf.report(str(report.title), story, footer)


def _visits(visits: Sequence[Visit]) -> list[Any]:
    units = {visit.police_unit_id for visit in visits}
    rows = [[_("Unit"), _("Region"), _("Day"), _("Monitors")]]
    rows += [
        [visit.police_unit.alias, visit.police_unit.region, day(visit.visited_on), str(visit.monitor_count or "—")]
        for visit in visits
    ]
    counted = ngettext("%(num)s visit", "%(num)s visits", len(visits))
    return [
        pdf.text(_("What this report rests on"), "heading"),
        pdf.text(
            _(
                "Approved protocols: %(visits)s, units: %(units)s. Units are named by an alias.",
                visits=counted,
                units=len(units),
            )
        ),
        pdf.table(rows, [ROOM * share for share in (0.35, 0.25, 0.25, 0.15)]),
    ]


def _findings(found: Sequence[Found]) -> list[Any]:
    words = [*(str(JUDGEMENT_NAMES[word]) for word in Judgement), _("no answer")]
    widths = [ROOM * share for share in (0.4, 0.13, 0.13, 0.13, 0.12, 0.09)]
    story: list[Any] = [pdf.text(_("What was found"), "heading"), pdf.text(how_counted(), "small")]
    for theme, of_theme in groupby(found, key=lambda row: str(row.item.theme)):
        rows = [[row.item.text, *(row.counts[word] for word in Judgement), row.unanswered] for row in of_theme]
        story.append(pdf.table([[theme, *words], *rows], widths))
    return story


def _recommendations(report: Report) -> list[Any]:
    story: list[Any] = [pdf.text(_("Recommendations"), "heading")]
    for asked in report.recommendations:
        story.append(pdf.text(f"{asked.number}. {asked.text}"))
        facts = [asked.addressee, asked.theme, asked.standard or ""]
        if asked.due_on:
            facts.append(_("until %(day)s", day=day(asked.due_on)))
        story.append(pdf.text(" · ".join(fact for fact in facts if fact), "small"))
    return story


def how_counted() -> str:
    """How to read the table of findings, in words."""
    return _(
        "Each number counts visits. What could not be seen and what has no answer stand by themselves: "
        "neither says anything about the unit."
    )
