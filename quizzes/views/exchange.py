"""Files of questions: taking them in with a look at every block, and giving them out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from flask_login import current_user

from accounts import audit
from accounts.access import requires
from accounts.policies import is_staff
from core import i18n, parcels
from core.db import db
from core.errors import Refused
from core.web import answer_file
from quizzes import drafts, policies, taking_in, writing
from quizzes.formats import gift, reading, table
from quizzes.formats.blocks import Fate
from quizzes.forms import FileForm, TakingForm
from quizzes.models import Quiz
from trainings.models import Programme

edge = Blueprint("exchange", __name__)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@edge.get("/programmes/<uid:programme>/question-files/new")
@requires(policies.may_write_quizzes, programme=Programme)
def show_upload(programme: Programme) -> Any:
    return _upload_page(programme, FileForm(language=i18n.language(), into=request.args.get("into", "")))


@edge.post("/programmes/<uid:programme>/question-files")
@requires(policies.may_write_quizzes, programme=Programme)
def look_into_file(programme: Programme) -> Any:
    """What will become of every block. Nothing is kept: the page carries the file until somebody says yes."""
    form, of_programme = FileForm(), drafts.of_programme(programme.id)
    form.offer(of_programme)
    if form.validate_on_submit():
        content, name = form.file.data.read(), form.file.data.filename or ""
        try:
            found, parcel = reading.read(content, name, form.language.data), parcels.pack(content)
            return _preview_page(programme, form, found, form.chosen(of_programme), {"file": parcel, "name": name})
        except Refused as refusal:
            form.refuse(refusal)
    return _upload_page(programme, form), 422


@edge.post("/programmes/<uid:programme>/question-files/taking")
@requires(policies.may_write_quizzes, programme=Programme)
def take_questions(programme: Programme) -> Any:
    form, of_programme = TakingForm(), drafts.of_programme(programme.id)
    form.offer(of_programme)
    if not form.validate_on_submit():
        return _upload_page(programme, FileForm(formdata=None, language=i18n.language())), 422
    found = reading.read(parcels.unpack(form.file.data or ""), form.name.data or "", form.language.data)
    title = taking_in.title_of(form.name.data or "", form.title.data or "", form.language.data)
    chosen = {int(text) for text in request.form.getlist("take") if text.isdecimal() and len(text) < 6}
    draft = taking_in.take(programme, form.chosen(of_programme), title, found.blocks, chosen)
    audit.record(current_user, "took_questions_in", draft, questions=len(chosen), blocks=len(found.blocks))
    db.session.commit()
    flash(ngettext("%(num)s question is taken in.", "%(num)s questions are taken in.", len(chosen)))
    return redirect(url_for("quizzes.show_quiz", quiz=draft.uid), 303)


@edge.get("/question-files/template.xlsx")
@requires(is_staff)
def export_template() -> Any:
    return answer_file(table.template(), WORKBOOK, "questions-template.xlsx", as_download=True)


@edge.get("/quizzes/<uid:quiz>/questions.xlsx")
@requires(policies.may_see_quiz, quiz=Quiz)
def export_workbook(quiz: Quiz) -> Any:
    plans = [writing.plan_of(question) for question in drafts.questions_of(quiz)]
    return answer_file(table.workbook(plans), WORKBOOK, f"questions-v{quiz.version}.xlsx", as_download=True)


@edge.get("/quizzes/<uid:quiz>/questions-<any(en, ru, be):language>.gift")
@requires(policies.may_see_quiz, quiz=Quiz)
def export_gift(quiz: Quiz, language: str) -> Any:
    plans = [writing.plan_of(question) for question in drafts.questions_of(quiz)]
    content = gift.written(plans, language).encode()
    return answer_file(content, "text/plain", f"questions-v{quiz.version}-{language}.gift.txt", as_download=True)


def _upload_page(programme: Programme, form: FileForm) -> str:
    form.offer(drafts.of_programme(programme.id))
    return render_template("quizzes/upload.html", programme=programme, form=form)


def _preview_page(
    programme: Programme, form: FileForm, found: reading.Found, into: Quiz | None, carried: dict[str, str]
) -> str:
    return render_template(
        "quizzes/preview.html",
        programme=programme,
        form=form,
        found=found,
        into=into,
        carried=carried,
        offers=taking_in.offers(found.blocks, into),
        Fate=Fate,
    )
