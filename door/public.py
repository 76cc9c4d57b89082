"""What a phone opens without anybody signing in: the door's page, its worker, and the pairing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from accounts import audit
from accounts.access import open_to_anyone
from core import web
from core.db import db
from core.web import csrf
from door import devices, shell

# The door's page. It knows nothing of any event: what it shows comes from the phone it is kept on.
edge = Blueprint("scanner", __name__)
csrf.exempt(edge)


@edge.get("/door/<any(en, ru, be):language>")
@open_to_anyone
def show_scanner(language: str) -> Any:
    web.allow_camera()
    return shell.page(language)


@edge.get("/door/<any(en, ru, be):language>/manifest.webmanifest")
@open_to_anyone
def show_manifest(language: str) -> Any:
    return Response(shell.manifest(language), mimetype="application/manifest+json")


@edge.get("/door/worker.js")
@open_to_anyone
def show_worker() -> Any:
    return Response(shell.worker(), mimetype="text/javascript")


@edge.post("/door/pairings")
@open_to_anyone
def pair_device() -> Any:
    """A phone with the secret of a pairing becomes a device; answered with its token, once."""
    body = request.get_json(silent=True)
    body = body if isinstance(body, dict) else {}
    device, token = devices.pair(str(body.get("secret") or ""), str(body.get("name") or ""))
    audit.record(device.paired_by, "paired", device)
    db.session.commit()
    return {"token": token, "device": device.uid}, 201
