"""Visits: drafts written bit by bit, handed in, returned, approved by somebody else; units beside themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.db import db
from core.errors import Refused
from monitoring import comparing, coverage, units, visits
from monitoring.comparing import RANK, Change
from monitoring.models import Announcement, Judgement, Visit, VisitState
from monitoring.visits import Jotting
from participants import roster
from tests import make
from tests.monitoring import walking
from tests.pages import Visitor

MAYBE = st.none() | st.sampled_from(Judgement)


@given(before=MAYBE, after=MAYBE)
def test_a_comparison_turned_round_says_the_opposite(before: Judgement | None, after: Judgement | None) -> None:
    opposite = {Change.IMPROVED: Change.WORSE, Change.WORSE: Change.IMPROVED}
    there, back = comparing.change(before, after), comparing.change(after, before)
    assert back == opposite.get(there, there)
    assert (there == Change.UNKNOWN) == (before not in RANK or after not in RANK), "what was not seen is no worse"
    assert (there == Change.SAME) == (before in RANK and before == after)


@given(st.lists(st.tuples(MAYBE, MAYBE), max_size=30))
def test_every_point_is_counted_once_in_a_comparison(pairs: list[tuple[Judgement | None, Judgement | None]]) -> None:
    asked = [f"point{n}" for n in range(len(pairs))]
    before = {key: pair[0] for key, pair in zip(asked, pairs, strict=True) if pair[0]}
    after = {key: pair[1] for key, pair in zip(asked, pairs, strict=True) if pair[1]}
    found = comparing.Comparison(Visit(), Visit(), comparing.changes(before, after, asked))
    assert sum(found.count(change) for change in Change) == len(pairs)


def test_a_visit_is_a_draft_handed_in_returned_and_approved_by_somebody_else(app: Flask) -> None:
    unit, monitor, manager = walking.unit(), make.user("monitor"), make.user("manager")
    visit = visits.record(unit, walking.seen(), monitor)
    with pytest.raises(Refused, match="not_handed_in"):
        visits.approve(visit, manager)
    visits.hand_in(visit)
    for change in (lambda: visits.revise(visit, walking.seen()), lambda: visits.jot(visit, Jotting())):
        with pytest.raises(Refused, match="handed_in"):
            change()
    with pytest.raises(Refused, match="own_visit"):
        visits.approve(visit, monitor)
    visits.send_back(visit, "Иванова сказала иначе")
    visits.revise(visit, walking.seen(monitors=3))
    with pytest.raises(Refused, match="handed_in"):
        visits.discard(visit)
    visits.hand_in(visit)
    visits.approve(visit, manager)
    for change in (lambda: visits.approve(visit, manager), lambda: visits.revise(visit, walking.seen())):
        with pytest.raises(Refused, match="already_approved"):
            change()


def test_the_database_refuses_what_nobody_may_do(app: Flask) -> None:
    unit, monitor = walking.unit(), make.user("monitor")
    walking.approved(unit, walking.seen())
    draft = visits.record(unit, walking.seen(), monitor)
    db.session.commit()
    wrong = (
        "UPDATE visits SET findings = '{}' WHERE state = 'approved'",
        "UPDATE visits SET state = 'draft', approved_at = NULL, approved_by_id = NULL WHERE state = 'approved'",
        "UPDATE visits SET state = 'handed_in', handed_in_at = recorded_at, organisation_id = NULL "
        f"WHERE id = {draft.id}",
        "UPDATE visits SET state = 'approved', handed_in_at = recorded_at, approved_at = recorded_at, "
        f"approved_by_id = user_id WHERE id = {draft.id}",
    )
    for statement in wrong:
        with pytest.raises(sa.exc.DBAPIError):
            db.session.execute(sa.text(statement))
        db.session.rollback()


@pytest.mark.parametrize(("monitors", "points", "fine"), [(2, 4, True), (1, 4, False), (2, 3, False)])
def test_the_method_wants_two_monitors_and_every_point(app: Flask, monitors: int, points: int, fine: bool) -> None:
    visit = visits.record(walking.unit(), walking.seen(monitors, points), make.user("monitor"))
    assert visit.is_complete == fine
    assert visits.unanswered(visit) == (["point4"] if points == 3 else [])


def test_a_visit_is_not_in_the_future_and_an_alias_not_taken_twice(app: Flask) -> None:
    unit = walking.unit()
    tomorrow = walking.seen()
    tomorrow.visited_on += timedelta(days=1)
    with pytest.raises(Refused, match="not_yet"):
        visits.record(unit, tomorrow, make.user("monitor"))
    with pytest.raises(Refused, match="alias_taken"):
        units.add(unit.programme, "Unit 1", "South")
    other = units.add(unit.programme, "Unit 2", "South")
    with pytest.raises(Refused, match="alias_taken"):
        units.revise(other, "Unit 1", "South", "")
    units.revise(other, "Unit 2", "East", "")


def test_the_real_name_and_the_notes_are_encrypted(app: Flask) -> None:
    visit = visits.record(walking.unit(), walking.seen(notes="Камера 3 без света"), make.user("monitor"))
    visits.hand_in(visit)
    visits.send_back(visit, "Что сказала Иванова?")
    db.session.commit()
    for table in ("police_units", "visits"):
        row = db.session.execute(sa.text(f"SELECT * FROM {table}")).mappings().one()
        held = b"".join(bytes(value) for value in row.values() if isinstance(value, bytes | memoryview))
        held += repr(dict(row)).encode()
        assert not any(word.encode() in held for word in ("Речной", "Камера", "Иванова"))


def test_coverage_adds_up_and_says_who_is_due(app: Flask) -> None:
    often, once, never, waits = (
        walking.unit(f"Unit {n}", region) for n, region in enumerate(("North", "North", "South", "South"))
    )
    walking.approved(often, walking.seen(), days_ago=300)
    walking.approved(often, walking.seen(), days_ago=30)
    walking.approved(once, walking.seen(), days_ago=200)
    visits.hand_in(visits.record(waits, walking.seen(), make.user("monitor")))
    found = {row.unit.alias: row for row in coverage.of_programme(often.programme)}
    assert {alias: (row.times, row.waiting) for alias, row in found.items()} == {
        "Unit 0": (2, 0), "Unit 1": (1, 0), "Unit 2": (0, 0), "Unit 3": (0, 1)
    }  # fmt: skip
    today = often.programme.today()
    assert [alias for alias, row in found.items() if row.is_due(today, 6)] == ["Unit 1"]
    assert [(r.name, r.observed, r.units) for r in coverage.by_region([*found.values()])] == [
        ("North", 2, 2),
        ("South", 0, 2),
    ]
    assert found["Unit 2"].unit is never


def test_a_visit_on_the_pages_from_the_first_press_to_the_approval(app: Flask) -> None:
    unit = walking.unit()
    monitor, manager = make.user("monitor", unit.programme), make.user("manager", unit.programme)
    other = make.user("monitor", unit.programme)
    today = unit.programme.today().isoformat()
    page = Visitor(app).sign_in(monitor).get("/").link("Monitoring").submit("Record a visit: Unit 1")
    assert [h.text_content() for h in page.all("form.visit h2")] == ["Custody", "Doctors"]
    assert "0 of 4 points" in page.text(".saving") and page.text("#missing").endswith("1 2 3 4")
    draft = page.submit("Save", visited_on=today, **{"item-point1": "not_met"})
    assert "draft" in draft.text(".head") and "1 of 4 points" in draft.text(".saving")
    wrong = draft.submit("Hand in", visited_on=today, organisation="", notes="Seen at noon")
    assert wrong.status == 422 and "which organisation" in wrong.text("[role=alert]")
    assert wrong.one("[name=item-point1][value=not_met]").get("checked") is not None
    assert wrong.one("#notes").text.strip() == "Seen at noon"
    mine = wrong.submit("Hand in", organisation="Group", announcement="unannounced")
    assert "waits for approval" in mine.text(".head") and not mine.all("form.visit")
    visit = db.session.scalars(sa.select(Visit)).one()
    assert (visit.announcement, visit.state) == (Announcement.UNANNOUNCED, VisitState.HANDED_IN)
    boss = Visitor(app).sign_in(manager)
    page = boss.get(f"/visits/{visit.uid}").submit("Return", note="Point 2?")
    assert "Point 2?" in Visitor(app).sign_in(monitor).get(page.path).text(".notice.attention")
    Visitor(app).sign_in(monitor).get(page.path).submit("Hand in", **{"item-point2": "met"})
    page = boss.get(page.path).submit("Approve")
    assert "approved and counts" in page.text(".notice") and "approved after 0 days" in page.text(".head")
    for visitor, opens in ((Visitor(app).sign_in(other), False), (boss, True)):
        seen = visitor.get(f"/units/{unit.uid}")
        assert bool(seen.all(f"a[href='/visits/{visit.uid}']")) == opens
        assert "not met" in seen.text(".compared"), "what the register says by alias is there for every monitor"
        assert "Речной" not in seen.text(), "the real name stands on the managers' form only"
    assert "Речной" in boss.get(f"/units/{unit.uid}/edit").one("#name").get("value")


def test_answers_sent_by_the_phone_are_added_each_by_itself(app: Flask) -> None:
    unit = walking.unit()
    monitor = make.user("monitor", unit.programme)
    visit = visits.begin(unit, monitor)
    assert visits.begin(unit, monitor) is visit, "pressing twice is beginning once"
    phone = Visitor(app).sign_in(monitor)
    address = f"/visits/{visit.uid}/answers"
    token = phone.csrf()

    def send(**fields: str):
        return phone.ask("post", address, data={"csrf_token": token, **fields}, headers={"Accept": "application/json"})

    assert send(**{"item-point1": "met", "organisation": "Group"}).get_json() == {"outcome": "saved", "wrong": {}}
    tomorrow = (unit.programme.today() + timedelta(days=1)).isoformat()
    told = send(monitor_count="many", visited_on=tomorrow, notes="Тихо", **{"item-point2": "partly", "item-x": "met"})
    assert told.get_json()["wrong"].keys() == {"monitor_count", "visited_on"}
    assert visit.judgements == {"point1": Judgement.MET, "point2": Judgement.PARTLY}
    assert (visit.notes, visit.monitor_count, visit.organisation.name) == ("Тихо", 2, "Group")
    assert visits.begin(unit, monitor) is visit
    visits.hand_in(visit)
    answer = send(notes="Later")
    assert answer.status_code == 409 and "waits for approval" in answer.get_json()["message"]
    assert visit.notes == "Тихо"


def test_the_next_visit_begins_with_who_went_the_last_time(app: Flask) -> None:
    unit, monitor = walking.unit(), make.user("monitor")
    with clock.standing_at(clock.now() - timedelta(days=2)):
        visits.record(unit, walking.seen(), monitor)
    assert visits.begin(unit, monitor).organisation is roster.find_organisation(unit.programme, "Group")
