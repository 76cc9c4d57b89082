"""A programme is taken away as a file that makes the same programme again."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock
from core.config import CHECKOUT
from core.db import db
from core.i18n import Texts
from founding import exporting, loading
from indicators.models import Indicator, Result, Target, TargetOrigin, ValueSource
from monitoring import protocol
from quizzes import writing
from quizzes.models import Form, QuestionKind, Quiz
from quizzes.plans import OptionPlan, QuestionPlan
from tests import make
from tests.conftest import Installation
from trainings.models import Programme

pytestmark = pytest.mark.usefixtures("request_context")


def loaded_again(text: str, programme: Programme, folder: Path) -> tuple[Programme, str]:
    """The programme made of a file under another key, and the file that it is written as under the first one."""
    names = {f'key = "{programme.key}"': 'key = "again"', "XX-EXAMPLE": "YY-EXAMPLE"}
    for before, after in names.items():
        text = text.replace(before, after)
    file = folder / "again.toml"
    file.write_text(text, encoding="utf-8")
    again = loading.load(file)
    text = exporting.written(again)
    for before, after in names.items():
        text = text.replace(after, before)
    return again, text


def questions() -> list[QuestionPlan]:
    """One of each kind, with everything that a question may have."""
    right = OptionPlan(Texts(en="Yes", ru="Да"), is_right=True, points=1000, feedback=Texts(en="Indeed"))
    wrong, misleads = Texts(en="No"), OptionPlan(Texts(), match=Texts(en="C"))
    return [
        QuestionPlan(QuestionKind.SINGLE, Texts(en="One?"), [right, OptionPlan(wrong, is_last=True)], form=Form.A),
        QuestionPlan(QuestionKind.MULTIPLE, Texts(en="Many?"), [right, OptionPlan(wrong)], keeps_order=True),
        QuestionPlan(QuestionKind.NUMBER, Texts(en="How many?"), [OptionPlan(Texts(), low="1.50", high="2")]),
        QuestionPlan(
            QuestionKind.MATCHING,
            Texts(en="Which?"),
            [*(OptionPlan(Texts(en=word), match=Texts(en=word.upper())) for word in "ab"), misleads],
        ),
        QuestionPlan(QuestionKind.ORDERING, Texts(en="In order?"), [OptionPlan(Texts(en=word)) for word in "abc"]),
        QuestionPlan(QuestionKind.SHORT, Texts(en="What?"), [OptionPlan(Texts(en="that"), is_right=True)]),
        QuestionPlan(QuestionKind.FREE, Texts(en="Why?"), explanation=Texts(en="Because"), standard=Texts(en="Rule 1")),
    ]  # fmt: skip


def test_what_a_file_and_a_manager_made_is_the_same_when_it_is_loaded_elsewhere(app: Flask, tmp_path: Path) -> None:
    programme = loading.load(CHECKOUT / "programmes" / "moldova.toml")
    quiz = Quiz(
        programme_id=programme.id, key="every-kind", title=Texts(en="Every kind"), intro=Texts(en="Hello"),
        published_at=clock.now(), shuffles_questions=True, gives_part_marks=True,
        questions=[writing.question_of(plan, number) for number, plan in enumerate(questions(), 1)],
    )  # fmt: skip
    db.session.add(quiz)
    make.quiz(programme, is_draft=True)
    make.material(programme, description=Texts(en="What is in it"))
    make.event_quiz(make.event(programme), quiz)
    first, second, *more = db.session.scalars(sa.select(Indicator).order_by(Indicator.id))
    held = next(indicator for indicator in more if indicator.metric == "events.held")
    held.value_source = ValueSource.ADJUSTED
    db.session.add(Target(indicator_id=first.id, value=7.5, origin=TargetOrigin.PROPOSED))
    second.retired_at, second.retired_because = clock.now(), "Counted otherwise"
    db.session.flush()
    text = exporting.written(programme)
    again, written_again = loaded_again(text, programme, tmp_path)
    assert written_again == text
    assert second.code not in text and "value = 7.5" in text and text.count("computed_adjusted") == 1
    kinds = [question.kind for question in writing.find_newest(_quiz(again)).questions]
    assert kinds == [plan.kind for plan in questions()]
    assert len(protocol.items(again)) == len(protocol.items(programme)) > 0
    codes = sa.select(Result.code).order_by(Result.code)
    of_both = [db.session.scalars(codes.where(Result.programme_id == one.id)).all() for one in (programme, again)]
    assert of_both[0] == of_both[1] != []


def _quiz(programme: Programme) -> Quiz:
    query = sa.select(Quiz).where(Quiz.programme_id == programme.id, Quiz.key == "every-kind")
    return db.session.scalars(query).one()


def test_a_programme_that_was_lived_for_months_is_taken_away_and_founded_elsewhere(
    demo_installation: Installation, tmp_path: Path
) -> None:
    app = demo_installation.app
    with app.app_context(), app.test_request_context("/", headers={"Accept-Language": "en"}):
        programme = db.session.scalars(sa.select(Programme).order_by(Programme.id)).first()
        text = exporting.written(programme)
        _again, written_again = loaded_again(text, programme, tmp_path)
        assert written_again == text
        assert all(f"[[{table}]]" in text for table in ("events", "quizzes", "indicators", "results", "protocol"))
        db.session.remove()
