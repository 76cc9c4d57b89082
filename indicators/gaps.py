"""What is missing for the next report: a list of checks, each finding gaps with whose they are and since when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import User
from indicators.models import Period
from trainings.models import Programme


@dataclass(frozen=True)
class Gap:
    """One thing to mend: `what` says where, `of` is the uid of what opens, `who` mends it, nobody: the managers."""

    what: Any
    of: str
    who: Sequence[str] = ()
    since: date | None = None
    due: date | None = None
    number: int | None = None

    @property
    def order(self) -> date:
        return self.due or self.since or date.max


Look = Callable[[Programme, Period], Iterable[Gap]]


@dataclass(frozen=True)
class Check:
    """A question asked before each report; `endpoint` with `parameter` is the page on which a gap is mended."""

    key: str
    title: Any
    endpoint: str
    parameter: str
    look: Look


CHECKS: dict[str, Check] = {}


def check(key: str, title: Any, endpoint: str, parameter: str) -> Callable[[Look], Look]:
    """Register a check; they are asked in the order in which they are registered."""

    def register(look: Look) -> Look:
        CHECKS[key] = Check(key, title, endpoint, parameter, look)
        return look

    return register


def missing(programme: Programme, period: Period) -> list[tuple[Check, list[Gap]]]:
    """The checks that found something for a period, each with its gaps, the most urgent first."""
    found = [(asked, sorted(asked.look(programme, period), key=lambda gap: gap.order)) for asked in CHECKS.values()]
    return [(asked, gaps) for asked, gaps in found if gaps]


def by_person(found: list[tuple[Check, list[Gap]]]) -> dict[str, list[tuple[Check, list[Gap]]]]:
    """The same by who has to mend it, those with the most first; the managers' own under "".

    What two people have to mend stands under both.
    """
    persons: dict[str, list[tuple[Check, list[Gap]]]] = {}
    for asked, gaps in found:
        for who in {name for gap in gaps for name in gap.who or ("",)}:
            theirs = [gap for gap in gaps if who in (gap.who or ("",))]
            persons.setdefault(who, []).append((asked, theirs))
    return dict(sorted(persons.items(), key=lambda item: (-sum(len(gaps) for _asked, gaps in item[1]), item[0])))


def called(people: Iterable[User]) -> list[str]:
    """The names of staff."""
    return [user.name for user in people if user.name]
