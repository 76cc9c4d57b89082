"""Programme files: loaded twice changes nothing, every mistake named by its key, nothing half done."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from core.config import CHECKOUT
from core.db import Base, db
from core.sections import FileProblems
from founding import loading
from indicators import dashboard
from indicators.models import Indicator, Target, TargetOrigin
from materials.models import Material
from quizzes.models import Question, Quiz
from trainings import agenda
from trainings.models import Event, EventKind, FigureSource, Programme

BELARUS = CHECKOUT / "programmes" / "belarus.toml"
MOLDOVA = CHECKOUT / "programmes" / "moldova.toml"
SMALL = """
key = "small"
title = "A programme"
summary = "For a test"
country = "BY"
time_zone = "Europe/Minsk"
language = "ru"
starts_on = 2027-01-01
ends_on = 2027-12-31

[[events]]
key = "W1"
kind = "workshop"
title = "Workshop"
sessions = [{ starts = 2027-02-01T09:30:00, ends = 2027-02-01T12:30:00 }]

[[periods]]
key = "M6"
starts_on = 2027-01-01
ends_on = 2027-06-30

[[results]]
code = "I"
level = "impact"
statement = "Impact"

[[results]]
code = "Oc 1"
level = "outcome"
parent = "I"
statement = "Outcome"

[[indicators]]
code = "Oc1.1"
result = "Oc 1"
statement = "Workshops held"
measure = "unit"
accumulation = "sum"
metric = "events.held"
parameters = { kinds = ["workshop"] }
baseline = { value = 0 }
targets = [{ period = "M6", value = 2, origin = "given" }]
"""


def write(folder: Path, *changes: tuple[str, str], text: str = SMALL) -> Path:
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "small.toml"
    path.write_text(text, encoding="utf-8")
    return path


def counts() -> dict[str, int]:
    return {t.name: db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in Base.metadata.sorted_tables}


def test_the_belarus_programme_is_what_the_factsheet_says(app: Flask) -> None:
    programme = loading.load(BELARUS)
    by_kind = {kind: len(agenda.events_of(programme, kind)) for kind in EventKind}
    assert by_kind[EventKind.WORKSHOP] == 10
    assert by_kind[EventKind.CSO_TRAINING] == by_kind[EventKind.FORUM] == by_kind[EventKind.DISCUSSION] == 2
    assert 23 <= (programme.ends_on - programme.starts_on).days / 30.4 <= 25
    brochure = db.session.scalars(sa.select(Material).where(Material.kind == "brochure")).one()
    assert brochure.copies_planned == 3000
    assert {file.language for file in brochure.files} == {"en", "ru", "be"}
    quiz = db.session.scalars(sa.select(Quiz)).one()
    assert len(quiz.questions) == 12
    for question in quiz.questions:
        assert question.right_options() and question.standard
        texts = [question.text, question.explanation, *(option.text for option in question.options)]
        assert not any(text.missing() for text in texts)


def test_every_indicator_of_the_logframe_is_there_and_can_be_computed(app: Flask) -> None:
    programme = loading.load(BELARUS)
    board = dashboard.compute(programme)
    codes = [
        "I.1",
        "Oc1.1",
        "Oc1.2",
        "Oc1.3",
        "Op1.1.1",
        "Op1.1.2",
        "Op1.1.3",
        "Oc2.1",
        "Oc2.2",
        "Oc2.3",
        "Op2.1.1",
        "Op2.1.2",
        "Op2.1.3",
        "Op2.1.4",
        "Op2.2.1",
        "Op2.2.2",
        "Op2.2.3",
        "Oc3.1",
        "Oc3.2",
        "Op3.1.1",
        "Op3.1.2",
        "Op3.1.3",
        "Op3.2.1",
        "Op3.2.2",
        "Op3.3.1",
        "Op3.3.2",
    ]
    assert [line.indicator.code for line in board.lines] == codes
    workshops = next(line for line in board.lines if line.indicator.code == "Op2.1.1")
    assert [stone.target.value for stone in workshops.milestones] == [2, 5, 8, 10]
    assert workshops.target.origin == TargetOrigin.GIVEN
    follow_ups = next(line for line in board.lines if line.indicator.code == "Oc1.2")
    assert follow_ups.target.origin == TargetOrigin.PROPOSED


def test_another_country_with_other_numbers_is_loaded_beside_it(app: Flask) -> None:
    one, other = loading.load(BELARUS), loading.load(MOLDOVA)
    assert other.country == "MD" and other.pass_mark != one.pass_mark
    assert len(agenda.events_of(other)) != len(agenda.events_of(one))
    assert dashboard.compute(other).lines


@pytest.mark.parametrize("path", [BELARUS, MOLDOVA], ids=["belarus", "moldova"])
def test_loading_twice_changes_nothing(app: Flask, path: Path) -> None:
    loading.load(path)
    event = db.session.scalars(sa.select(Event)).first()
    event.title = event.title | {"ru": "Переименовано в офисе"}
    db.session.commit()
    before = counts()
    loading.load(path)
    db.session.commit()
    assert counts() == before
    assert str(db.session.get(Event, event.id).title.in_language("ru")) == "Переименовано в офисе"


def test_what_is_new_in_a_file_is_added(app: Flask, tmp_path: Path) -> None:
    loading.load(write(tmp_path))
    session = "{ starts = 2027-03-01T09:30:00, ends = 2027-03-01T12:30:00 }"
    more = f'[[events]]\nkey = "W2"\nkind = "forum"\ntitle = "Forum"\nsessions = [{session}]\n\n[[periods]]'
    programme = loading.load(write(tmp_path, ("[[periods]]", more)))
    assert [event.key for event in agenda.events_of(programme)] == ["W1", "W2"]


def test_a_file_says_which_number_an_event_goes_by(app: Flask, tmp_path: Path) -> None:
    goes_by = ('kind = "workshop"\ntitle', 'kind = "workshop"\nfigure_source = "headcount"\ntitle')
    for changes, source in (((), FigureSource.LIST), ((goes_by,), FigureSource.HEADCOUNT)):
        key = ('key = "small"', f'key = "{source}"')
        event = agenda.events_of(loading.load(write(tmp_path, key, *changes)))[0]
        assert event.figure_source == source


def test_dates_can_be_moved_together(app: Flask) -> None:
    programme = loading.load(BELARUS, timedelta(days=-100))
    first = agenda.events_of(programme)[0]
    assert programme.starts_on.isoformat() == "2026-09-23"
    assert programme.starts_on < first.starts_on
    assert first.sessions[0].starts_at.astimezone(make_zone(programme)).hour >= 8


def make_zone(programme: Programme):
    from zoneinfo import ZoneInfo

    return ZoneInfo(programme.time_zone)


MISTAKES = [
    ('kind = "workshop"\ntitle', 'kind = "workshpo"\ntitle', "events[1].kind", "did you mean workshop"),
    ('kind = "workshop"\ntitle', 'kind = "workshop"\nfigure_source = "head"\ntitle', "events[1].figure_source", "not"),
    ('title = "A programme"', 'titel = "A programme"', "title", "missing"),
    ('title = "A programme"', 'title = "A programme"\ntitel = "x"', "titel", "did you mean title"),
    ('time_zone = "Europe/Minsk"', 'time_zone = "Minsk"', "time_zone", "not a time zone"),
    ("ends_on = 2027-12-31", "ends_on = 2026-12-31", "ends_on", "ends before it starts"),
    ("ends_on = 2027-12-31", 'ends_on = "soon"', "ends_on", "a date like"),
    ('parent = "I"', 'parent = "Oc 1"', "results.Oc 1.parent", "circle: Oc 1 → Oc 1"),
    ('parent = "I"', 'parent = "X"', "results.Oc 1.parent", "there is no result"),
    ('metric = "events.held"', 'metric = "events.hold"', "indicators[1].metric", "not counted here"),
    ('kinds = ["workshop"]', 'kinds = ["workshops"]', "indicators[1].parameters.kinds", "is not one of"),
    ('parameters = { kinds = ["workshop"] }', "", "indicators[1].parameters.kinds", "needs this"),
    ('metric = "events.held"', 'value_source = "computed"', "indicators[1].value_source", "has a metric"),
    ('period = "M6", value', 'period = "M7", value', "indicators[1].targets[1].period", "there is no period"),
    ("ends = 2027-02-01T12:30:00", "ends = 2027-02-01T09:00:00", "events[1].sessions[1].ends", "ends after it starts"),
    ('title = "Workshop"', 'title = { en = "Workshop", de = "W" }', "events[1].title.de", "unknown language"),
    ('title = "Workshop"', 'title = "Workshop"\nquizzes = ["none"]', "events.W1.quizzes", "there is no quiz"),
    ("value = 2, origin", "value = true, origin", "indicators[1].targets[1].value", "a number"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "words"), MISTAKES, ids=[f"{m[2]}: {m[3]}" for m in MISTAKES])
def test_a_mistake_is_named_by_its_key_and_nothing_is_kept(
    app: Flask, tmp_path: Path, old: str, new: str, key: str, words: str
) -> None:
    with pytest.raises(FileProblems) as problems:
        loading.load(write(tmp_path, (old, new)))
    assert any(line.startswith(key + ":") and words in line for line in problems.value.problems), problems.value
    assert sum(counts().values()) == 0


def test_a_longer_circle_in_the_results_chain_is_shown(app: Flask, tmp_path: Path) -> None:
    chain = '[[results]]\ncode = "Op 1"\nlevel = "output"\nparent = "Oc 1"\nstatement = "Output"\n\n[[indicators]]'
    with pytest.raises(FileProblems, match=r"(?s)an outcome cannot serve an output.*Oc 1 → Op 1 → Oc 1"):
        loading.load(write(tmp_path, ('parent = "I"', 'parent = "Op 1"'), ("[[indicators]]", chain)))


def test_several_mistakes_are_found_in_one_go(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(FileProblems) as problems:
        loading.load(write(tmp_path, ('country = "BY"', ""), ('language = "ru"', 'language = "xx"')))
    assert len(problems.value.problems) == 2


def test_what_is_no_toml_is_named_with_its_line(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(FileProblems, match="line 3"):
        loading.load(write(tmp_path, text='key = "x"\ntitle = "y"\nsummary = \n'))
    with pytest.raises(FileProblems, match="no such file"):
        loading.load(tmp_path / "nowhere.toml")
    (tmp_path / "bad.toml").write_bytes('key = "Беларусь"'.encode("cp1251"))
    with pytest.raises(FileProblems, match="not UTF-8"):
        loading.load(tmp_path / "bad.toml")


def test_the_command_says_it_in_a_sentence(app: Flask, tmp_path: Path) -> None:
    path = write(tmp_path, ('kind = "workshop"\ntitle', 'kind = "x"\ntitle'))
    answer = app.test_cli_runner().invoke(args=["muster", "load", str(path)])
    assert answer.exit_code == 1
    assert "events[1].kind" in answer.output and "Traceback" not in answer.output


def test_questions_carry_the_standard_they_rest_on(app: Flask) -> None:
    loading.load(BELARUS)
    standards = " ".join(q.standard.in_language("en") for q in db.session.scalars(sa.select(Question)))
    for source in ("Covenant", "Torture", "Mandela", "Firearms", "Lawyers"):
        assert source in standards, source


def test_targets_and_indicators_belong_together(app: Flask) -> None:
    loading.load(BELARUS)
    without = sa.select(Indicator.code).where(~sa.exists().where(Target.indicator_id == Indicator.id))
    assert list(db.session.scalars(without)) == []
