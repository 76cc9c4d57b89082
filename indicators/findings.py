"""What people knew before and after: the quizzes of held events, as they stand beside the logframe."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from core.db import db
from indicators.publication_heads import QuizAtEventHead, QuizHead
from quizzes import analysis
from quizzes.analysis import Pair
from quizzes.models import EventQuiz, Quiz
from trainings.models import Event, EventStatus, Programme


def quizzes(programme: Programme, until: date) -> list[QuizHead]:
    """Every quiz that people took both times at events held by a day, all its versions together."""
    is_held = (Event.programme_id == programme.id, Event.status == EventStatus.HELD, Event.ends_on <= until)
    used = db.session.execute(
        sa.select(EventQuiz.id, Event, Quiz.key, Quiz.title)
        .join(Event, Event.id == EventQuiz.event_id)
        .join(Quiz, Quiz.id == EventQuiz.quiz_id)
        .where(*is_held)
        .order_by(Event.ends_on, Event.id)
    ).all()
    matched: dict[int, list[Pair]] = {}
    for pair in analysis.pairs(sa.select(EventQuiz.id).join(Event, Event.id == EventQuiz.event_id).where(*is_held)):
        matched.setdefault(pair.event_quiz_id, []).append(pair)
    heads: dict[str, QuizHead] = {}
    for key in dict.fromkeys(row.key for row in used):
        rows = [row for row in used if row.key == key and row.id in matched]
        if not rows:
            continue
        whole = analysis.knowledge([pair for row in rows for pair in matched[row.id]])
        at = [_at_event(row.Event, matched[row.id]) for row in rows]
        heads[key] = QuizHead(rows[-1].title, whole.n, whole.before, whole.after, whole.gain, whole.low, whole.high, at)
    return list(heads.values())


def _at_event(event: Event, matched: list[Pair]) -> QuizAtEventHead:
    known = analysis.knowledge(matched)
    return QuizAtEventHead(
        event.title, event.ends_on, known.n, known.before, known.after, uid=event.uid, kind=event.kind
    )
