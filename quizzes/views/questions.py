"""Writing questions: the editor with the phone beside it, their order in a draft, and the bank of all questions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, get_template_attribute, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from accounts.access import load_or_404, requires
from core import i18n
from core.db import db
from quizzes import bank, composing, drafts, orders, policies, writing
from quizzes.forms import BankForm
from quizzes.models import Question, QuestionKind, Quiz
from quizzes.plans import QuestionPlan, faults_of
from quizzes.question_form import FIELDS, MOST_OPTIONS, QuestionForm
from trainings.models import Programme

edge = Blueprint("questions", __name__)
SAVING = ("save", "save_and_next")


@edge.get("/quiz-drafts/<uid:draft>/questions/new")
@requires(policies.may_write_quiz, draft=Quiz)
def show_new_question(draft: Quiz) -> Any:
    return _editor(draft, QuestionForm.read(request.args))


@edge.post("/quiz-drafts/<uid:draft>/questions")
@requires(policies.may_write_quiz, draft=Quiz)
def add_question(draft: Quiz) -> Any:
    form, step = QuestionForm.read(request.form), request.form.get("step", "save")
    if step in SAVING and form.is_fine():
        question = composing.add(draft, [form.plan()])[0]
        db.session.commit()
        return _go_on(question, step)
    form.press(step)
    return _editor(draft, form), 422 if form.errors else 200


@edge.get("/questions/<uid:question>")
@requires(policies.may_write_question, question=Question)
def show_question(question: Question) -> Any:
    return _editor(question.quiz, QuestionForm.of(writing.plan_of(question)).furnished(), question)


@edge.post("/questions/<uid:question>")
@requires(policies.may_write_question, question=Question)
def revise_question(question: Question) -> Any:
    form, step = QuestionForm.read(request.form), request.form.get("step", "save")
    if step in SAVING and form.is_fine():
        composing.revise(question, form.plan(question.origin))
        db.session.commit()
        return _go_on(question, step)
    form.press(step)
    return _editor(question.quiz, form, question), 422 if form.errors else 200


@edge.post("/questions/<uid:question>/place")
@requires(policies.may_write_question, question=Question)
def move_question(question: Question) -> Any:
    place = request.form.get("place", "")
    if place.isdecimal() and len(place) < 6:
        composing.move(question, int(place))
        db.session.commit()
    return redirect(_place_of(question), 303)


@edge.post("/questions/<uid:question>/copy")
@requires(policies.may_write_question, question=Question)
def copy_question(question: Question) -> Any:
    copied = composing.copy(question)
    db.session.commit()
    return redirect(url_for("questions.show_question", question=copied.uid), 303)


@edge.post("/questions/<uid:question>/removal")
@requires(policies.may_write_question, question=Question)
def remove_question(question: Question) -> Any:
    draft = question.quiz
    composing.remove(question)
    db.session.commit()
    flash(_("The question is removed from this draft."))
    return redirect(url_for("quizzes.show_quiz", quiz=draft.uid), 303)


@edge.get("/programmes/<uid:programme>/questions")
@requires(policies.may_see_quizzes, programme=Programme)
def list_questions(programme: Programme) -> Any:
    form = BankForm(request.args)
    may_write = policies.may_write_quizzes(current_user, programme)
    into = form.offer(drafts.of_programme(programme.id) if may_write else [])
    found = bank.find(programme.id, form.search.data or "", into)
    return render_template("quizzes/bank.html", programme=programme, form=form, into=into, found=found)


@edge.post("/quiz-drafts/<uid:draft>/taken-questions")
@requires(policies.may_write_quiz, draft=Quiz)
def take_question(draft: Quiz) -> Any:
    if "question" not in request.form:
        abort(400)
    taken = bank.take(draft, load_or_404(Question, request.form["question"]))
    db.session.commit()
    flash(_("Taken into “%(quiz)s” as question %(number)s.", quiz=draft.title, number=taken.position))
    programme = db.session.get_one(Programme, draft.programme_id)
    search = request.form.get("search") or None
    return redirect(url_for("questions.list_questions", programme=programme.uid, into=draft.uid, search=search), 303)


def _editor(draft: Quiz, form: QuestionForm, question: Question | None = None) -> str:
    drafts.refuse_published(draft)
    programme = db.session.get_one(Programme, draft.programme_id)
    plan = form.plan("preview")  # the same origin at each look, so that nothing jumps about
    total = len(draft.questions) + (question is None)
    place = question.position if question else total
    chosen = request.values.get("look_in", "")
    look_in = chosen if chosen in i18n.LANGUAGES else i18n.language()
    return render_template(
        "quizzes/question.html",
        draft=draft,
        programme=programme,
        question=question,
        place=place,
        total=total,
        form=form,
        fields=FIELDS[form.kind],
        is_full=len(form.options) >= MOST_OPTIONS,
        languages=sorted(i18n.LANGUAGES, key=lambda code: code != programme.language),
        look_in=look_in,
        phone=_on_the_phone(plan, place, total, look_in),
        faults=faults_of(plan) if plan.text or plan.options else [],
    )


def _on_the_phone(plan: QuestionPlan, place: int, total: int, look_in: str) -> Markup:
    """The question as a phone of this language shows it, its answers in the order in which they were written."""
    asked = writing.question_of(plan, place)
    show = get_template_attribute("quizzes/questions.html", "question")
    is_pairs = asked.kind in (QuestionKind.MATCHING, QuestionKind.ORDERING)
    options = orders.options_of(asked, 1) if is_pairs else sorted(asked.options, key=lambda option: option.is_last)
    matches = orders.matches_of(asked, 1) if asked.kind == QuestionKind.MATCHING else []
    with i18n.speaking(look_in):
        shown: Markup = show(asked, place, total, [], False, options, matches)
    return shown


def _go_on(question: Question, step: str) -> Any:
    """To the next question, or a new one behind the last; or back to the quiz."""
    if step == "save":
        return redirect(_place_of(question), 303)
    later = [one for one in question.quiz.questions if one.position > question.position]
    if later:
        return redirect(url_for("questions.show_question", question=later[0].uid), 303)
    kind = question.kind.value
    return redirect(url_for("questions.show_new_question", draft=question.quiz.uid, kind=kind), 303)


def _place_of(question: Question) -> str:
    return url_for("quizzes.show_quiz", quiz=question.quiz.uid, _anchor=f"question-{question.uid}")
