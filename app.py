"""The application put together: read this first. Imported by servers, commands and tests only."""

from __future__ import annotations

import sys
from typing import Any

import sqlalchemy as sa
from flask import Flask, g, request
from flask.cli import ScriptInfo
from flask_babel import get_locale
from flask_login import LoginManager, current_user

import accounts.forms
import door.forms
import door.paper_forms
import indicators.forms
import indicators.period_forms
import materials.forms
import monitoring.wording
import participants.forms
import quizzes.forms
import trainings.forms
from accounts import access, signing_in
from core import config, i18n, schema, web
from core.db import db, keep_sqlite_honest
from core.queue import queue
from door import devices
from edges import COMMANDS, ROUTES
from privacy.crypto import KeyRing, KeyRingProblem


def create_app(settings: config.Settings | None = None) -> Flask:
    """An application for these settings, or for those of the environment.

    Refuses to start, in a sentence, with a setting that cannot be used or without its key ring.
    """
    try:
        settings = settings or config.Settings.from_environment()
    except config.BadSetting as problem:
        sys.exit(str(problem))
    settings.home.mkdir(parents=True, exist_ok=True)
    app = Flask(__name__, static_folder=None)  # WhiteNoise serves those, before the application is asked
    app.extensions["settings"] = settings
    app.extensions["key_ring"] = _key_ring(settings)
    app.config.update(
        SECRET_KEY=app.extensions["key_ring"].secret("session cookie"),
        SQLALCHEMY_DATABASE_URI=settings.database,
        LANGUAGE=settings.language,
        BABEL_DEFAULT_LOCALE=settings.language,
        BABEL_TRANSLATION_DIRECTORIES="translations",
        MAX_CONTENT_LENGTH=settings.upload_megabytes * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,  # a door stays open all day; the token ends with the sign-in
        SESSION_COOKIE_NAME="muster",
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.behind_tls,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
    )
    db.init_app(app)
    schema.set_up(app)
    i18n.babel.init_app(app, locale_selector=i18n.select_language)
    queue.init_app(app, settings.home)
    web.set_up(app, settings)
    _sign_people_in(app)
    access.deny_unmarked(app)
    app.extensions["find_device"] = devices.find
    for edge in ROUTES:
        app.register_blueprint(edge)
    app.cli.add_command(COMMANDS)
    _furnish_templates(app, settings)
    with app.app_context():
        keep_sqlite_honest(db.engine)
    return app


def obey() -> None:
    """Do what the command line says. Flask's own command would load what developers alone need."""
    COMMANDS(prog_name="script/muster", obj=ScriptInfo(create_app=create_app))


def _key_ring(settings: config.Settings) -> KeyRing:
    try:
        if not settings.key_ring_path.exists() and _is_new(settings):
            KeyRing.create(settings.key_ring_path)
        return KeyRing.load(settings.key_ring_path)
    except KeyRingProblem as problem:
        sys.exit(str(problem))


def _is_new(settings: config.Settings) -> bool:
    """A new key ring is made only where no data can be waiting for an old one."""
    engine = sa.create_engine(settings.database)
    try:
        return not sa.inspect(engine).has_table("users")
    finally:
        engine.dispose()


def _sign_people_in(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # the secret in the cookie is the protection; addresses change on the way

    @manager.user_loader
    def load_user(token: str) -> Any:
        user = signing_in.find(token)
        if user is not None and user.language:
            g.setdefault("language", user.language)
        return user


def _words() -> dict[str, Any]:
    """What templates call the words of our closed lists."""
    return {
        "role_names": accounts.forms.ROLE_NAMES,
        "event_kind_names": trainings.forms.KIND_NAMES,
        "event_status_names": trainings.forms.STATUS_NAMES,
        "privacy_names": trainings.forms.PRIVACY_NAMES,
        "figure_names": trainings.forms.FIGURE_NAMES,
        "sector_names": participants.forms.SECTOR_NAMES,
        "sex_names": participants.forms.SEX_NAMES,
        "outcome_names": door.forms.OUTCOME_NAMES,
        "source_names": door.forms.SOURCE_NAMES,
        "counting_method_names": door.paper_forms.METHOD_NAMES,
        "material_kind_names": materials.forms.KIND_NAMES,
        "question_kind_names": quizzes.forms.KIND_NAMES,
        "material_audience_names": materials.forms.AUDIENCE_NAMES,
        "place_names": materials.forms.PLACE_NAMES,
        "copies_names": materials.forms.COPIES_NAMES,
        "judgement_names": monitoring.wording.JUDGEMENT_NAMES,
        "announcement_names": monitoring.wording.ANNOUNCEMENT_NAMES,
        "response_names": monitoring.wording.RESPONSE_NAMES,
        "implementation_names": monitoring.wording.IMPLEMENTATION_NAMES,
        "voice_names": monitoring.wording.VOICE_NAMES,
        "fate_names": monitoring.wording.FATE_NAMES,
        "period_state_names": indicators.period_forms.STATE_NAMES,
        "audience_names": indicators.forms.AUDIENCE_NAMES,
    }


def _furnish_templates(app: Flask, settings: config.Settings) -> None:
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.globals |= {
        "product_name": settings.product_name,
        "quick_exit": settings.quick_exit,
        "LANGUAGES": i18n.LANGUAGES,
        "get_locale": get_locale,
        "span": i18n.span,
        "role_in": trainings.policies.role_in,
    }
    env.filters |= {
        "day": i18n.day,
        "short_day": i18n.short_day,
        "clock_time": i18n.clock_time,
        "moment": i18n.moment,
        "number": i18n.number,
    }
    env.globals |= _words()

    @app.context_processor
    def provide_reader() -> dict[str, Any]:
        return {"reader": current_user, "here": request.full_path.rstrip("?")}
