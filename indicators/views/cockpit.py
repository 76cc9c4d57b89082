"""What is missing for the next report, by person and date."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from accounts.access import requires
from indicators import event_gaps, gaps, periods, policies, report_gaps
from trainings.models import Programme

edge = Blueprint("cockpit", __name__)
ASKED = (event_gaps, report_gaps)  # loaded here, so that every check is known


@edge.get("/programmes/<uid:programme>/missing")
@requires(policies.may_share, programme=Programme)
def show_missing(programme: Programme) -> Any:
    period = periods.next_of(programme)
    found = gaps.missing(programme, period) if period else []
    return render_template(
        "indicators/missing.html",
        programme=programme,
        period=period,
        checks=[(asked, len(items)) for asked, items in found],
        persons=gaps.by_person(found),
        total=sum(len(items) for _asked, items in found),
        today=programme.today(),
    )
