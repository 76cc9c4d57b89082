"""Publish random programmes as Muster would, and attack each."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from privacy import left_out, withholding
from privacy.disclosure import Band, band
from privacy.editions import Place
from privacy.left_out import REASON, Left
from privacy.withholding import Verdict
from tests.attack import attacker
from tests.attack.attacker import Narrowed, Published
from tests.attack.programmes import USEFUL, Programme, programme


@dataclass
class Report:
    programmes: int = 0
    cells: int = 0
    withheld: int = 0
    attacked: int = 0
    by_totals: int = 0
    by_the_past: int = 0
    protecting: float = 0.0
    attacking: float = 0.0
    narrowed: list[Narrowed] = field(default_factory=list)

    def lines(self) -> list[str]:
        return [
            f"{self.programmes:,} programmes, {self.cells:,} cells published, {self.withheld:,} of them withheld",
            f"{self.attacked:,} small groups attacked, {len(self.narrowed)} narrowed by what is shown",
            f"{self.by_totals:,} narrowed below k by the exact totals alone, whatever is withheld",
            f"{self.by_the_past:,} by exact totals together with what was shown before they came to be",
            f"protecting {self.protecting:.1f} s, attacking {self.attacking:.1f} s",
        ]


def play(seeds: Iterable[int]) -> Report:
    report = Report()
    for seed in seeds:
        victim = programme(seed)
        started = time.perf_counter()
        verdicts = withholding.protect(victim.editions(), victim.k, victim.inside)
        left = left_out.protect(victim.left_out(), victim.k, victim.left_inside)
        between = time.perf_counter()
        found = attacker.attack(victim, printed(victim, verdicts, left))
        report.attacking += time.perf_counter() - between
        report.protecting += between - started
        report.programmes += 1
        report.cells += len(verdicts) + len(left)
        report.withheld += sum(verdict.shown is None for verdict in verdicts.values())
        report.withheld += sum(number is None for number in left.values())
        report.attacked += found.attacked
        report.by_totals += found.by_totals
        report.by_the_past += found.by_the_past
        report.narrowed += found.narrowed
    return report


def printed(victim: Programme, verdicts: dict[Place, Verdict], left: dict[Left, int | None]) -> Published:
    """What a reader can hold in hand, no more: the reason why a cell is withheld is not printed."""
    totals = {(n, count.subject): count.total for n, edition in enumerate(victim.editions()) for count in edition}
    truth = {(n, found.subject): found.numbers for n, edition in enumerate(victim.left_out()) for found in edition}
    totals |= {place: sum(numbers.values()) for place, numbers in truth.items()}
    told = {(n, subject, (REASON,), (reason,)): number for (n, subject, reason), number in left.items()}
    hidden = {place: verdict for place, verdict in verdicts.items() if verdict.shown is None}
    bands = {}
    for place, verdict in hidden.items():
        total = totals[place[:2]]
        if verdict.band is not None:
            bands[tuple(place)] = _fitting(verdict.band, total, victim.k)
    empty = {place[:3] for place, verdict in hidden.items() if verdict.people == 0}
    partly = {place[:3] for place, verdict in verdicts.items() if verdict.shown is not None}
    return Published(
        victim.k,
        totals,
        {tuple(place): verdict.shown for place, verdict in verdicts.items() if verdict.shown is not None}
        | {figure: number for figure, number in told.items() if number is not None},
        frozenset(
            [*(tuple(place) for place in hidden), *(figure for figure, number in told.items() if number is None)]
        ),
        bands,
        frozenset(tuple(place) for place in hidden if place[:3] in partly - empty and place.subject != USEFUL),
        {place: numbers["again"] for place, numbers in truth.items()} if victim.tells_completions else {},
    )


def _fitting(said: Band, total: int, k: int) -> tuple[int, int]:
    """The numbers a band leaves open to somebody who knows how bands are made."""
    numbers = [number for number in range(total + 1) if band(number, total, k) == said]
    return min(numbers), max(numbers)
