"""What the demo's people say about its events: after them, months later, and how the manager reads it."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from accounts.models import User
from core import clock
from feedback import evaluations, questionnaires, reviewing
from feedback.models import FeedbackQuestion, QuestionKind, ReviewState
from participants.models import PairingPurpose, Registration
from quizzes import openings
from trainings import agenda
from trainings.models import Event, EventKind, EventStatus, Programme

WORDS = {
    "apply": (
        "Буду разъяснять права сразу, а не в конце",
        "Время задержания буду записывать в ту же минуту",
        "Отдам памятку дежурной смене",
        "Буду звонить адвокату раньше",
        "Начну спрашивать о здоровье при каждом приёме",
        "Проверю, есть ли у нас бланки на двух языках",
    ),
    "improve": (
        "Больше времени на вопросы из зала",
        "Позвать и тех, кто принимает решения",
        "Спасибо, впервые говорили об этом открыто",
        "Раздать рекомендации заранее",
        "Микрофон был не слышен в последних рядах",
    ),
    "experience": (
        "Завёл журнал обращений к врачу",
        "Памятка висит в дежурной части",
        "Начальник сказал пока не менять порядок",
        "Провёл занятие для своей смены",
        "Задержанные спокойнее, когда знают, что дальше",
    ),
}
NAMING = ("Майор Петренко на втором занятии перебивал всех", "Майор на втором занятии перебивал всех")


def evaluate(event: Event, came: list[Registration]) -> None:
    """Most of those who came answer; some write something."""
    chance = Random(event.id)
    for place in came:
        if chance.random() < 0.82:
            usefulness = chance.choices((5, 4, 3, 2), (52, 34, 11, 3))[0]
            _answer(event, PairingPurpose.EVALUATION, place, usefulness, chance)


def follow_up(programme: Programme) -> None:
    """Ask the people of the early workshops, months later, whether they applied anything; of one lately."""
    for event in agenda.events_of(programme, EventKind.WORKSHOP, EventStatus.HELD):
        asked_at = event.sessions[-1].ends_at + timedelta(days=120)
        if asked_at >= clock.now():
            continue
        with clock.standing_at(asked_at):
            evaluations.ask_follow_up(event)
        answered_at = asked_at + timedelta(days=10)
        with clock.standing_at(min(answered_at, clock.now())):
            chance = Random(event.id)
            for place in openings.completing_places(event):
                if chance.random() < 0.55:
                    has_applied = int(chance.random() < 0.63)
                    _answer(event, PairingPurpose.FOLLOW_UP, place, has_applied, chance)
        if answered_at + timedelta(days=11) < clock.now():
            evaluations.close(event, PairingPurpose.FOLLOW_UP)


def review(programme: Programme, manager: User) -> None:
    """The manager has read what came in, but for the newest."""
    for written in reviewing.of_programme(programme)[12:]:
        free = written.free
        if free.text == NAMING[0]:
            reviewing.settle(free, ReviewState.REDACTED, manager, NAMING[1])
        else:
            reviewing.settle(free, ReviewState.SHAREABLE, manager)


def _answer(event: Event, purpose: PairingPurpose, place: Registration, first: int, chance: Random) -> None:
    first_question, *others = questionnaires.of_event(event, purpose).questions
    given = {first_question.key: [str(first)]}
    for question in others:
        if question.kind == QuestionKind.TEXT:
            if chance.random() < 0.15:
                words = WORDS.get(question.key, WORDS["apply"])
                is_blunt = question.key == "improve" and chance.random() < 0.2
                given[question.key] = [NAMING[0] if is_blunt else chance.choice(words)]
        elif chance.random() < 0.93:
            given[question.key] = _chosen(question, first, chance)
    evaluations.give(event, purpose, place, given)


def _chosen(question: FeedbackQuestion, first: int, chance: Random) -> list[str]:
    values = list(question.values)
    if question.kind == QuestionKind.SCALE:
        return [str(min(5, max(1, first + chance.choice((-1, 0, 0, 0, 1)))))]
    if question.kind == QuestionKind.SEVERAL:
        return [str(value) for value in chance.sample(values, chance.choice((1, 1, 2)))]
    return [str(chance.choice(values))]
