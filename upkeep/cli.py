"""Commands about the installation's upkeep."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from core import runs
from upkeep import backup

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
