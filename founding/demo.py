"""The demo: a programme lived through with invented people, by the same activities that real people use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from accounts import staff
from accounts.models import InvitationPurpose, Role, User
from certificates import issuing, rules
from certificates.rules import Rule, Signer
from core import clock
from core.db import db
from core.i18n import Texts
from core.sections import Section
from door import room
from door.models import Attendance
from founding import (
    loading,
    played_events,
    played_feedback,
    played_messages,
    played_monitoring,
    played_people,
    played_periods,
    played_places,
    played_planning,
)
from indicators import sharing
from indicators.share_models import Audience
from materials import ledger, library
from materials.models import CopiesKind, MaterialKind
from participants import roster
from participants.models import Participant, Registration, RegistrationStatus
from quizzes import openings, taken
from quizzes.models import Phase
from trainings import agenda, programmes, scheduling
from trainings.models import Event, EventKind, EventStatus, Programme
from trainings.scheduling import EventPlan, SessionPlan

SEED = 20
STAFF = (
    ("Ирина Климович", Role.ADMINISTRATOR, "admin@example.org"),
    ("Марина Савицкая", Role.MANAGER, "manager@example.org"),
    ("Андрей Лобан", Role.TRAINER, "trainer1@example.org"),
    ("Ольга Стасевич", Role.TRAINER, "trainer2@example.org"),
    ("Павел Новик", Role.TRAINER, "trainer3@example.org"),
    ("Алеся Гриневич", Role.MONITOR, "monitor1@example.org"),
    ("Виктор Рудак", Role.MONITOR, "monitor2@example.org"),
)
DONOR = "Демонстрация"


def play(path: Path) -> None:
    """Load a programme moved so that one of its events is today, and live through it until now."""
    root = Section.of_file(path)
    zone = root.text("time_zone")
    shift = clock.today(zone) - _day_of_the_event_for_today(root)
    with clock.standing_at(datetime.combine(root.day("starts_on") + shift, time(9), ZoneInfo(zone))):
        programme = loading.load(path, shift)
    team = _hire(programme)
    chance = Random(SEED)
    today = programme.today()
    _say_who_signs(programme)
    guests = played_events.Guests(programme, chance)
    for event in agenda.events_of(programme):
        event.trainers = [team[Role.TRAINER][event.id % 3], team[Role.TRAINER][(event.id + 1) % 3]]
        if event.ends_on < today:
            played_events.hold(event, guests)
        elif event.starts_on <= today:
            _put_on_now(event)
            played_events.begin(event, guests)
        elif event.kind == EventKind.WORKSHOP:
            played_events.fill(event, guests)
    played_places.ask_and_wait(programme, guests)
    played_messages.write(programme, team[Role.MANAGER][0])
    played_people.play(programme, team[Role.MANAGER][0])
    _cancel_one(programme)
    played_planning.plan(programme, team[Role.TRAINER][2])
    played_monitoring.play(programme, team[Role.MONITOR], team[Role.MANAGER][0], chance)
    _certify(programme, team[Role.MANAGER][0])
    _print_and_hand_out(programme, team[Role.MANAGER][0], chance)
    played_feedback.follow_up(programme)
    played_feedback.review(programme, team[Role.MANAGER][0])
    played_periods.play(programme, team[Role.MANAGER][0], team[Role.ADMINISTRATOR][0])
    db.session.commit()


def links() -> Iterator[tuple[str, str]]:
    """(face, path) of every face of the demo; the secrets in them are new each time."""
    programme = db.session.scalars(sa.select(Programme)).first()
    assert programme is not None, "played before"
    manager, trainer = _first(Role.MANAGER), _first(Role.TRAINER)
    yield "Manager:", f"/welcome/{staff.invite(manager, InvitationPurpose.ENTER_DEMO)}"
    today = agenda.on_now(programme)
    if today:
        door = f"/sessions/{agenda.current_session(today[0]).uid}/door"
        yield (
            "Trainer at the door:",
            f"/welcome/{staff.invite(today[0].trainers[0], InvitationPurpose.ENTER_DEMO, door)}",
        )
        yield "A participant:", f"/p/{roster.personal_token(_somebody_with_a_quiz(today[0]))}"
    else:
        yield "Trainer:", f"/welcome/{staff.invite(trainer, InvitationPurpose.ENTER_DEMO)}"
    for link in sharing.of_programme(programme):
        if link.label == DONOR:
            sharing.revoke(link)
    _link, token = sharing.share(programme, DONOR, Audience.DONOR, 30, manager)
    yield "A donor:", f"/d/{token}"


def _day_of_the_event_for_today(root: Section) -> date:
    """The first day of the event nearest to three fifths of the programme: most is done, some is to come."""
    begins, ends = root.day("starts_on"), root.day("ends_on")
    wanted = begins + (ends - begins) * 3 / 5
    days = [event["sessions"][0]["starts"].date() for event in root.plain_tables("events") if event.get("sessions")]
    return min(days, key=lambda day: abs(day - wanted))


def _hire(programme: Programme) -> dict[Role, list[User]]:
    team: dict[Role, list[User]] = {role: [] for role in Role}
    for name, role, email in STAFF:
        user = staff.add(name, email, role, "ru")
        programmes.assign(programme, user)
        team[role].append(user)
    return team


def _put_on_now(event: Event) -> None:
    """Let the session that is first today be on at whatever hour the demo is looked at."""
    zone = ZoneInfo(event.programme.time_zone)
    now = clock.now().astimezone(zone)
    earliest, latest = datetime.combine(now.date(), time(0, 5), zone), datetime.combine(now.date(), time(23, 55), zone)
    starts, ends = max(now - timedelta(minutes=40), earliest), min(now + timedelta(minutes=80), latest)
    first = event.sessions[0]
    later = [SessionPlan(s.starts_at, s.ends_at, s.title) for s in event.sessions[1:] if s.starts_at > ends]
    plan = EventPlan(
        kind=event.kind,
        title=event.title,
        sessions=[SessionPlan(starts.replace(second=0), ends.replace(second=0), first.title), *later],
        venue=event.venue,
        capacity=event.capacity,
        trainers=list(event.trainers),
    )
    scheduling.revise(event, plan, despite_clashes=True)
    room.allow(event, True)


def _cancel_one(programme: Programme) -> None:
    last = next((e for e in reversed(agenda.events_of(programme, status=EventStatus.PLANNED))), None)
    if last is None:
        return
    start = last.sessions[-1].ends_at + timedelta(days=7)
    plan = EventPlan(last.kind, last.title, [SessionPlan(start, start + timedelta(hours=2))], last.venue, last.capacity)
    scheduling.cancel(scheduling.plan(programme, plan, despite_clashes=True), "Площадка закрыта на ремонт")


def _say_who_signs(programme: Programme) -> None:
    """Certificates of the demo: the share of sessions of the programme, and two invented people who sign."""
    signers = (
        Signer(
            Texts(en="Maryna Savitskaya", ru="Марина Савицкая", be="Марына Савіцкая"),
            Texts(en="Programme manager", ru="Руководитель программы", be="Кіраўнік праграмы"),
        ),
        Signer(
            Texts(en="Andrei Loban", ru="Андрей Лобан", be="Андрэй Лобан"),
            Texts(en="Trainer", ru="Тренер", be="Трэнер"),
        ),
    )
    rules.keep(programme, Rule(programme.completion_percent, second_language="en", signers=signers))


def _certify(programme: Programme, manager: User) -> None:
    """Certificates of the workshops and trainings that were held."""
    for event in agenda.events_of(programme, status=EventStatus.HELD):
        if event.kind in (EventKind.WORKSHOP, EventKind.CSO_TRAINING):
            with clock.standing_at(event.sessions[-1].ends_at + timedelta(days=2)):
                issuing.issue_all(event, by=manager)


def _print_and_hand_out(programme: Programme, manager: User, chance: Random) -> None:
    held = agenda.events_of(programme, status=EventStatus.HELD)
    for material in library.of_programme(programme):
        early = programme.starts_on + timedelta(days=140)
        if material.kind == MaterialKind.GUIDE:
            with clock.standing_at(datetime.combine(early, time(12), ZoneInfo(programme.time_zone))):
                library.publish(material, early)
        batch = (material.copies_planned or 200) // 2
        for number, day in enumerate((early, early + timedelta(days=120)), 1):
            ledger.record(
                material, CopiesKind.PRINTED, batch, min(day, programme.today()), batch=f"тираж {number}", by=manager
            )
        for event in held:
            left = ledger.balance_of(material).left
            number = min(left, chance.randrange(40, 60) + (batch // 10 if material.copies_planned else 0))
            if number:
                ledger.record(material, CopiesKind.HANDED_OUT, number, event.ends_on, event=event, by=manager)


def _first(role: Role) -> User:
    return db.session.scalars(sa.select(User).where(User.role == role).order_by(User.id)).first()  # type: ignore[return-value]


def _somebody_with_a_quiz(event: Event) -> Participant:
    """Somebody present today who has not taken the quiz that is open."""
    query = (
        sa.select(Registration)
        .join(Attendance, Attendance.registration_id == Registration.id)
        .where(Registration.event_id == event.id, Registration.status == RegistrationStatus.REGISTERED)
    )
    for place in db.session.scalars(query):
        if any(not taken.has_taken(used, Phase.PRE, place) for used in openings.of_event(event)):
            return place.participant
    return db.session.scalars(sa.select(Participant)).first()  # type: ignore[return-value]
