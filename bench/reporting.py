"""How long the report of a quiz takes, for the attempts of an event and of a large programme."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median

import sqlalchemy as sa
from sqlalchemy import event as sqlalchemy_event

import app as application
from core import clock, schema
from core.config import CHECKOUT, Settings
from core.db import db, new_uid
from core.i18n import Texts
from founding import loading
from quizzes import drawing, evidence, openings, report_files, report_tables, reporting, wording
from quizzes.models import WHOLE, Answer, Attempt, EventQuiz, Opening, Phase, Question, Quiz
from trainings import scheduling
from trainings.models import EventKind, Programme
from trainings.scheduling import EventPlan, SessionPlan

PER_EVENT = 125  # people who answer twice
ROUNDS = 5


def main(_share: float, database: str) -> None:
    """Print the medians; every figure is of the work inside the server, from the first statement to the last byte."""
    with tempfile.TemporaryDirectory(prefix="muster-bench") as folder:
        app = application.create_app(Settings(home=Path(folder), database_url=database))
        with app.app_context(), app.test_request_context():
            schema.bring_up_to_date()
            programme = loading.load(CHECKOUT / "programmes" / "belarus.toml")
            quiz = db.session.scalars(sa.select(Quiz)).first()
            assert quiz is not None
            used: list[EventQuiz] = []
            for attempts in (250, 25_000):
                used += [_answered(programme, quiz, Random(n)) for n in range(len(used), attempts // PER_EVENT // 2)]
                db.session.commit()
                _measure(programme, quiz, attempts)
            db.session.remove()
            db.engine.dispose()


def _measure(programme: Programme, quiz: Quiz, attempts: int) -> None:
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    def report() -> reporting.Report:
        return reporting.of(programme, quiz, evidence.opened(quiz))

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    found = report()
    sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)
    statements = sum(not words.startswith(("BEGIN", "PRAGMA")) for words in asked)
    assert found.n == attempts // 2
    print(f"{attempts:6} attempts: figures {_took(report)}, in {statements} SQL statements")
    print(f"{'':6}           page's tables and charts {_took(lambda: _page(found))}")
    print(f"{'':6}           PDF {_took(lambda: report_files.pdf_report(found))}")
    print(f"{'':6}           workbook {_took(lambda: report_files.workbook(found))}", flush=True)


def _took(work: Callable[[], object]) -> str:
    times = []
    for _ in range(ROUNDS):
        db.session.expire_all()
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return f"{1000 * median(times):.0f} ms"


def _page(report: reporting.Report) -> None:
    wording.summary(report)
    for build in (report_tables.points, report_tables.gain, report_tables.questions, report_tables.answers):
        build(report)
    for draw in (drawing.questions, drawing.spread, drawing.events):
        for chart in draw(report):
            chart.svg()


def _answered(programme: Programme, quiz: Quiz, chance: Random) -> EventQuiz:
    """A quiz at an event with its answers before and after, put into the database in bulk."""
    start = clock.now() - timedelta(hours=3)
    plan = EventPlan(EventKind.WORKSHOP, Texts(ru="Семинар"), [SessionPlan(start, start + timedelta(hours=2))])
    used = openings.use(scheduling.plan(programme, plan, despite_clashes=True), quiz)
    used.openings = [Opening(phase=phase, opened_at=start, closed_at=start) for phase in (Phase.PRE, Phase.POST)]
    db.session.flush()
    last = db.session.scalar(sa.select(sa.func.max(Attempt.id))) or 0
    attempts, answers = [], []
    for _ in range(PER_EVENT):
        pseudonym, ability = chance.randbytes(16), chance.gauss(0, 0.12)
        for phase, known in ((Phase.PRE, 0.5), (Phase.POST, 0.75)):
            last += 1
            right = [chance.random() < known + ability for _ in quiz.questions]
            attempts.append(_attempt(last, used, phase, pseudonym, right))
            answers += [_answer(last, q, is_right, chance) for q, is_right in zip(quiz.questions, right, strict=True)]
    db.session.execute(sa.insert(Attempt), attempts)
    db.session.execute(sa.insert(Answer), answers)
    return used


def _attempt(id_: int, used: EventQuiz, phase: Phase, pseudonym: bytes, right: list[bool]) -> dict[str, object]:
    return {
        "id": id_,
        "uid": new_uid(),
        "event_quiz_id": used.id,
        "quiz_id": used.quiz_id,
        "phase": phase,
        "pseudonym": pseudonym,
        "language": "ru",
        "seed": 0,
        "submitted_on": clock.now().date(),
        "finished_on": clock.now().date(),
        "points": sum(right) * WHOLE,
        "question_count": len(right),
    }


def _answer(attempt_id: int, question: Question, is_right: bool, chance: Random) -> dict[str, object]:
    right = sorted(question.right_options())
    wrong = [option.position for option in question.options if option.position not in right]
    return {
        "attempt_id": attempt_id,
        "question_id": question.id,
        "quiz_id": question.quiz_id,
        "chosen": right if is_right else [chance.choice(wrong)],
        "points": WHOLE if is_right else 0,
    }
