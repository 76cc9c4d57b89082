"""What each question shows: how many knew it before and after, whether it tells knowledge, which answers mislead."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import TypeVar

from core.i18n import Texts
from quizzes import statistics
from quizzes.evidence import Cell, Evidence, Turn
from quizzes.models import WHOLE, Form, Option, Phase, Question
from quizzes.plans import CHOICES
from quizzes.statistics import Turns

SMALLEST_FOR_ITEMS = 10  # people; below that a question says nothing about a group
STEADY_FROM = 30  # below that the figures of a question only indicate
TESTED = (Phase.PRE, Phase.POST)
NOTHING = ""  # in the place of an option that was chosen: none

Told = TypeVar("Told", Cell, Turn)


@dataclass(frozen=True)
class Facility:
    """How much of a question was right, in percent, and of how many people."""

    percent: float
    n: int


@dataclass(frozen=True)
class Pick:
    """How many chose an answer, of how many, and the correlation of choosing it with the score in the rest."""

    n: int
    of: int
    r: float | None


@dataclass(frozen=True)
class OptionFigures:
    """One answer of a question; without a text: nothing was chosen."""

    text: Texts | None
    is_right: bool
    picks: Mapping[Phase, Pick]


@dataclass(frozen=True)
class Item:
    """One question through all versions of a quiz. What so few people cannot carry is None.

    `before` and `after` are of people tested both times (of everybody where there are none), and `turns` says who of
    those came from wrong to right. `tells` is the corrected point-biserial correlation: the question against the rest
    of the score.
    """

    number: int
    question: Question
    before: Facility | None = None
    after: Facility | None = None
    turns: Turns | None = None
    tells: Mapping[Phase, float | None] = field(default_factory=dict)
    options: Sequence[OptionFigures] = ()

    @property
    def is_suspect(self) -> bool:
        """Whether who knows the rest gets this one wrong: then its key may be wrong. After the event, if asked then."""
        told = self.tells.get(Phase.POST)
        told = self.tells.get(Phase.PRE) if told is None else told
        return told is not None and told < 0


@dataclass(frozen=True)
class Reliability:
    """Cronbach's alpha of the questions of one version and form, in one phase."""

    version: int
    form: Form | None
    phase: Phase
    n: int
    alpha: float


def analyse(evidence: Evidence) -> list[Item]:
    """The questions in the order of the newest version; those that only older ones have come last."""
    by_origin: dict[str, list[Question]] = {}
    for question in evidence.questions:
        by_origin.setdefault(question.origin, []).append(question)
    cells, turns = _by_question(evidence.cells), _by_question(evidence.turns)
    is_paired = any(cell.is_matched for cell in evidence.cells)
    found: list[Item] = []
    for versions in by_origin.values():
        own = [cell for question in versions for cell in cells.get(question.id, ())]
        if own:
            compared = [cell for cell in own if cell.is_matched or not is_paired]
            changes = [turn for question in versions for turn in turns.get(question.id, ())]
            item = Item(
                len(found) + 1,
                versions[0],
                before=_facility(_of(compared, Phase.PRE)),
                after=_facility(_of(compared, Phase.POST)),
                turns=_turns(changes),
                tells={phase: _tells(_of(own, phase)) for phase in TESTED},
                options=_options(versions, own),
            )
            found.append(item)
    return found


def reliabilities(evidence: Evidence) -> list[Reliability]:
    """Alpha of each version and form, where enough people answered."""
    version_of = {question.id: question.quiz for question in evidence.questions}
    groups: dict[tuple[int, str, Phase], list[Cell]] = {}
    for cell in evidence.cells:
        key = (version_of[cell.question_id].version, cell.form or "", cell.phase)
        groups.setdefault(key, []).append(cell)
    found = []
    for (version, form, phase), cells in sorted(groups.items()):
        by_question = list(_by_question(cells).values())
        n = sum(cell.n for cell in by_question[0])
        if n < SMALLEST_FOR_ITEMS:
            continue
        variances = [_variance([(cell.points, cell.n) for cell in own]) for own in by_question]
        # Everybody answered every question, so the scores stand with each of them.
        whole = _variance([(cell.all_points, cell.n) for cell in by_question[0]])
        alpha = statistics.alpha(variances, whole)
        if alpha is not None:
            found.append(Reliability(version, Form(form) if form else None, phase, n, alpha))
    return found


def _facility(cells: Sequence[Cell]) -> Facility | None:
    n = _count(cells)
    if n < SMALLEST_FOR_ITEMS:
        return None
    return Facility(100 * sum(cell.points * cell.n for cell in cells) / (WHOLE * n), n)


def _tells(cells: Sequence[Cell]) -> float | None:
    if _count(cells) < SMALLEST_FOR_ITEMS:
        return None
    return statistics.correlation((cell.points, cell.rest, cell.n) for cell in cells)


def _turns(turns: Sequence[Turn]) -> Turns | None:
    found = statistics.turns([(turn.was_right, turn.is_right) for turn in turns for _ in range(turn.n)])
    return found if found.n >= SMALLEST_FOR_ITEMS else None


def _options(versions: Sequence[Question], cells: Sequence[Cell]) -> list[OptionFigures]:
    """The answers of a question that is chosen from; equal ones of several versions are one."""
    if versions[0].kind not in CHOICES:
        return []
    names = {(q.id, o.position): json.dumps(o.text, sort_keys=True) for q in versions for o in q.options}
    options: dict[str, Option | None] = {}
    for question in versions:
        for option in question.options:
            options.setdefault(names[question.id, option.position], option)
    options[NOTHING] = None

    def is_chosen(cell: Cell, name: str) -> bool:
        picked = {names.get((cell.question_id, position), "") for position in cell.chosen}
        return name in picked if name else not picked

    found = []
    for name, known in options.items():
        picks = {phase: _pick(_of(cells, phase), partial(is_chosen, name=name)) for phase in TESTED}
        kept = {phase: pick for phase, pick in picks.items() if pick is not None}
        if kept and (known or any(pick.n for pick in kept.values())):
            found.append(OptionFigures(known.text if known else None, bool(known and known.is_right), kept))
    return found


def _pick(cells: Sequence[Cell], is_chosen: Callable[[Cell], bool]) -> Pick | None:
    n = _count(cells)
    if n < SMALLEST_FOR_ITEMS:
        return None
    picked = [(int(is_chosen(cell)), cell.rest, cell.n) for cell in cells]
    return Pick(sum(k for chosen, _rest, k in picked if chosen), n, statistics.correlation(picked))


def _of(cells: Sequence[Cell], phase: Phase) -> list[Cell]:
    return [cell for cell in cells if cell.phase == phase]


def _count(cells: Iterable[Cell]) -> int:
    return sum(cell.n for cell in cells)


def _variance(counted: Sequence[tuple[int, int]]) -> Fraction:
    _mean, variance = statistics.moments([value for value, _ in counted], [n for _, n in counted])
    return variance or Fraction(0)


def _by_question(things: Iterable[Told]) -> dict[int, list[Told]]:
    found: dict[int, list[Told]] = {}
    for thing in things:
        found.setdefault(thing.question_id, []).append(thing)
    return found
