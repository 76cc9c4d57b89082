"""Everything ever published, given to an integer solver: no small group is narrowed by what is shown."""

from __future__ import annotations

import pytest

from privacy import withholding
from privacy.left_out import Left
from tests.attack import attacker
from tests.attack.playing import play, printed
from tests.attack.programmes import Programme, programme

SOME = range(1000, 1008)  # `script/attack` plays 500


def test_no_small_group_is_solved_to_fewer_values_than_k() -> None:
    report = play(SOME)
    assert not report.narrowed, "\n".join(map(str, report.narrowed))
    assert report.attacked > 20 * len(SOME)
    assert report.cells > report.withheld > 0


@pytest.mark.parametrize("seed", [1000, 1004])
def test_the_attacker_is_no_fool(seed: int) -> None:
    """Given a page where each edition is only protected by itself, the attacker finds small groups."""
    victim = programme(seed)
    verdicts = {}
    for number, edition in enumerate(victim.editions()):
        alone = withholding.protect([edition], victim.k)
        verdicts |= {place._replace(edition=number): verdict for place, verdict in alone.items()}
    assert attacker.attack(victim, printed(victim, verdicts, {})).narrowed


def test_the_attacker_finds_who_was_left_out_where_small_numbers_alone_are_hidden() -> None:
    """A small number withheld without its companion follows from the places that a plan has."""
    victim = next(found for found in map(programme, range(1000, 1100)) if _has_one_small(found))
    verdicts = withholding.protect(victim.editions(), victim.k, victim.inside)
    left = {
        Left(0, found.subject, reason): None if 0 < number < victim.k else number
        for found in victim.left_out()[0]
        for reason, number in found.numbers.items()
    }
    assert attacker.attack(victim, printed(victim, verdicts, left)).narrowed


def _has_one_small(found: Programme) -> bool:
    small = [0 < number < found.k for number in found.left_out()[0][0].numbers.values()]
    return found.moments == 1 and sum(small) == 1
