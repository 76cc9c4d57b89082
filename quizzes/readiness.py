"""The quiz an event should have, and the half of it that was not taken."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from quizzes import analysis, openings
from quizzes.models import Phase
from trainings.models import Event, EventKind
from trainings.readiness import Gap, Stage, Whose, check

TAUGHT = (EventKind.WORKSHOP, EventKind.CSO_TRAINING)


@check(Stage.BEFORE, 3)
def quiz(event: Event) -> Iterator[Gap]:
    """A workshop or training measures what people know before and after."""
    if event.kind in TAUGHT and not openings.of_event(event):
        yield Gap(_("a quiz before and after"), "events.show_event", {"event": event.uid, "_anchor": "quiz"})


@check(Stage.AFTER, 2)
def answers(event: Event) -> Iterator[Gap]:
    """Answers of a half that nobody has taken can still be typed in from paper while the event is open."""
    if not event.is_planned:
        return
    for used in openings.of_event(event):
        taken = analysis.phase_counts(used)
        page = {"event_quiz": used.uid}
        if not taken[Phase.PRE]:
            yield Gap(_("answers to the quiz before"), "quizzes.run_quiz", page, Whose.TRAINERS)
        if not taken[Phase.POST]:
            yield Gap(_("answers to the quiz after"), "quizzes.run_quiz", page, Whose.TRAINERS)
