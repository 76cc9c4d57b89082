"""Settings in one place, refused in a sentence; time that stands where it is told."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask

import app as application
from core import clock
from core.config import BadSetting, Settings
from core.i18n import Texts, number, span, speaking
from tests.make import NOON


def test_every_setting_is_an_environment_variable_with_a_word_about_it() -> None:
    described = Settings.described()
    assert len(described) == len(fields(Settings))
    assert all(help_text.endswith(".") and variable.isupper() for variable, _default, help_text in described)


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("MUSTER_PORT", "http", "whole number"),
        ("MUSTER_BEHIND_TLS", "maybe", "yes or no"),
        ("MUSTER_LANGUAGE", "de", "en, ru or be"),
        ("MUSTER_QUICK_EXIT", "weather.example.org", "begin with https://"),
        ("MUSTER_PROT", "8000", "not a setting"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(variable: str, value: str, words: str, monkeypatch) -> None:
    with pytest.raises(BadSetting, match=words):
        Settings.from_environment({variable: value})
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit) as stopped:
        application.create_app()
    assert variable in str(stopped.value)


def test_settings_are_read_from_the_environment() -> None:
    settings = Settings.from_environment(
        {"MUSTER_HOME": "/tmp/x", "MUSTER_BEHIND_TLS": "yes", "DATABASE_URL": "postgres://h/d"}
    )
    assert settings.behind_tls and settings.key_ring_path == Path("/tmp/x/keys/ring.json")
    assert settings.database == "postgresql+psycopg://h/d"
    assert Settings.from_environment({}).database.startswith("sqlite:///")


def test_the_command_lists_them(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["muster", "settings"])
    assert "DATABASE_URL" in answer.output and answer.exit_code == 0


def test_time_stands_where_it_is_told() -> None:
    with clock.standing_at(NOON):
        assert clock.now() == NOON and clock.today("Europe/Minsk").isoformat() == "2027-05-14"
    assert clock.now() != NOON


def test_a_text_falls_back_to_the_nearest_language() -> None:
    assert Texts(ru="да", en="yes").in_language("be") == "да"
    assert Texts(en="yes").in_language("be") == "yes"
    assert Texts(be="так").in_language("en") == "так"
    assert Texts().in_language("en") == ""
    assert Texts(en="yes").missing() == ["ru", "be"]


def test_dates_and_numbers_are_written_as_people_do(app: Flask) -> None:
    spoken = {
        "en": ("14–15 May 2027", "1,234.5"),
        "ru": ("14–15 мая 2027", "1 234,5"),
        "be": ("14–15 мая 2027", "1 234,5"),
    }
    for language, (days, amount) in spoken.items():
        with speaking(language):
            assert span(NOON.date(), NOON.date().replace(day=15)) == days
            assert number(1234.5, 1).replace("\xa0", " ").replace("\u202f", " ") == amount


def test_markup_in_a_text_is_shown_not_obeyed(app: Flask) -> None:
    with app.test_request_context():
        assert Texts(en="<b>&\"'").__html__() == "&lt;b&gt;&amp;&#34;&#39;"
