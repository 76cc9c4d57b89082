"""Commands about staff."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from accounts import staff
from accounts.models import Role
from core.db import db
from core.errors import Refused

edge = AppGroup("staff", help="Members of staff.")


@edge.command("invite")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.MANAGER.value)
def invite(email: str, name: str, role: str) -> None:
    """Add a member of staff and print the link with which they set a password."""
    try:
        user = staff.add(name, email, Role(role))
    except Refused as refusal:
        raise click.ClickException(refusal.message) from None
    token = staff.invite(user)
    db.session.commit()
    click.echo(f"{current_app.extensions['settings'].address}/welcome/{token}")
