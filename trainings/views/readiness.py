"""What the events of these days lack: before them and after, by event, with whose it is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

import certificates.readiness
import door.readiness
import feedback.readiness
import materials.readiness
import messages.readiness
import participants.readiness
import quizzes.readiness
from accounts.access import requires
from trainings import policies, readiness
from trainings.models import Programme

edge = Blueprint("readiness", __name__)
ASKED = (  # loaded here, so that every check is known
    participants.readiness,
    door.readiness,
    quizzes.readiness,
    feedback.readiness,
    materials.readiness,
    certificates.readiness,
    messages.readiness,
)


@edge.get("/programmes/<uid:programme>/readiness")
@requires(policies.may_plan, programme=Programme)
def show_readiness(programme: Programme) -> Any:
    events = readiness.near(programme)
    return render_template(
        "trainings/readiness.html",
        programme=programme,
        found=[(event, readiness.gaps(event)) for event in events],
        Stage=readiness.Stage,
        stage_of=readiness.stage_of,
    )
