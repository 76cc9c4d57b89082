"""Random programmes, as an attacker's victims: people in a register, counted again and again for what is published."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from privacy.editions import Count, Edition, Inside
from privacy.left_out import PLACES, REASON, LeftOut

SEXES = ("female", "male", "not_recorded")
SECTORS = ("police", "lawyer", "cso")
EVERYTHING = "all"  # the indicators' names, and how they lie in each other
POLICE = "police"
AGAIN = "again"
USEFUL = "useful"
LEFT, LEFT_POLICE = "left", "left of the police"  # whoever was not counted, of everybody and of the police
REASONS = (*PLACES, "again")


@dataclass(frozen=True)
class Person:
    """Somebody of the register: when they completed first, when again (later or never), and whether it was useful."""

    sex: str
    sector: str
    first: int
    again: int | None
    useful: bool
    leaves: int | None  # the edition at which a mistake in the register is corrected and they are gone


@dataclass(frozen=True)
class Place:
    """A place at an event that was not completed: of somebody who did not come, or came too little."""

    sector: str
    reason: str
    since: int


@dataclass(frozen=True)
class Programme:
    """What is published of a register at each of some moments, and the truth about the persons behind it."""

    seed: int
    k: int
    people: list[Person]
    moments: int
    has_cross: bool
    places: list[Place]
    tells_completions: bool  # another indicator counts completions, so that who came again follows from totals

    @property
    def only_grows(self) -> bool:
        return all(person.leaves is None for person in self.people)

    @property
    def inside(self) -> list[Inside]:
        return [Inside(POLICE, EVERYTHING, "sector", frozenset({"police"})), Inside(AGAIN, EVERYTHING)]

    def counted(self, subject: str, moment: int) -> list[Person]:
        """Who is counted for an indicator at a moment."""
        there = [p for p in self.people if p.first <= moment and (p.leaves is None or moment < p.leaves)]
        if subject == POLICE:
            return [person for person in there if person.sector == "police"]
        if subject == AGAIN:
            return [person for person in there if person.again is not None and person.again <= moment]
        return there

    def left_out(self) -> list[list[LeftOut]]:
        """Who was not counted, at each moment."""
        return [[self._left(LEFT, moment), self._left(LEFT_POLICE, moment)] for moment in range(self.moments)]

    @property
    def left_inside(self) -> list[Inside]:
        return [Inside(LEFT_POLICE, LEFT, REASON, among=frozenset(REASONS))]

    def _left(self, subject: str, moment: int) -> LeftOut:
        is_counted = (lambda sector: sector == "police") if subject == LEFT_POLICE else (lambda sector: True)
        there = [place.reason for place in self.places if place.since <= moment and is_counted(place.sector)]
        again = [person for person in self.counted(AGAIN, moment) if is_counted(person.sector)]
        return LeftOut(subject, {**{reason: there.count(reason) for reason in PLACES}, "again": len(again)})

    def editions(self) -> list[Edition]:
        return [
            [
                self._count(EVERYTHING, moment),
                self._count(POLICE, moment, sectors=("police",)),
                self._count(AGAIN, moment),
                self._share(moment),
            ]
            for moment in range(self.moments)
        ]

    def _count(self, subject: str, moment: int, sectors: tuple[str, ...] = SECTORS) -> Count:
        people = self.counted(subject, moment)
        tables = {("sex",): _table(people, SEXES, lambda person: person.sex)}
        if len(sectors) > 1:
            tables["sector",] = _table(people, sectors, lambda person: person.sector)
        if self.has_cross and subject == EVERYTHING:
            found = Counter((person.sector, person.sex) for person in people)
            tables["sector", "sex"] = {(sector, sex): found[sector, sex] for sector in sectors for sex in SEXES}
        return Count(subject, len(people), tables)

    def _share(self, moment: int) -> Count:
        answered = self.counted(USEFUL, moment)
        did = sum(person.useful for person in answered)
        return Count(
            USEFUL, len(answered), {("answer",): {("did",): did, ("did_not",): len(answered) - did}}, is_share=True
        )


def _table(people: list[Person], names: tuple[str, ...], of: Callable[[Person], str]) -> dict[tuple[str, ...], int]:
    found = Counter(of(person) for person in people)
    return {(name,): found[name] for name in names}


def programme(seed: int) -> Programme:
    """The random programme of a seed: of any size, lopsided, with moments at which hardly anything happened."""
    chance = random.Random(seed)
    moments = chance.choice((1, 2, 2, 3))
    joining = [chance.choice((0, 2, 6, 15, 40)) for _ in range(moments)]
    joining[0] += chance.choice((3, 8, 20, 60))
    sexes = [chance.choice((1, 10, 30)), chance.choice((5, 30)), chance.choice((0, 0, 2))]
    sectors = [chance.choice((5, 30)), chance.choice((1, 5, 10)), chance.choice((0, 1, 10))]
    comes_again, useful = chance.choice((0.05, 0.3, 0.8)), chance.choice((0.02, 0.5, 0.85, 0.98, 1.0))
    is_corrected = moments > 1 and chance.random() < 0.15
    people = []
    for moment, number in enumerate(joining):
        for _ in range(number):
            again = chance.randint(moment, moments) if chance.random() < comes_again else None
            leaves = moments - 1 if is_corrected and moment < moments - 1 and chance.random() < 0.05 else None
            people.append(
                Person(
                    chance.choices(SEXES, sexes)[0],
                    chance.choices(SECTORS, sectors)[0],
                    moment,
                    again,
                    chance.random() < useful,
                    leaves,
                )
            )
    k, has_cross = chance.choice((5, 5, 10)), chance.random() < 0.3
    number = chance.choice((2, 6, 20, 50))
    outcomes = [chance.choice((1, 5, 20)), chance.choice((0, 1, 5))]
    places = [
        Place(
            chance.choices(SECTORS, sectors)[0],
            chance.choices(PLACES, [outcomes[0], outcomes[1]])[0],
            chance.randrange(moments),
        )
        for _ in range(number)
    ]
    return Programme(seed, k, people, moments, has_cross, places, chance.random() < 0.5)
