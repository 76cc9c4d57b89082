"""The live board of a programme."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_login import current_user

from accounts.access import requires
from core import clock
from door import board, policies
from door.forms import SOURCE_NAMES
from trainings.models import Programme
from trainings.policies import manages

edge = Blueprint("board", __name__)


@edge.get("/programmes/<uid:programme>/board")
@requires(policies.may_watch, programme=Programme)
def show_board(programme: Programme) -> Any:
    """How today's sessions fill. An open board asks with the version it has `seen`: 204 when that is still so."""
    version = board.version(programme, current_user)
    if request.args.get("seen") == version:
        return "", 204
    return render_template(
        "door/board.html",
        programme=programme,
        may_review=manages(current_user, programme.id),
        scenes=board.state(programme, current_user),
        version=version,
        now=clock.now(),
        source_names=SOURCE_NAMES,
    )
