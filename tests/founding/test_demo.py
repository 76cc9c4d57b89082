"""The demo lives through a programme by the activities themselves, and ends today."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock
from core.config import CHECKOUT
from core.db import db
from door.models import Attendance, Outcome, Scan
from founding import demo, loading
from indicators import changes, dashboard
from indicators.changes import Wanted
from indicators.iati import checking
from participants.models import Pairing, PairingPurpose, Participant, Sector
from quizzes.models import Attempt
from tests.conftest import BELARUS, Installation, new_database
from tests.pages import Visitor
from trainings import agenda
from trainings.models import EventStatus, Programme

MOLDOVA = CHECKOUT / "programmes" / "moldova.toml"


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The demo, played on SQLite and on PostgreSQL; these tests only read it."""
    home = tmp_path_factory.mktemp("demo")
    if request.param == "sqlite":
        shutil.copytree(request.getfixturevalue("played_demo"), home, dirs_exist_ok=True)
        return Installation(home)
    found = Installation(home, new_database(request.getfixturevalue("postgres_address"), "demo"))
    with found.app.app_context():
        demo.play(BELARUS)
        db.session.remove()
    return found


@pytest.fixture
def lived(played: Installation) -> Iterator[Flask]:
    with played.app.app_context():
        yield played.app
        db.session.remove()


def test_it_has_events_in_every_state_and_250_people_of_the_workshops(lived: Flask) -> None:
    programme = db.session.scalars(sa.select(Programme)).one()
    states = {status: len(agenda.events_of(programme, status=status)) for status in EventStatus}
    assert all(states.values()) and agenda.on_now(programme)
    invited = (
        sa.select(sa.func.count())
        .select_from(Participant)
        .where(Participant.sector.in_([Sector.POLICE, Sector.LAWYER]))
    )
    assert db.session.scalar(invited) >= 250
    outcomes = set(db.session.scalars(sa.select(Scan.outcome).distinct()))
    assert {Outcome.IN, Outcome.ALREADY_IN, Outcome.UNKNOWN} <= outcomes
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attendance)) > 500
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attempt)) > 200
    kept = (
        sa.select(sa.func.count())
        .select_from(Pairing)
        .where(Pairing.purpose == PairingPurpose.KNOWLEDGE, Pairing.secret_sealed.is_not(None))
    )
    assert db.session.scalar(kept) == 1, "only today's event still has its key"


def test_every_indicator_has_something_to_show(lived: Flask) -> None:
    board = dashboard.compute(db.session.scalars(sa.select(Programme)).one())
    assert [line.indicator.code for line in board.lines if line.value.number is None and not line.value.text] == []
    assert {line.status for line in board.lines} >= {"on_track", "not_due"}
    assert checking.problems_of(board) == []


def test_its_record_is_kept_as_a_team_keeps_it(lived: Flask) -> None:
    programme = db.session.scalars(sa.select(Programme)).one()
    board = dashboard.compute(programme)
    lines = board.lines
    assert len([line for line in lines if len(line.narratives) > 1]) >= 3
    assert all(not said.text.missing() for line in lines for said in line.narratives), "in every language"
    assert [(made.delta, bool(made.reason)) for line in lines for made in line.adjustments] == [(-20, True)]
    assert {True} == {bool(line.evidence) for line in lines if line.indicator.is_entered or line.adjustments}
    assumptions = [found for chapter in board.chapters for found in chapter.result.assumptions]
    assert {found.state for found in assumptions} == {"holds", "at_risk", "broken", None}
    restated = [found for line in lines for found in line.restatements]
    assert any(found.dimensions for found in restated) and any(not found.dimensions for found in restated)
    assert all(found.why for found in restated)
    locks = changes.locks_of(programme)
    log = changes.leaf(programme, Wanted(), 1).changes
    after = {(lock.period, change.subject) for change in log if (lock := changes.lock_before(change, locks))}
    assert after == {("M6", "target"), ("M12", "assumption"), ("M12", "indicator")}
    for line in lines:
        told = (line.indicator.frequency, line.indicator.responsible, line.indicator.source)
        assert all(words and not words.missing() for words in told), line.indicator.code


def test_its_links_open_every_face(lived: Flask) -> None:
    app = lived
    links = dict(demo.links())
    app.extensions["settings"].__dict__["is_demo"] = True  # the installation of the test is no demo
    try:
        manager = Visitor(app).get(links["Manager:"]).submit("Go in")
        assert "Марина Савицкая" in manager.text("header") and "Открыть вход" in manager.text()
        door = Visitor(app).get(links["Trainer at the door:"]).submit("Go in")
        assert "/door" in door.path and int(door.one("#counts b").text_content()) > 5
        assert Visitor(app).get(links["A participant:"]).all("a.go"), "a quiz is waiting"
        donor = Visitor(app).get(links["A donor:"])
        assert "have completed a training so far" in donor.text(".said")
    finally:
        app.extensions["settings"].__dict__["is_demo"] = False


@pytest.mark.parametrize(("installation", "days"), [("sqlite", 400), ("postgres", 0)], indirect=["installation"])
def test_it_ends_today_whatever_today_is(app: Flask, days: int) -> None:
    with clock.standing_at(clock.now() + timedelta(days=days)):
        demo.play(MOLDOVA)
        programme = db.session.scalars(sa.select(Programme)).one()
        assert agenda.on_now(programme)
        assert programme.starts_on < programme.today() < programme.ends_on


def test_another_version_of_the_code_plays_it_anew(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    before = loading.digest_of_code(tmp_path)
    (tmp_path / "notes.py").write_text("not of a package")
    assert loading.digest_of_code(tmp_path) == before
    (package / "texts.toml").write_text("[subject]")
    assert loading.digest_of_code(tmp_path) != before
