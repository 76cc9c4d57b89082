"""The rows of a list that could not be used, as a workbook: to be corrected and uploaded again."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.errors import Refused
from core.workbooks import Sheet, written
from participants.models import RosterImport
from participants.reading import Plan


class NothingFailed(Refused):
    code = "nothing_failed"
    sentence = _l("There are no such rows, or they were forgotten: they are kept for one day.")


def number_of(staged: RosterImport) -> int:
    """How many rows of a list are to be corrected."""
    return sum(row.is_to_correct for row in _plan(staged).rows)


def workbook(staged: RosterImport) -> bytes:
    """Their cells under the headings of the list, and what is wrong with each. Refuses NothingFailed."""
    plan = _plan(staged)
    failed = [row for row in plan.rows if row.is_to_correct]
    if not failed or not plan.titles:
        raise NothingFailed
    width = len(plan.titles)
    rows = [
        [
            *(row.cells + [""] * width)[:width],
            "; ".join(remark.said() for remark in row.remarks if remark.asks_to_correct),
            row.number,
        ]
        for row in failed
    ]
    head = [*plan.titles, _("What is wrong"), _("Row in the list")]
    return written([Sheet(_("To correct"), head, rows)])


def _plan(staged: RosterImport) -> Plan:
    return Plan.from_bytes(staged.plan) if staged.plan else Plan([], [], [])
