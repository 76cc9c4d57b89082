"""The questions of published versions, kept by the process: as such a version never changes, one reading is enough.

A hall that answers at the same moment would otherwise read the same questions for each of its requests.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.db import db
from quizzes.models import Question, Quiz

KEPT = 32  # versions; of 100 questions they are about 10 MB

_kept: OrderedDict[str, Sequence[Question]] = OrderedDict()
_turn = threading.Lock()


def questions_of(quiz: Quiz) -> Sequence[Question]:
    """The questions of a quiz with their options, in the order in which they were written; to be read only.

    Those of a published version belong to no session, and of what they point to only their options can be reached.
    """
    if quiz.published_at is None:
        return quiz.questions
    # By uid: a version that was rolled back leaves its id to the next one, never its uid.
    with _turn:
        if quiz.uid in _kept:
            _kept.move_to_end(quiz.uid)
            return _kept[quiz.uid]
    read = _read(quiz)
    with _turn:
        _kept[quiz.uid] = read
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return read


def _read(quiz: Quiz) -> tuple[Question, ...]:
    """Read within the transaction that is open, and apart from what its session holds."""
    query = sa.select(Question).where(Question.quiz_id == quiz.id).order_by(Question.position)
    db.session.flush()
    with Session(db.session.connection(), join_transaction_mode="rollback_only") as apart:
        return tuple(apart.scalars(query))
