"""Everything ever published, given to an integer solver: no small group is narrowed by what is shown."""

from __future__ import annotations

import pytest

from privacy import withholding
from tests.attack import attacker
from tests.attack.playing import play, printed
from tests.attack.programmes import programme

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
    assert attacker.attack(victim, printed(victim, verdicts)).narrowed
