"""What clashed at the door: counted, dismissed, given to somebody, and every decision taken back exactly."""

from __future__ import annotations

import itertools
import random
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core import clock
from core.db import db
from core.errors import Refused
from door import (
    attendance,
    cases,
    devices,
    look_alikes,
    prospects,
    reviews,
)
from door.models import Attendance, Decision, Outcome, ReviewReason, Scan, ScanReview
from participants import finding, registration, roster
from participants.models import (
    Badge,
    Origin,
    Participant,
    Registration,
    RegistrationStatus,
)
from tests import make
from tests.conftest import Installation
from tests.door.clashes import (
    blank_badge,
    clash,
    device,
    foreign_code,
    person,
    queued,
    register_as_it_stands,
    scan,
    walk_in,
)
from tests.make import NOON

COUNTABLE = [r for r in ReviewReason if r not in (ReviewReason.UNKNOWN, ReviewReason.LOOK_ALIKE)]
PRESENT_ALREADY = (ReviewReason.LATE, ReviewReason.TWO_ROOMS)


@pytest.fixture
def session(request_context):
    """The first of two sessions on two days; the tests stand a quarter past its beginning."""
    with clock.standing_at(NOON + timedelta(minutes=15)):
        yield make.event_session(sessions=make.sessions(NOON, count=2))


@pytest.fixture
def boss(session):
    return make.user("manager", session.event.programme)


def present(at) -> int:
    return len(attendance.present_at(at))


def status_of(review) -> RegistrationStatus | None:
    place = cases.of(review).place
    return place.status if place else None


@pytest.mark.parametrize("reason", COUNTABLE)
def test_what_happened_counts(session, boss, reason) -> None:
    review = clash(reason, session)
    before = present(session)
    reviews.count(review, boss)
    case = cases.of(review)
    assert session.id in case.present_at and status_of(review) == RegistrationStatus.REGISTERED
    assert present(session) == before + (reason not in PRESENT_ALREADY)
    if reason not in PRESENT_ALREADY:
        presence = attendance.present_at(session)[case.place.id]
        assert presence.scan_id == review.scan_id, "the presence stands on the reading that was looked at"
    assert not cases.open_count(session.event)


def test_who_gets_a_place_by_a_decision_is_a_walk_in(session, boss) -> None:
    reviews.count(clash(ReviewReason.WRONG_EVENT, session), boss)
    assert db.session.scalars(sa.select(Registration.origin)).all() == [Origin.WALK_IN]


@pytest.mark.parametrize("reason", ReviewReason)
def test_what_is_dismissed_does_not_count(session, boss, reason) -> None:
    review = clash(reason, session)
    before = present(session)
    reviews.dismiss(review, boss)
    assert present(session) == before - (reason in PRESENT_ALREADY)
    assert review.decision == Decision.DISMISSED and not cases.open_count(session.event)
    annulled = db.session.scalars(sa.select(Attendance).where(Attendance.annulled_at.is_not(None))).all()
    assert [row.annul_reason for row in annulled] == [f"review: {reason}"] * (reason in PRESENT_ALREADY)


@pytest.mark.parametrize("reason", ReviewReason)
def test_every_choice_that_is_offered_can_be_made_and_taken_back_exactly(session, boss, reason) -> None:
    review = clash(reason, session)
    before = register_as_it_stands()
    choices = prospects.of(cases.of(review))
    assert len({choice.effect for choice in choices}) == len(choices), "each says something of its own"
    for choice in choices:
        reviews.settle(review, choice.decision, boss, session=choice.session, person=choice.person)
        assert register_as_it_stands() != before
        reviews.undo(review, boss)
        assert register_as_it_stands() == before, choice
        assert (review.effect, review.decided_at, review.decided_by_id) == (None, None, None)


@pytest.mark.parametrize("seed", range(6))
def test_many_decisions_taken_back_the_last_first_leave_the_register_as_it_was(session, boss, seed) -> None:
    """All clashes of one day, settled at random, some about the same people and the same codes."""
    shuffled = random.Random(seed)
    for reason in ReviewReason:
        clash(reason, session)
    code = foreign_code()
    for at in session.event.sessions:
        scan(at, code, at=at.starts_at)
    steps, states = [], []
    for _step in range(30):
        waiting = reviews.chosen(session.event, db.session.scalars(sa.select(ScanReview.uid)).all())
        if not waiting:
            break
        review = shuffled.choice(waiting)
        states.append(register_as_it_stands())
        case = cases.of(review)
        if case.whom is None and shuffled.random() < 0.7:
            is_new = shuffled.random() < 0.5
            people = db.session.scalars(sa.select(Participant).order_by(Participant.id)).all()
            chosen = make.person(session.event.programme, "Нова Ева") if is_new else shuffled.choice(people)
            reviews.attach(review, chosen, boss, is_new=is_new)
        else:
            choice = shuffled.choice(prospects.of(case))
            reviews.settle(review, choice.decision, boss, session=choice.session, person=choice.person)
        steps.append(review)
    assert not cases.open_count(session.event) and len(steps) > 8
    for review, state in zip(reversed(steps), reversed(states), strict=True):
        reviews.undo(review, boss)
        assert register_as_it_stands() == state


def test_who_is_present_already_is_not_present_twice_and_the_sentence_says_so(session, boss) -> None:
    review = clash(ReviewReason.REVOKED, session)
    place = cases.of(review).place
    attendance.mark(session, place, by=boss)
    case = cases.of(review)
    assert "already; nothing changes" in prospects.of(case)[0].effect
    assert "by another reading" in prospects.of(case)[-1].effect
    reviews.count(review, boss)
    assert present(session) == 1
    reviews.undo(review, boss)
    assert present(session) == 1, "the mark by hand was nobody's decision here"


def test_the_effect_is_said_before(session) -> None:
    expected = {
        ReviewReason.WRONG_EVENT: "Кот Мария gets a place at this event and counts as present at session 1.",
        ReviewReason.CANCELLED: "Кот Мария takes the place up again and counts as present at session 1.",
        ReviewReason.REVOKED: "Кот Мария counts as present at session 1.",
        ReviewReason.LATE: "Кот Мария is present at session 1 already; nothing changes.",
    }
    for reason, sentence in expected.items():
        assert prospects.of(cases.of(clash(reason, session)))[0].effect == sentence
    late = prospects.of(cases.of(db.session.scalars(sa.select(ScanReview).filter_by(reason="late")).one()))
    assert late[1].effect == "Кот Мария no longer counts as present at session 1."


def test_a_reading_in_another_sessions_hours_can_count_there(session, boss) -> None:
    review = clash(ReviewReason.WRONG_SESSION, session)
    other = session.event.sessions[1]
    offered = next(choice for choice in prospects.of(cases.of(review)) if choice.session)
    assert offered.session == other.uid and "session 2" in offered.effect
    reviews.settle(review, Decision.COUNTED, boss, session=other.uid)
    assert (present(session), present(other)) == (0, 1)


def test_a_session_of_another_event_is_no_choice(session, boss) -> None:
    review = clash(ReviewReason.WRONG_SESSION, session)
    with pytest.raises(Refused, match="not_this_way"):
        reviews.settle(review, Decision.COUNTED, boss, session=make.event_session().uid)
    assert review.decision is None


def test_where_somebody_else_was_at_the_time_is_shown(session) -> None:
    case = cases.of(clash(ReviewReason.TWO_ROOMS, session))
    assert [other.event_id != session.event_id for other in case.elsewhere] == [True]


def test_a_late_one_whom_the_door_took_back_since_can_be_counted_again(session, boss) -> None:
    review = clash(ReviewReason.LATE, session)
    attendance.annul(next(iter(attendance.present_at(session).values())), by=boss, reason="mistake", manages=True)
    assert "counts as present" in prospects.of(cases.of(review))[0].effect
    reviews.count(review, boss)
    assert present(session) == 1


# Codes that are nobody's.


def test_a_code_becomes_somebodys_and_counts_wherever_it_was_read(session, boss) -> None:
    other_event = make.event(session.event.programme, sessions=make.sessions(NOON + timedelta(days=7)))
    code = foreign_code()
    for at in (*session.event.sessions, *other_event.sessions):
        for minute in range(2):
            scan(at, code, at=at.starts_at + timedelta(minutes=minute))
    one = make.registration(session.event, "Кот Мария").participant
    review = cases.open_at(session.event).groups[0][1][0].review
    before = register_as_it_stands()
    assert cases.open_at(session.event).total == 1, "one code is one question"
    assert reviews.attach(review, one, boss) == 3
    assert [present(at) for at in (*session.event.sessions, *other_event.sessions)] == [1, 1, 1]
    assert registration.find(one, other_event).origin == Origin.WALK_IN
    assert not cases.open_count(session.event) and not cases.open_count(other_event)
    first = attendance.present_at(session)[registration.find(one, session.event).id]
    assert db.session.get(Scan, first.scan_id).happened_at == session.starts_at, "the first reading is the presence"
    assert attendance.check_in(session, [queued(code)], by=None)[0].outcome == Outcome.ALREADY_IN
    assert attendance.check_in(session, [queued(code)], by=None)[0].person.name == "Кот Мария"
    reviews.undo(review, boss)
    assert register_as_it_stands() == before


def test_two_nobodys_codes_can_be_one_persons(session, boss) -> None:
    one = make.registration(session.event).participant
    for at in session.event.sessions:
        scan(at, foreign_code(), at=at.starts_at)
    for review in reviews.chosen(session.event, [], "unknown"):
        reviews.attach(review, one, boss)
    assert [present(at) for at in session.event.sessions] == [1, 1]
    assert len(roster.badges_of(session.event)) == 1, "one badge is printed: the own one"
    assert len(roster.badges_of(session.event)[0][1]) == 12


def test_a_blank_badge_is_bound_to_the_person_chosen(session, boss) -> None:
    code = blank_badge(session)
    scan(session, code)
    review = reviews.chosen(session.event, [], "unknown")[0]
    before = register_as_it_stands()
    one = make.person(session.event.programme, "Кот Мария")
    reviews.attach(review, one, boss, is_new=True)
    badge = db.session.scalars(sa.select(Badge).where(Badge.code == code)).one()
    assert (badge.participant_id, badge.is_attached) == (one.id, True)
    assert attendance.check_in(session, [queued(code)], by=None)[0].outcome == Outcome.ALREADY_IN
    reviews.undo(review, boss)
    db.session.expire_all()
    assert badge.participant_id is None
    after = register_as_it_stands()
    assert after["present"] == before["present"] and after["badges"] - before["badges"] <= {
        row for row in after["badges"] if row[1] == one.id
    }


def test_a_blank_badge_in_a_conflict_is_the_same_badge(session, boss) -> None:
    code, known = blank_badge(session), make.registration(session.event)
    first = queued(make.badge_code(known))
    attendance.check_in(session, [first], by=None)
    scan(session, code, scan_id=first.scan_id)
    review = reviews.chosen(session.event, [], "conflict")[0]
    one = make.registration(session.event, "Кот Мария").participant
    reviews.attach(review, one, boss)
    assert present(session) == 2
    assert db.session.scalars(sa.select(Badge.participant_id).where(Badge.code == code)).one() == one.id


def test_taking_a_code_away_again_takes_what_it_did_since(session, boss) -> None:
    code, other = foreign_code(), session.event.sessions[1]
    scan(session, code)
    review = reviews.chosen(session.event, [], "unknown")[0]
    reviews.attach(review, make.registration(session.event).participant, boss)
    scan(other, code, at=other.starts_at)
    assert (present(session), present(other)) == (1, 1)
    reviews.undo(review, boss)
    assert (present(session), present(other)) == (0, 0)
    assert len(reviews.chosen(session.event, [], "unknown")) == 2, "both readings wait"
    reviews.attach(review, make.registration(session.event).participant, boss)
    assert (present(session), present(other)) == (1, 1)


def test_a_dismissed_reading_stays_dismissed_when_its_code_becomes_somebodys(session, boss) -> None:
    code, other = foreign_code(), session.event.sessions[1]
    scan(session, code)
    reviews.dismiss(reviews.chosen(session.event, [], "unknown")[0], boss)
    scan(other, code, at=other.starts_at)
    reviews.attach(reviews.chosen(session.event, [], "unknown")[0], make.registration(session.event).participant, boss)
    assert (present(session), present(other)) == (0, 1)


def test_dismissing_a_code_dismisses_each_reading_of_it_at_the_event(session, boss) -> None:
    code = foreign_code()
    for _time in range(3):
        scan(session, code)
    case = cases.open_at(session.event).groups[0][1][0]
    assert "3 readings" in prospects.of(case)[0].effect
    reviews.dismiss(case.review, boss)
    assert not cases.open_count(session.event)
    assert len(cases.settled_at(session.event)) == 1, "one decision is one line"
    along = db.session.scalars(sa.select(ScanReview).where(ScanReview.id != case.review.id)).first()
    reviews.undo(along, boss)
    assert cases.open_count(session.event) == 3, "taken back by any of them"


def test_a_nobodys_code_cannot_be_counted_nor_somebodys_be_given_away(session, boss) -> None:
    nobodys, somebodys = clash(ReviewReason.UNKNOWN, session), clash(ReviewReason.REVOKED, session)
    with pytest.raises(Refused, match="nobodys_code"):
        reviews.count(nobodys, boss)
    with pytest.raises(Refused, match="code_taken"):
        reviews.attach(somebodys, make.registration(session.event).participant, boss)
    with pytest.raises(Refused, match="other_programme"):
        reviews.attach(nobodys, make.person(make.programme("elsewhere")), boss)
    assert cases.open_count(session.event) == 2, "a refusal settles nothing"


def test_a_badge_bound_since_it_was_read_can_be_counted(session, boss) -> None:
    code = blank_badge(session)
    scan(session, code)
    place = make.registration(session.event)
    badge = db.session.scalars(sa.select(Badge).where(Badge.code == code)).one()
    badge.participant_id, badge.is_attached = place.participant_id, True
    db.session.flush()
    reviews.count(reviews.chosen(session.event, [], "unknown")[0], boss)
    assert present(session) == 1


def test_what_an_ended_device_read_and_nobody_knows_can_be_given_to_somebody(session, boss) -> None:
    phone = device(session, "Вход")
    devices.revoke(phone)
    scan(session, foreign_code(), by=phone)
    review = reviews.chosen(session.event, [], "device_ended")[0]
    assert cases.of(review).whom is None and cases.of(review).reader == "Вход"
    reviews.attach(review, make.registration(session.event).participant, boss)
    assert present(session) == 1


def test_who_is_found_is_told_what_it_would_mean(session) -> None:
    other = make.event(session.event.programme, sessions=make.sessions(NOON + timedelta(days=7)))
    code = foreign_code()
    for at in (*session.event.sessions, other.sessions[0]):
        scan(at, code, at=at.starts_at)
    here = make.registration(session.event, "Кот Мария")
    attendance.mark(session, here, by=None)
    make.person(session.event.programme, "Кот Анна")
    make.person(make.programme("elsewhere"), "Кот Чужая")
    readings = reviews.readings_of(reviews.chosen(session.event, [], "unknown")[0])
    found = {c.person.called: c.effect for c in prospects.candidates(session.event, "kot", readings)}
    assert found == {
        "Кот Мария": "Counts as present at session 2. Counts as present at 1 session of other events too.",
        "Кот Анна": "Gets a place at this event. Counts as present at sessions 1, 2. "
        "Counts as present at 1 session of other events too.",
    }
    assert [c.person.called for c in prospects.candidates(session.event, "", readings)] == ["Кот Мария"]


# Walk-ins with a familiar name.


def test_a_walk_in_who_is_somebody_known_becomes_that_person(session, boss) -> None:
    review = clash(ReviewReason.LOOK_ALIKE, session)
    known, newcomer = person("Кот Мария"), person("Kot Maria")
    badge = make.badge_code(newcomer)
    look_alikes.same_person(review, known, boss)
    assert registration.find(newcomer, session.event).status == RegistrationStatus.CANCELLED
    assert list(attendance.present_at(session)) == [registration.find(known, session.event).id]
    answer = attendance.check_in(session, [queued(badge)], by=None)[0]
    assert answer.outcome == Outcome.ALREADY_IN and answer.person.name == "Кот Мария"
    walk_in(session, "Кот Мария")
    filed = reviews.chosen(session.event, [], "look_alike")[0]
    assert look_alikes.of(filed) == [known], "who turned out to be another is not asked about again"


def test_both_are_here_and_it_is_one_presence(session, boss) -> None:
    known = make.registration(session.event, "Кот Мария")
    attendance.mark(session, known, by=None)
    walk_in(session, "Kot Maria")
    walk_in(session, "Кот Мария")
    first, second = reviews.chosen(session.event, [], "look_alike")
    before = register_as_it_stands()
    for review in (first, second):
        look_alikes.same_person(review, known.participant, boss)
    assert list(attendance.present_at(session)) == [known.id]
    for review in (second, first):
        reviews.undo(review, boss)
    assert register_as_it_stands() == before and present(session) == 3


def test_the_blank_badge_that_a_walk_in_got_goes_along(session, boss) -> None:
    code = blank_badge(session)
    make.person(session.event.programme, "Кот Мария")
    walk_in(session, "Kot Maria", code)
    before = register_as_it_stands()
    review = reviews.chosen(session.event, [], "look_alike")[0]
    look_alikes.same_person(review, person("Кот Мария"), boss)
    assert finding.find_by_code(session.event.programme, code) == person("Кот Мария")
    reviews.undo(review, boss)
    assert register_as_it_stands() == before


def test_a_place_for_which_a_code_was_read_since_is_cancelled_and_not_erased(session, boss) -> None:
    review = clash(ReviewReason.LOOK_ALIKE, session)
    known, badge = person("Кот Мария"), make.badge_code(person("Kot Maria"))
    look_alikes.same_person(review, known, boss)
    scan(session, badge)
    reviews.undo(review, boss)
    assert registration.find(known, session.event).status == RegistrationStatus.CANCELLED
    assert list(attendance.present_at(session)) == [registration.find(person("Kot Maria"), session.event).id]


def test_a_walk_in_of_an_ended_device_counts_when_a_manager_says_so(session, boss) -> None:
    phone = device(session)
    devices.revoke(phone)
    walk_in(session, "Лис Олег", by=phone)
    assert not attendance.present_at(session)
    before = register_as_it_stands()
    review = reviews.chosen(session.event, [], "device_ended")[0]
    assert "takes the place up again" in prospects.of(cases.of(review))[0].effect
    reviews.count(review, boss)
    assert present(session) == 1 and status_of(review) == RegistrationStatus.REGISTERED
    reviews.undo(review, boss)
    assert register_as_it_stands() == before


def test_a_known_walk_in_of_an_ended_device_is_two_decisions_in_either_order(session, boss) -> None:
    phone = device(session)
    devices.revoke(phone)
    known = make.person(session.event.programme, "Кот Мария")
    walk_in(session, "Kot Maria", by=phone)
    before = register_as_it_stands()
    ended, alike = (reviews.chosen(session.event, [], reason)[0] for reason in ("device_ended", "look_alike"))
    reviews.count(ended, boss)
    look_alikes.same_person(alike, known, boss)
    assert list(attendance.present_at(session)) == [registration.find(known, session.event).id]
    reviews.undo(alike, boss)
    reviews.undo(ended, boss)
    assert register_as_it_stands() == before
    look_alikes.same_person(alike, known, boss)
    reviews.count(ended, boss)
    assert list(attendance.present_at(session)) == [registration.find(known, session.event).id]


def test_a_stranger_without_a_like_name_is_not_filed_nor_anybody_without_a_name(session) -> None:
    make.person(session.event.programme, "Кот Мария")
    make.person(make.programme("elsewhere"), "Лис Олег")
    walk_in(session, "Лис Олег")
    nameless = make.registration(make.event(session.event.programme, coded=True))
    nameless.participant.name = None
    assert not look_alikes.file_look_alikes("x", nameless.participant, session)
    assert not cases.open_count(session.event)


def test_only_somebody_of_a_like_name_can_be_the_same_person(session, boss) -> None:
    review = clash(ReviewReason.LOOK_ALIKE, session)
    with pytest.raises(Refused, match="not_alike"):
        look_alikes.same_person(review, make.person(session.event.programme, "Лис Олег"), boss)
    with pytest.raises(Refused, match="not_this_way"):
        reviews.count(review, boss)
    assert review.decision is None


# Several at once, and two managers at once.


def test_several_are_settled_together_and_those_that_cannot_be_are_left(session, boss) -> None:
    for reason in (ReviewReason.REVOKED, ReviewReason.CANCELLED, ReviewReason.UNKNOWN):
        clash(reason, session)
    uids = db.session.scalars(sa.select(ScanReview.uid)).all()
    assert reviews.settle_all(reviews.chosen(session.event, uids), Decision.COUNTED, boss) == (2, 1)
    assert present(session) == 2 and cases.open_count(session.event) == 1


def test_only_reviews_of_the_event_can_be_chosen(session) -> None:
    review = clash(ReviewReason.REVOKED, session)
    assert not reviews.chosen(make.event(), [review.uid])
    assert not reviews.chosen(make.event(), [], "revoked")


def test_settled_is_settled_and_taken_back_is_taken_back(session, boss) -> None:
    review = clash(ReviewReason.REVOKED, session)
    reviews.count(review, boss)
    with pytest.raises(Refused, match="settled_before"):
        reviews.dismiss(review, boss)
    assert present(session) == 1
    reviews.undo(review, boss)
    with pytest.raises(Refused, match="not_settled"):
        reviews.undo(review, boss)


def test_a_place_on_which_somebody_stands_by_now_stays(session, boss) -> None:
    review = clash(ReviewReason.WRONG_EVENT, session)
    other = session.event.sessions[1]
    reviews.count(review, boss)
    whom = cases.of(review).whom
    scan(other, make.badge_code(whom), at=other.starts_at)
    reviews.undo(review, boss)
    assert (present(session), present(other)) == (0, 1)
    assert registration.find(whom, session.event).status == RegistrationStatus.REGISTERED


def test_who_came_in_otherwise_since_is_not_doubled_by_taking_back(session, boss) -> None:
    review = clash(ReviewReason.LATE, session)
    place = cases.of(review).place
    reviews.dismiss(review, boss)
    attendance.mark(session, place, by=boss)
    reviews.undo(review, boss)
    assert present(session) == 1


def test_two_managers_at_once_are_one_decision(installation: Installation) -> None:
    with installation.app.app_context(), installation.app.test_request_context("/", method="POST"):
        session = make.event_session(sessions=make.sessions(count=2))
        bosses = [make.user("manager", session.event.programme).id for _ in range(2)]
        code = foreign_code()
        for _time in range(3):
            scan(session, code)
        people = [make.registration(session.event).participant.id for _ in range(2)]
        clash(ReviewReason.REVOKED, session)
        ids = db.session.scalars(sa.select(ScanReview.id).order_by(ScanReview.id)).all()
        session_id = session.id
        db.session.commit()
        db.session.remove()
    results: list[str] = []
    barrier = threading.Barrier(2)

    def decide(number: int, review_id: int) -> None:
        with installation.app.app_context(), installation.app.test_request_context("/", method="POST"):
            barrier.wait()
            review = db.session.get(ScanReview, review_id)
            by = db.session.get(make.User, bosses[number])
            try:
                if review.reason == ReviewReason.UNKNOWN:
                    reviews.attach(review, db.session.get(Participant, people[number]), by)
                else:
                    reviews.settle(review, list(Decision)[number], by)
                db.session.commit()
                results.append("settled")
            except Refused as refusal:
                db.session.rollback()
                results.append(refusal.code)
            finally:
                db.session.remove()

    # The same review, then two readings of one code that each wanted for somebody else.
    for pair in ((ids[-1], ids[-1]), (ids[0], ids[2])):
        results.clear()
        threads = [threading.Thread(target=decide, args=(n, pair[n])) for n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert sorted(results) == ["settled", "settled_before"]
    with installation.app.app_context():
        badges = sa.select(sa.func.count()).select_from(Badge).where(Badge.is_attached)
        assert db.session.scalar(badges) == 1
        attached = sa.select(Badge.participant_id).where(Badge.is_attached)
        in_force = (
            sa.select(Registration.participant_id)
            .join(Attendance, Attendance.registration_id == Registration.id)
            .where(Attendance.event_session_id == session_id, Attendance.annulled_at.is_(None))
        )
        holders = [p for p in db.session.scalars(in_force) if p in people]
        assert holders == [db.session.scalar(attached)]


def test_a_long_list_is_turned_like_a_book_and_asks_few_questions(session) -> None:
    places = [make.registration(session.event) for _ in range(120)]
    for place in places:
        scan(session, make.badge_code(place), at=session.ends_at + timedelta(hours=5))
    asked = itertools.count()
    sa.event.listen(db.engine, "before_cursor_execute", count_one := lambda *_: next(asked))
    try:
        seen = [
            case.review.id for n in (1, 2, 3) for _r, found in cases.open_at(session.event, n).groups for case in found
        ]
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", count_one)
    assert len(set(seen)) == 120 and next(asked) < 40
    assert cases.open_at(session.event, 99).number == 3
