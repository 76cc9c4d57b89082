"""Which means of what people knew may leave the house: of indicators, quizzes and events, judged together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from indicators.exclusion_protection import Told, told_to
from indicators.models import Visibility
from indicators.publication import Dashboard, Line
from indicators.publication_heads import QuizAtEventHead, QuizHead
from indicators.series import Value
from privacy import disclosure
from privacy.means import Means

NOW = ""  # the moment that is no end of a period


@dataclass(frozen=True)
class ShownMeans:
    """Which means of the last of some publications may be shown: by indicator and moment, by quiz, by event."""

    of_indicators: frozenset[tuple[str, str]] = frozenset()
    of_quizzes: frozenset[str] = frozenset()
    at_events: frozenset[str] = frozenset()

    def quiz(self, head: QuizHead) -> QuizHead:
        """A quiz as people outside may see it: how many is exact, means are there or withheld."""
        events = [
            at if part_of(head, at) in self.at_events else replace(at, before=None, after=None, is_withheld=True)
            for at in head.events
        ]
        if _name(head) in self.of_quizzes:
            return replace(head, events=events)
        return QuizHead(head.title, head.n, events=events, is_withheld=True)


@dataclass
class _Out:
    """What is out for readers of one smallest group."""

    means: Means
    of_indicator: dict[str, list[int]] = field(default_factory=dict)
    of_event: dict[str, int] = field(default_factory=dict)


def protect(boards: Sequence[Dashboard], ks: Sequence[int], told: Sequence[Told] = ()) -> ShownMeans:
    """Judge the last of these publications, those before being out already; `ks`, `told` as in `protection.protect`."""
    before: list[ShownMeans | None] = [None] * len(boards)
    for k in ks:
        out = _Out(Means(k))
        published = told_to(told, k)
        before = [
            _as_told(board, out, published[number]) if number < len(published) else _judged(board, out, before[number])
            for number, board in enumerate(boards)
        ]
    found = before[-1]
    assert found is not None
    return found


def moments(board: Dashboard) -> list[str]:
    """The ends of periods there is anything of, the earliest first, and now."""
    ends = {stone.period.key: stone.period.ends_on for line in board.lines for stone in line.milestones if stone.then}
    return [*sorted(ends, key=lambda key: ends[key]), NOW]


def value_at(line: Line, moment: str) -> Value | None:
    if moment == NOW:
        return line.value
    return next((stone.then for stone in line.milestones if stone.period.key == moment), None)


def shared(board: Dashboard) -> list[Line]:
    return [line for line in board.lines if line.indicator.visibility != Visibility.INTERNAL]


def part_of(head: QuizHead, at: QuizAtEventHead) -> str:
    """The people tested with a quiz at one event, as a name."""
    return f"{_name(head)}/{at.uid or (str(sorted(at.event.items())) + at.on.isoformat())}"


def _judged(board: Dashboard, out: _Out, seen_by_more: ShownMeans | None) -> ShownMeans:
    of_indicators, of_quizzes, at_events = set(), set(), set()
    for moment in moments(board):
        for line in shared(board):
            name = (line.indicator.uid, moment)
            value = value_at(line, moment)
            if value is None or value.people is None or (seen_by_more and name not in seen_by_more.of_indicators):
                continue
            if _may_show(out, board, line, moment, value):
                of_indicators.add(name)
    for quiz in board.quizzes:
        whole = {part_of(quiz, at): at.n for at in quiz.events}
        is_new = not seen_by_more or _name(quiz) in seen_by_more.of_quizzes
        if is_new and sum(whole.values()) == quiz.n and out.means.may_show(whole):
            out.means.show(whole)
            of_quizzes.add(_name(quiz))
        for at in sorted(quiz.events, key=lambda at: (-at.n, at.on)):
            part = part_of(quiz, at)
            if (not seen_by_more or part in seen_by_more.at_events) and _may_show_event(out, part, at.n):
                at_events.add(part)
    return ShownMeans(frozenset(of_indicators), frozenset(of_quizzes), frozenset(at_events))


def _as_told(board: Dashboard, out: _Out, published: Dashboard) -> ShownMeans:
    """What was shown of a publication when it came out."""
    lines = {line.indicator.uid: line for line in published.lines}
    of_indicators = set()
    for moment in moments(board):
        for line in shared(board):
            value, seen = value_at(line, moment), lines.get(line.indicator.uid)
            shown = value_at(seen, moment) if seen else None
            if value is not None and value.people is not None and shown is not None and not shown.is_withheld:
                of_indicators.add((line.indicator.uid, moment))
                _show(out, board, line, moment, value)
    of_quizzes = {_name(quiz) for quiz in published.quizzes if not quiz.is_withheld}
    at_events = {part_of(quiz, at) for quiz in published.quizzes for at in quiz.events if not at.is_withheld}
    for quiz in board.quizzes:
        if _name(quiz) in of_quizzes:
            out.means.show({part_of(quiz, at): at.n for at in quiz.events})
        for at in quiz.events:
            if part_of(quiz, at) in at_events and at.n:
                out.means.show({part_of(quiz, at): at.n})
                out.of_event[part_of(quiz, at)] = at.n
    return ShownMeans(frozenset(of_indicators), frozenset(of_quizzes), frozenset(at_events))


def _may_show(out: _Out, board: Dashboard, line: Line, moment: str, value: Value) -> bool:
    """Of enough people, few of them new since it was shown before, and no few follow with other means."""
    before = out.of_indicator.setdefault(line.indicator.uid, [])
    people = value.people or 0
    if not all(disclosure.may_follow(people, other, out.means.k) for other in [None, *before]):
        return False
    group = _group(board, line, moment, value)
    if group and not out.means.may_show(group):
        return False
    _show(out, board, line, moment, value)
    return True


def _show(out: _Out, board: Dashboard, line: Line, moment: str, value: Value) -> None:
    group = _group(board, line, moment, value)
    if group:
        out.means.show(group)
    if value.people:
        out.of_indicator.setdefault(line.indicator.uid, []).append(value.people)


def _may_show_event(out: _Out, part: str, people: int) -> bool:
    before = out.of_event.get(part)
    if part in out.means.known and before == people:
        return True
    may = disclosure.may_follow(people, before, out.means.k) and out.means.may_show({part: people})
    if may and people:
        out.means.show({part: people})
        out.of_event[part] = people
    return may


def _group(board: Dashboard, line: Line, moment: str, value: Value) -> Mapping[str, int]:
    """The people of a mean gain, event by event.

    What the quizzes do not account for (another day, an older publication) is judged by its number alone.
    """
    if value.knowledge is None:
        return {}
    ends = {stone.period.key: stone.period.ends_on for stone in line.milestones}
    until: date = ends.get(moment, board.on_day)
    kinds = line.indicator.parameters.get("kinds", ())
    group = {
        part_of(quiz, at): at.n
        for quiz in board.quizzes
        for at in quiz.events
        if at.kind is not None and at.kind in kinds and at.on <= until
    }
    return group if sum(group.values()) == value.people else {}


def _name(head: QuizHead) -> str:
    return str(sorted(head.title.items()))
