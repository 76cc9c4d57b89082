"""Languages: which one a page speaks, texts kept in several, dates and numbers as people write them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app, g, has_app_context, has_request_context, request, session
from flask_babel import Babel, force_locale, format_date, format_datetime, format_decimal, get_locale

LANGUAGES = {"en": "English", "ru": "Русский", "be": "Беларуская"}
babel = Babel()


def select_language() -> str:
    """The person's own choice, then this browser's, then the one it prefers, then the installation's."""
    chosen = g.get("language") if has_app_context() else None
    if chosen in LANGUAGES:
        return str(chosen)
    if has_request_context():
        if session.get("language") in LANGUAGES:
            return str(session["language"])
        liked = preferred()
        if liked:
            return liked
    return str(current_app.config["LANGUAGE"])


def speak(code: str | None) -> None:
    """Answer this request in a language, if it is one of ours."""
    if code in LANGUAGES:
        g.language = code


def preferred() -> str | None:
    """The language of ours that the reader's browser likes best."""
    return request.accept_languages.best_match(list(LANGUAGES))


def language() -> str:
    """The language being spoken now, `en` where nobody listens."""
    if not has_app_context():
        return "en"
    locale = get_locale()
    return locale.language if locale else "en"


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Say everything inside in one language: a certificate, a PDF, a letter."""
    with force_locale(code):
        yield


class Texts(dict[str, str]):
    """One text in several languages; as a string, the text in the language being spoken or the nearest there is."""

    def __str__(self) -> str:
        return self.in_language(language())

    def __html__(self) -> str:
        from_markup = str(self).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return from_markup.replace('"', "&#34;").replace("'", "&#39;")

    def __or__(self, other: dict[str, str]) -> Texts:  # type: ignore[override]
        return Texts({**self, **other})

    def in_language(self, code: str) -> str:
        for wanted in (code, "ru" if code == "be" else "en", "en", *self):
            if self.get(wanted):
                return self[wanted]
        return ""

    def missing(self) -> list[str]:
        """Languages of ours in which this text is not written yet."""
        return [code for code in LANGUAGES if not self.get(code)]


class TextsColumn(sa.TypeDecorator[Texts]):
    """Texts kept as JSON: {"en": …, "ru": …, "be": …}."""

    impl = sa.JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> dict[str, str] | None:
        return None if value is None else {code: text for code, text in dict(value).items() if text}

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Texts | None:
        return None if value is None else Texts(value)


# How dates and numbers are written. An instant is always shown in the zone of the place it belongs to.


def day(value: date | datetime, zone: str | None = None, pattern: str = "d MMMM y") -> str:
    """14 May 2026."""
    return format_date(_placed(value, zone), pattern)


def short_day(value: date | datetime, zone: str | None = None) -> str:
    """Thu 14 May."""
    return format_date(_placed(value, zone), "EEE d MMM")


def clock_time(value: datetime, zone: str) -> str:
    """09:30."""
    return format_datetime(_placed(value, zone), "HH:mm", rebase=False)


def moment(value: datetime, zone: str = "UTC") -> str:
    """14 May 2026, 09:30."""
    return format_datetime(_placed(value, zone), "d MMM y, HH:mm", rebase=False)


def span(starts_on: date, ends_on: date) -> str:
    """14–15 May 2026, as short as it stays clear."""
    if starts_on == ends_on:
        return day(starts_on)
    if (starts_on.year, starts_on.month) == (ends_on.year, ends_on.month):
        return f"{starts_on.day}–{day(ends_on)}"
    first = day(starts_on, pattern="d MMMM" if starts_on.year == ends_on.year else "d MMMM y")
    return f"{first} – {day(ends_on)}"


def number(value: float | int | None, digits: int = 0) -> str:
    """1 234 or 16.8 in the language's own way; an em dash where there is none."""
    if value is None:
        return "—"
    return format_decimal(
        round(float(value), digits) if digits else round(value), f"#,##0.{'0' * digits}" if digits else "#,##0"
    )


def _placed(value: date | datetime, zone: str | None) -> Any:
    return value.astimezone(ZoneInfo(zone)) if isinstance(value, datetime) and zone else value
