"""Commands about the installation's upkeep."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from core import runs, schema
from core.db import db
from upkeep import backup, restoring

edge = AppGroup("upkeep", help="The installation's upkeep.")


@edge.command("backup")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
def make_backup(folder: Path | None) -> None:
    """Write database and files into one file in FOLDER (backups in MUSTER_HOME). The key ring is not in it."""
    settings = current_app.extensions["settings"]
    run = runs.begin(backup.JOB, None)
    try:
        path = backup.make(settings, folder or settings.home / "backups")
    except backup.BackupProblem as problem:
        runs.end(backup.JOB, run, problem)
        raise click.ClickException(str(problem)) from None
    runs.end(backup.JOB, run)
    click.echo(f"{path} holds the database and the files. Take it to another machine.")
    click.echo("The key ring is NOT in it: keep a copy of that in another place (script/muster keys show).")


@edge.command("restore")
@click.argument("path", type=click.Path(path_type=Path))
def restore(path: Path) -> None:
    """Put a backup into an empty installation. The key ring is not in it: bring your copy of it."""
    settings = current_app.extensions["settings"]
    try:
        restoring.place(settings, path)
    except restoring.RestoreProblem as problem:
        raise click.ClickException(str(problem)) from None
    schema.bring_up_to_date()
    held_back = restoring.settle()
    is_readable = restoring.ring_fits()
    db.session.commit()
    click.echo(f"{path.name} is restored. People who were erased since are in it again: erase them again.")
    click.echo("Links, calendars and devices that were ended since are open again. Everybody was signed out.")
    if held_back:
        click.echo(f"Letters that waited and may have gone since: {held_back}. None is sent again by itself.")
    if not is_readable:
        click.echo(f"The key ring is another one: no name can be read. Put your copy at {settings.key_ring_path}.")
