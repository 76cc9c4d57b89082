"""Who qualifies and why not; and what stays when the key that tells who took the quiz is gone."""

from __future__ import annotations

import pytest
from flask import Flask

from certificates import qualifying, rules
from certificates.models import CertificateSettlement, Qualification
from certificates.rules import Rule, RuleSettled, Signer
from core.db import db
from core.i18n import Texts
from door import attendance
from participants import registration
from participants.models import Registration
from quizzes import attempts, openings, taken
from quizzes.models import EventQuiz, Phase
from tests import make
from tests.pages import Visitor
from trainings.models import Event

pytestmark = pytest.mark.usefixtures("request_context")


def take(used: EventQuiz, phase: Phase, place: Registration) -> None:
    attempts.submit(used, phase, place, make.answers(used.quiz, 2), language="en", with_gaps=True)


def held(sessions: int = 4, needs_post_test: bool = True) -> tuple[Event, dict[str, Registration]]:
    """An event of which Anna and Zoya saw everything, Boris half; Anna and Boris took the quiz after it."""
    event = make.event(sessions=make.sessions(count=sessions))
    rules.keep(event.programme, Rule(75, needs_post_test=needs_post_test), event)
    places = {name: make.registration(event, name) for name in ("Анна", "Борис", "Зоя")}
    for number, event_session in enumerate(event.sessions):
        for name, place in places.items():
            if name != "Борис" or number < sessions // 2:
                attendance.mark(event_session, place, by=None)
    used = make.event_quiz(event)
    openings.open_phase(used, Phase.POST)
    for name in ("Анна", "Борис"):
        take(used, Phase.POST, places[name])
    return event, places


def standings(event: Event) -> dict[str, tuple[bool, list[str]]]:
    return {found.place.called: (found.qualifies, found.reasons) for found in qualifying.of(event)}


@pytest.mark.parametrize(("percent", "sessions", "needed"), [(80, 4, 4), (75, 4, 3), (80, 5, 4), (1, 3, 1)])
def test_a_share_of_sessions_is_never_rounded_down(percent: int, sessions: int, needed: int) -> None:
    assert Rule(percent).sessions_needed(sessions) == needed


def test_everybody_learns_what_is_missing(app: Flask) -> None:
    event, _places = held()
    assert standings(event) == {
        "Анна": (True, []),
        "Борис": (False, ["Attended 2 of 4 sessions, 3 needed"]),
        "Зоя": (False, ["Has not taken the quiz after the event"]),
    }


def test_without_an_open_quiz_nobody_can_meet_a_rule_that_asks_for_one(app: Flask) -> None:
    event = make.event()
    rules.keep(event.programme, Rule(75, needs_post_test=True), event)
    attendance.mark(event.sessions[0], make.registration(event), by=None)
    assert qualifying.misses_post_test(event, rules.of(event))
    assert not any(found.qualifies for found in qualifying.of(event))


def test_who_qualified_is_known_after_the_key_is_gone(app: Flask, manager: Visitor) -> None:
    event, places = held()
    for event_session in event.sessions:
        event_session.starts_at, event_session.ends_at = (make.NOON.replace(year=2025, day=n) for n in (1, 2))
    manager.post(f"/events/{event.uid}/closing")
    assert not event.is_planned
    assert taken.who_has_taken(event, Phase.POST, list(places.values())) == set(), "nobody can tell any more"
    assert standings(event) == {
        "Анна": (True, []),
        "Борис": (False, ["Attended 2 of 4 sessions, 3 needed"]),
        "Зоя": (False, ["The rule was not met when the event was closed"]),
    }
    assert {column.name for column in Qualification.__table__.columns} == {"registration_id", "event_id", "qualified"}


def test_what_was_settled_is_never_rewritten(app: Flask) -> None:
    event, _places = held()
    qualifying.settle(event)
    openings.seal(event)
    qualifying.settle(event)
    assert standings(event)["Анна"][0], "a second settling finds no key and changes nothing"
    with pytest.raises(RuleSettled):
        rules.keep(event.programme, Rule(10), event)
    rules.drop_own(event)
    assert (rules.of(event).percent, rules.of(event).needs_post_test) == (75, True)
    settlement = db.session.get_one(CertificateSettlement, event.id)
    settlement.percent = 10
    with pytest.raises(Exception, match="append-only"):
        db.session.flush()
    db.session.rollback()


def test_a_phone_that_hands_in_late_still_helps_where_presence_is_all_that_counts(app: Flask) -> None:
    for needs_post_test in (True, False):
        event, places = held(needs_post_test=needs_post_test)
        qualifying.settle(event)
        openings.seal(event)
        attendance.mark(event.sessions[2], places["Борис"], by=None)
        assert standings(event)["Борис"][0] is not needs_post_test


def test_a_cancelled_place_is_on_no_list(app: Flask) -> None:
    event, places = held()
    registration.cancel(places["Анна"])
    assert "Анна" not in standings(event)


def test_an_event_follows_its_programme_until_it_says_otherwise(app: Flask) -> None:
    event = make.event()
    assert rules.of(event).percent == event.programme.completion_percent
    signer = Signer(Texts(ru="Марина Савицкая"), Texts(ru="Координатор", en="Coordinator"))
    rules.keep(event.programme, Rule(60, second_language="en", signers=(signer,)))
    assert rules.of(event).signers == (signer,) and rules.of(event).percent == 60
    rules.keep(event.programme, Rule(90, hours=16), event)
    assert (rules.of(event).percent, rules.of(event).hours, rules.of(event).is_own) == (90, 16, True)
    assert rules.of(make.event()).percent == 60


def test_the_rule_is_a_sentence_in_every_language(app: Flask) -> None:
    sentences = Rule(80, needs_post_test=True).in_all_languages()
    assert sentences.keys() == {"en", "ru", "be"} and all("80" in sentence for sentence in sentences.values())
