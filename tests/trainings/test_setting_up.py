"""A programme on screen and as a file that loads again; templates of events; venues."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from certificates import rules
from core import toml_text
from core.db import db
from core.i18n import Texts
from core.sections import Section
from founding import exporting, loading
from quizzes import openings
from tests import make
from tests.make import NOON, ZONE
from tests.pages import Visitor
from trainings import agenda, event_templates, scheduling
from trainings.event_templates import Pattern, Sitting
from trainings.models import Event, EventKind, Partner, PartnerRole, Programme

pytestmark = pytest.mark.usefixtures("request_context")


def test_an_exported_programme_loads_again_to_the_same_programme(app: Flask, tmp_path: Path) -> None:
    programme = make.programme(
        "first", title=Texts(en='Quotes " and \\ and\nlines', be="Ў"), contact="a@example.org", pass_mark=61
    )
    programme.partners.append(Partner(position=0, role=PartnerRole.DONOR, name=Texts(en="Donor", ru="Донор")))
    db.session.flush()
    venue = make.venue(programme, capacity=30, access=Texts(en="Two steps.\nA ramp."))
    make.event(programme, venue=venue, sessions=make.sessions(NOON, count=2), inner_title="Take two", coded=True)
    scheduling.cancel(make.event(programme), "Flood")
    text = exporting.written(programme)
    assert "Not in this file: people" in text
    file = tmp_path / "again.toml"
    file.write_text(text.replace('key = "first"', 'key = "second"'))
    again = loading.load(file)
    assert again.id != programme.id
    assert exporting.written(again).replace('key = "second"', 'key = "first"') == text
    copied = agenda.events_of(again)
    assert [event.name for event in copied] == ["Take two"] and len(copied[0].sessions) == 2
    assert copied[0].sessions[0].starts_at == NOON and str(copied[0].venue.access) == "Two steps.\nA ramp."


def test_what_toml_reads_is_what_was_written(tmp_path: Path) -> None:
    values = {"a": 'x"\\\n\t\x7fЎ', "b": True, "on": date(2027, 1, 2), "rows": [{"n": 1, "in": [{"m": {"en": "t"}}]}]}
    file = tmp_path / "some.toml"
    file.write_text(toml_text.document({**values, "none": None}, ["A remark"]), encoding="utf-8")
    assert Section.of_file(file)._data == values


def test_a_programme_is_founded_and_changed_on_screen(app: Flask) -> None:
    administrator = Visitor(app).sign_in(make.user("administrator"))
    page = administrator.get("/").link("New programme")
    typed = {
        "key": "lakes", "title-en": "Lakes", "summary-en": "For the lakes.", "starts_on": "2027-01-01",
        "ends_on": "2026-01-01", "country": "md", "time_zone": "Europe/Chisinau", "language": "ru",
        "partners-0-role": "donor", "partners-0-name-en": "The Fund",
    }  # fmt: skip
    page = page.submit("Save", **typed)
    assert page.status == 422 and "ends before it starts" in page.text(".notice")
    assert page.one("[name='partners-0-name-en']").get("value") == "The Fund", "what was typed stays"
    assert "Not a time zone" in page.submit("Save", ends_on="2028-01-01", time_zone="Mars/North").text()
    page.submit("Save", ends_on="2028-01-01")
    programme = db.session.scalars(sa.select(Programme).where(Programme.key == "lakes")).one()
    assert (programme.country, [str(p.name) for p in programme.partners]) == ("MD", ["The Fund"])
    again = administrator.get("/programmes/new").submit("Save", **typed | {"ends_on": "2028-01-01"})
    assert "key already" in again.text(".notice")
    page = administrator.get(f"/programmes/{programme.uid}/settings").submit("Save", **{"title-ru": "Озёра"})
    assert programme.title == {"en": "Lakes", "ru": "Озёра"} and programme.partners[0].role == PartnerRole.DONOR
    answer = administrator.ask("get", f"/programmes/{programme.uid}/programme.toml")
    assert "Озёра" in answer.get_data(as_text=True)


def test_an_event_begins_from_the_template_of_its_kind(manager: Visitor) -> None:
    programme = make.programme()
    quiz = make.quiz(programme)
    page = manager.get(f"/programmes/{programme.uid}/templates").link("Seminar")
    page = page.submit(
        "Keep the template", quiz=quiz.key, certificate_percent="50", certificate_needs_quiz="y", capacity="18",
        **{"sittings-1-day": "2"},
    )  # fmt: skip
    assert "your own" in page.text()
    page = manager.get(f"/programmes/{programme.uid}/events/new?like=seminar&on=2027-10-30")
    assert page.one("[name='capacity']").get("value") == "18"
    page = page.submit("Save the plan", **{"title-en": "From a template"})
    event = db.session.scalars(sa.select(Event)).one()
    local = [session.starts_at.astimezone(ZONE) for session in event.sessions]
    assert [(at.date().isoformat(), at.time()) for at in local] == [
        ("2027-10-30", time(9, 30)), ("2027-10-31", time(13, 30))
    ]  # fmt: skip
    assert [used.quiz.key for used in openings.of_event(event)] == [quiz.key]
    rule = rules.of(event)
    assert rule.is_own and rule.percent == 50 and rule.needs_post_test


def test_a_template_without_sessions_or_with_two_at_once_is_refused(app: Flask) -> None:
    programme = make.programme()
    with pytest.raises(event_templates.NoSittings):
        event_templates.keep(programme, EventKind.FORUM, Pattern(()))
    both = (Sitting(1, time(9), time(12)), Sitting(1, time(11), time(13)))
    with pytest.raises(event_templates.SittingsOverlap):
        event_templates.keep(programme, EventKind.FORUM, Pattern(both))
    event_templates.keep(programme, EventKind.FORUM, Pattern(both[:1], 5))
    event_templates.drop(programme, EventKind.FORUM)
    assert event_templates.of(programme, EventKind.FORUM) == event_templates.SHIPPED[EventKind.FORUM]


def test_a_venue_is_corrected_and_calendars_hear_of_it(manager: Visitor) -> None:
    venue = make.venue(access=Texts(ru="Без ступеней"))
    event = make.event(venue=venue)
    page = manager.get(f"/venues/{venue.uid}").submit("Save", capacity="12", **{"access-en": "No steps"})
    assert "No steps" in page.text() and event.calendar_sequence == 1
    assert venue.access == {"en": "No steps", "ru": "Без ступеней"}
