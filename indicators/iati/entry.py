"""How a programme is known in IATI: kept once, by a programme file or by its manager."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from core.db import db
from core.errors import Refused
from core.sections import Section
from indicators.iati.models import IatiEntry
from indicators.publication_heads import IatiHead
from trainings.models import Programme


class IdentifierTaken(Refused):
    code = "identifier_taken"
    sentence = _l("Another programme has this identifier. In IATI every activity has one of its own.")


def of(programme: Programme) -> IatiHead | None:
    """What was entered for a programme; None where nothing was."""
    entry = db.session.get(IatiEntry, programme.id)
    return IatiHead(entry.identifier, entry.reporting, entry.reporting_type, entry.sector) if entry else None


def record(programme: Programme, head: IatiHead) -> IatiEntry:
    """Enter or correct how a programme is known. Refuses IdentifierTaken."""
    entry = db.session.get(IatiEntry, programme.id) or IatiEntry(programme_id=programme.id)
    try:
        with db.session.begin_nested():
            entry.identifier, entry.reporting = head.identifier, head.reporting
            entry.reporting_type, entry.sector = head.reporting_type, head.sector
            db.session.add(entry)
    except IntegrityError:
        raise IdentifierTaken from None
    return entry


def read(root: Section) -> IatiHead | None:
    """The section [iati] of a programme file, where there is one."""
    if not root.has("iati"):
        return None
    section = root.table("iati")
    return IatiHead(
        identifier=section.text("identifier", longest=100),
        reporting=section.text("reporting_organisation", longest=60),
        reporting_type=section.text("organisation_type", longest=2),
        sector=section.text("sector", longest=5),
    )


def table(programme: Programme) -> dict[str, str] | None:
    """The section as read() reads it; None where nothing was entered."""
    head = of(programme)
    if head is None:
        return None
    return {
        "identifier": head.identifier,
        "reporting_organisation": head.reporting,
        "organisation_type": head.reporting_type,
        "sector": head.sector,
    }


def load(programme: Programme, head: IatiHead | None) -> None:
    """Enter what a programme file says where nothing was entered yet."""
    is_known = db.session.scalar(sa.select(IatiEntry.programme_id).where(IatiEntry.programme_id == programme.id))
    if head is not None and not is_known:
        record(programme, head)
