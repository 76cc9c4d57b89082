"""What is measured: an event with many people, made by the activities themselves, and a trainer at its door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import sqlalchemy as sa
from flask import Flask, session
from flask_wtf.csrf import generate_csrf

import app as application
from accounts import signing_in, staff
from accounts.models import Role
from core import clock, schema
from core.config import CHECKOUT, Settings
from core.db import db
from core.i18n import Texts
from door import devices
from founding import invented, loading
from materials.models import Material
from participants import registration, roster
from participants.models import Badge, Origin, Participant, Sector
from quizzes import openings
from quizzes.models import Phase, Quiz
from trainings import programmes, scheduling
from trainings.models import EventKind, Programme
from trainings.scheduling import EventPlan, SessionPlan

PEOPLE = 2500
SESSIONS = 4
WATCHERS = 20
PHONES = 4


@dataclass
class World:
    """Addresses to measure with, and headers: those of a trainer's browser, and those of a paired phone."""

    app: Flask
    headers: dict[str, str]
    phone: dict[str, str]
    badges: list[str]
    doors: list[str]
    small_roster: str
    large_roster: str
    dashboard: str
    participant: str
    small_event: str
    board: str
    watchers: list[dict[str, str]]
    hall: list[str]  # personal links' secrets of the small event's people
    others: list[str]  # and of some of the large one's
    quizzes: list[str]  # the open quiz of the small and of the large event, with {token}
    answers: dict[str, list[str]]


def make(home: Path, database_url: str = "") -> World:
    """The Belarus programme with an event of 250 and one of 2,500 people that are on now."""
    app = application.create_app(Settings(home=home, database_url=database_url))
    with app.app_context():
        schema.bring_up_to_date()
        programme = loading.load(CHECKOUT / "programmes" / "belarus.toml")
        trainer = staff.add("Trainer", "trainer@example.org", Role.TRAINER)
        programmes.assign(programme, trainer)
        chance = Random(1)
        small = _event(programme, trainer, 250, chance)
        large = _event(programme, trainer, PEOPLE, chance)
        quiz = db.session.scalars(sa.select(Quiz)).one()
        used = [openings.use(event, quiz) for event in (small, large)]
        for event_quiz in used:
            openings.open_phase(event_quiz, Phase.PRE)
        manager = staff.add("Manager", "manager@example.org", Role.MANAGER)
        programmes.assign(programme, manager)
        for number in range(PHONES):
            _device, phone_token = devices.pair(devices.offer(large, manager), f"Phone {number}")
        person = db.session.scalars(sa.select(Participant)).first()
        assert person is not None
        assert db.session.scalars(sa.select(Material)).first()
        tokens = [signing_in.start(trainer), *(signing_in.start(manager) for _ in range(WATCHERS))]
        db.session.commit()
        headers, *watchers = _headers(app, tokens)
        badges = [code for _person, code in roster.badges_of(large)]
        world = World(
            app=app,
            headers=headers,
            phone={"Authorization": f"Bearer {phone_token}"},
            badges=badges,
            doors=[f"/sessions/{s.uid}/scans" for s in large.sessions],
            small_roster=f"/events/{small.uid}/people",
            large_roster=f"/events/{large.uid}/people",
            dashboard=f"/programmes/{programme.uid}/indicators",
            participant=f"/p/{roster.personal_token(person)}",
            small_event=small.uid,
            board=f"/programmes/{programme.uid}/board",
            watchers=watchers,
            hall=[roster.personal_token(place.participant) for place in roster.of(small)],
            others=[roster.personal_token(place.participant) for place in roster.of(large)[:240]],
            quizzes=[f"/p/{{token}}/quizzes/{event_quiz.uid}/pre" for event_quiz in used],
            answers={q.uid: [str(place) for place in sorted(q.right_options())] for q in quiz.questions},
        )
        db.session.remove()
        db.engine.dispose()
    return world


def badge_count() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Badge)) or 0


def _event(programme: Programme, trainer: object, people: int, chance: Random):  # type: ignore[no-untyped-def]
    """Sessions one after the other around now, all inside the hours in which a door is open."""
    start = clock.now() - timedelta(minutes=30)
    sessions = [
        SessionPlan(start + timedelta(minutes=15 * n), start + timedelta(minutes=15 * n + 15)) for n in range(SESSIONS)
    ]
    plan = EventPlan(EventKind.WORKSHOP, Texts(ru=f"Семинар на {people}"), sessions, trainers=[trainer])  # type: ignore[list-item]
    event = scheduling.plan(programme, plan, despite_clashes=True)
    for number in range(people):
        person = roster.add(programme, invented.person(chance, Sector.POLICE, number))
        registration.register(person, event, Origin.IMPORT)
    return event


def _headers(app: Flask, tokens: list[str]) -> list[dict[str, str]]:
    """What the browsers of these sign-ins send along."""
    with app.test_request_context():
        csrf = generate_csrf()
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        kept = [{"_user_id": token, "_fresh": True, "csrf_token": session["csrf_token"]} for token in tokens]
        cookies = [f"muster={serializer.dumps(content)}" for content in kept]
    return [{"Cookie": cookie, "X-CSRFToken": csrf, "Accept-Encoding": "br"} for cookie in cookies]
