"""What several visits found together, point by point; units are left behind here, only counts go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from monitoring.models import Judgement, ProtocolItem, Visit


@dataclass(frozen=True)
class Found:
    """One point of the protocol over some visits: how many of each judgement, how many without an answer."""

    item: ProtocolItem
    counts: Counter[Judgement]
    unanswered: int

    @property
    def seen(self) -> int:
        """Visits that could judge it."""
        return sum(self.counts.values()) - self.counts[Judgement.NOT_SEEN]


def over(visits: Sequence[Visit], items: Sequence[ProtocolItem]) -> list[Found]:
    """Every point that one of the visits answered, in the order of the protocol.

    A point that was added to the guide later is none of theirs: what a published report says stays as it was.
    """
    asked = {key for visit in visits for key in visit.findings}
    found = []
    for item in items:
        if item.key in asked:
            counts = Counter(visit.judgements[item.key] for visit in visits if item.key in visit.findings)
            found.append(Found(item, counts, len(visits) - sum(counts.values())))
    return found
