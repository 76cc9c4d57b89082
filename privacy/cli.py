"""Commands about keys."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from privacy.crypto import KeyRing

edge = AppGroup("keys", help="The key ring.")


@edge.command("show")
def show() -> None:
    """Say where the key ring is. Its keys are never shown."""
    path = current_app.extensions["settings"].key_ring_path
    KeyRing.load(path)
    click.echo(f"{path} is there and only you can read it. Keep a copy in a safe place apart from the database.")
