"""The door's page as a phone keeps it: the page in each language, its manifest, and the worker that keeps them."""

from __future__ import annotations

import hashlib
import json

from flask import current_app, render_template, url_for
from flask_babel import gettext as _

from core import assets, i18n
from door.forms import OUTCOME_NAMES
from participants.forms import SECTOR_NAMES, SEX_NAMES

SCRIPTS = (
    "answers",
    "app",
    "attendance",
    "codes",
    "desk",
    "device",
    "menu",
    "outbox",
    "panels",
    "readers",
    "readiness",
)
FILES = (
    "css/scanner.css",
    "img/icon.svg",
    "img/icon-192.png",
    "js/scanner.js",
    *(f"js/door/{name}.js" for name in (*SCRIPTS, "sealing", "store", "words")),
    "vendor/barcode-detector.js",
    "vendor/idb.js",
    "vendor/zxing_reader.wasm",
)


def page(language: str) -> str:
    """The page in one language; the same for everybody."""
    i18n.speak(language)
    return render_template(
        "door/scanner.html", outcome_names=OUTCOME_NAMES, sector_names=SECTOR_NAMES, sex_names=SEX_NAMES
    )


def manifest(language: str) -> str:
    """What makes the page installable, under the installation's neutral name."""
    i18n.speak(language)
    name = current_app.extensions["settings"].product_name
    address = url_for("scanner.show_scanner", language=language)
    return json.dumps(
        {
            "name": name,
            "short_name": name,
            "description": _("Door"),
            "lang": language,
            "id": "/door/",
            "start_url": address,
            "scope": "/door/",
            "display": "standalone",
            "orientation": "portrait",
            "background_color": "#faf7f0",
            "theme_color": "#24478f",
            "icons": [
                {"src": assets.url("img/icon-192.png"), "sizes": "192x192", "type": "image/png"},
                {"src": assets.url("img/icon-512.png"), "sizes": "512x512", "type": "image/png"},
                {"src": assets.url("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
            ],
        },
        ensure_ascii=False,
    )


def worker() -> str:
    """The worker with the list of what it keeps; another list has another name, and makes phones fetch anew."""
    languages = list(i18n.LANGUAGES)
    pages = [url_for("scanner.show_scanner", language=language) for language in languages]
    manifests = [url_for("scanner.show_manifest", language=language) for language in languages]
    files = [assets.url(path) for path in FILES]
    content = json.dumps([pages, files]) + "".join(page(language) + manifest(language) for language in languages)
    name = f"door-{hashlib.sha256(content.encode()).hexdigest()[:16]}"
    shell = {"name": name, "pages": pages, "files": [*manifests, *files]}
    return f"const SHELL = {json.dumps(shell)};\n" + (assets.SOURCE / "js" / "door" / "worker.js").read_text()
