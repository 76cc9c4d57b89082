"""A programme written as a file that loading reads: every package says its own part."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from core import toml_text
from indicators import logframe_export
from indicators.iati import entry as iati_entry
from materials import library
from monitoring import protocol
from quizzes import quiz_file
from trainings import programme_export
from trainings.models import Programme


def written(programme: Programme) -> str:
    """The file. Loaded where nothing of it is yet, and written again, it is the same file."""
    values: dict[str, Any] = programme_export.tables(programme, quiz_file.used_at_events(programme))
    values |= {
        "iati": iati_entry.table(programme),
        "quizzes": quiz_file.tables(programme),
        "materials": library.tables(programme),
        "protocol": protocol.tables(programme),
        **logframe_export.tables(programme),
    }
    return toml_text.document(values, not_exported())


def not_exported() -> list[str]:
    """What the file does not hold, for its head and for the page."""
    return [
        _("Not in this file: people, staff and trainers, what happened, and events that were cancelled;"),
        _("drafts of quizzes, files of materials, values, indicators that were retired, and what targets were before."),
    ]
