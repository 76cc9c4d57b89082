"""The queue of a phone, handed in as a file when it could not be sent."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core import clock
from core.db import db
from core.errors import Refused
from door import cases, policies, queue_file, queue_intake
from door.review_forms import ENTRY_NAMES, QueueFileForm
from trainings.models import Event

edge = Blueprint("queue_files", __name__)


@edge.get("/events/<uid:event>/queue-files")
@requires(policies.may_review, event=Event)
def show_upload(event: Event) -> Any:
    return _page(event, QueueFileForm())


@edge.post("/events/<uid:event>/queue-files")
@requires(policies.may_review, event=Event)
def take_in(event: Event) -> Any:
    """Answered at once and not by a redirect: to load the page again takes the same file in again, without harm."""
    form = QueueFileForm()
    if not form.validate_on_submit():
        return _page(event, form), 422
    try:
        queue = queue_file.parse(form.file.data.read(), clock.now())
    except Refused as refusal:
        form.refuse(refusal)
        return _page(event, form), 422
    rows = queue_intake.take_in(event, queue, current_user)
    audit.record(current_user, "queue_file_taken_in", event, entries=len(rows), lost=sum(row.is_lost for row in rows))
    db.session.commit()
    return _page(event, form, rows=rows, is_whole=queue.is_whole)


def _page(event: Event, form: QueueFileForm, **found: Any) -> Any:
    return render_template(
        "door/queue_file.html",
        event=event,
        programme=event.programme,
        form=form,
        kind_names=ENTRY_NAMES,
        waiting=cases.open_count(event),
        **found,
    )
