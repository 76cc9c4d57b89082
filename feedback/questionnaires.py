"""Which questions an event asks: those that come with the product until a manager changes them for the programme."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core.db import db, insert_if_new, new_uid
from core.errors import Refused
from core.i18n import Texts
from feedback.models import EventQuestionnaire, FeedbackQuestion, QuestionKind, Questionnaire
from participants.models import PairingPurpose
from trainings.models import Event, EventKind, Programme

PURPOSES = (PairingPurpose.EVALUATION, PairingPurpose.FOLLOW_UP)
MOST_QUESTIONS = 8  # more than a phone in a corridor is given time for
MOST_OPTIONS = 8


class ChangedMeanwhile(Refused):
    code = "questionnaire_changed"
    sentence = _l("The questions were changed meanwhile. Look through them once more and send again.")


class TooLong(Refused):
    code = "questionnaire_too_long"
    sentence = _l("More than %(most)s questions are answered by few. Remove some.")


class NoChoice(Refused):
    code = "question_without_choice"
    sentence = _l("A question to choose from needs 2 to %(most)s answers, in each language as many.")


@dataclass(frozen=True)
class QuestionPlan:
    """A question as a manager wants it; without a key it is a new one."""

    kind: QuestionKind
    text: Texts
    options: list[dict[str, str]] = field(default_factory=list)
    key: str = ""


def of_event(event: Event, purpose: PairingPurpose) -> Questionnaire:
    """What an event asks: the version settled by the first answer, before that the newest."""
    settled = db.session.get(EventQuestionnaire, (event.id, purpose))
    return settled.questionnaire if settled else current(event.programme_id, event.kind, purpose)


def current(programme_id: int, kind: EventKind, purpose: PairingPurpose) -> Questionnaire:
    """The newest version of a programme; the product's own, which nobody has kept yet, where there is none."""
    query = sa.select(Questionnaire).where(
        Questionnaire.programme_id == programme_id, Questionnaire.kind == kind, Questionnaire.purpose == purpose
    )
    newest = db.session.scalar(query.order_by(Questionnaire.version.desc()).limit(1))
    if newest is None:
        newest = Questionnaire(programme_id=programme_id, kind=kind, purpose=purpose, version=1)
        newest.questions = _numbered(defaults(kind, purpose))
    return newest


def settle(event: Event, purpose: PairingPurpose, version: int | None = None) -> Questionnaire:
    """The version this event asks from now on, whatever is changed later; of several first answers one settles it.

    `version` is what whoever answers has seen. Refuses ChangedMeanwhile when it is another one.
    """
    wanted = of_event(event, purpose)
    if version is not None and version != wanted.version:
        raise ChangedMeanwhile
    if wanted.id is None:
        wanted = _keep(wanted)
    values = {"event_id": event.id, "purpose": purpose, "questionnaire_id": wanted.id}
    insert_if_new(EventQuestionnaire, **values)
    return db.session.get_one(EventQuestionnaire, (event.id, purpose)).questionnaire


def revise(
    programme: Programme, kind: EventKind, purpose: PairingPurpose, plans: Sequence[QuestionPlan], version: int
) -> Questionnaire:
    """Make the next version, for the events of this kind whose feedback has not begun.

    The first question keeps what it asks for; only its words change. The same again makes no version. Refuses TooLong,
    NoChoice, and ChangedMeanwhile unless `version` is the newest.
    """
    before = current(programme.id, kind, purpose)
    if before.version != version:
        raise ChangedMeanwhile
    if len(plans) > MOST_QUESTIONS:
        raise TooLong(most=MOST_QUESTIONS)
    known = {question.key: question for question in before.questions}
    first = before.questions[0]
    wanted = [QuestionPlan(first.kind, plans[0].text, [], first.key), *(_checked(plan, known) for plan in plans[1:])]
    if [_content(question) for question in before.questions] == [_content(plan) for plan in wanted]:
        return before
    after = Questionnaire(programme_id=programme.id, kind=kind, purpose=purpose, version=version + 1)
    after.questions = _numbered(wanted)
    return _keep(after, or_else=ChangedMeanwhile)


@cache
def defaults(kind: EventKind, purpose: PairingPurpose) -> tuple[QuestionPlan, ...]:
    """The questions that come with the product."""
    document = _document()
    return tuple(_planned(key, document["questions"][key]) for key in document[purpose.value][kind.value])


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("questionnaires.toml").read_text())


def _planned(key: str, question: dict[str, Any]) -> QuestionPlan:
    texts = Texts({code: question[code] for code in ("en", "ru", "be")})
    return QuestionPlan(QuestionKind(question["kind"]), texts, question.get("options", []), key)


def _numbered(plans: Sequence[QuestionPlan]) -> list[FeedbackQuestion]:
    return [
        FeedbackQuestion(position=place, key=plan.key, kind=plan.kind, text=plan.text, options=list(plan.options))
        for place, plan in enumerate(plans, 1)
    ]


def _checked(plan: QuestionPlan, known: dict[str, FeedbackQuestion]) -> QuestionPlan:
    """As planned; what is asked in another way gets a key of its own, as its answers cannot be added to the old."""
    options = plan.options if plan.kind in (QuestionKind.CHOICE, QuestionKind.SEVERAL) else []
    if plan.kind in (QuestionKind.CHOICE, QuestionKind.SEVERAL) and not 2 <= len(options) <= MOST_OPTIONS:
        raise NoChoice(most=MOST_OPTIONS)
    same = known.get(plan.key)
    key = plan.key if same is not None and same.kind == plan.kind and not same.is_first else new_uid()
    return QuestionPlan(plan.kind, plan.text, options, key)


def _content(question: QuestionPlan | FeedbackQuestion) -> tuple[object, ...]:
    return question.key, question.kind, dict(question.text), list(question.options)


def _keep(made: Questionnaire, or_else: type[Refused] | None = None) -> Questionnaire:
    """The row of a version that somebody else may be keeping at the same moment: of two the quicker one stands."""
    values = {"programme_id": made.programme_id, "kind": made.kind, "purpose": made.purpose, "version": made.version}
    row = insert_if_new(Questionnaire, uid=made.uid, **values)
    if row is None:
        if or_else is not None:
            raise or_else
        return current(made.programme_id, made.kind, made.purpose)
    questions = list(made.questions)
    made.questions = []
    row.questions = questions
    db.session.flush()
    return row
