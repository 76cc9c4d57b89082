"""POST /sessions/<id>/scans: one answer per scan in order, and eight processes at once are no more than one."""

from __future__ import annotations

import json
import subprocess
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from core import clock
from core.db import db
from door import attendance
from door.models import Attendance, Scan
from tests import make
from tests.conftest import Installation
from tests.pages import Visitor
from tests.serving import PYTHON, serve

HAMMER = Path(__file__).parent.parent / "hammer.py"
HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


@pytest.fixture
def trainer(app):
    return make.user("trainer", make.programme())


def body(*codes: str, **more) -> dict:
    now = datetime.now(UTC).isoformat()
    scans = [{"id": str(uuid.uuid4()), "code": code, "happened_at": now, "source": "camera"} for code in codes]
    return {"scans": scans, **more}


def test_each_scan_gets_its_answer_in_order(app, trainer) -> None:
    event = make.event(trainers=[trainer])
    place = make.registration(event, "Иванова Анна", organisation="РОВД")
    sent = body(make.badge_code(place), "NOBODY")
    answer = Visitor(app).sign_in(trainer).post_json(f"/sessions/{event.sessions[0].uid}/scans", sent)
    assert answer.status_code == 200
    answers = answer.get_json()["answers"]
    assert [a["id"] for a in answers] == [s["id"] for s in sent["scans"]]
    assert answers[0] == {
        "id": sent["scans"][0]["id"],
        "outcome": "in",
        "person": {"name": "Иванова Анна", "code": place.participant.code, "organisation": "РОВД"},
    }
    assert answers[1] == {"id": sent["scans"][1]["id"], "outcome": "unknown"}


@pytest.mark.parametrize("scan", [None, 7, {}, {"id": "x"}, {"id": None}, [], {"code": "A"}])
def test_an_item_without_an_id_is_answered_and_holds_nobody_up(app, trainer, scan) -> None:
    event = make.event(trainers=[trainer])
    good = body(make.badge_code(make.registration(event)))["scans"][0]
    answer = (
        Visitor(app).sign_in(trainer).post_json(f"/sessions/{event.sessions[0].uid}/scans", {"scans": [scan, good]})
    )
    assert answer.status_code == 200
    assert [a["outcome"] for a in answer.get_json()["answers"]] == ["malformed", "in"]


@pytest.mark.parametrize(
    "odd",
    [
        {"happened_at": "yesterday"},
        {"happened_at": None},
        {"source": "magic"},
        {"code": 5},
        {"happened_at": "9999-12-31T23:59:59+00:00"},
    ],
)
def test_an_item_with_odd_values_is_kept_all_the_same(app, trainer, odd) -> None:
    event = make.event(trainers=[trainer])
    scan = body(make.badge_code(make.registration(event)))["scans"][0] | odd
    answer = Visitor(app).sign_in(trainer).post_json(f"/sessions/{event.sessions[0].uid}/scans", {"scans": [scan]})
    assert answer.status_code == 200 and len(answer.get_json()["answers"]) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Scan)) == 1


def test_a_code_of_ten_thousand_characters_is_unknown_and_nothing_breaks(app, trainer) -> None:
    event = make.event(trainers=[trainer])
    answer = Visitor(app).sign_in(trainer).post_json(f"/sessions/{event.sessions[0].uid}/scans", body("Ж" * 10_000))
    assert answer.get_json()["answers"][0]["outcome"] == "unknown"


@pytest.mark.parametrize("sent", [[], "text", {"scans": "all"}, {"scan": []}, None])
def test_a_body_of_another_shape_is_a_sentence(app, trainer, sent) -> None:
    event = make.event(trainers=[trainer])
    answer = Visitor(app).sign_in(trainer).post_json(f"/sessions/{event.sessions[0].uid}/scans", sent)
    assert answer.status_code == 400 and answer.get_json()["message"]


def test_more_than_a_hundred_are_refused_together(app, trainer) -> None:
    event = make.event(trainers=[trainer])
    answer = Visitor(app).sign_in(trainer).post_json(f"/sessions/{event.sessions[0].uid}/scans", body(*["X"] * 101))
    assert answer.status_code == 409 and answer.get_json()["error"] == "too_many_scans"


@pytest.mark.parametrize("hours", [-48, -1, 1, 48])
def test_a_phone_whose_clock_is_wrong_is_put_right_and_flagged(app, trainer, hours: int) -> None:
    event = make.event(trainers=[trainer])
    skewed = datetime.now(UTC) + timedelta(hours=hours)
    sent = body(make.badge_code(make.registration(event)), sent_at=skewed.isoformat())
    sent["scans"][0]["happened_at"] = (skewed - timedelta(minutes=10)).isoformat()
    answer = Visitor(app).sign_in(trainer).post_json(f"/sessions/{event.sessions[0].uid}/scans", sent)
    assert answer.get_json()["answers"][0]["outcome"] == "in"
    kept = db.session.scalars(sa.select(Scan)).one()
    assert abs((clock.now() - timedelta(minutes=10) - kept.happened_at).total_seconds()) < 5
    assert abs(kept.skew_seconds + hours * 3600) < 5


def test_a_name_is_answered_only_where_one_is_kept(app, trainer) -> None:
    event = make.event(trainers=[trainer], coded=True)
    place = make.registration(event)
    place.participant.name = None
    answer = (
        Visitor(app)
        .sign_in(trainer)
        .post_json(f"/sessions/{event.sessions[0].uid}/scans", body(make.badge_code(place)))
    )
    assert answer.get_json()["answers"][0]["person"]["name"] is None


# Eight processes, the real server.


def test_eight_processes_with_the_same_codes_make_one_attendance_each(installation: Installation) -> None:
    with installation.app.app_context():
        trainer = make.user("trainer", make.programme())
        event = make.event(trainers=[trainer])
        badges = [make.badge_code(make.registration(event)) for _ in range(10)]
        path = f"/sessions/{event.sessions[0].uid}/scans"
        db.session.commit()
        with serve(installation, trainer) as served:
            phones = []
            for _ in range(8):
                task = {"port": served.port, "path": path, "headers": {**HEADERS, **served.headers}}
                task["bodies"] = [body(code) for code in badges * 16]
                phone = subprocess.Popen(
                    [PYTHON, str(HAMMER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
                phones.append((phone, json.dumps(task)))
            with ThreadPoolExecutor(8) as together:
                answers = together.map(lambda pair: json.loads(pair[0].communicate(pair[1], timeout=120)[0]), phones)
            total = sum((Counter(found) for found in answers), Counter())
        assert total["200"] == 8 * 10 * 16, total
        assert total["in"] == 10 and total["already_in"] == 8 * 10 * 16 - 10
        db.session.rollback()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Attendance)) == 10
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Scan)) == 8 * 10 * 16
        assert len(attendance.present_at(event.sessions[0])) == 10
