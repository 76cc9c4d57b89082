"""The register of recommendations to take away: CSV and XLSX, one row each, as it stands on a day."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from core import tables, workbooks
from monitoring.external_words import Column
from monitoring.models import Assessment, Implementation, ResponseKind, Voice
from monitoring.recommendations import Standing
from monitoring.wording import IMPLEMENTATION_NAMES, RESPONSE_NAMES


def csv_of(standings: Sequence[Standing]) -> bytes:
    return tables.write_csv(_head(), [[_plain(cell) for cell in _row(row)] for row in standings])


def workbook_of(standings: Sequence[Standing]) -> bytes:
    rows = [_row(row) for row in standings]
    return workbooks.written([workbooks.Sheet(_("Recommendations"), _head(), rows)])


def template() -> bytes:
    """An empty list for recommendations from outside, whose headings and words are those that the import knows."""
    head = [column.value.replace("_", " ") for column in Column]
    example = {
        Column.REFERENCE: "138.1",
        Column.TEXT: _("An example: replace this row"),
        Column.RESPONSE: ResponseKind.ACCEPTED.value,
        Column.IMPLEMENTATION: Implementation.IN_PROGRESS.value.replace("_", " "),
    }
    choices: dict[int, Sequence[str]] = {
        list(Column).index(Column.RESPONSE) + 1: [word.value for word in ResponseKind],
        list(Column).index(Column.IMPLEMENTATION) + 1: [word.value.replace("_", " ") for word in Implementation],
    }
    rows = [[example.get(column, "") for column in Column]]
    return workbooks.written([workbooks.Sheet("recommendations", head, rows, [14, 60] + [22] * 8, choices)])


def _head() -> list[str]:
    return [
        _("From"),
        _("Number"),
        _("Recommended by"),
        _("What should be done"),
        _("To whom"),
        _("Theme"),
        _("By what standard"),
        _("Issued on"),
        _("Until"),
        _("Overdue"),
        _("Response"),
        _("Response on"),
        _("Civil society's view"),
        _("Civil society's view, on"),
        _("The authority's view"),
        _("The authority's view, on"),
        _("A UN body's view"),
        _("A UN body's view, on"),
        _("As of"),
    ]


def _row(row: Standing) -> list[object]:
    asked, response = row.recommendation, row.response
    authority, un_body = row.latest.get(Voice.AUTHORITY), row.latest.get(Voice.UN_BODY)
    return [
        str(asked.report.title) if asked.report else asked.source.title if asked.source else "",
        asked.label,
        asked.recommended_by or "",
        asked.text,
        asked.addressee,
        asked.theme,
        asked.standard or "",
        asked.issued_on,
        asked.due_on,
        _("yes") if row.is_overdue else "",
        str(RESPONSE_NAMES[response.kind]) if response else _("none"),
        response.on_day if response else None,
        *_view(row.civil_society),
        *_view(authority),
        *_view(un_body),
        row.on_day,
    ]


def _view(assessment: Assessment | None) -> list[object]:
    if assessment is None:
        return [_("not assessed"), None]
    return [str(IMPLEMENTATION_NAMES[assessment.implementation]), assessment.on_day]


def _plain(cell: object) -> object:
    return cell.isoformat() if hasattr(cell, "isoformat") else cell
