"""What came back: of an event, of a kind, of a programme, and as a workbook."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.web import answer_file
from feedback import follow_ups, policies, results, reviewing, wording, workbook
from feedback.follow_ups import Moment
from feedback.forms import MOMENT_NAMES, PURPOSE_NAMES, ResultsFilter
from feedback.tallies import K
from participants.models import PairingPurpose
from trainings.models import Event, EventStatus, Programme

edge = Blueprint("feedback", __name__)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@edge.get("/events/<uid:event>/feedback")
@requires(policies.may_ask, event=Event)
def show_event_results(event: Event) -> Any:
    found = {purpose: results.of_event(event, purpose) for purpose in PURPOSE_NAMES}
    return render_template(
        "feedback/event_results.html",
        programme=event.programme,
        event=event,
        found=found,
        texts={purpose: results.reviewed_texts([found[purpose]], purpose) for purpose in found},
        purpose_names=PURPOSE_NAMES,
        follow_up=follow_ups.of_event(event) if event.status == EventStatus.HELD else None,
        Moment=Moment,
        moment_names=MOMENT_NAMES,
        today=event.programme.today(),
        may_manage=policies.may_manage_feedback(current_user, event.programme),
        words=wording,
        k=K,
        Purpose=PairingPurpose,
    )


@edge.get("/programmes/<uid:programme>/feedback")
@requires(policies.may_manage_feedback, programme=Programme)
def show_results(programme: Programme) -> Any:
    form = ResultsFilter(request.args)
    overview = results.of_programme(programme, form.purpose, form.event_kind)
    return render_template(
        "feedback/results.html",
        programme=programme,
        form=form,
        purpose=form.purpose,
        overview=overview,
        texts=results.reviewed_texts(overview.events, form.purpose),
        unread=reviewing.unread_count(programme),
        due=follow_ups.due_count(programme),
        words=wording,
        k=K,
    )


@edge.get("/programmes/<uid:programme>/feedback.xlsx")
@requires(policies.may_manage_feedback, programme=Programme)
def export_results(programme: Programme) -> Any:
    form = ResultsFilter(request.args)
    overview = results.of_programme(programme, form.purpose, form.event_kind)
    content = workbook.write(overview, results.reviewed_texts(overview.events, form.purpose))
    audit.record_at_once(current_user, "exported_feedback", programme)
    return answer_file(content, WORKBOOK, "feedback.xlsx", as_download=True)
