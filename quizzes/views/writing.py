"""Writing a quiz: beginning it, its settings, its order, publishing and correcting it, its versions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from core.db import db
from quizzes import drafts, policies, versions
from quizzes.forms import QuizForm
from quizzes.models import Quiz
from trainings.models import Programme

edge = Blueprint("writing", __name__)


@edge.get("/programmes/<uid:programme>/quizzes/new")
@requires(policies.may_write_quizzes, programme=Programme)
def show_new_quiz(programme: Programme) -> Any:
    return _settings_page(programme, QuizForm())


@edge.post("/programmes/<uid:programme>/quizzes")
@requires(policies.may_write_quizzes, programme=Programme)
def begin_quiz(programme: Programme) -> Any:
    form = QuizForm()
    if not form.validate_on_submit():
        return _settings_page(programme, form), 422
    draft = drafts.begin(programme, form.settings())
    audit.record(current_user, "began_quiz", draft)
    db.session.commit()
    return redirect(url_for("quizzes.show_quiz", quiz=draft.uid), 303)


@edge.get("/quiz-drafts/<uid:draft>/settings")
@requires(policies.may_write_quiz, draft=Quiz)
def show_settings(draft: Quiz) -> Any:
    drafts.refuse_published(draft)
    return _settings_page(db.session.get_one(Programme, draft.programme_id), QuizForm(obj=draft), draft)


@edge.post("/quiz-drafts/<uid:draft>/settings")
@requires(policies.may_write_quiz, draft=Quiz)
def settle_quiz(draft: Quiz) -> Any:
    form = QuizForm()
    if not form.validate_on_submit():
        return _settings_page(db.session.get_one(Programme, draft.programme_id), form, draft), 422
    drafts.settle(draft, form.settings())
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("quizzes.show_quiz", quiz=draft.uid), 303)


@edge.post("/quizzes/<uid:quiz>/correction")
@requires(policies.may_write_quiz, quiz=Quiz)
def correct_quiz(quiz: Quiz) -> Any:
    draft = drafts.draft_of(quiz)
    audit.record(current_user, "began_quiz", draft, version=draft.version)
    db.session.commit()
    return redirect(url_for("quizzes.show_quiz", quiz=draft.uid), 303)


@edge.post("/quiz-drafts/<uid:draft>/publication")
@requires(policies.may_write_quiz, draft=Quiz)
def publish_quiz(draft: Quiz) -> Any:
    drafts.publish(draft)
    audit.record(current_user, "published_quiz", draft, version=draft.version)
    db.session.commit()
    flash(_("Version %(number)s is published. Events that have not opened the quiz yet get it.", number=draft.version))
    return redirect(url_for("quizzes.show_quiz", quiz=draft.uid), 303)


@edge.post("/quiz-drafts/<uid:draft>/discarding")
@requires(policies.may_write_quiz, draft=Quiz)
def discard_quiz(draft: Quiz) -> Any:
    programme = db.session.get_one(Programme, draft.programme_id)
    audit.record(current_user, "discarded_quiz", draft, version=draft.version)
    drafts.discard(draft)
    db.session.commit()
    flash(_("The draft is thrown away."))
    return redirect(url_for("quizzes.list_quizzes", programme=programme.uid), 303)


@edge.get("/quizzes/<uid:quiz>/versions")
@requires(policies.may_see_quiz, quiz=Quiz)
def show_versions(quiz: Quiz) -> Any:
    return render_template(
        "quizzes/versions.html",
        quiz=quiz,
        programme=db.session.get_one(Programme, quiz.programme_id),
        versions=versions.history(quiz),
    )


def _settings_page(programme: Programme, form: QuizForm, draft: Quiz | None = None) -> str:
    return render_template("quizzes/settings.html", programme=programme, form=form, draft=draft)
