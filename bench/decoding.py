"""How well a badge is read: its 12 characters against 32 in a symbol of the same printed size, by our own decoder.

A grid of frames, the same for both: smaller and smaller, out of focus, in bad light, turned a little. They are drawn
with numpy from fixed seeds and read in a real Chromium by the decoder that the scanner has, as we serve it.
"""

from __future__ import annotations

import base64
import itertools
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench import servers
from core import assets, qr
from privacy import codes

WIDTH, HEIGHT = 240, 180
MODULES = (1.2, 1.4, 1.6, 1.8, 2.0, 2.4, 2.8, 3.2, 4.0)  # pixels a module of the badge's symbol
BLURS = (0.0, 0.6, 0.9, 1.2, 1.6, 2.0)  # sigma in pixels
LIGHTS = ((1.0, 2.0), (0.5, 5.0), (0.25, 6.0))  # brightness of white paper, noise of the camera
TIMES = 4  # each with another code, place and turn
FINER = 4  # a frame is drawn so many times finer, then averaged: a camera's pixels do the same
READER = """
async ({decoder, frames, width, height}) => {
  if (!globalThis.detector) {
    const {BarcodeDetector, prepareZXingModule} = globalThis.BarcodeDetectionAPI;
    prepareZXingModule({overrides: {locateFile: (path, prefix) => (path.endsWith(".wasm") ? decoder : prefix + path)}});
    globalThis.detector = new BarcodeDetector({formats: ["qr_code"]});
  }
  const read = [];
  for (const frame of frames) {
    const grey = Uint8Array.from(atob(frame), (letter) => letter.charCodeAt(0));
    const picture = new ImageData(width, height);
    grey.forEach((value, at) => picture.data.set([value, value, value, 255], 4 * at));
    const found = await globalThis.detector.detect(picture);
    read.push(found.map((symbol) => symbol.rawValue));
  }
  return read;
}
"""


@dataclass(frozen=True)
class Condition:
    """How a frame is taken."""

    module: float
    blur: float
    light: tuple[float, float]
    seed: int


def conditions(share: float) -> Iterator[Condition]:
    times = range(max(round(TIMES * share), 1))
    for number, (module, blur, light, _again) in enumerate(itertools.product(MODULES, BLURS, LIGHTS, times)):
        yield Condition(module, blur, light, number)


def text(length: int, chance: np.random.Generator) -> str:
    """So many characters of the alphabet of our codes: the smallest symbol there is for them."""
    return "".join(codes.ALPHABET[number] for number in chance.integers(len(codes.ALPHABET), size=length))


def symbol(content: str) -> np.ndarray:
    """A QR symbol as a badge has it, quiet zone included: 1 is ink."""
    size, dark = qr.runs(content)
    ink = np.zeros((size + 2 * qr.QUIET, size + 2 * qr.QUIET))
    for row, column, length in dark:
        ink[row + qr.QUIET, column + qr.QUIET : column + qr.QUIET + length] = 1
    return ink


def frame(ink: np.ndarray, side: float, how: Condition) -> np.ndarray:
    """What a camera sees: the symbol on white paper `side` pixels wide, somewhere near the middle, turned a little."""
    chance = np.random.default_rng(how.seed)
    angle, (left, top) = np.radians(chance.uniform(-12, 12)), chance.uniform(-8, 8, size=2)
    fine_x = (np.arange(WIDTH * FINER) + 0.5) / FINER - WIDTH / 2 - left
    fine_y = (np.arange(HEIGHT * FINER) + 0.5) / FINER - HEIGHT / 2 - top
    across = fine_x[None, :] * np.cos(angle) + fine_y[:, None] * np.sin(angle)
    down = fine_y[:, None] * np.cos(angle) - fine_x[None, :] * np.sin(angle)
    column = np.floor((across / side + 0.5) * len(ink)).astype(int)
    row = np.floor((down / side + 0.5) * len(ink)).astype(int)
    is_on_it = (row >= 0) & (row < len(ink)) & (column >= 0) & (column < len(ink))
    inked = np.where(is_on_it, ink[row.clip(0, len(ink) - 1), column.clip(0, len(ink) - 1)], 0.0)
    seen = inked.reshape(HEIGHT, FINER, WIDTH, FINER).mean(axis=(1, 3))
    brightness, noise = how.light
    grey = 230 * brightness * (1 - 0.88 * blurred(seen, how.blur)) + chance.normal(0, noise, seen.shape)
    return grey.clip(0, 255).astype(np.uint8)


def blurred(picture: np.ndarray, sigma: float) -> np.ndarray:
    if not sigma:
        return picture
    reach = int(np.ceil(3 * sigma))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights /= weights.sum()
    for axis in (0, 1):
        picture = sum(weight * np.roll(picture, by - reach, axis) for by, weight in enumerate(weights))
    return picture


def measure(page: Any, share: float) -> dict[int, dict[Condition, bool]]:
    """Which frames were read right, by the length of the code."""
    found: dict[int, dict[Condition, bool]] = {12: {}, 32: {}}
    for length, all_of_it in itertools.product(found, [list(conditions(share))]):
        for start in range(0, len(all_of_it), 36):
            some = all_of_it[start : start + 36]
            contents, frames = [], []
            for how in some:
                content = text(length, np.random.default_rng(how.seed))
                # The same printed size: as wide as the badge's symbol, however many modules share that.
                side = how.module * len(symbol(text(12, np.random.default_rng(how.seed))))
                contents.append(content)
                frames.append(base64.b64encode(frame(symbol(content), side, how).tobytes()).decode())
            decoder = assets.url("vendor/zxing_reader.wasm")
            read = page.evaluate(READER, {"decoder": decoder, "frames": frames, "width": WIDTH, "height": HEIGHT})
            for how, content, got in zip(some, contents, read, strict=True):
                found[length][how] = content in got
    return found


def main(share: float, _database: str) -> None:
    try:
        from playwright.sync_api import Error, sync_playwright  # of the tests' tools, needed here only
    except ImportError:
        print("Playwright is missing. Run script/setup --for-tests, then this again.")
        return
    with tempfile.TemporaryDirectory(prefix="muster-bench") as folder, sync_playwright() as playwright:
        named = ("chromium", "chromium-browser", "google-chrome")
        installed = next((path for name in named if (path := shutil.which(name))), None)
        try:
            browser = playwright.chromium.launch(executable_path=installed, args=["--no-sandbox", "--disable-gpu"])
        except Error:
            print("Chromium is missing, so nothing was decoded. Install chromium, then run this again.")
            return
        environment = {"MUSTER_HOME": folder, "DATABASE_URL": ""}
        with servers.started(servers.MUSTER, environment, "/health") as ours:
            # Only the scanner's own page may run WebAssembly; here any page of ours does.
            page = browser.new_page(bypass_csp=True)
            page.goto(f"http://127.0.0.1:{ours.port}/health")
            page.add_script_tag(url=assets.url("vendor/barcode-detector.js"))
            show(measure(page, share))
        browser.close()


def show(found: dict[int, dict[Condition, bool]]) -> None:
    rates = {length: sum(read.values()) / len(read) for length, read in found.items()}
    for length, read in found.items():
        modules = len(symbol(text(length, np.random.default_rng(0)))) - 2 * qr.QUIET
        print(f"{length} characters, {modules} modules: {100 * rates[length]:.1f} % of {len(read)} frames read")
    print(f"ratio: {rates[12] / rates[32]:.2f}" if rates[32] else "ratio: the longer code was never read")
    for word, key in (("module", "module"), ("blur", "blur"), ("light", "light")):
        for value in dict.fromkeys(getattr(how, key) for how in found[12]):
            both = [np.mean([read for how, read in found[n].items() if getattr(how, key) == value]) for n in (12, 32)]
            print(f"  {word} {value!s:12} {100 * both[0]:5.0f} % {100 * both[1]:5.0f} %")
