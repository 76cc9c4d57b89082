"""Templates of events: every kind's, changing one, and back to the one that comes with the product."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.db import db
from core.errors import Refused
from quizzes import writing
from trainings import event_templates, policies
from trainings.models import EventKind, Programme
from trainings.template_forms import TemplateForm

edge = Blueprint("event_templates", __name__)
ONE = f"/programmes/<uid:programme>/templates/<any({', '.join(EventKind)}):kind>"


@edge.get("/programmes/<uid:programme>/templates")
@requires(policies.may_plan, programme=Programme)
def list_templates(programme: Programme) -> Any:
    return render_template(
        "trainings/templates.html",
        programme=programme,
        templates=event_templates.all_of(programme),
        quizzes=dict(_quizzes(programme)),
    )


@edge.get(ONE)
@requires(policies.may_plan, programme=Programme)
def show_template(programme: Programme, kind: str) -> Any:
    form = _form(programme)
    form.show(event_templates.of(programme, EventKind(kind)))
    return _page(programme, form, EventKind(kind))


@edge.post(ONE)
@requires(policies.may_plan, programme=Programme)
def keep_template(programme: Programme, kind: str) -> Any:
    form = _form(programme)
    if "more_sessions" not in request.form and form.validate_on_submit():
        try:
            event_templates.keep(programme, EventKind(kind), form.pattern)
            audit.record(current_user, "kept_template", programme, kind=kind)
            db.session.commit()
            flash(_("The template is kept. Events that are planned already stay as they are."))
            return redirect(url_for("event_templates.list_templates", programme=programme.uid), 303)
        except Refused as refusal:
            db.session.rollback()
            form.refuse(refusal)
    return _page(programme, form, EventKind(kind)), 422


@edge.post(ONE + "/shipped")
@requires(policies.may_plan, programme=Programme)
def drop_template(programme: Programme, kind: str) -> Any:
    event_templates.drop(programme, EventKind(kind))
    audit.record(current_user, "dropped_template", programme, kind=kind)
    db.session.commit()
    flash(_("The template that comes with the product is used again."))
    return redirect(url_for("event_templates.list_templates", programme=programme.uid), 303)


def _quizzes(programme: Programme) -> list[tuple[str, Any]]:
    return [(quiz.key, quiz.title) for quiz in writing.of_programme(programme.id)]


def _form(programme: Programme) -> TemplateForm:
    form = TemplateForm()
    form.offer(_quizzes(programme))
    return form


def _page(programme: Programme, form: TemplateForm, kind: EventKind) -> Any:
    if "more_sessions" in request.form:
        form.sittings.append_entry()
    own = event_templates.all_of(programme)[kind][1]
    return render_template("trainings/template.html", programme=programme, form=form, kind=kind, is_own=own)
