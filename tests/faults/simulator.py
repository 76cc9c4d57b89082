"""Plays runs by the hundred: a Chromium full of phones, a proxy that misbehaves, the real server on a real database."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser

from tests.conftest import Installation
from tests.faults import checks, world
from tests.faults.checks import Findings, Played
from tests.faults.plans import Plan, draw, shown
from tests.faults.proxy import Proxy
from tests.faults.world import Crowd, World
from tests.serving import serve

PHONES = 4  # each a page with an origin and six connections of its own
AT_ONCE = 5  # runs a phone plays at the same time; one sends one request at a time
PACE = 0.01  # of all waits of the queue
PATIENCE = 1200  # milliseconds for one request: many phones share one machine here
BOUND = 180_000  # milliseconds after which what is still in a queue is stuck, however slow the machine
CHUNK = 900_000  # milliseconds after which a chunk of runs that has not ended never will


@dataclass
class Report:
    """What was played, what befell it, and what is wrong."""

    runs: int = 0
    scans: int = 0
    undone: int = 0
    unsure: int = 0
    requests: int = 0
    seconds: float = 0.0
    befell: Counter[str] = field(default_factory=Counter)
    found: Findings = field(default_factory=Findings)
    complaints: list[str] = field(default_factory=list)

    def wrong(self) -> list[str]:
        return self.found.all() + self.complaints

    def lines(self) -> Iterator[str]:
        yield f"{self.runs:,} runs, {self.scans:,} scans, {self.undone:,} undone, {self.unsure:,} cut off by a death"
        yield f"{self.requests:,} requests in {self.seconds:.0f} s"
        yield from (f"{count:9,}  {fault}" for fault, count in sorted(self.befell.items(), key=lambda pair: -pair[1]))
        yield ", ".join(f"{count} {name}" for name, count in self.found.counts().items())


class Simulator:
    """One server, one browser, one crowd; plays chunks of runs one after the other."""

    def __init__(self, crowd: Crowd, proxy: Proxy, browser: Browser) -> None:
        self.crowd, self.proxy, self.browser = crowd, proxy, browser

    def open(self, seed: int, *edits: tuple[str, str], bound: int = BOUND) -> Simulator:
        """Open the phones' pages; `edits` change our queue's code, to see that what is wrong is found out.

        A seed is played once in a register: the same runs again would be the same scans again.
        """
        self.close()
        self.seed, self.bound = seed, bound
        self.proxy.edits = {"outbox.js": list(edits)} if edits else {}
        self.proxy.befell, self.proxy.requests, self.report = Counter(), 0, Report()
        self.context = self.browser.new_context()
        self.pages = [self.context.new_page() for _ in self.proxy.ports]
        for page, port in zip(self.pages, self.proxy.ports, strict=True):
            page.goto(f"http://127.0.0.1:{port}/faults/controller")
            page.wait_for_function("window.simulator !== undefined")
            page.evaluate("simulator.open()")
        return self

    def close(self) -> None:
        if hasattr(self, "context"):
            self.context.close()

    def play(self, numbers: Sequence[int], tell: Callable[[Report], None] = lambda report: None) -> Report:
        """Play the runs of these numbers and check the register after each chunk."""
        began = time.perf_counter()
        for start in range(0, len(numbers), world.RUNS):
            plans = [draw(self.seed, number) for number in numbers[start : start + world.RUNS]]
            self.report.found.add(self._chunk(plans))
            self.report.requests, self.report.befell = self.proxy.requests, self.proxy.befell
            self.report.seconds = time.perf_counter() - began
            tell(self.report)
        return self.report

    def _chunk(self, plans: list[Plan]) -> Findings:
        place = world.event(self.crowd, len(self.pages))
        self.proxy.expect(plans, self.seed)
        told = [self._told(place, plan, run) for run, plan in enumerate(plans)]
        for number, page in enumerate(self.pages):
            settings = {"pace": PACE, "patience": PATIENCE, "bound": self.bound, "atOnce": AT_ONCE}
            settings["token"] = place.tokens[number]
            page.evaluate(
                "([plans, settings]) => void simulator.play(plans, settings)",
                [told[number :: len(self.pages)], settings],
            )
        results: list[dict[str, Any]] = []
        for page in self.pages:
            page.wait_for_function("simulator.isDone", polling=50, timeout=CHUNK)
            results += page.evaluate("simulator.results")
            self.report.complaints += page.evaluate("simulator.complaints.splice(0)")
        self.proxy.settle()
        self.report.complaints += self.proxy.upstream.refusals()
        runs = self._played(plans, results)
        self._count(runs)
        return checks.check(place, runs)

    def _told(self, place: World, plan: Plan, run: int) -> dict[str, Any]:
        return shown(plan, lambda item: place.shown(item, run))

    def _played(self, plans: list[Plan], results: list[dict[str, Any]]) -> list[Played]:
        by_number = {result["number"]: result for result in results}
        assert len(by_number) == len(plans), "a run did not end"
        return [
            Played(plan, run, set(told["taken"]), set(told["begun"]), told["heldUp"], told["stuck"])
            for run, plan in enumerate(plans)
            for told in [by_number[plan.number]]
        ]

    def _count(self, runs: list[Played]) -> None:
        self.report.runs += len(runs)
        for run in runs:
            undone = sum(run.plan.items[item].undoes is not None for item in run.taken)
            self.report.undone += undone
            self.report.scans += len(run.taken) - undone
            self.report.unsure += len(run.begun - run.taken)


@contextmanager
def simulator(installation: Installation, browser: Browser) -> Iterator[Simulator]:
    """A simulator on an empty installation."""
    crowd = world.crowd()
    with serve(installation) as served:
        proxy = Proxy(served.port, PHONES)
        played = Simulator(crowd, proxy, browser)
        try:
            yield played
        finally:
            played.close()
            proxy.close()
