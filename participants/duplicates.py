"""Records that may be of one person: found by contact and by name across scripts, decided by somebody who looks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

import sqlalchemy as sa

from accounts.models import User
from core import clock
from core.db import db, insert_if_new
from participants.merging import NotTwoRecords
from participants.models import Participant, open_name
from participants.names import PersonName, skeleton, sound
from participants.people_models import TwoPeople
from trainings.models import Programme

OFFICE = 5  # a phone or an address of more people than these is an office's
CROWD = 30  # a name of more people than these says nothing
WEIGHTS = {"phone": 4, "email": 4, "same_name": 3, "alike": 2, "initials": 1}


@dataclass(frozen=True)
class _Somebody:
    id: int
    name: PersonName
    phone: bytes | None
    email: bytes | None


@dataclass
class Pair:
    """Two records that may be one person's, and why: words of WEIGHTS."""

    first_id: int
    second_id: int
    reasons: list[str] = field(default_factory=list)

    @property
    def weight(self) -> int:
        return sum(WEIGHTS[reason] for reason in self.reasons)


@dataclass(frozen=True)
class Leaf:
    """Some pairs with their people, the likeliest first, and how many there are."""

    pairs: list[tuple[Participant, Participant, list[str]]]
    total: int


def of_programme(programme: Programme) -> list[Pair]:
    """Every pair that nobody has said to be two people, the likeliest first. Names are compared in memory only."""
    somebodies = {one.id: one for one in _everybody(programme)}
    found: dict[tuple[int, int], Pair] = {}
    for first, second, reason in _alike(list(somebodies.values())):
        if first > second:
            first, second = second, first
        pair = found.setdefault((first, second), Pair(first, second))
        if reason not in pair.reasons:
            pair.reasons.append(reason)
    decided = {tuple(row) for row in db.session.execute(sa.select(TwoPeople.first_id, TwoPeople.second_id))}
    open_ones = [
        pair
        for ids, pair in found.items()
        if ids not in decided and _is_likely(pair, somebodies[ids[0]].name, somebodies[ids[1]].name)
    ]
    return sorted(open_ones, key=lambda pair: (-pair.weight, pair.first_id, pair.second_id))


def leaf(programme: Programme, most: int) -> Leaf:
    """The likeliest pairs with their people."""
    pairs = of_programme(programme)
    shown = pairs[:most]
    ids = {one for pair in shown for one in (pair.first_id, pair.second_id)}
    people = {p.id: p for p in db.session.scalars(sa.select(Participant).where(Participant.id.in_(ids)))}
    return Leaf([(people[p.first_id], people[p.second_id], p.reasons) for p in shown], len(pairs))


def of_person(person: Participant) -> list[Participant]:
    """Who may be the same person."""
    ids = {
        pair.second_id if pair.first_id == person.id else pair.first_id
        for pair in of_programme(person.programme)
        if person.id in (pair.first_id, pair.second_id)
    }
    return list(db.session.scalars(sa.select(Participant).where(Participant.id.in_(ids)).order_by(Participant.id)))


def tell_apart(one: Participant, other: Participant, by: User) -> None:
    """Say that these are two people; they are not asked about again. Said twice it is said once."""
    if one.id == other.id or one.programme_id != other.programme_id:
        raise NotTwoRecords
    first, second = sorted((one.id, other.id))
    insert_if_new(TwoPeople, first_id=first, second_id=second, said_by_id=by.id, said_at=clock.now())


def _everybody(programme: Programme) -> Iterator[_Somebody]:
    person = Participant
    query = sa.select(person.id, person.uid, person.name_sealed, person.phone_index, person.email_index).where(
        person.programme_id == programme.id, person.name_sealed.is_not(None), person.merged_into_id.is_(None)
    )
    for person_id, uid, sealed, phone, email in db.session.execute(query):
        name = open_name(sealed, uid)
        assert name is not None
        yield _Somebody(person_id, name, phone, email)


def _alike(everybody: list[_Somebody]) -> Iterator[tuple[int, int, str]]:
    """(id, id, reason) of everything two records have in common."""
    buckets: dict[str, dict[Hashable, list[_Somebody]]] = defaultdict(lambda: defaultdict(list))
    for one in everybody:
        buckets["phone"][one.phone].append(one)
        buckets["email"][one.email].append(one)
        buckets["alike"][one.name.skeleton].append(one)
        buckets["initials"][(skeleton(sound(one.name.family)), one.name.initial)].append(one)
    for reason, by_mark in buckets.items():
        most = OFFICE if reason in ("phone", "email") else CROWD
        for mark, people in by_mark.items():
            if not mark or not 1 < len(people) <= most:
                continue
            for one, other in combinations(people, 2):
                if reason == "initials" and not (one.name.is_abbreviated or other.name.is_abbreviated):
                    continue
                is_same = reason == "alike" and one.name.sound == other.name.sound
                yield one.id, other.id, "same_name" if is_same else reason


def _is_likely(pair: Pair, one: PersonName, other: PersonName) -> bool:
    """Whether the pair is worth a look: two names that only share an office's phone are not, nor are namesakes."""
    if {"phone", "email"} & set(pair.reasons):
        return True
    return not one.is_namesake(other)
