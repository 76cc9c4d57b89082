"""Static files under one content hash: built once, compressed, cached by browsers for ever, served by us alone."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from functools import cache
from pathlib import Path

from core.config import CHECKOUT

SOURCE = CHECKOUT / "static"
LIBRARIES = CHECKOUT / "node_modules"
BUILT = CHECKOUT / "var" / "static"

# Where a library's file is found, and the name it gets here.
VENDORED = {
    "@picocss/pico/css/pico.min.css": "pico.css",
    "htmx.org/dist/htmx.min.js": "htmx.js",
    "idb/build/index.js": "idb.js",
    "barcode-detector/dist/iife/ponyfill.js": "barcode-detector.js",
    "zxing-wasm/dist/reader/zxing_reader.wasm": "zxing_reader.wasm",
    "uqr/dist/index.mjs": "uqr.js",
}


class LibrariesMissing(Exception):
    """The browser libraries have not been fetched; the message says how."""


@cache
def fingerprint() -> str:
    """One hash of everything served, a part of every static address."""
    digest = hashlib.sha256()
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(SOURCE)).encode() + b"\0" + path.read_bytes())
    digest.update((CHECKOUT / "package-lock.json").read_bytes())
    digest.update(repr(sorted(VENDORED.items())).encode())
    return digest.hexdigest()[:12]


def build() -> Path:
    """Make the folder of static files if it is not there yet; refuses with LibrariesMissing."""
    folder = BUILT / fingerprint()
    if folder.exists():
        return folder
    from whitenoise.compress import Compressor  # brotli's slow best quality: at build time only

    unfinished = BUILT / f"{fingerprint()}.{os.getpid()}"  # two may build at once; the first that is ready stays
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(SOURCE, unfinished)
    (unfinished / "vendor").mkdir()
    for library, name in VENDORED.items():
        if not (LIBRARIES / library).exists():
            raise LibrariesMissing(f"{library} is missing. Run script/setup, which fetches the browser libraries.")
        shutil.copy(LIBRARIES / library, unfinished / "vendor" / name)
    for path in (unfinished / "css").glob("*.css"):
        path.write_text(_in_one_piece(path))
    compressor = Compressor(quiet=True)
    for path in unfinished.rglob("*"):
        if path.is_file() and compressor.should_compress(path.name):
            list(compressor.compress(str(path)))
    for old in BUILT.iterdir():
        if not old.name.startswith(fingerprint()):
            shutil.rmtree(old, ignore_errors=True)
    try:
        unfinished.rename(folder)
    except OSError:
        shutil.rmtree(unfinished)
    return folder


def url(path: str) -> str:
    """The address of a static file: asset_url("css/office.css")."""
    return f"/static/{fingerprint()}/{path}"


def _in_one_piece(path: Path) -> str:
    """A stylesheet with what it imports inside it, so that a page asks once; remarks and indentation are left out."""

    def imported(match: re.Match[str]) -> str:
        css = _in_one_piece((path.parent / match["path"]).resolve()).removeprefix('@charset "UTF-8";')
        return f"@layer {match['layer']} {{{css}}}" if match["layer"] else css

    css = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    css = re.sub(r'@import "(?P<path>[^"]+)"(?: layer\((?P<layer>\w+)\))?;', imported, css)
    return re.sub(r"\n\s*", "\n", css).strip()
