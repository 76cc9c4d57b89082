"""Reading what people wrote before anybody else does."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.saving import refusals_in, saved
from feedback import follow_ups, policies, reviewing
from feedback.forms import STATE_NAMES, ReviewForm, TextsFilter
from feedback.models import FreeText, ReviewState
from feedback.tallies import K
from trainings.models import Programme

edge = Blueprint("feedback_texts", __name__)


@edge.get("/programmes/<uid:programme>/feedback/texts")
@requires(policies.may_manage_feedback, programme=Programme)
def list_texts(programme: Programme) -> Any:
    return _page(programme, TextsFilter(request.args).wanted)


@edge.post("/feedback-texts/<uid:free>/review")
@requires(policies.may_review, free=FreeText)
def review_text(free: FreeText) -> Any:
    before, form, programme = free.state, ReviewForm(), reviewing.event_of(free).programme
    if form.validate_on_submit():
        with refusals_in(form):
            reviewing.settle(free, ReviewState(form.decision.data), current_user, form.redacted.data or "")
            audit.record(current_user, "reviewed_text", free, state=free.state)
            return saved(
                _("The text is %(state)s now.", state=STATE_NAMES[free.state]),
                url_for("feedback_texts.list_texts", programme=programme.uid, state=before),
            )
    return _page(programme, before, form, free), 409 if form.problem else 422


def _page(
    programme: Programme, state: ReviewState, form: ReviewForm | None = None, refused: FreeText | None = None
) -> str:
    return render_template(
        "feedback/texts.html",
        programme=programme,
        filter=TextsFilter(formdata=None, state=state.value),
        state=state,
        written=reviewing.of_programme(programme, state),
        form=form,
        refused=refused,
        state_names=STATE_NAMES,
        unread=reviewing.unread_count(programme),
        due=follow_ups.due_count(programme),
        k=K,
    )
