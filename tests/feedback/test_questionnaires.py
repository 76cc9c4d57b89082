"""What is asked: a form for every kind of event, short, in three languages, and a manager's to change."""

from __future__ import annotations

import pytest
from flask import Flask

from core.errors import Refused
from core.i18n import Texts
from feedback import evaluations, questionnaires
from feedback.models import QuestionKind
from feedback.questionnaires import PURPOSES, QuestionPlan
from tests import make
from tests.feedback.voices import AFTER, LATER, event_with
from tests.pages import Visitor
from trainings.models import EventKind


def plans_of(questionnaire) -> list[QuestionPlan]:
    return [QuestionPlan(q.kind, Texts(q.text), list(q.options), q.key) for q in questionnaire.questions]


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_of_event_has_a_short_form_in_three_languages(kind: EventKind) -> None:
    for purpose, first in zip(PURPOSES, ("usefulness", "applied"), strict=True):
        plans = questionnaires.defaults(kind, purpose)
        assert plans[0].key == first and 3 <= len(plans) <= 6
        texts = [Texts(text) for plan in plans for text in (plan.text, *plan.options)]
        assert all(text.missing() == [] for text in texts)
        assert len({plan.key for plan in plans}) == len(plans)


def test_a_change_reaches_only_events_nobody_has_answered(app: Flask) -> None:
    begun, (place, _other) = event_with(2)
    evaluations.rate(begun, place, 5)
    coming, _places = event_with(1)
    before = questionnaires.of_event(begun, AFTER)
    kept = plans_of(before)
    new = QuestionPlan(QuestionKind.YES_NO, Texts(en="Was there coffee?"))
    after = questionnaires.revise(begun.programme, begun.kind, AFTER, [*kept[:2], new], before.version)
    assert after.version == 2 and [q.key for q in after.questions[:2]] == ["usefulness", "clarity"]
    assert questionnaires.of_event(begun, AFTER).version == 1
    assert questionnaires.of_event(coming, AFTER).version == 2
    assert questionnaires.of_event(coming, LATER).version == 1, "another questionnaire"
    same = questionnaires.revise(begun.programme, begun.kind, AFTER, plans_of(after), 2)
    assert same.version == 2, "the same again is no version"


def test_what_asks_for_something_else_is_another_question(app: Flask) -> None:
    programme = make.programme()
    before = questionnaires.current(programme.id, EventKind.FORUM, AFTER)
    plans = plans_of(before)
    plans[0] = QuestionPlan(QuestionKind.TEXT, Texts(en="Useful?"), [], "mine")
    plans[1] = QuestionPlan(QuestionKind.YES_NO, plans[1].text, [], plans[1].key)
    after = questionnaires.revise(programme, EventKind.FORUM, AFTER, plans, 1)
    first, second, *_rest = after.questions
    assert (first.key, first.kind, str(first.text)) == ("usefulness", QuestionKind.SCALE, "Useful?")
    assert second.kind == QuestionKind.YES_NO and second.key != plans[1].key


def test_refusals(app: Flask) -> None:
    programme = make.programme()
    plans = plans_of(questionnaires.current(programme.id, EventKind.FORUM, AFTER))
    one_answer = QuestionPlan(QuestionKind.CHOICE, Texts(en="Which?"), [{"en": "This"}])
    for wrong, version, code in (
        (plans * 2, 1, "questionnaire_too_long"),
        ([*plans, one_answer], 1, "question_without_choice"),
        (plans[:2], 4, "questionnaire_changed"),
    ):
        with pytest.raises(Refused, match=code):
            questionnaires.revise(programme, EventKind.FORUM, AFTER, wrong, version)


def test_a_manager_changes_the_questions_on_one_page(manager: Visitor) -> None:
    programme = make.programme()
    path = f"/programmes/{programme.uid}/questionnaires/workshop/evaluation"
    page = manager.get(path).submit("Add a question", follow=False)
    assert len(page.all("section.part")) == 7
    added = {
        "questions-6-text-en": "What did you like?",
        "questions-6-kind": "several",
        "questions-6-options-en": "The cases\nThe people\n",
        "questions-6-options-ru": "Случаи",
    }
    refused = page.submit("Save", **added)
    assert refused.status == 422 and "as many answers" in refused.text(".error")
    more = {**added, "questions-6-options-ru": "Случаи\nЛюди", "questions-6-place": "2", "questions-1-place": "7"}
    page = refused.submit("Save", **more, **{"questions-2-is_removed": "y"})
    assert "Saved" in page.text(".notice")
    asked = questionnaires.current(programme.id, EventKind.WORKSHOP, AFTER)
    assert [str(q.text) for q in asked.questions][1] == "What did you like?" and asked.version == 2
    assert [q.key for q in asked.questions][-1] == "clarity" and "trainers" not in {q.key for q in asked.questions}
    assert asked.questions[1].options == [{"en": "The cases", "ru": "Случаи"}, {"en": "The people", "ru": "Люди"}]
