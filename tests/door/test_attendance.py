"""Attendance: one per person and session, decided by the database; every scan kept; nothing refused for being late."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError, IntegrityError

from core import clock
from core.db import db
from core.errors import Refused
from door import attendance
from door.models import Attendance, Outcome, Scan, Source
from door.readings import Reading
from participants import registration, roster
from participants.models import Origin, RegistrationStatus
from tests import make
from tests.make import NOON
from trainings import scheduling


@pytest.fixture
def session(app: Flask):
    """A session from noon for three hours; the tests stand a quarter past."""
    with clock.standing_at(NOON + timedelta(minutes=15)):
        yield make.event_session(sessions=make.sessions(NOON, count=2))


def reading(code: str, at=None, scan_id: str | None = None, source: Source = Source.CAMERA) -> Reading:
    return Reading(scan_id or str(uuid.uuid4()), code, at or clock.now(), source)


def scan(session, code: str, **more) -> Outcome:
    return attendance.check_in(session, [reading(code, **more)], by=None)[0].outcome


def rows(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_a_badge_of_the_list_is_in_and_then_already_in_with_the_first_time(session) -> None:
    place = make.registration(session.event, "Иванова Анна")
    code = make.badge_code(place)
    first = attendance.check_in(session, [reading(code)], by=None)[0]
    assert first.outcome == Outcome.IN and first.person.name == "Иванова Анна"
    again = attendance.check_in(session, [reading(code)], by=None)[0]
    assert again.outcome == Outcome.ALREADY_IN and again.first_at == clock.now()
    assert (rows(Attendance), rows(Scan)) == (1, 2)


def test_the_same_scan_twice_is_one_scan_and_one_answer(session) -> None:
    code = make.badge_code(make.registration(session.event))
    one = reading(code)
    answers = [attendance.check_in(session, [one], by=None)[0] for _ in range(3)]
    assert [answer.outcome for answer in answers] == [Outcome.IN] * 3
    assert (rows(Attendance), rows(Scan)) == (1, 1)


def test_the_same_id_with_another_code_is_kept_as_a_conflict(session) -> None:
    one, other = (make.badge_code(make.registration(session.event)) for _ in range(2))
    first = reading(one)
    attendance.check_in(session, [first], by=None)
    assert scan(session, other, scan_id=first.scan_id) == Outcome.CONFLICT
    assert scan(session, other, scan_id=first.scan_id) == Outcome.CONFLICT
    assert scan(session, one, scan_id=first.scan_id) == Outcome.IN, "the first answer stays"
    assert (rows(Attendance), rows(Scan)) == (1, 2)


def test_one_code_twice_in_one_batch_is_one_attendance(session) -> None:
    code = make.badge_code(make.registration(session.event))
    answers = attendance.check_in(session, [reading(code), reading(code)], by=None)
    assert [answer.outcome for answer in answers] == [Outcome.IN, Outcome.ALREADY_IN]
    assert rows(Attendance) == 1


def test_a_bad_neighbour_holds_nobody_up_and_answers_keep_their_order(session) -> None:
    good = [make.badge_code(make.registration(session.event)) for _ in range(2)]
    answers = attendance.check_in(session, [reading(c) for c in (good[0], "x" * 10_000, "", good[1])], by=None)
    assert [answer.outcome for answer in answers] == [Outcome.IN, Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.IN]
    assert rows(Scan) == 4


def test_an_unknown_code_is_kept_but_not_readable(session) -> None:
    assert scan(session, "SECRETNOTE99") == Outcome.UNKNOWN
    assert "SECRET" not in db.session.scalar(sa.select(Scan.code))


def test_every_refusal_has_its_own_word(session) -> None:
    cancelled, waiting, elsewhere = (make.registration(session.event) for _ in range(3))
    registration.cancel(cancelled)
    waiting.status = RegistrationStatus.WAITLISTED
    elsewhere = make.registration(make.event())
    replaced = make.registration(session.event)
    old = make.badge_code(replaced)
    roster.issue_badge(replaced.participant)
    db.session.flush()
    expected = {
        make.badge_code(cancelled): Outcome.CANCELLED,
        make.badge_code(waiting): Outcome.WAITLISTED,
        make.badge_code(elsewhere): Outcome.WRONG_EVENT,
        old: Outcome.REVOKED,
        make.badge_code(replaced): Outcome.IN,
    }
    assert {code: scan(session, code) for code in expected} == expected
    assert rows(Attendance) == 1 and rows(Scan) == 5


@pytest.mark.parametrize(
    ("minutes", "outcome"),
    [
        (-121, Outcome.NOT_OPEN),
        (-119, Outcome.IN),
        (0, Outcome.IN),
        (239, Outcome.IN),
        (241, Outcome.LATE),
        (24 * 60, Outcome.WRONG_SESSION),
    ],
)
def test_the_hour_of_the_scan_decides(session, minutes: int, outcome: Outcome) -> None:
    code = make.badge_code(make.registration(session.event))
    assert scan(session, code, at=NOON + timedelta(minutes=minutes)) == outcome
    assert rows(Attendance) == (outcome in (Outcome.IN, Outcome.LATE))


def test_an_upload_after_the_event_is_closed_still_counts(session) -> None:
    code = make.badge_code(make.registration(session.event))
    happened = clock.now()
    with clock.standing_at(NOON + timedelta(days=3)):
        scheduling.close(session.event)
        assert scan(session, code, at=happened) == Outcome.IN


def test_a_code_typed_on_a_cyrillic_keyboard_is_understood(session) -> None:
    place = make.registration(session.event)
    badge = make.badge_code(place)
    typed = badge.lower().translate(str.maketrans("abekmhpctyx", "авекмнрстух"))
    assert scan(session, f"{typed[:4]} {typed[4:8]}-{typed[8:]}", source=Source.TYPED) == Outcome.IN


def test_marking_by_hand_is_a_scan_too_and_twice_is_once(session) -> None:
    place = make.registration(session.event)
    assert attendance.mark(session, place, by=None).outcome == Outcome.IN
    assert attendance.mark(session, place, by=None).outcome == Outcome.ALREADY_IN
    assert db.session.scalars(sa.select(Scan.source)).all() == [Source.MANUAL] * 2
    assert rows(Attendance) == 1


def test_undo_within_a_quarter_of_an_hour_later_a_manager(session) -> None:
    trainer = make.user("trainer")
    for minutes, manages, fine in ((14, False, True), (16, False, False), (16, True, True)):
        place = make.registration(session.event)
        attendance.mark(session, place, by=trainer)
        presence = attendance.present_at(session)[place.id]
        with clock.standing_at(clock.now() + timedelta(minutes=minutes)):
            if fine:
                attendance.annul(presence, by=trainer, reason="mistake", manages=manages)
                assert place.id not in attendance.present_at(session)
            else:
                with pytest.raises(Refused, match="too_late_to_undo"):
                    attendance.annul(presence, by=trainer, reason="mistake", manages=manages)


def test_after_an_undo_the_badge_works_again_but_an_old_scan_stays_answered(session) -> None:
    trainer, place = make.user("trainer"), make.registration(session.event)
    first = reading(make.badge_code(place))
    attendance.check_in(session, [first], by=trainer)
    attendance.annul(attendance.present_at(session)[place.id], by=trainer, reason="mistake", manages=True)
    assert attendance.check_in(session, [first], by=trainer)[0].outcome == Outcome.IN, "as it was answered"
    assert not attendance.present_at(session), "sent again, it undoes no undo"
    assert scan(session, make.badge_code(place)) == Outcome.IN
    assert rows(Attendance) == 2 and len(attendance.present_at(session)) == 1


def test_somebody_removed_and_taken_up_again_keeps_one_place(session) -> None:
    place = make.registration(session.event)
    registration.cancel(place)
    again = registration.register(place.participant, session.event, Origin.WALK_IN)
    assert again.id == place.id and again.status == RegistrationStatus.REGISTERED


def test_the_database_refuses_what_must_never_be(session) -> None:
    place = make.registration(session.event)
    attendance.mark(session, place, by=None)
    scan_key = db.session.scalar(sa.select(Scan.id))
    elsewhere = make.event_session()
    db.session.commit()
    twice = {"registration_id": place.id, "event_session_id": session.id, "event_id": session.event_id}
    foreign = {"registration_id": place.id, "event_session_id": elsewhere.id, "event_id": elsewhere.event_id}
    for values in (twice, foreign):
        with pytest.raises(IntegrityError):
            db.session.execute(sa.insert(Attendance).values(uid=make.new_uid(), scan_id=scan_key, **values))
            db.session.commit()
        db.session.rollback()
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(sa.update(Scan).values(outcome=Outcome.IN))
    db.session.rollback()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), min_size=1, max_size=12))
def test_whatever_is_sent_how_often_in_whatever_order_attendance_is_the_set_of_codes(session, plan) -> None:
    """Codes (by number) under scan ids (by number), in any order and repetition: one attendance per code let in."""
    event_session = make.event_session(sessions=make.sessions(NOON))
    badges = [make.badge_code(make.registration(event_session.event)) for _ in range(4)]
    ids = [str(uuid.uuid4()) for _ in range(6)]
    first_code_of = {}
    for code, scan_number in plan:
        attendance.check_in(event_session, [reading(badges[code], scan_id=ids[scan_number])], by=None)
        first_code_of.setdefault(scan_number, code)
    assert len(attendance.present_at(event_session)) == len(set(first_code_of.values()))
