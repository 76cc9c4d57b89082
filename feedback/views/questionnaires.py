"""The questions of each kind of event, for a manager to read and to change."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.saving import refusals_in, saved
from feedback import follow_ups, policies, questionnaires, reviewing
from feedback.forms import PURPOSE_NAMES, QUESTION_NAMES, QuestionnaireForm
from feedback.models import Questionnaire
from participants.models import PairingPurpose
from trainings.models import EventKind, Programme

edge = Blueprint("questionnaires", __name__)
ADDRESS = (
    "/programmes/<uid:programme>/questionnaires"
    "/<any(workshop, cso_training, forum, discussion, seminar, study_visit):kind>/<any(evaluation, follow_up):purpose>"
)


@edge.get("/programmes/<uid:programme>/questionnaires")
@requires(policies.may_manage_feedback, programme=Programme)
def list_questionnaires(programme: Programme) -> Any:
    return render_template(
        "feedback/questionnaires.html",
        programme=programme,
        questionnaires={
            kind: {purpose: questionnaires.current(programme.id, kind, purpose) for purpose in PURPOSE_NAMES}
            for kind in EventKind
        },
        purpose_names=PURPOSE_NAMES,
        unread=reviewing.unread_count(programme),
        due=follow_ups.due_count(programme),
    )


@edge.get(ADDRESS)
@requires(policies.may_manage_feedback, programme=Programme)
def show_questionnaire(programme: Programme, kind: str, purpose: str) -> Any:
    newest = questionnaires.current(programme.id, EventKind(kind), PairingPurpose(purpose))
    form = QuestionnaireForm()
    form.show(newest)
    return _page(programme, newest, form)


@edge.post(ADDRESS)
@requires(policies.may_manage_feedback, programme=Programme)
def revise_questionnaire(programme: Programme, kind: str, purpose: str) -> Any:
    newest = questionnaires.current(programme.id, EventKind(kind), PairingPurpose(purpose))
    form = QuestionnaireForm()
    if "more" not in request.form and form.validate_on_submit():
        with refusals_in(form):
            made = _revise(programme, newest, form)
            audit.record(current_user, "revised_questionnaire", made, version=made.version)
            return saved(
                _("Saved. It is asked at events whose feedback has not begun."),
                url_for("questionnaires.list_questionnaires", programme=programme.uid),
            )
    return _page(programme, newest, form), 422


def _revise(programme: Programme, newest: Questionnaire, form: QuestionnaireForm) -> Questionnaire:
    version = int(form.version.data) if str(form.version.data).isdecimal() else 0
    if not form.questions.entries:
        raise questionnaires.ChangedMeanwhile
    return questionnaires.revise(programme, newest.kind, newest.purpose, form.plans(), version)


def _page(programme: Programme, newest: Questionnaire, form: QuestionnaireForm) -> str:
    if "more" in request.form and len(form.questions) < questionnaires.MOST_QUESTIONS:
        form.questions.append_entry({"place": len(form.questions) + 1})
    return render_template(
        "feedback/questionnaire_form.html",
        programme=programme,
        newest=newest,
        form=form,
        most=questionnaires.MOST_QUESTIONS,
        purpose_names=PURPOSE_NAMES,
        question_names=QUESTION_NAMES,
    )
