"""Things tests talk about, made by the same activities that people use."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from accounts import staff
from accounts.models import Role, User
from core import clock
from core.db import db, new_uid
from core.i18n import Texts
from feedback import evaluations, questionnaires
from feedback.models import FreeText
from feedback.models import QuestionKind as FeedbackQuestionKind
from indicators import defining, documents, periods
from indicators.models import (
    Accumulation,
    Assumption,
    BaselineKind,
    Direction,
    Indicator,
    Measure,
    Period,
    Result,
    ResultLevel,
    Target,
    TargetOrigin,
)
from indicators.period_models import PeriodState
from indicators.record_models import EvidenceFile
from materials import library, storage
from materials.cleaning import CleanFile
from materials.models import FileKind, Material, MaterialFile, MaterialKind
from participants import registration as places
from participants import roster
from participants.models import (
    Badge,
    Origin,
    PairingPurpose,
    Participant,
    Registration,
    Sector,
    Sex,
)
from participants.names import PersonName
from participants.roster import PersonDetails
from quizzes import openings
from quizzes.models import EventQuiz, Option, Question, QuestionKind, Quiz
from trainings import programmes, scheduling
from trainings.models import Event, EventKind, EventSession, PrivacyLevel, Programme, Venue
from trainings.scheduling import EventPlan, SessionPlan

__all__ = ["new_uid"]  # tests make rows by hand too
ZONE = ZoneInfo("Europe/Minsk")
NOON = datetime(2027, 5, 14, 9, 0, tzinfo=UTC)  # a Friday, noon in Minsk
_numbers = itertools.count(1)


def programme(key: str = "test", **values: Any) -> Programme:
    """The programme of this key, made the first time."""
    found = db.session.scalar(sa.select(Programme).where(Programme.key == key))
    if found is None:
        found = Programme(
            key=key,
            **{
                "title": Texts(en=f"Programme {key}", ru=f"Программа {key}", be=f"Праграма {key}"),
                "summary": Texts(en="What it is for."),
                "country": "BY",
                "time_zone": "Europe/Minsk",
                "language": "ru",
                "starts_on": date(2026, 1, 1),
                "ends_on": date(2027, 12, 31),
                **values,
            },
        )
        db.session.add(found)
        db.session.flush()
    return found


def user(role: str = "manager", within: Programme | None = None, name: str = "") -> User:
    number = next(_numbers)
    made = staff.add(name or f"{role.title()} {number}", f"{role}{number}@example.org", Role(role), "en")
    if within is not None:
        programmes.assign(within, made)
    db.session.commit()
    return made


def venue(within: Programme | None = None, **values: Any) -> Venue:
    within = within or programme()
    values = {"name": Texts(en="Centre"), "town": Texts(en="Brest", ru="Брест"), **values}
    made = Venue(programme_id=within.id, **values)
    db.session.add(made)
    db.session.flush()
    return made


def sessions(first: datetime | None = None, count: int = 1, hours: float = 3) -> list[SessionPlan]:
    """So many sittings, one a day, the first beginning at `first` or an hour ago."""
    first = first or clock.now() - timedelta(hours=1)
    return [SessionPlan(first + timedelta(days=n), first + timedelta(days=n, hours=hours)) for n in range(count)]


def event(within: Programme | None = None, kind: str = "workshop", **plan: Any) -> Event:
    """A planned event; by default one session that is on now."""
    number = next(_numbers)
    values = {"title": Texts(en=f"Event {number}", ru=f"Событие {number}"), "sessions": sessions(), **plan}
    coded = values.pop("coded", False)
    if coded:
        values["privacy"] = PrivacyLevel.CODED
    return scheduling.plan(within or programme(), EventPlan(kind=EventKind(kind), **values), despite_clashes=True)


def event_session(**plan: Any) -> EventSession:
    return event(**plan).sessions[0]


def person(within: Programme | None = None, name: str = "", **details: Any) -> Participant:
    number = next(_numbers)
    family, _, given = (name or f"Фамилия{number} Имя").partition(" ")
    values = {"sector": Sector.POLICE, "sex": Sex.MALE, "name": PersonName(family, given), **details}
    return roster.add(within or programme(), PersonDetails(**values))


def registration(at: Event | None = None, name: str = "", **details: Any) -> Registration:
    at = at or event()
    return places.register(person(at.programme, name, **details), at, Origin.BY_HAND)


def badge_code(of: Registration | Participant) -> str:
    """The badge code in use of somebody."""
    participant_id = of.participant_id if isinstance(of, Registration) else of.id
    query = sa.select(Badge.code).where(Badge.participant_id == participant_id, Badge.revoked_at.is_(None))
    return db.session.scalars(query).one()


def token(of: Registration) -> str:
    """The secret of somebody's own page."""
    return roster.personal_token(of.participant)


def quiz(within: Programme | None = None, questions: int = 4, *, first: str = "", is_draft: bool = False) -> Quiz:
    """A quiz of single-choice questions whose first option is right; the last takes two right ones."""
    within = within or programme()
    made = Quiz(programme_id=within.id, key=f"quiz{next(_numbers)}", title=Texts(en="Quiz", ru="Тест"))
    made.published_at = None if is_draft else clock.now()
    for number in range(1, questions + 1):
        is_last = number == questions
        question = Question(
            position=number,
            kind=QuestionKind.MULTIPLE if is_last else QuestionKind.SINGLE,
            text=Texts(
                en=(number == 1 and first) or f"Question {number}?", ru=f"Вопрос {number}?", be=f"Пытанне {number}?"
            ),
            explanation=Texts(en=f"Because {number}."),
        )
        question.options = [
            Option(position=place, text=Texts(en=f"Option {place}"), is_right=place == 1 or (is_last and place == 2))
            for place in (1, 2, 3)
        ]
        made.questions.append(question)
    db.session.add(made)
    db.session.flush()
    return made


def event_quiz(at: Event | None = None, of: Quiz | None = None) -> EventQuiz:
    at = at or event()
    return openings.use(at, of or quiz(at.programme))


def answers(of: Quiz, right: int) -> dict[str, list[str]]:
    """Answers that get `right` questions right, the first ones."""
    return {
        question.uid: [str(place) for place in sorted(question.right_options())] if number < right else ["3"]
        for number, question in enumerate(of.questions)
    }


def material(within: Programme | None = None, kind: str = "brochure", **values: Any) -> Material:
    within = within or programme()
    values = {"key": kind, "title": Texts(en="Brochure", ru="Брошюра"), **values}
    made = Material(programme_id=within.id, kind=MaterialKind(kind), **values)
    content = b"%PDF-1.4 made for a test"
    made.versions.append(MaterialFile(language="ru", digest=storage.keep(content), size=len(content)))
    db.session.add(made)
    db.session.flush()
    assert library.of_programme(within)
    return made


def result(
    within: Programme | None = None, code: str = "I", level: str = "impact", parent: Result | None = None
) -> Result:
    within = within or programme()
    found = db.session.scalar(sa.select(Result).where(Result.programme_id == within.id, Result.code == code))
    if found is None:
        found = Result(
            programme_id=within.id,
            position=0,
            code=code,
            level=ResultLevel(level),
            statement=Texts(en=f"Result {code}"),
            parent_id=parent.id if parent else None,
        )
        db.session.add(found)
        db.session.flush()
    return found


def assumption(of: Result | None = None) -> Assumption:
    return defining.assume(of or result(), Texts(en="People may meet", ru="Встречаться можно"), None)


def evidence(of: Indicator) -> EvidenceFile:
    file = CleanFile(FileKind.PDF, b"%PDF-1.4 minutes of a meeting")
    return documents.add(programme(), of, "Minutes", date(2026, 3, 1), file, None)


def indicator(metric: str | None = "events.held", within: Programme | None = None, **values: Any) -> Indicator:
    """An indicator with a target at the end of each given period: targets={"M6": 2, "M12": 5}."""
    targets = values.pop("targets", {})
    within = within or programme()
    number = next(_numbers)
    made = Indicator(
        position=number,
        metric=metric,
        **{
            "code": f"X{number}",
            "statement": Texts(en=f"Indicator {number}"),
            "measure": Measure.UNIT,
            "direction": Direction.UP,
            "accumulation": Accumulation.SUM,
            "parameters": {"kinds": ["workshop"]} if metric == "events.held" else {},
            "baseline_kind": BaselineKind.NUMBER,
            "baseline_value": 0,
            **values,
        },
    )
    for key, value in targets.items():
        made.targets.append(Target(period=period(within, key), value=value, origin=TargetOrigin.GIVEN))
    owner = result(within)
    owner.indicators.append(made)
    db.session.flush()
    return made


def period(within: Programme, key: str) -> Period:
    """The period that ends so many months (M6, M12, ...) after the programme's start."""
    found = db.session.scalar(sa.select(Period).where(Period.programme_id == within.id, Period.key == key))
    if found is None:
        months = int(key[1:])
        ends = within.starts_on.replace(year=within.starts_on.year + months // 12, month=months % 12 + 1) - timedelta(1)
        found = Period(programme_id=within.id, key=key, starts_on=within.starts_on, ends_on=ends)
        db.session.add(found)
        db.session.flush()
    return found


def locked_period(within: Programme, author: User, judge: User, key: str = "") -> Period:
    """A period that is over, with its report submitted, accepted and locked; of this half year where none is named."""
    if key:
        found = period(within, key)
    else:
        day = within.today() - timedelta(days=1)
        found = Period(programme_id=within.id, key="P1", starts_on=day - timedelta(days=180), ends_on=day)
        db.session.add(found)
        db.session.flush()
    for state, by in ((PeriodState.SUBMITTED, author), (PeriodState.ACCEPTED, judge), (PeriodState.LOCKED, author)):
        periods.take_step(within, found, state, by=by)
    return found


def free_text(at: Event, text: str = "Спасибо Анне Ивановой", place: Registration | None = None) -> FreeText:
    """What somebody of an event wrote in the questionnaire after it."""
    place = place or registration(at)
    purpose = PairingPurpose.EVALUATION
    questions = questionnaires.of_event(at, purpose).questions
    key = next(question.key for question in questions if question.kind == FeedbackQuestionKind.TEXT)
    evaluations.give(at, purpose, place, {"usefulness": ["5"], key: [text]})
    return db.session.scalars(sa.select(FreeText).order_by(FreeText.id.desc()).limit(1)).one()
