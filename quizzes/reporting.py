"""The report of a quiz: at one event, at some of them, or in the whole programme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from quizzes import evidence, items, statistics
from quizzes.evidence import Sitting
from quizzes.items import SMALLEST_FOR_ITEMS, STEADY_FROM, Item, Reliability
from quizzes.models import EventQuiz, Phase, Quiz
from quizzes.statistics import SMALLEST_FOR_INTERVAL, Comparison, Directions, Passing, Scores
from trainings.models import Event, Programme

EDGE = 0.15  # of the people: so many with full marks or none hide what was learned
BANDS = ((0, 20), (20, 40), (40, 60), (60, 80), (80, 100))


class Part(StrEnum):
    """What may be withheld as a whole."""

    GAIN = "gain"
    ITEMS = "items"
    UNMATCHED = "unmatched"
    FOLLOW_UP = "follow_up"


class Caution(StrEnum):
    """What a reader has to know before believing a figure."""

    ONE_PERSON = "one_person"
    VERY_SMALL = "very_small"
    NO_ITEMS = "no_items"
    INDICATIVE = "indicative"
    CEILING_BEFORE = "ceiling_before"
    CEILING_AFTER = "ceiling_after"
    FLOOR_BEFORE = "floor_before"
    FLOOR_AFTER = "floor_after"
    CHECK_KEY = "check_key"
    SEVERAL_VERSIONS = "several_versions"


EDGES = (
    (100, 0, Caution.CEILING_BEFORE),
    (100, 1, Caution.CEILING_AFTER),
    (0, 0, Caution.FLOOR_BEFORE),
    (0, 1, Caution.FLOOR_AFTER),
)


@dataclass(frozen=True)
class Counts:
    """How many people had a place and how many answered. Late answers are kept and counted nowhere else."""

    invited: int
    before: int
    after: int
    matched: int
    late: int
    on_paper: int

    @property
    def before_only(self) -> int:
        return self.before - self.matched

    @property
    def after_only(self) -> int:
        return self.after - self.matched


@dataclass(frozen=True)
class Band:
    """How many people tested both times had so many points of 100; None is withheld."""

    low: int
    high: int
    before: int | None
    after: int | None


@dataclass(frozen=True)
class AtEvent:
    """One event of several: its people tested both times; None is withheld or not known."""

    event: Event
    n: int
    before: float | None
    after: float | None
    is_withheld: bool = False

    @property
    def gain(self) -> float | None:
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True)
class Report:
    """Everything that a page, a PDF or a workbook says about a quiz. `k` is 0 for staff, who see everything."""

    programme: Programme
    quiz: Quiz
    on_day: date
    counts: Counts
    comparison: Comparison
    directions: Directions
    passing: Passing
    unmatched: Scores
    follow_up: Scores
    bands: list[Band]
    items: list[Item]
    reliabilities: list[Reliability]
    events: list[AtEvent]
    cautions: list[Caution]
    k: int = 0
    withheld: frozenset[Part] = frozenset()

    @property
    def n(self) -> int:
        """People tested both times."""
        return self.comparison.n


def of(programme: Programme, quiz: Quiz, used: Sequence[EventQuiz]) -> Report:
    """The report of one quiz, in whatever versions, at these events."""
    found = evidence.gather(used)
    on_time = [sitting for sitting in found.sittings if not sitting.is_late]
    by_person = _by_person(on_time)
    pairs = {
        who: (at[Phase.PRE], at[Phase.POST]) for who, at in by_person.items() if {Phase.PRE, Phase.POST} <= set(at)
    }
    matched = list(pairs.values())
    figures = items.analyse(found)
    return Report(
        programme,
        max((event_quiz.quiz for event_quiz in used), key=lambda version: version.version, default=quiz),
        programme.today(),
        _counts(sum(found.invited.values()), found.sittings, len(matched)),
        statistics.compare(matched),
        statistics.directions(matched),
        statistics.passing(matched, programme.pass_mark),
        unmatched=statistics.scores([at[Phase.PRE] for who, at in by_person.items() if _is_unmatched(at)]),
        follow_up=statistics.scores([at[Phase.FOLLOW_UP] for at in by_person.values() if Phase.FOLLOW_UP in at]),
        bands=_bands(matched),
        items=figures if any(item.before or item.after for item in figures) else [],
        reliabilities=items.reliabilities(found),
        events=_at_events(used, pairs),
        cautions=_cautions(matched, figures, len({event_quiz.quiz_id for event_quiz in used})),
    )


def _by_person(sittings: Sequence[Sitting]) -> dict[tuple[int, bytes], dict[Phase, Fraction]]:
    """Scores by person and phase. A person is one event's; months later it is another pseudonym."""
    found: dict[tuple[int, bytes], dict[Phase, Fraction]] = {}
    for sitting in sittings:
        if (score := sitting.score) is not None:
            found.setdefault((sitting.event_quiz_id, sitting.pseudonym), {})[sitting.phase] = score
    return found


def _is_unmatched(at: dict[Phase, Fraction]) -> bool:
    return Phase.PRE in at and Phase.POST not in at


def _counts(invited: int, sittings: Sequence[Sitting], matched: int) -> Counts:
    counted = Counter(sitting.phase for sitting in sittings if not sitting.is_late)
    return Counts(
        invited=invited,
        before=counted[Phase.PRE],
        after=counted[Phase.POST],
        matched=matched,
        late=sum(sitting.is_late for sitting in sittings),
        on_paper=sum(sitting.is_on_paper and not sitting.is_late for sitting in sittings),
    )


def _bands(pairs: Sequence[tuple[Fraction, Fraction]]) -> list[Band]:
    last = len(BANDS) - 1
    before, after = (Counter(min(int(pair[side]) // 20, last) for pair in pairs) for side in (0, 1))
    return [Band(low, high, before[place], after[place]) for place, (low, high) in enumerate(BANDS)] if pairs else []


def _at_events(used: Sequence[EventQuiz], pairs: dict[tuple[int, bytes], tuple[Fraction, Fraction]]) -> list[AtEvent]:
    own: dict[int, list[tuple[Fraction, Fraction]]] = {event_quiz.id: [] for event_quiz in used}
    for (event_quiz_id, _who), pair in pairs.items():
        own[event_quiz_id].append(pair)
    found = []
    for event_quiz in used:
        before, after = (statistics.scores([pair[side] for pair in own[event_quiz.id]]).mean for side in (0, 1))
        found.append(AtEvent(event_quiz.event, len(own[event_quiz.id]), before, after))
    return found


def _cautions(pairs: Sequence[tuple[Fraction, Fraction]], figures: Sequence[Item], versions: int) -> list[Caution]:
    n = len(pairs)
    found = []
    if n == 1:
        found.append(Caution.ONE_PERSON)
    elif 2 <= n < SMALLEST_FOR_INTERVAL:
        found.append(Caution.VERY_SMALL)
    elif SMALLEST_FOR_INTERVAL <= n < SMALLEST_FOR_ITEMS:
        found.append(Caution.NO_ITEMS)
    if any(facility and facility.n < STEADY_FROM for item in figures for facility in (item.before, item.after)):
        found.append(Caution.INDICATIVE)
    for edge, side, caution in EDGES:
        if n >= SMALLEST_FOR_INTERVAL and sum(pair[side] == edge for pair in pairs) >= EDGE * n:
            found.append(caution)
    if any(item.is_suspect for item in figures):
        found.append(Caution.CHECK_KEY)
    return [*found, Caution.SEVERAL_VERSIONS] if versions > 1 else found
