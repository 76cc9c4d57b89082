"""What stands behind the values of a programme's indicators, read at once: adjustments, evidence, narratives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

import sqlalchemy as sa

from core.db import db
from indicators.models import Indicator, Result
from indicators.publication_heads import AdjustmentHead, EvidenceHead, NarrativeHead
from indicators.record_models import Adjustment, EvidenceFile, Narrative
from trainings.models import Programme

Kind = TypeVar("Kind", Adjustment, EvidenceFile, Narrative)


@dataclass(frozen=True)
class Record:
    """What stands behind one indicator; of narratives the newest of each period."""

    adjustments: Sequence[Adjustment] = ()
    evidence: Sequence[EvidenceFile] = ()
    narratives: Sequence[Narrative] = ()

    def up_to(self, day: date) -> Record:
        """Without the adjustments of what happened later."""
        return replace(self, adjustments=[row for row in self.adjustments if row.on_day <= day])

    def adjustment_heads(self) -> list[AdjustmentHead]:
        return [AdjustmentHead(row.on_day, row.delta, row.reason, row.evidence) for row in self.adjustments]

    def evidence_heads(self) -> list[EvidenceHead]:
        return [EvidenceHead(row.uid, row.title, row.on_day) for row in self.evidence]

    def narrative_heads(self) -> list[NarrativeHead]:
        return [NarrativeHead(row.period.key, row.text) for row in self.narratives]


NOTHING = Record()


def of_programme(programme: Programme) -> dict[int, Record]:
    """The record of every indicator that has one, by the id of the indicator."""
    ours = sa.select(Indicator.id).join(Result).where(Result.programme_id == programme.id)
    return _read(ours)


def of_indicator(indicator: Indicator) -> Record:
    return _read(sa.select(Indicator.id).where(Indicator.id == indicator.id)).get(indicator.id, NOTHING)


def _read(indicators: sa.Select[int]) -> dict[int, Record]:
    adjustments = _by_indicator(
        db.session.scalars(
            sa.select(Adjustment)
            .where(Adjustment.indicator_id.in_(indicators))
            .order_by(Adjustment.on_day, Adjustment.id)
        ).all()
    )
    evidence = _by_indicator(
        db.session.scalars(
            sa.select(EvidenceFile)
            .where(EvidenceFile.indicator_id.in_(indicators), EvidenceFile.removed_at.is_(None))
            .order_by(EvidenceFile.on_day, EvidenceFile.id)
        ).all()
    )
    narratives = _by_indicator(_newest(indicators))
    return {
        key: Record(adjustments.get(key, ()), evidence.get(key, ()), narratives.get(key, ()))
        for key in {*adjustments, *evidence, *narratives}
    }


def _newest(indicators: sa.Select[int]) -> Sequence[Narrative]:
    """The newest narrative of every indicator and period, by the end of the period."""
    newest = sa.select(sa.func.max(Narrative.id)).where(Narrative.indicator_id.in_(indicators))
    query = sa.select(Narrative).where(Narrative.id.in_(newest.group_by(Narrative.indicator_id, Narrative.period_id)))
    return sorted(db.session.scalars(query), key=lambda row: row.period.ends_on)


def _by_indicator(rows: Sequence[Kind]) -> dict[int, list[Kind]]:
    found: dict[int, list[Kind]] = defaultdict(list)
    for row in rows:
        found[row.indicator_id].append(row)
    return found
