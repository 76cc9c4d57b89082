"""What each metric is called and counts, in words for the people who choose one."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

# The key of a metric: (its name, its rule).
METRIC_WORDS: dict[str, tuple[Any, Any]] = {
    "events.held": (_l("Events held"), _l("Events of the chosen kinds that were closed as held, by their last day.")),
    "events.dialogue": (
        _l("Dialogue events"),
        _l("Held events at which civil society and the police or another authority were both in the room."),
    ),
    "events.mixed": (
        _l("Events with every side"),
        _l("Held events at which somebody of every chosen sector was present."),
    ),
    "people.completed": (
        _l("People, each once"),
        _l(
            "People present at the needed share of the sessions of a held event. Each counts once, on the last day "
            "of the first event completed."
        ),
    ),
    "people.places": (
        _l("Completions"),
        _l("Every completion of a held event: somebody who completed two events counts twice."),
    ),
    "orgs.trained": (
        _l("Organisations, each once"),
        _l("Organisations of which somebody completed a held event, dated by the first."),
    ),
    "test.gain": (
        _l("Knowledge gain in points"),
        _l("Mean of the score after minus the score before, of people who took the quiz both times."),
    ),
    "test.mastery": (
        _l("Share that reaches the pass mark"),
        _l("Of people who took the quiz both times: those at or above the pass mark after the event."),
    ),
    "test.both": (
        _l("Share that took both quizzes"),
        _l("Of people who completed a held event with a quiz: those who took it before and after."),
    ),
    "feedback.useful": (
        _l("Share that found it useful"),
        _l("Answers of 4 or 5 of 5 in the feedback form, of all answers. The response rate stands beside it."),
    ),
    "followup.applied": (
        _l("Share that applied a practice"),
        _l("Answers “applied at least one practice” months later, of all answers. The response rate stands beside it."),
    ),
    "copies.printed": (_l("Copies printed"), _l("By the ledger of the chosen materials.")),
    "copies.distributed": (_l("Copies handed out"), _l("By the ledger of the chosen materials.")),
    "materials.published": (_l("Materials published"), _l("The chosen materials that are out, by their publication.")),
    "units.observed": (
        _l("Police units observed"),
        _l("Police units with an approved visit, each once, dated by the first."),
    ),
    "visits.on_time": (
        _l("Share of visits approved in time"),
        _l("Visits approved within 14 days, of all visits that are approved or older than that."),
    ),
    "orgs.observing": (
        _l("Organisations observing"),
        _l("Organisations with an approved visit that meets the criteria of the method, each once."),
    ),
    "reports.published": (_l("Monitoring reports published"), _l("Reports with a day of publication.")),
    "recs.issued": (_l("Recommendations issued"), _l("Recommendations of published reports.")),
    "recs.response": (
        _l("Share of recommendations answered"),
        _l("Recommendations with a written response, of all of published reports."),
    ),
    "recs.implemented": (
        _l("Share of recommendations implemented"),
        _l(
            "Implemented or partially implemented, of those assessed, by the latest assessment of one voice. How "
            "many were not assessed stands beside it."
        ),
    ),
}
PARAMETER_NAMES = {
    "kinds": _l("Kinds of events"),
    "sectors": _l("Sectors"),
    "materials": _l("Materials"),
    "threshold": _l("Share of sessions, in percent"),
    "voice": _l("In whose view"),
    "source": _l("Whose recommendations"),
}


def name_of(metric: str) -> Any:
    return METRIC_WORDS[metric][0] if metric in METRIC_WORDS else metric


def rule_of(metric: str) -> Any:
    return METRIC_WORDS[metric][1] if metric in METRIC_WORDS else ""
