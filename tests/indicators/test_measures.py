"""How the register is counted: each rule with the cases that it lets in and keeps out, and sums that add up."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import clock
from door import attendance
from feedback import evaluations
from indicators import metrics
from indicators.series import Fact, Share, Tally
from materials import ledger, library
from materials.models import CopiesKind
from monitoring import recommendations, reports, units, visits
from monitoring.models import Implementation, ResponseKind, Voice
from monitoring.visits import VisitRecord
from participants import registration, roster
from participants.models import Origin, PairingPurpose, Sector, Sex
from quizzes import attempts, openings
from quizzes.models import Phase
from tests import make
from tests.make import NOON, ZONE
from trainings import scheduling

FAR = date(2027, 12, 31)
WORKSHOPS = {"kinds": ["workshop"]}


def value(key: str, until: date = FAR, **parameters):
    return metrics.series(make.programme(), key, parameters).at(until)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), ZONE)


def held(
    day: date = date(2027, 3, 1), attended: dict | None = None, sessions: int = 1, kind: str = "workshop", **people
):
    """A held event with people: `attended` maps a participant to the number of sessions attended."""
    start = noon(day)
    with clock.standing_at(start):
        event = make.event(kind=kind, sessions=make.sessions(start, count=sessions))
        for person, number in (attended or {}).items():
            place = registration.register(person, event, Origin.BY_HAND)
            for event_session in event.sessions[:number]:
                attendance.mark(event_session, place, by=None)
    with clock.standing_at(start + timedelta(days=sessions)):
        scheduling.close(event)
        openings.seal(event)
    return event


def test_events_count_once_they_are_held_by_their_last_day(app: Flask) -> None:
    held(date(2027, 3, 1), sessions=2)
    held(date(2027, 4, 1), kind="forum")
    make.event(sessions=make.sessions(NOON))
    scheduling.cancel(make.event(sessions=make.sessions(NOON)), "x")
    assert value("events.held", **WORKSHOPS).number == 1
    assert value("events.held", date(2027, 3, 1), **WORKSHOPS).number == 0
    assert value("events.held", date(2027, 3, 2), **WORKSHOPS).number == 1


def test_a_dialogue_needs_both_sides_in_the_room(app: Flask) -> None:
    cso, police, other = (make.person(sector=s) for s in (Sector.CSO, Sector.POLICE, Sector.OTHER))
    held(kind="forum", attended={cso: 1, police: 1})
    held(kind="forum", attended={cso: 1, other: 1})
    held(kind="forum", attended={police: 1, cso: 0})
    held(kind="workshop", attended={cso: 1, police: 1})
    assert value("events.dialogue", kinds=["forum", "discussion"]).number == 1


def test_completing_is_a_share_of_the_sessions(app: Flask) -> None:
    people = [make.person() for _ in range(6)]
    held(sessions=5, attended={person: number for number, person in enumerate(people)})
    assert value("people.completed", **WORKSHOPS).number == 2, "4 and 5 of 5 reach 80 percent"
    assert value("people.completed", threshold=0, **WORKSHOPS).number == 5, "at any session"
    assert value("people.completed", threshold=100, **WORKSHOPS).number == 1


def test_a_person_counts_once_and_a_place_every_time(app: Flask) -> None:
    often, once = make.person(sex=Sex.FEMALE), make.person(sector=Sector.LAWYER)
    held(date(2027, 2, 1), attended={often: 1})
    held(date(2027, 3, 1), attended={often: 1, once: 1})
    found = value("people.completed", **WORKSHOPS)
    assert found.number == 2 and found.people == 2
    assert found.cells == {"sex": {"female": 1, "male": 1}, "sector": {"police": 1, "lawyer": 1}}
    assert value("people.completed", date(2027, 2, 28), **WORKSHOPS).number == 1
    assert value("people.places", **WORKSHOPS).number == 3
    assert value("people.completed", sectors=["lawyer"], **WORKSHOPS).number == 1


def test_an_attendance_taken_back_counts_no_more_at_once(app: Flask) -> None:
    person = make.person()
    event = held(attended={person: 1})
    assert value("people.completed", **WORKSHOPS).number == 1
    presence = next(iter(attendance.present_at(event.sessions[0]).values()))
    attendance.annul(presence, by=make.user("manager"), reason="wrong person", manages=True)
    assert value("people.completed", **WORKSHOPS).number == 0


def test_an_organisation_counts_once_by_its_first(app: Flask) -> None:
    one, two, three = make.person(organisation="A"), make.person(organisation=" a "), make.person(organisation="B")
    held(date(2027, 2, 1), attended={one: 1, make.person(): 1})
    held(date(2027, 3, 1), attended={two: 1, three: 1})
    assert value("orgs.trained", **WORKSHOPS).number == 2
    assert value("orgs.trained", date(2027, 2, 28), **WORKSHOPS).number == 1


def quizzed(day: date, befores: list[int], afters: list[int]):
    with clock.standing_at(noon(day)):
        event = make.event(sessions=make.sessions(noon(day)))
        used = make.event_quiz(event)
        places = [make.registration(event) for _ in befores]
        for place in places:
            attendance.mark(event.sessions[0], place, by=None)
        for phase, rights in ((Phase.PRE, befores), (Phase.POST, afters)):
            openings.open_phase(used, phase)
            for place, right in zip(places, rights, strict=False):
                attempts.submit(used, phase, place, make.answers(used.quiz, right), language="ru")
            openings.close_phase(used, phase)
        for number, place in enumerate(places):
            evaluations.rate(event, place, 5 - number % 4)
    with clock.standing_at(noon(day) + timedelta(hours=5)):
        scheduling.close(event)
        openings.seal(event)
        evaluations.close(event, PairingPurpose.EVALUATION)
    return event


def test_knowledge_is_that_of_matched_pairs_of_held_events(app: Flask) -> None:
    quizzed(date(2027, 2, 1), befores=[1, 2, 2], afters=[3, 3])
    gain = value("test.gain", **WORKSHOPS)
    assert (gain.number, gain.people) == (37.5, 2)
    mastery = value("test.mastery", **WORKSHOPS)
    assert (mastery.numerator, mastery.denominator, mastery.baseline) == (2, 2, 0)
    assert value("test.gain", date(2027, 1, 31), **WORKSHOPS).number is None, "no pairs is not a gain of zero"
    both = value("test.both", **WORKSHOPS)
    assert (both.numerator, both.denominator) == (2, 3)
    useful = value("feedback.useful", **WORKSHOPS)
    assert (useful.numerator, useful.denominator) == (2, 3)


def test_what_was_applied_is_counted_months_later(app: Flask) -> None:
    event = quizzed(date(2027, 2, 1), befores=[1, 1], afters=[2, 2])
    with clock.standing_at(noon(date(2027, 6, 1))):
        evaluations.ask_follow_up(event)
        for place, has_applied in zip(roster.of(event), (True, False), strict=True):
            evaluations.say_whether_applied(event, place, has_applied)
    assert value("followup.applied", **WORKSHOPS).number == 50
    assert value("followup.applied", date(2027, 5, 31), **WORKSHOPS).number is None


def test_copies_are_the_sum_of_the_ledger(app: Flask) -> None:
    brochure, guide = make.material(), make.material(kind="guide")
    ledger.record(brochure, CopiesKind.PRINTED, 1500, date(2027, 2, 1))
    ledger.record(brochure, CopiesKind.HANDED_OUT, 300, date(2027, 3, 1))
    ledger.record(guide, CopiesKind.PRINTED, 50, date(2027, 2, 1))
    library.publish(guide, date(2027, 4, 1))
    assert value("copies.printed", materials=["brochure"]).number == 1500
    assert value("copies.distributed", date(2027, 2, 28), materials=["brochure"]).number == 0
    assert value("copies.distributed", materials=["brochure"]).number == 300
    assert value("materials.published", materials=["guide", "brochure"]).number == 1


def visited(unit, day: date, approved_after: int | None, monitors: int = 2, organisation: str = "Group"):
    group = roster.find_organisation(make.programme(), organisation)
    assert group
    with clock.standing_at(noon(day)):
        visit = visits.record(unit, VisitRecord(day, group, monitors), make.user("monitor"))
        visits.hand_in(visit)
    if approved_after is not None:
        with clock.standing_at(noon(day) + timedelta(days=approved_after)):
            visits.approve(visit, make.user("manager"))


def test_units_count_once_with_an_approved_visit(app: Flask) -> None:
    one, two, three = (units.add(make.programme(), f"U{n}", "North") for n in range(3))
    visited(one, date(2027, 2, 1), 5)
    visited(one, date(2027, 3, 1), 20)
    visited(two, date(2027, 3, 1), None)
    visited(three, date(2027, 3, 5), 3, monitors=1, organisation="Other")
    assert value("units.observed").number == 2
    assert value("units.observed", date(2027, 2, 28)).number == 1
    assert value("orgs.observing").number == 1, "one monitor alone does not meet the method"
    on_time = value("visits.on_time")
    assert (on_time.numerator, on_time.denominator) == (2, 4)
    early = value("visits.on_time", date(2027, 3, 10))
    assert (early.numerator, early.denominator) == (2, 2), "what is not due yet is not late"


def test_recommendations_are_followed_on_two_axes(app: Flask) -> None:
    programme = make.programme()
    with clock.standing_at(noon(date(2027, 6, 1))):
        report = reports.begin(programme, make.Texts(en="Report"))
        asked = [reports.recommend(report, "M", f"R{n}", theme="T") for n in range(5)]
        draft = reports.begin(programme, make.Texts(en="Draft"))
        reports.recommend(draft, "M", "R", theme="T")
        reports.publish(report, date(2027, 2, 1))
        recommendations.note_response(
            asked[0], ResponseKind.ACCEPTED, date(2027, 3, 1), is_written=True, note="", by=None
        )
        recommendations.note_response(
            asked[0], ResponseKind.ACCEPTED, date(2027, 4, 1), is_written=True, note="", by=None
        )
        recommendations.note_response(
            asked[1], ResponseKind.NOTED, date(2027, 3, 1), is_written=False, note="", by=None
        )
        for number, how in enumerate(
            (
                Implementation.IMPLEMENTED,
                Implementation.PARTIALLY,
                Implementation.IN_PROGRESS,
                Implementation.NO_INFORMATION,
            )
        ):
            recommendations.assess(asked[number], how, Voice.OWN, date(2027, 4, 1), by=None)
        recommendations.assess(asked[2], Implementation.IMPLEMENTED, Voice.AUTHORITY, date(2027, 4, 2), by=None)
        recommendations.assess(asked[0], Implementation.NOT_IMPLEMENTED, Voice.OWN, date(2027, 5, 1), by=None)
    assert value("reports.published").number == 1
    assert value("recs.issued").number == 5
    answered = value("recs.response")
    assert (answered.numerator, answered.denominator) == (1, 5)
    assert value("recs.response", date(2027, 2, 15)).number == 0
    april, may = value("recs.implemented", date(2027, 4, 30)), value("recs.implemented")
    assert (april.numerator, april.denominator) == (2, 3), "in progress is effort, not result"
    assert (may.numerator, may.denominator) == (1, 3), "the latest assessment counts"
    assert may.beside == {"not_assessed": 2, "issued": 5}
    assert value("recs.implemented", voice="authority").numerator == 1


def test_every_metric_answers_for_an_empty_programme(app: Flask) -> None:
    parameters = {"kinds": ["workshop"], "materials": ["brochure"], "sectors": ["police"]}
    for key, metric in metrics.METRICS.items():
        found = metrics.series(
            make.programme(), key, {n: v for n, v in parameters.items() if n in metric.parameters()}
        ).at(FAR)
        assert found.number in (0, None), key


facts = st.lists(
    st.builds(
        Fact,
        on=st.dates(date(2027, 1, 1), date(2027, 12, 31)),
        number=st.integers(0, 9),
        out_of=st.integers(9, 20),
        cells=st.fixed_dictionaries({"sex": st.sampled_from(["female", "male", "not_recorded"])}),
    ),
    max_size=30,
)


@given(facts, st.lists(st.dates(date(2027, 1, 1), date(2027, 12, 31)), max_size=5))
def test_what_is_dated_once_adds_up_over_any_periods(found: list[Fact], cuts: list[date]) -> None:
    series = Tally(found, counts_people=True)
    ends = sorted({*cuts, FAR})
    increments, before = [], 0
    for end in ends:
        now = series.at(end).number
        increments.append(now - before)
        before = now
    assert sum(increments) == series.at(FAR).number
    assert sum(series.at(FAR).cells.get("sex", {}).values()) == series.at(FAR).number


@given(facts)
def test_a_share_sums_numerators_and_denominators_and_averages_nothing(found: list[Fact]) -> None:
    value = Share(found).at(FAR)
    if found:
        assert value.number == pytest.approx(100 * sum(f.number for f in found) / sum(f.out_of for f in found))
    else:
        assert value.number is None


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(presence=st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=5))
def test_unique_people_are_counted_like_a_set(app: Flask, presence: list[list[bool]]) -> None:
    """Three people over any number of workshops, against a count with plain sets."""
    programme = make.programme(f"set{make.new_uid()}")
    people = [make.person(programme) for _ in range(3)]
    for number, came in enumerate(presence):
        start = noon(date(2027, 2, 1) + timedelta(days=7 * number))
        with clock.standing_at(start):
            event = make.event(programme, sessions=make.sessions(start))
            for person, is_here in zip(people, came, strict=True):
                place = registration.register(person, event, Origin.BY_HAND)
                if is_here:
                    attendance.mark(event.sessions[0], place, by=None)
            scheduling.close(event)
    completed = metrics.series(programme, "people.completed", WORKSHOPS)
    for number in range(len(presence)):
        until = date(2027, 2, 1) + timedelta(days=7 * number)
        expected = {who for came in presence[: number + 1] for who, is_here in enumerate(came) if is_here}
        assert completed.at(until).number == len(expected)
    assert metrics.series(programme, "people.places", WORKSHOPS).at(FAR).number == sum(sum(came) for came in presence)
