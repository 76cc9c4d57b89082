"""What the demo's office has planned: a template of its own, and an event of tomorrow that still lacks a lot."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from accounts.models import User
from core.i18n import Texts
from quizzes import writing
from trainings import event_templates, scheduling
from trainings.models import EventKind, Programme
from trainings.scheduling import EventPlan


def plan(programme: Programme, trainer: User) -> None:
    """Workshops begin from the programme's own template; tomorrow's discussion from the one that is shipped."""
    quizzes = writing.of_programme(programme.id)
    usual = event_templates.SHIPPED[EventKind.WORKSHOP]
    key = quizzes[0].key if quizzes else None
    event_templates.keep(
        programme,
        EventKind.WORKSHOP,
        replace(
            usual, quiz_key=key, certificate_percent=programme.completion_percent, certificate_needs_quiz=bool(key)
        ),
    )
    pattern = event_templates.of(programme, EventKind.DISCUSSION)
    tomorrow = programme.today() + timedelta(days=1)
    title = Texts(
        en="Open discussion: first results",
        ru="Открытая дискуссия: первые итоги",
        be="Адкрытая дыскусія: першыя вынікі",
    )
    sessions = event_templates.sessions_from(pattern, tomorrow, programme.time_zone)
    discussion = EventPlan(EventKind.DISCUSSION, title, sessions, capacity=pattern.capacity, trainers=[trainer])
    discussion.inner_title = "Дискуссия перед отчётом, зал ищем"
    scheduling.plan(programme, discussion, despite_clashes=True)
