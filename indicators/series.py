"""What a metric gives back: dated facts that can be summed up to any day, over any period, cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from core.i18n import Texts
from indicators.record_models import Absence, Adjustment
from privacy.disclosure import Band
from quizzes.analysis import Knowledge, Pair, knowledge, mastery

ASKED = "asked"  # beside a share of answers: how many were there to answer


@dataclass(frozen=True)
class Fact:
    """Something countable that happened on a day. In a share, `number` of `out_of`."""

    on: date
    number: int = 1
    out_of: int = 0
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Value:
    """The value of an indicator on a day. No value is not zero: `number` None means nothing to report yet.

    `people` is the number of persons the figure speaks about, where it does; None where it speaks of things. In `cells`
    None is what people outside may not see; a value that is withheld as a whole may have a `band`.
    """

    number: float | None = None
    numerator: int | None = None
    denominator: int | None = None
    people: int | None = None
    cells: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    knowledge: Knowledge | None = None
    baseline: float | None = None
    text: Texts | None = None
    beside: Mapping[str, int] = field(default_factory=dict)
    absence: Absence | None = None
    is_withheld: bool = False
    band: Band | None = None


class Series(Protocol):
    """The history of one indicator."""

    def at(self, until: date) -> Value:
        """The value as it stood at the end of a day."""
        ...


@dataclass(frozen=True)
class Tally:
    """Things or people counted once each."""

    facts: Sequence[Fact]
    counts_people: bool = False

    def at(self, until: date) -> Value:
        facts = [fact for fact in self.facts if fact.on <= until]
        total = sum(fact.number for fact in facts)
        cells: dict[str, Counter[str]] = {}
        for fact in facts:
            for dimension, cell in fact.cells.items():
                cells.setdefault(dimension, Counter())[cell] += fact.number
        return Value(total, people=total if self.counts_people else None, cells=cells)


@dataclass(frozen=True)
class Share:
    """So many of so many: numerators and denominators are summed apart, never shares averaged."""

    facts: Sequence[Fact]
    speaks_of_people: bool = True

    def at(self, until: date) -> Value:
        facts = [fact for fact in self.facts if fact.on <= until]
        number, out_of = sum(fact.number for fact in facts), sum(fact.out_of for fact in facts)
        people = out_of if self.speaks_of_people else None
        if not out_of:
            return Value(None, number, out_of, people)
        return Value(100 * number / out_of, number, out_of, people)


@dataclass(frozen=True)
class Answered:
    """A share of answers, and beside it how many people could have answered: (last day of an event, people there)."""

    facts: Sequence[Fact]
    people: Sequence[tuple[date, int]]

    def at(self, until: date) -> Value:
        asked = sum(people for on, people in self.people if on <= until)
        return replace(Share(self.facts).at(until), beside={ASKED: asked} if asked else {})


@dataclass(frozen=True)
class Gain:
    """The mean knowledge gain of the matched pairs."""

    pairs: Sequence[Pair]

    def at(self, until: date) -> Value:
        found = knowledge([pair for pair in self.pairs if pair.on <= until])
        return Value(found.gain, people=found.n, knowledge=found)


@dataclass(frozen=True)
class Mastery:
    """The share of matched people at or above the pass mark; the baseline is their share before."""

    pairs: Sequence[Pair]
    pass_mark: int

    def at(self, until: date) -> Value:
        pairs = [pair for pair in self.pairs if pair.on <= until]
        if not pairs:
            return Value(None, 0, 0, 0)
        before, after, n = mastery(pairs, self.pass_mark)
        return Value(100 * after / n, after, n, n, baseline=100 * before / n)


@dataclass(frozen=True)
class Adjusted:
    """What was computed, with the adjustments of everything up to the day added."""

    computed: Series
    adjustments: Sequence[Adjustment]

    def at(self, until: date) -> Value:
        value = self.computed.at(until)
        delta = sum(adjustment.delta for adjustment in self.adjustments if adjustment.on_day <= until)
        people = None if value.people is None else value.people + delta
        return replace(value, number=(value.number or 0) + delta, people=people) if delta else value


@dataclass(frozen=True)
class AsOf:
    """What must be looked at anew for every day."""

    look: Callable[[date], Value]

    def at(self, until: date) -> Value:
        return self.look(until)
