"""How soon the door answers: from a decoded code to the full-screen answer, in a real Chromium, network and none.

The page measures itself: from the moment a code is read to the frame on which its answer is drawn.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa

from bench import servers, world
from core.db import db
from door import devices
from trainings.models import Event

PHONE = {"width": 360, "height": 740}
ANSWERS = "performance.getEntriesByName('answered').map((entry) => entry.duration)"


def main(share: float, _database: str) -> None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("Playwright is missing: run script/setup --for-tests first.")
        return
    number = max(round(50 * share), 10)
    with tempfile.TemporaryDirectory(prefix="muster-bench") as folder:
        made = world.make(Path(folder))
        address = pairing(made)
        with (
            servers.started(servers.MUSTER, {"MUSTER_HOME": folder}, "/health") as ours,
            sync_playwright() as playwright,
            playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"]) as browser,
        ):
            context = browser.new_context(base_url=f"http://127.0.0.1:{ours.port}", viewport=PHONE, bypass_csp=True)
            page = context.new_page()
            page.goto(address)
            page.click("#pairing button")
            page.wait_for_selector("body[data-ready=yes]")
            for name, is_offline, codes in (
                ("with a network", False, made.badges[:number]),
                ("without a network", True, made.badges[number : 2 * number]),
            ):
                context.set_offline(is_offline)
                times = answered(page, codes)
                print(f"decoded code to full-screen answer, {name:18} median of {len(times)}: {median(times):5.1f} ms")


def pairing(made: world.World) -> str:
    """The address that pairs a phone with the large event."""
    with made.app.app_context():
        uid = made.large_roster.split("/")[2]
        event = db.session.scalars(sa.select(Event).where(Event.uid == uid)).one()
        secret = devices.offer(event, event.trainers[0])
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return f"/door/en#pair={secret}"


def answered(page: Any, codes: list[str]) -> list[float]:
    """Times in milliseconds of codes that a hand scanner reads one after the other."""
    page.evaluate("performance.clearMeasures()")
    for count, code in enumerate(codes, 1):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        page.wait_for_function(f"performance.getEntriesByName('answered').length >= {count}")
    found: list[float] = page.evaluate(ANSWERS)
    return found[: len(codes)]
