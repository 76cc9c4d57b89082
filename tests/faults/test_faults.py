"""Days at the door over a network that misbehaves: nothing is lost, doubled or stuck. script/faults plays thousands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

import pytest

from tests.browser import launched, playing
from tests.conftest import Installation
from tests.faults.plans import Fault, Plan, Whose, draw
from tests.faults.simulator import Simulator, simulator

pytestmark = pytest.mark.browser
RUNS = {"sqlite": 80, "postgres": 30}
on_sqlite = pytest.mark.parametrize("played", ["sqlite"], indirect=True)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def played(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    installation: Installation = request.getfixturevalue(f"{request.param}_installation")
    installation.empty()
    with (
        installation.app.app_context(),
        playing() as playwright,
        launched(playwright) as browser,
        simulator(installation, browser) as played,
    ):
        yield played


def runs(seed: int, wanted: Callable[[Plan], object], count: int) -> list[int]:
    """The numbers of the first runs of a seed that are as wanted."""
    return list(islice((number for number in range(20_000) if wanted(draw(seed, number))), count))


@pytest.mark.parametrize("played", RUNS, indirect=True)
def test_nothing_is_lost_doubled_or_stuck(played: Simulator, request: pytest.FixtureRequest) -> None:
    report = played.open(1).play(range(RUNS[request.node.callspec.params["played"]]))
    assert not report.wrong(), "\n".join(report.wrong())
    assert report.scans > 5 * report.runs and report.undone > report.runs and report.unsure
    assert {*Fault} <= report.befell.keys(), "every fault befell somebody"


# The simulator is not blind: it finds out what is wrong with another queue.


@on_sqlite
def test_a_queue_that_believes_every_200_loses_scans(played: Simulator) -> None:
    right = "if (response.ok && Array.isArray(content?.answers)) return { answers: content.answers,"
    wrong = 'if (response.ok) return { answers: items.map(({ id }) => ({ id, outcome: "in" })),'
    lies = {Fault.PORTAL, Fault.FOREIGN}
    report = played.open(2, (right, wrong)).play(runs(2, lambda plan: lies & set(plan.faults[:2]), 16))
    assert report.found.lost and not report.found.doubled


@on_sqlite
def test_a_queue_whose_undoing_is_overtaken_leaves_people_out(played: Simulator) -> None:
    def is_overtaken(plan: Plan) -> bool:
        """Somebody is read again after an undoing that a proxy refuses for long."""
        poison = plan.items.get(plan.poison or "")
        if poison is None or not poison.undoes or poison.whose != Whose.OWN or not plan.is_steady:
            return False
        return list(plan.items.values())[-1].seconds < poison.seconds and len(plan.kin()) == 3

    report = played.open(3, (" && !behind.has(badge(item))", "")).play(runs(3, is_overtaken, 8))
    assert report.found.misplaced and not (report.found.lost or report.found.doubled)


@on_sqlite
def test_a_queue_that_waits_by_the_phones_clock_is_stuck_when_that_is_put_back(played: Simulator) -> None:
    def is_put_back(plan: Plan) -> bool:
        """The clock goes back by hours while something waits."""
        acts = [act for tab in plan.tabs for act in tab]
        clocks = [act.skew for act in acts if act.kind == "clock"]
        dies = any(act.kind == "die" for act in acts)
        return len(plan.tabs) == 1 and not dies and bool(plan.poison and clocks) and clocks[0] < plan.skew - 3600

    edits = [("at > performance.now()", "at > this.now()"), ("at: performance.now()", "at: this.now()")]
    chosen = runs(4, is_put_back, 60)
    # Whether something waits at that moment hangs on the machine: the first dozen in which it does is enough.
    dozens = (chosen[start : start + 12] for start in range(0, len(chosen), 12))
    assert any(played.open(4, *edits, bound=3000).play(dozen).found.stuck for dozen in dozens)


@on_sqlite
def test_two_tabs_that_both_send_double_nothing(played: Simulator) -> None:
    """The lock spares the network; that nothing is doubled does not hang on it."""
    edit = ("navigator.locks.request(", "((name, options, work) => work({}))(")
    report = played.open(5, edit).play(runs(5, lambda plan: len(plan.tabs) == 2, 16))
    assert not (report.found.lost or report.found.doubled or report.found.stuck), report.wrong()
