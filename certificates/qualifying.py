"""Who qualifies for a certificate and who does not, and why; settled for good when the event is closed.

Until the closing it is computed. The closing destroys the key by which anybody can tell who took the quiz, so right
before it a yes or no is kept for each place, and no more: not whether the quiz was taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from certificates import rules
from certificates.models import CertificateSettlement, Qualification
from certificates.rules import Rule
from core.db import db
from door import attendance
from participants import roster
from participants.models import Registration
from quizzes import openings, taken
from quizzes.models import Phase
from trainings.models import Event


@dataclass(frozen=True)
class Standing:
    """How a place stands against the rule. `lacks_test` None: once the event is closed nobody can tell."""

    place: Registration
    attended: int
    sessions: int
    needed: int
    qualifies: bool
    lacks_test: bool | None = False

    @property
    def reasons(self) -> list[str]:
        """Why not, in words; nothing for who qualifies."""
        if self.qualifies:
            return []
        why = []
        if self.attended < self.needed:
            why.append(
                ngettext(
                    "Attended %(attended)s of %(num)s session, %(needed)s needed",
                    "Attended %(attended)s of %(num)s sessions, %(needed)s needed",
                    self.sessions,
                    attended=self.attended,
                    needed=self.needed,
                )
            )
        if self.lacks_test:
            why.append(_("Has not taken the quiz after the event"))
        if not why:
            why.append(_("The rule was not met when the event was closed"))
        return why


def of(event: Event) -> list[Standing]:
    """How everybody with a place stands, in the order of the list."""
    return _standings(event, roster.expected_at(event), rules.of(event))


def of_place(place: Registration) -> Standing:
    """How one place stands."""
    return _standings(place.event, [place], rules.of(place.event))[0]


def settle(event: Event) -> None:
    """Keep, for good, what the rule asks for and who qualifies; twice is once.

    To be called at the closing before the key of the quizzes is destroyed. Cancelled places are settled too: one may
    be taken up again.
    """
    rule = rules.of(event)
    if rule.is_settled:
        return
    standings = _standings(event, roster.of(event), rule)
    db.session.add(CertificateSettlement(event_id=event.id, percent=rule.percent, needs_post_test=rule.needs_post_test))
    db.session.flush()
    db.session.add_all(
        Qualification(registration_id=standing.place.id, event_id=event.id, qualified=standing.qualifies)
        for standing in standings
    )
    db.session.flush()


def misses_post_test(event: Event, rule: Rule) -> bool:
    """Whether the rule asks for a quiz that this event has not opened, so that nobody can qualify."""
    if not rule.needs_post_test or rule.is_settled:
        return False
    return not any(event_quiz.opening(Phase.POST) for event_quiz in openings.of_event(event))


def _standings(event: Event, places: list[Registration], rule: Rule) -> list[Standing]:
    attended, sessions = attendance.sessions_attended(event.id), len(event.sessions)
    settled = _settled(event) if rule.is_settled else {}
    took = taken.who_has_taken(event, Phase.POST, places) if rule.needs_post_test and not rule.is_settled else set()
    needed = rule.sessions_needed(sessions)

    def standing(place: Registration) -> Standing:
        present = attended.get(place.id, 0)
        if rule.is_settled:
            # A phone may hand in scans days later: where presence is all that is asked, it still lifts a no.
            qualifies = settled.get(place.id, False) or (not rule.needs_post_test and present >= needed)
            return Standing(place, present, sessions, needed, qualifies, None)
        lacks_test = rule.needs_post_test and place.id not in took
        return Standing(place, present, sessions, needed, present >= needed and not lacks_test, lacks_test)

    return [standing(place) for place in places]


def _settled(event: Event) -> dict[int, bool]:
    query = sa.select(Qualification.registration_id, Qualification.qualified)
    return dict(db.session.execute(query.where(Qualification.event_id == event.id)).all())
