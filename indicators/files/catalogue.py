"""The files there are: name, kind, and what makes it. Each takes a dashboard, whoever is to read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response
from flask_babel import lazy_gettext as _l

from core.web import answer_file
from indicators.files import data, logframe, report, table
from indicators.iati import checking
from indicators.publication import Dashboard

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class File:
    """A file by its neutral name; `title` says what is in it. One `is_to_publish` is made of what anybody may see."""

    name: str
    kind: str
    title: Any
    says: Any
    made: Callable[[Dashboard], bytes]
    is_shown: bool = False
    is_to_publish: bool = False


FILES = {
    file.name: file
    for file in (
        File(
            "report.pdf",
            "application/pdf",
            _l("Report, PDF"),
            _l("For reading and printing: every indicator with its history, how it is made, and its limits."),
            report.pdf_report,
            is_shown=True,
        ),
        File(
            "logframe.xlsx",
            XLSX,
            _l("Logframe, Excel"),
            _l("In the columns of the European Union’s logframe, people by sex."),
            logframe.workbook,
        ),
        File(
            "opsys.xlsx",
            XLSX,
            _l("Sheet for OPSYS, Excel"),
            _l("Values in the order in which OPSYS asks for them."),
            logframe.opsys,
        ),
        File(
            "indicators.csv",
            "text/csv",
            _l("Table, CSV"),
            _l("One line for each value, for any spreadsheet."),
            table.csv,
        ),
        File(
            "iati.xml",
            "application/xml",
            _l("IATI 2.03, XML"),
            _l("For the IATI registry: checked by schema, codelists and ruleset before anybody gets it."),
            checking.checked,
            is_to_publish=True,
        ),
        File(
            "logframe.json",
            "application/json",
            _l("Data, JSON"),
            _l("For programs: everything, in all languages, by a published schema."),
            data.as_json,
        ),
    )
}
NAMES = ", ".join(f'"{name}"' for name in FILES)
ADDRESS = f"<any({NAMES}):file_name>"


def answer(file_name: str, board: Dashboard) -> Response:
    """The file of this name, made of a dashboard; refuses what the file refuses."""
    file = FILES[file_name]
    return answer_file(file.made(board), file.kind, file.name, as_download=not file.is_shown)
