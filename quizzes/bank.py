"""The question bank: every question of a programme's quizzes, to be found and used again."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, selectinload

from core.db import db
from core.errors import Refused
from core.i18n import Texts
from quizzes import composing, writing
from quizzes.models import Question, Quiz


class OtherProgramme(Refused):
    code = "question_of_other_programme"
    sentence = _l("This question belongs to another programme. Nothing was changed.")


def find(programme_id: int, search: str = "", into: Quiz | None = None) -> list[Question]:
    """The questions of the newest version of each quiz, drafts included, but for the quiz one takes them `into`.

    Every word that is searched for stands in what the question says, in whatever language.
    """
    newest = (
        sa.select(Quiz.key, sa.func.max(Quiz.version).label("version"))
        .where(Quiz.programme_id == programme_id)
        .group_by(Quiz.key)
        .subquery()
    )
    query = (
        sa.select(Question)
        .join(Question.quiz)
        .join(newest, sa.and_(newest.c.key == Quiz.key, newest.c.version == Quiz.version))
        .where(Quiz.programme_id == programme_id, Quiz.key != (into.key if into else ""))
        .options(contains_eager(Question.quiz), selectinload(Question.options))
        .order_by(Quiz.id, Question.position)
    )
    words = search.casefold().split()
    return [question for question in db.session.scalars(query) if all(word in _said(question) for word in words)]


def take(draft: Quiz, question: Question) -> Question:
    """A copy of a question at the end of a draft, a question of its own. Refuses OtherProgramme and Published."""
    if question.quiz.programme_id != draft.programme_id:
        raise OtherProgramme
    plan = writing.plan_of(question)
    plan.origin = None
    return composing.add(draft, [plan])[0]


def _said(question: Question) -> str:
    texts: list[Texts | None] = [question.text, question.explanation, question.standard]
    for option in question.options:
        texts += [option.text, option.match]
    return " ".join(text for several in texts if several for text in several.values()).casefold()
