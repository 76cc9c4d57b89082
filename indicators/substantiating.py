"""What people add to a computed value: adjustments with a reason, evidence, and narratives. All of it stays."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from accounts.models import User
from core import clock
from core.db import db
from core.errors import Refused
from core.i18n import Texts
from indicators.models import Indicator, Period, ValueSource
from indicators.record_models import Adjustment, EvidenceFile, Narrative
from materials import storage
from materials.cleaning import CleanFile
from privacy.crypto import key_ring
from trainings.models import Programme


class NotAdjusted(Refused):
    code = "not_adjusted"
    sentence = _l(
        "The source of this indicator does not allow adjustments. Its definition says where values come from."
    )


class NothingAdjusted(Refused):
    code = "nothing_adjusted"
    sentence = _l("An adjustment of nothing changes nothing.")


class DayToCome(Refused):
    code = "day_to_come"
    sentence = _l("This day is in the future.")


class EvidenceRemoved(Refused):
    code = "evidence_removed"
    sentence = _l("This document was removed.")


class NothingSaid(Refused):
    code = "nothing_said"
    sentence = _l("This is what stands there already.")


def adjust(
    programme: Programme, indicator: Indicator, on_day: date, delta: int, reason: str, evidence: str, by: User | None
) -> Adjustment:
    """Add to what is computed, from a day on. Refuses NotAdjusted, NothingAdjusted and DayToCome."""
    if indicator.value_source != ValueSource.ADJUSTED:
        raise NotAdjusted
    if not delta:
        raise NothingAdjusted
    _refuse_future(programme, on_day)
    adjustment = Adjustment(
        indicator_id=indicator.id,
        on_day=on_day,
        delta=delta,
        reason=reason,
        evidence=evidence,
        user_id=by.id if by else None,
    )
    db.session.add(adjustment)
    db.session.flush()
    return adjustment


def add_evidence(
    programme: Programme, indicator: Indicator, title: str, on_day: date, file: CleanFile, by: User | None
) -> EvidenceFile:
    """Keep a document behind the values of an indicator, sealed by the key ring. Refuses DayToCome."""
    _refuse_future(programme, on_day)
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


def open_evidence(evidence: EvidenceFile) -> bytes:
    """The document. Refuses EvidenceRemoved, and FileNotHere where the files were not restored."""
    if evidence.removed_at is not None:
        raise EvidenceRemoved
    return key_ring().unseal_bytes(storage.find(evidence.digest).read_bytes(), _place(evidence))


def remove_evidence(evidence: EvidenceFile, by: User) -> None:
    """Delete the bytes of a document; that it was there stays written. Refuses EvidenceRemoved."""
    if evidence.removed_at is not None:
        raise EvidenceRemoved
    evidence.removed_at, evidence.removed_by_id = clock.now(), by.id
    db.session.flush()
    storage.find(evidence.digest).unlink()  # sealed for this row alone, so nothing else lies under this digest


def evidence_of(indicator: Indicator) -> list[EvidenceFile]:
    """All documents, the removed ones too, the newest first."""
    query = sa.select(EvidenceFile).where(EvidenceFile.indicator_id == indicator.id)
    return list(db.session.scalars(query.order_by(EvidenceFile.on_day.desc(), EvidenceFile.id.desc())))


def adjustments_of(indicator: Indicator) -> list[Adjustment]:
    query = sa.select(Adjustment).where(Adjustment.indicator_id == indicator.id)
    return list(db.session.scalars(query.order_by(Adjustment.on_day.desc(), Adjustment.id.desc())))


def narrate(indicator: Indicator, period: Period, text: Texts, by: User | None) -> Narrative:
    """Say in words what stands behind the figure of a period; what was said before stays. Refuses NothingSaid."""
    said = next((row for row in narratives_of(indicator) if row.period_id == period.id), None)
    if said is not None and said.text == text:
        raise NothingSaid
    narrative = Narrative(indicator_id=indicator.id, period_id=period.id, text=text, user_id=by.id if by else None)
    db.session.add(narrative)
    db.session.flush()
    return narrative


def narratives_of(indicator: Indicator) -> list[Narrative]:
    """Everything that was said, the newest first."""
    query = sa.select(Narrative).where(Narrative.indicator_id == indicator.id)
    return list(db.session.scalars(query.order_by(Narrative.id.desc())))


def _place(evidence: EvidenceFile) -> str:
    return f"evidence_files:{evidence.uid}"


def _refuse_future(programme: Programme, on_day: date) -> None:
    if on_day > programme.today():
        raise DayToCome
