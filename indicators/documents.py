"""Documents behind the values of an indicator: sealed where they lie, opened by staff, removed for good."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core import clock
from core.db import db
from core.errors import Refused
from indicators.models import Indicator
from indicators.record_models import EvidenceFile
from indicators.substantiating import refuse_future
from materials import storage
from materials.cleaning import CleanFile
from privacy.crypto import key_ring
from trainings.models import Programme


class EvidenceRemoved(Refused):
    code = "evidence_removed"
    sentence = _l("This document was removed.")


def add(
    programme: Programme, indicator: Indicator, title: str, on_day: date, file: CleanFile, by: User | None
) -> EvidenceFile:
    """Keep a document behind the values of an indicator, sealed by the key ring. Refuses DayToCome."""
    refuse_future(programme, on_day)
    evidence = EvidenceFile(
        indicator_id=indicator.id,
        title=title,
        on_day=on_day,
        kind=file.kind,
        size=len(file.content),
        user_id=by.id if by else None,
    )
    evidence.digest = storage.keep(key_ring().seal_bytes(file.content, _place(evidence)))
    db.session.add(evidence)
    db.session.flush()
    return evidence


def read(evidence: EvidenceFile) -> bytes:
    """The document. Refuses EvidenceRemoved, and FileNotHere where the files were not restored."""
    if evidence.removed_at is not None:
        raise EvidenceRemoved
    return key_ring().unseal_bytes(storage.find(evidence.digest).read_bytes(), _place(evidence))


def remove(evidence: EvidenceFile, by: User) -> None:
    """Show a document no more; that it was there stays written. Refuses EvidenceRemoved.

    Its bytes go with `delete_removed`, called after the commit: one that fails loses nothing.
    """
    if evidence.removed_at is not None:
        raise EvidenceRemoved
    evidence.removed_at, evidence.removed_by_id = clock.now(), by.id
    db.session.flush()


def delete_removed() -> int:
    """Delete the bytes of what was removed, as far as they still lie there; returns how many did."""
    removed = sa.select(EvidenceFile.digest).where(EvidenceFile.removed_at.is_not(None))
    # Each is sealed for its row alone, so nothing else lies under its digest.
    return sum(storage.delete(digest) for digest in db.session.scalars(removed))


def of_indicator(indicator: Indicator) -> list[EvidenceFile]:
    """All documents, the removed ones too, the newest first."""
    query = sa.select(EvidenceFile).where(EvidenceFile.indicator_id == indicator.id)
    return list(db.session.scalars(query.order_by(EvidenceFile.on_day.desc(), EvidenceFile.id.desc())))


def _place(evidence: EvidenceFile) -> str:
    return f"evidence_files:{evidence.uid}"
