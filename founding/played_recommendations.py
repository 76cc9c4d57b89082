"""What became of the demo's recommendations, and an invented list from outside in the proportions of a real one."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from accounts.models import User
from core import clock, tables
from founding import invented
from monitoring import external, external_rows, recommendations
from monitoring.external import ListPlan
from monitoring.models import Implementation, Report, ResponseKind, Voice
from trainings.models import Programme

# As the third cycle of the UPR was assessed: 266 received, 252 assessed. The texts and who said them are invented.
ASSESSED = (
    ("implemented", 2),
    ("in progress", 1),
    ("partially implemented", 26),
    ("not implemented", 223),
    ("", 14),
)
STATES = tuple(f"Государство {letter}" for letter in "АБВГДЕЖЗИК")
INVENTED = "[придумано] "


def become(report: Report, published_on: date, manager: User, chance: Random) -> None:
    """Responses and assessments of a report's recommendations, as far as they are past."""
    programme = report.programme
    for recommendation in report.recommendations:
        answered_on = published_on + timedelta(days=chance.randrange(20, 90))
        if chance.random() < 0.6 and answered_on <= programme.today():
            kind = chance.choice(
                (ResponseKind.ACCEPTED, ResponseKind.PARTLY, ResponseKind.NOTED, ResponseKind.REJECTED)
            )
            letter = f"Письмо № {recommendation.number}/{answered_on:%m}"
            with _at_noon(programme, answered_on):
                recommendations.note_response(
                    recommendation, kind, answered_on, is_written=True, note="", evidence=letter, by=manager
                )
        assessed_on = published_on + timedelta(days=100)
        if chance.random() < 0.75 and assessed_on <= programme.today():
            how = chance.choices(
                (
                    Implementation.NOT_IMPLEMENTED,
                    Implementation.IN_PROGRESS,
                    Implementation.PARTIALLY,
                    Implementation.IMPLEMENTED,
                ),
                (45, 25, 20, 10),
            )[0]
            with _at_noon(programme, assessed_on):
                recommendations.assess(
                    recommendation, how, Voice.OWN, assessed_on, note="По протоколам посещений", by=manager
                )
                if recommendation.number % 3 == 1:
                    recommendations.assess(
                        recommendation,
                        Implementation.IMPLEMENTED,
                        Voice.AUTHORITY,
                        assessed_on,
                        note="Ответ на запрос: сделано",
                        by=manager,
                    )


def take_in_from_outside(programme: Programme, manager: User) -> None:
    """A list as it would be uploaded, taken in by the import itself."""
    issued_on = programme.starts_on + timedelta(days=30)
    as_of = min(issued_on + timedelta(days=300), programme.today())
    plan = ListPlan(
        body="УПО",
        cycle="третий цикл, тексты придуманы",
        issued_on=issued_on,
        as_of=as_of,
        voice=Voice.OTHER_CSO,
        addressee="Государственные органы",
        theme="Разное",
    )
    external.take(programme, plan, external_rows.read(_list()), manager)


def _list() -> bytes:
    """266 rows: their answers and assessments in the proportions that were counted, the words made up."""
    states = [how for how, number in ASSESSED for _ in range(number)]
    Random(7).shuffle(states)
    answers = ("supported", "supported", "noted", "not supported", "supported")
    rows = [
        [
            f"138.{number}",
            INVENTED + invented.RECOMMENDATIONS[number % len(invented.RECOMMENDATIONS)] + f" ({number})",
            STATES[number % len(STATES)],
            invented.THEMES[number % len(invented.THEMES)],
            answers[number % len(answers)],
            how,
        ]
        for number, how in enumerate(states, 1)
    ]
    head = ["№", "Рекомендация", "Государство", "Тема", "Позиция", "Статус"]
    return tables.write_csv(head, rows)


def _at_noon(programme: Programme, day: date) -> AbstractContextManager[None]:
    return clock.standing_at(datetime.combine(day, time(12), ZoneInfo(programme.time_zone)))
