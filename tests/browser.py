"""A real Chromium: with a camera that films what we draw, an eye for barriers, and an ear for foreign hosts."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Response, sync_playwright

from core import qr
from core.config import CHECKOUT
from tests.pages import audit

AXE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}


def chromium() -> str | None:
    """Where Debian's or another installed Chromium is; None means Playwright's own."""
    return next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )


_kept: dict[str, Any] = {}  # of this process: starting them anew for each test would cost a second each time


@contextmanager
def playing() -> Iterator[Playwright]:
    """Playwright, started once and kept."""
    if "playwright" not in _kept:
        _kept["playwright"] = sync_playwright().start()
    yield _kept["playwright"]


@contextmanager
def launched(playwright: Playwright, *arguments: str) -> Iterator[Browser]:
    """A browser without anything left in it, or a skipped test where there is none; with CI=true that is a failure."""
    if arguments:
        browser = _launch(playwright, *arguments)
        yield browser
        browser.close()
        return
    if "browser" not in _kept or not _kept["browser"].is_connected():
        _kept["browser"] = _launch(playwright)
    browser = _kept["browser"]
    others = list(browser.contexts)
    try:
        yield browser
    finally:
        for context in browser.contexts:
            if context not in others:
                context.close()


def stop_playing() -> None:
    """Close what was kept."""
    if "browser" in _kept:
        _kept["browser"].close()
    if "playwright" in _kept:
        _kept["playwright"].stop()
    _kept.clear()


def _launch(playwright: Playwright, *arguments: str) -> Browser:
    quiet = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
    ]
    try:
        return playwright.chromium.launch(executable_path=chromium(), args=[*quiet, *arguments])
    except Exception as problem:
        if os.environ.get("CI") == "true":
            raise
        warnings.warn(f"NO CHROMIUM, NO BROWSER TESTS: {problem}", stacklevel=1)
        pytest.skip("NO CHROMIUM: browser tests are skipped")


def film_of(
    picture: np.ndarray | list[np.ndarray], target: Path, size: tuple[int, int] = (640, 480), frames: int = 10
) -> list[str]:
    """A video of grey pictures in turn, each in the middle for so many frames, ten a second.

    Returns the arguments with which Chromium films it, over and over.
    """
    width, height = size
    colourless = bytes([128]) * (width * height // 2)
    with target.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode())
        for shown in picture if isinstance(picture, list) else [picture]:
            frame = np.full((height, width), 200, np.uint8)
            tall, wide = shown.shape
            top, left = (height - tall) // 2, (width - wide) // 2
            frame[top : top + tall, left : left + wide] = shown
            for _ in range(frames):
                file.write(b"FRAME\n" + frame.tobytes() + colourless)
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={target}",
    ]


def symbol_of(code: str, module: int = 6) -> np.ndarray:
    """A QR code as a badge shows it, in grey, so many pixels a module."""
    size, dark = qr.runs(code)
    grid = np.full((size + 2 * qr.QUIET, size + 2 * qr.QUIET), 235, np.uint8)
    for row, column, length in dark:
        grid[row + qr.QUIET, column + qr.QUIET : column + qr.QUIET + length] = 30
    return np.kron(grid, np.ones((module, module), np.uint8))


class Somebody:
    """A person with a browser window of their own, whose every page is audited."""

    def __init__(
        self,
        browser: Browser,
        address: str,
        language: str = "en",
        screen: dict | None = None,
        *,
        seeks_barriers: bool = True,
        sees_colours: bool = True,
        **more,
    ) -> None:
        self.address, self.seeks_barriers = address, seeks_barriers
        self.rules = {} if sees_colours else {"color-contrast": {"enabled": False}}
        self.context: BrowserContext = browser.new_context(
            base_url=address, locale=language, viewport=screen or DESKTOP, reduced_motion="reduce", **more
        )
        if seeks_barriers:
            self.context.add_init_script(path=AXE)
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.context.on("request", lambda request: self.asked.append(urlsplit(request.url).netloc))
        self.page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", self._read)

    def open(self, path: str) -> Somebody:
        self.page.goto(path)
        return self.look()

    def press(self, words: str, exact: bool = True) -> Somebody:
        """Press a button or follow a link, wait for the next page, and look at it."""
        self.page.get_by_role("button", name=words, exact=exact).or_(
            self.page.get_by_role("link", name=words, exact=exact)
        ).first.click()
        self.page.wait_for_load_state()
        return self.look()

    def fill(self, **fields: str) -> Somebody:
        """Fill fields by their names in the form."""
        for name, value in fields.items():
            field = self.page.locator(f"[name='{name.replace('__', '-')}']").first
            if field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        return self

    def text(self, selector: str = "main") -> str:
        return " ".join(self.page.locator(selector).first.inner_text().split())

    def look(self) -> Somebody:
        """No barrier that axe finds serious, nothing wider than the screen, no host but ours, no complaint."""
        self.page.wait_for_load_state()  # after a click the next page may be there and still empty
        if self.seeks_barriers:
            self._find_barriers()
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px wider than the screen"
        assert set(self.asked) <= {urlsplit(self.address).netloc}, set(self.asked)
        assert not self.complaints, self.complaints
        return self

    def _find_barriers(self) -> None:
        found = self.page.evaluate("rules => axe.run(document, {resultTypes: ['violations'], rules})", self.rules)
        serious = [
            f"{v['id']}: {v['nodes'][0]['html'][:200]}"
            for v in found["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert not serious, f"{self.page.url}: {serious}"

    def _read(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.status < 300:
            headers = {name.title(): value for name, value in response.headers.items()}
            headers["X-Content-Type-Options"] = headers.get("X-Content-Type-Options", "")
            if "text/html" in headers.get("Content-Type", ""):
                audit(response.url, headers, response.body())
