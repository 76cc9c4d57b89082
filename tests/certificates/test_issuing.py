"""Certificates issued once, with a reason, anew, and never again after they were revoked."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError, IntegrityError

from accounts.models import User
from certificates import issuing
from certificates.models import Certificate
from core.db import db, new_uid
from door import attendance
from participants import registration
from participants.models import Registration
from privacy import codes
from tests import make
from tests.pages import Visitor
from trainings import scheduling

pytestmark = pytest.mark.usefixtures("request_context")


@pytest.fixture
def boss(app: Flask) -> User:
    return make.user("manager", make.programme())


def present(place: Registration) -> Registration:
    attendance.mark(place.event.sessions[0], place, by=None)
    return place


def test_issuing_to_all_is_done_once(app: Flask, boss: User) -> None:
    event = make.event()
    for name in ("Анна", "Борис"):
        present(make.registration(event, name))
    make.registration(event, "Вера")
    assert issuing.issue_all(event, by=boss) == 2
    assert issuing.issue_all(event, by=boss) == 0
    assert [found.registration.called for found in issuing.valid_of_event(event)] == ["Анна", "Борис"]


def test_against_the_rule_a_reason_is_kept_sealed(app: Flask, boss: User) -> None:
    place = make.registration()
    with pytest.raises(issuing.ReasonNeeded):
        issuing.issue(place, by=boss)
    issued = issuing.issue(place, by=boss, reason="Болела во второй день")
    assert issued.is_exception and issued.exception_reason == "Болела во второй день"
    assert "Болела".encode() not in (issued.exception_reason_sealed or b"")
    issuing.forget_words_about(place.participant)
    assert issued.exception_reason is None and issued.is_exception
    with pytest.raises(issuing.HasCertificate):
        issuing.issue(place, by=boss, reason="Again")


def test_issued_anew_the_old_code_ends_and_the_new_one_is_another(app: Flask, boss: User) -> None:
    first = issuing.issue(present(make.registration()), by=boss)
    second = issuing.reissue(first, by=boss)
    assert (first.is_valid, second.is_valid, second.number) == (False, True, 2)
    assert first.code != second.code
    with pytest.raises(issuing.NotValid):
        issuing.reissue(first, by=boss)


def test_who_lost_a_certificate_gets_none_unasked(app: Flask, boss: User) -> None:
    place = present(make.registration())
    issuing.issue_all(place.event, by=boss)
    issuing.withdraw(issuing.of_place(place)[0], "Issued by mistake", by=boss)
    assert issuing.issue_all(place.event, by=boss) == 0
    assert issuing.valid_of_place(place) is None
    assert issuing.issue(place, by=boss).number == 2


def test_a_cancelled_event_or_place_gives_none(app: Flask, boss: User) -> None:
    place = present(make.registration())
    registration.cancel(place)
    with pytest.raises(issuing.NoPlace):
        issuing.issue(place, by=boss)
    scheduling.cancel(place.event, "No room")
    with pytest.raises(issuing.EventNotHeld):
        issuing.issue_all(place.event, by=boss)


def test_the_database_keeps_one_valid_certificate_and_never_revives_one(app: Flask, boss: User) -> None:
    issued = issuing.issue(present(make.registration()), by=boss)
    values = {
        "registration_id": issued.registration_id, "event_id": issued.event_id, "code": codes.certificate_code(),
        "number": 2, "language": "ru", "issued_on": issued.issued_on, "issued_by_id": boss.id,
    }  # fmt: skip
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(sa.insert(Certificate).values(uid=new_uid(), **values))
    issuing.withdraw(issued, "Mistake", by=boss)
    with pytest.raises(DatabaseError, match="final"), db.session.begin_nested():
        nothing = {"revoked_at": None, "revoked_by_id": None, "revocation": None}
        db.session.execute(sa.update(Certificate).values(**nothing))


def test_a_code_is_found_however_it_is_typed(app: Flask, boss: User) -> None:
    issued = issuing.issue(present(make.registration()), by=boss)
    shown = codes.grouped(issued.code)
    assert issuing.find_by_code(f"  {shown.lower()} ") is issued
    assert issuing.find_by_code(issued.code.translate(str.maketrans("ABEKMHPCTYX", "АВЕКМНРСТУХ"))) is issued
    assert issuing.find_by_code(issued.code[:-1] + ("2" if issued.code[-1] != "2" else "3")) is None
    assert len(issued.code) == 16 and codes.is_certificate_code(issued.code)


def test_erasing_a_person_takes_the_reasons_along(manager: Visitor) -> None:
    place = make.registration()
    issued = issuing.issue(place, by=make.user("manager"), reason="Болела")
    manager.post(f"/people/{place.participant.uid}/erasure", is_sure="y")
    assert issued.exception_reason is None
