"""Writing quizzes: a draft is written and published, a published version stays, questions are found and used again."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError
from werkzeug.datastructures import MultiDict

from core import parcels
from core.db import db
from core.errors import Refused
from core.i18n import Texts
from quizzes import bank, composing, drafts, openings, versions, writing
from quizzes.drafts import QuizSettings
from quizzes.models import WHOLE, Form, Phase, Question, QuestionKind, Quiz
from quizzes.plans import OptionPlan, QuestionPlan
from quizzes.question_form import QuestionForm
from tests import make
from tests.pages import Page, Visitor


def choice(text: str = "Who may visit?", right: int = 1) -> QuestionPlan:
    options = [OptionPlan(Texts(en=f"Answer {n}"), is_right=n <= right) for n in (1, 2, 3)]
    return QuestionPlan(QuestionKind.SINGLE, Texts(en=text), options)


@pytest.fixture
def draft(app: Flask) -> Quiz:
    """A new quiz of three questions."""
    made = drafts.begin(make.programme(), QuizSettings(Texts(en="Custody")))
    composing.add(made, [choice(f"Question {n}?") for n in (1, 2, 3)])
    return made


def said(quiz: Quiz) -> list[str]:
    db.session.expire_all()
    return [str(question.text["en"]) for question in quiz.questions]


def page_of(manager: Visitor, quiz: Quiz) -> Page:
    return manager.get(f"/quizzes/{quiz.uid}")


def test_a_quiz_is_published_when_every_question_can_be_answered(draft: Quiz) -> None:
    composing.add(draft, [choice("Nothing right?", right=0)])
    with pytest.raises(Refused) as refused:
        drafts.publish(draft)
    assert refused.value.code == "faulty_questions" and "4" in refused.value.message
    composing.remove(draft.questions[3])
    drafts.publish(draft)
    assert writing.of_programme(draft.programme_id) == [draft]


def test_a_quiz_without_questions_is_not_published(app: Flask) -> None:
    empty = drafts.begin(make.programme(), QuizSettings(Texts(en="Empty")))
    with pytest.raises(Refused, match="no_questions"):
        drafts.publish(empty)


def test_a_published_version_never_changes(draft: Quiz) -> None:
    drafts.publish(draft)
    question = draft.questions[0]
    for change in (
        lambda: composing.revise(question, choice("Other?")),
        lambda: composing.add(draft, [choice()]),
        lambda: composing.move(question, 2),
        lambda: composing.remove(question),
        lambda: drafts.settle(draft, QuizSettings(Texts(en="Other"))),
        lambda: drafts.discard(draft),
        lambda: drafts.publish(draft),
    ):
        with pytest.raises(Refused, match="quiz_published"):
            change()
    db.session.commit()
    for table, column in (("quizzes", "title"), ("questions", "text"), ("options", "text")):
        with pytest.raises(DatabaseError, match="are final"):
            db.session.execute(sa.text(f"UPDATE {table} SET {column} = '{{}}'"))
        db.session.rollback()


def test_a_correction_is_one_draft_with_the_same_questions_until_it_is_published(app: Flask) -> None:
    quiz = make.quiz()
    opened, waiting = make.event_quiz(of=quiz), make.event_quiz(of=quiz)
    openings.open_phase(opened, Phase.PRE)
    draft = drafts.draft_of(quiz)
    assert drafts.draft_of(quiz) is draft and draft.version == 2
    assert [q.origin for q in draft.questions] == [q.origin for q in quiz.questions]
    composing.revise(draft.questions[0], choice("Asked better?"))
    assert writing.of_programme(quiz.programme_id) == [quiz]
    drafts.publish(draft)
    openings.close_phase(opened, Phase.PRE)
    openings.open_phase(opened, Phase.POST)
    openings.open_phase(waiting, Phase.PRE)
    assert (opened.quiz, waiting.quiz) == (quiz, draft)
    second, first = versions.history(quiz)
    assert (second.changed, second.added, second.removed) == (1, 0, 0)
    assert (second.used, first.used) == ([waiting], [opened])


def test_a_discarded_draft_leaves_what_was_published(app: Flask) -> None:
    quiz = make.quiz()
    drafts.discard(drafts.draft_of(quiz))
    assert drafts.find_draft(quiz) is None
    assert len(said(quiz)) == 4
    assert drafts.draft_of(quiz).version == 2


def test_questions_are_put_into_order_copied_and_removed(draft: Quiz) -> None:
    first = draft.questions[0]
    composing.move(first, 3)
    assert said(draft) == ["Question 2?", "Question 3?", "Question 1?"]
    copied = composing.copy(draft.questions[0])
    assert said(draft) == ["Question 2?", "Question 2?", "Question 3?", "Question 1?"]
    assert copied.position == 2 and copied.origin != draft.questions[0].origin and len(copied.options) == 3
    composing.remove(draft.questions[0])
    assert said(draft) == ["Question 2?", "Question 3?", "Question 1?"]
    assert [question.position for question in draft.questions] == [1, 2, 3]


def test_a_question_is_found_by_its_words_in_any_language_and_taken_as_a_copy(draft: Quiz) -> None:
    quiz = make.quiz()
    found = bank.find(quiz.programme_id, "вопрос 2?", into=draft)
    assert found == [quiz.questions[1]]
    taken = bank.take(draft, found[0])
    assert (taken.position, taken.text) == (4, found[0].text) and taken.origin != found[0].origin
    abroad = make.quiz(make.programme("elsewhere"))
    assert not set(bank.find(draft.programme_id)) & set(abroad.questions)
    with pytest.raises(Refused, match="question_of_other_programme"):
        bank.take(draft, abroad.questions[0])


def test_the_bank_holds_each_question_in_its_newest_version(app: Flask) -> None:
    quiz = make.quiz()
    corrected = drafts.draft_of(quiz)
    composing.revise(corrected.questions[0], choice("Asked better?"))
    assert bank.find(quiz.programme_id) == corrected.questions


RU_BE, WRONG = Texts(ru="Ответ", be="Адказ"), Texts(en="Wrong")
WRITTEN = {
    QuestionKind.SINGLE: [OptionPlan(RU_BE, True), OptionPlan(WRONG, is_last=True, feedback=Texts(en="Look again."))],
    QuestionKind.MULTIPLE: [OptionPlan(RU_BE, True, points=WHOLE), OptionPlan(WRONG, points=-333333)],
    QuestionKind.TRUE_FALSE: [OptionPlan(Texts(en="True"), True), OptionPlan(Texts(en="False"))],
    QuestionKind.SHORT: [OptionPlan(RU_BE, True), OptionPlan(WRONG, False, points=333333)],
    QuestionKind.NUMBER: [OptionPlan(Texts(), True, low=low, high=high) for low, high in (("48", "48"), ("1", "2,5"))],
    QuestionKind.MATCHING: [OptionPlan(RU_BE, match=WRONG), OptionPlan(Texts(), match=RU_BE)],
    QuestionKind.ORDERING: [OptionPlan(WRONG), OptionPlan(RU_BE)],
    QuestionKind.FREE: [],
}


@pytest.mark.parametrize("kind", QuestionKind)
def test_a_question_comes_out_of_the_editor_as_it_went_in(kind: QuestionKind) -> None:
    plan = QuestionPlan(kind, Texts(en="Which?", ru="Что?"), WRITTEN[kind], explanation=RU_BE, form=Form.A)
    assert QuestionForm.of(plan).plan() == plan


def test_what_was_typed_for_one_kind_of_question_waits_while_another_is_looked_at() -> None:
    typed = MultiDict({"kind": "number", "option-0-text-en": "Yes", "option-0-low": "3", "option-4-high": "7"})
    form = QuestionForm.read(typed)
    assert [option.low or option.high for option in form.plan().options] == ["3", "7"]
    assert list(form.options[0].kept(form.kind)) == [("text-en", "Yes")]


def test_a_question_is_written_with_nothing_lost_on_the_way(draft: Quiz, manager: Visitor) -> None:
    page = page_of(manager, draft).link("New question")
    page = page.submit("One more", **{"text-en": "Who?", "option-0-text-ru": "Судья", "option-3-text-en": "Nobody"})
    assert len(page.all(".options > li")) == 5
    assert page.one("#option-0-text-ru").text == "Судья"
    assert "No answer is right." in page.text("#look") and "Who?" in page.text(".screen")
    page = page.submit("Save", **{"option-0-points": "many"})
    assert page.status == 422 and page.one("#option-0-text-ru").text == "Судья"
    page = page.submit("Save", right="0", **{"option-0-points": ""})
    assert "4. Who?" in page.text("ol.questions")
    question = db.session.scalars(sa.select(Question).where(Question.quiz_id == draft.id, Question.position == 4)).one()
    assert [(option.text, option.is_right) for option in question.options] == [
        ({"ru": "Судья"}, True),
        ({"en": "Nobody"}, False),
    ]
    page = page_of(manager, draft).submit("Publish version 1")
    assert "version 1" in page.text(".head") and not page.all("form[action$='/removal']")


def test_a_file_is_looked_at_before_anything_of_it_is_kept(draft: Quiz, manager: Visitor) -> None:
    content = (
        "// a remark\n\nQuestion 1? {=Answer 1 ~Answer 2}\n\n::Police::Wer darf das? {=Richter ~Alle}\n\nBroken {=a ~b"
    )
    page = manager.get(f"/programmes/{make.programme().uid}/question-files/new")
    upload = (io.BytesIO(content.encode()), "bank.gift")
    page = page.submit("Look at the questions", file=upload, into=draft.uid, language="en")
    ticks = page.all("input[name=take]")
    assert [bool(tick.get("checked") is not None) for tick in ticks] == [False, True]
    assert "This question is in the quiz already." in page.text(".blocks") and "line 7" in page.text(".blocks")
    assert len(said(draft)) == 3
    page = page.submit("Take the marked questions")
    assert "4. Wer darf das?" in page.text("ol.questions")
    answer = manager.ask("get", f"/quizzes/{draft.uid}/questions-en.gift")
    assert "Wer darf das?" in answer.get_data(as_text=True)


def test_a_carried_file_comes_back_whole_or_not_at_all() -> None:
    assert parcels.unpack(parcels.pack(b"{=a}" * 100_000)) == b"{=a}" * 100_000
    for broken in ("", "AAAA", "жжж", parcels.pack(b"x" * 1000)[:-8]):
        with pytest.raises(Refused, match="parcel_damaged"):
            parcels.unpack(broken)
    with pytest.raises(Refused, match="parcel_too_large"):
        parcels.pack(bytes(6 * 1024 * 1024))
