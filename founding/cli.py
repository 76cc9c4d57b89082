"""Commands of an installation: its settings, getting ready, loading a programme, serving."""

from __future__ import annotations

from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup

from accounts import staff
from core import clock, schema, serving
from core.config import CHECKOUT, Settings
from core.db import db
from core.sections import FileProblems
from founding import demo, loading
from trainings import programme_file

edge = AppGroup("muster", help="This installation.")
SHIPPED = CHECKOUT / "programmes" / "belarus.toml"
programme_option = click.option(
    "--programme", type=click.Path(path_type=Path), default=SHIPPED, help="The programme file to load."
)


@edge.command("settings")
def show_settings() -> None:
    """List every setting, its default and what it does."""
    for variable, default, help_text in Settings.described():
        click.echo(f"{variable:26} {default:12} {help_text}")


@edge.command("load")
@click.argument("path", type=click.Path(path_type=Path))
def load_programme(path: Path) -> None:
    """Load a programme file. Loading it again adds what is new in it and leaves the rest as people have made it."""
    schema.bring_up_to_date()
    _load(path)
    click.echo(f"{path.name} is loaded.")


@edge.command("serve")
@programme_option
def serve(programme: Path) -> None:
    """Bring the database up to date, load the programme, and serve until stopped."""
    settings: Settings = current_app.extensions["settings"]
    schema.bring_up_to_date()
    if programme_file.with_digest(loading.digest_of(programme)) is None:
        _load(programme)
    first = staff.first_administrator()
    if first is not None:
        click.echo("Nobody can sign in yet. Set the first administrator's password here, once:")
        click.echo(f"  {settings.address}/welcome/{staff.invite(first)}")
    db.session.commit()
    _serve(settings)


@edge.command("demo")
@programme_option
def serve_demo(programme: Path) -> None:
    """Play the programme with invented people up to today, print a link for each face, and serve."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.is_demo:
        raise click.ClickException(
            "This installation is not a demo. Use script/server --demo, which has a place of its own."
        )
    _play_unless_played_today(programme, settings)
    for face, path in demo.links():
        click.echo(f"  {face:22} {settings.address}{path}")
    db.session.commit()
    _serve(settings)


def _play_unless_played_today(programme: Path, settings: Settings) -> None:
    """Play it where another day, another programme or another version of the code played it last."""
    played = settings.home / "played-on"
    today = f"{clock.now().date()} {loading.digest_of(programme)} {loading.digest_of_code(CHECKOUT)}"
    if played.exists() and played.read_text() == today:
        return
    click.echo("Playing the demo (some seconds) ...")
    _start_over()
    try:
        demo.play(programme)
    except FileProblems as problems:
        raise click.ClickException(str(problems)) from None
    played.write_text(today)


def _load(path: Path) -> None:
    try:
        loading.load(path)
    except FileProblems as problems:
        raise click.ClickException(str(problems)) from None
    db.session.commit()


def _serve(settings: Settings) -> None:
    click.echo(f"{settings.product_name} is at {settings.address} (stop with Ctrl-C)")
    db.session.remove()
    db.engine.dispose()
    serving.serve(current_app._get_current_object(), settings)  # type: ignore[attr-defined]


def _start_over() -> None:
    """Empty the demo's database: what it plays must end today."""
    db.drop_all()
    with db.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
    schema.bring_up_to_date()
