"""Counting answers so that nobody can be recognised by them: pure arithmetic, no rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from core.i18n import Texts
from feedback.models import FeedbackQuestion, QuestionKind
from privacy import disclosure

# Whoever answers is promised this number, in the question page's own words, so no setting lowers it. Five is what a
# donor's link shows at least by default; here it holds for staff too, because a trainer knows who was in the room.
K = 5

Voice = TypeVar("Voice")


@dataclass(frozen=True)
class Asked:
    """A question as it is counted: the same key with the same choices is the same question, in all its versions."""

    key: str
    kind: QuestionKind
    text: Texts = field(compare=False)
    choices: tuple[Texts, ...] = field(default=(), compare=False)
    sameness: str = ""

    @classmethod
    def of(cls, question: FeedbackQuestion) -> Asked:
        choices = tuple(question.choices)
        return cls(question.key, question.kind, question.text, choices, repr([sorted(c.items()) for c in choices]))

    @property
    def values(self) -> range:
        if self.kind == QuestionKind.SCALE:
            return range(1, 6)
        return range(2) if self.kind == QuestionKind.YES_NO else range(1, len(self.choices) + 1)


@dataclass(frozen=True)
class Tally:
    """How a question was answered: how many people gave each value, and how many people answered at all."""

    asked: Asked
    counts: Mapping[int, int]
    people: int

    @property
    def is_shown(self) -> bool:
        """Enough people answered for their answers to be shown, even to staff."""
        return self.people >= K

    @property
    def mean(self) -> float | None:
        if self.asked.kind != QuestionKind.SCALE or not self.people:
            return None
        return sum(value * number for value, number in self.counts.items()) / self.people

    @property
    def good(self) -> int:
        """Good news: 4 or 5 of a scale, a yes."""
        return sum(number for value, number in self.counts.items() if self._is_good(value))

    def share(self, value: int) -> float:
        return 100 * self.counts.get(value, 0) / self.people if self.people else 0.0

    def in_a_file(self) -> Mapping[int, int] | None:
        """The counts as they may leave the house: all of them, or none where one stands for fewer than K people.

        The mean goes out with them, so that hiding single cells would hide nothing.
        """
        cells = {str(value): self.counts.get(value, 0) for value in self.asked.values}
        if self.asked.kind == QuestionKind.SEVERAL:
            return None if any(0 < n < K or 0 < self.people - n < K for n in cells.values()) else dict(self.counts)
        return None if disclosure.WITHHELD in disclosure.protected(cells, K).values() else dict(self.counts)

    def _is_good(self, value: int) -> bool:
        return value >= 4 if self.asked.kind == QuestionKind.SCALE else value == 1


def may_be_seen(voices: Sequence[Voice], is_open: bool) -> Sequence[Voice]:
    """Of voices in the order they came: while more may come they are shown K at a time.

    Otherwise whoever looks again after each person has answered knows what that person answered.
    """
    return voices[: len(voices) // K * K] if is_open else voices


def together(tallies: Iterable[Tally]) -> tuple[list[Tally], int]:
    """The tallies of several events of a kind added up, and how many answers had to be left out.

    What an event does not show is added only if several such events hold K people together: otherwise the difference
    to what the events do show would be theirs.
    """
    by_question: dict[Asked, list[Tally]] = {}
    for tally in tallies:
        by_question.setdefault(tally.asked, []).append(tally)
    whole, left_out = [], 0
    for group in by_question.values():
        small = [tally for tally in group if 0 < tally.people < K]
        people = sum(tally.people for tally in small)
        if len(small) == 1 or people < K:
            left_out += people
            group = [tally for tally in group if tally not in small]
        whole += added(group)
    return whole, left_out


def added(tallies: Iterable[Tally]) -> list[Tally]:
    """Tallies of the same questions as one each, in the order they come."""
    sums: dict[Asked, Tally] = {}
    for tally in tallies:
        before = sums.get(tally.asked)
        if before is None:
            sums[tally.asked] = tally
        else:
            counts = Counter(before.counts) + Counter(tally.counts)
            sums[tally.asked] = Tally(before.asked, counts, before.people + tally.people)
    return list(sums.values())


def tally(asked: Asked, answers: Mapping[int, set[int]], visible: Callable[[int], bool]) -> Tally:
    """Count the answers (voice -> values) of the voices that may be seen."""
    seen = {voice: values for voice, values in answers.items() if visible(voice)}
    return Tally(asked, Counter(value for values in seen.values() for value in values), len(seen))
