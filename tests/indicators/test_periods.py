"""A period is submitted, judged by another, locked with its figures, and what changes since is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask

from accounts.models import User
from core import clock
from core.db import db
from core.errors import Refused
from core.i18n import Texts
from door import attendance
from indicators import dashboard, freezing, period_plan, periods, publishing, restatements, sharing, snapshots
from indicators.files import report
from indicators.models import Accumulation, Period, Visibility
from indicators.period_models import PeriodState, Snapshot
from indicators.share_models import Audience, Detail
from participants import roster
from participants.models import Sex
from tests import make
from tests.indicators.test_measures import held, quizzed
from tests.make import NOON
from tests.pages import Page, Visitor
from tests.papers import text_of

SUBMITTED, RETURNED, ACCEPTED, LOCKED = (
    PeriodState.SUBMITTED,
    PeriodState.RETURNED,
    PeriodState.ACCEPTED,
    PeriodState.LOCKED,
)
PEOPLE = {"parameters": {"kinds": ["workshop"]}, "accumulation": Accumulation.DISTINCT}
M12_ENDS = date(2026, 12, 31)


@pytest.fixture(autouse=True)
def in_may_2027():
    with clock.standing_at(NOON):
        yield


@pytest.fixture
def team(app: Flask) -> tuple[User, User]:
    programme = make.programme()
    return make.user("manager", programme), make.user("manager", programme)


def locked(period: Period, team: tuple[User, User]) -> Snapshot:
    make.locked_period(make.programme(), *team, key=period.key)
    found = snapshots.of_period(period)
    assert found is not None
    return found


def trained(day: date, women: int, men: int):
    people = [make.person(sex=sex) for sex, number in ((Sex.FEMALE, women), (Sex.MALE, men)) for _ in range(number)]
    return held(day, attended=dict.fromkeys(people, 1))


def test_a_report_goes_back_and_forth_and_nobody_judges_the_own(team: tuple[User, User]) -> None:
    author, judge = team
    programme = make.programme()
    period, running = make.period(programme, "M12"), make.period(programme, "M24")
    make.indicator()

    def step(state: PeriodState, by: User, note: str = "", of: Period = period) -> None:
        periods.take_step(programme, of, state, by=by, note=note)

    with pytest.raises(Refused, match="period_not_over"):
        step(SUBMITTED, author, of=running)
    with pytest.raises(Refused, match="not_in_this_state"):
        step(LOCKED, judge)
    step(SUBMITTED, author, "first try")
    for wanted in (ACCEPTED, RETURNED):
        with pytest.raises(Refused, match="own_report"):
            step(wanted, author, "fine")
    with pytest.raises(Refused, match="no_reason"):
        step(RETURNED, judge)
    step(RETURNED, judge, "brochures are missing")
    step(SUBMITTED, judge)
    with pytest.raises(Refused, match="own_report"):
        step(ACCEPTED, judge)
    step(ACCEPTED, author)
    assert snapshots.newest(programme) is None
    step(LOCKED, judge)
    assert [found.state for found in periods.steps_of(period)] == [SUBMITTED, RETURNED, SUBMITTED, ACCEPTED, LOCKED]
    assert periods.next_of(programme) == running
    with pytest.raises(Refused, match="not_in_this_state"):
        step(SUBMITTED, author)


STEP = (
    "INSERT INTO period_steps (uid, period_id, number, number_before, state_before, state, user_id, submitted_by_id,"
    " judged_number, snapshot_id, note, at) VALUES (:uid, :period, :number, :before, :was, :state, :who, :author,"
    " :judged, NULL, 'x', '2027-05-14')"
)


def test_the_database_has_no_row_for_what_may_never_be(team: tuple[User, User]) -> None:
    author, judge = team
    programme = make.programme()
    period = make.period(programme, "M12")
    make.indicator()
    snapshot = locked(make.period(programme, "M6"), team)
    periods.take_step(programme, period, SUBMITTED, by=author)
    judged = {"number": 2, "before": 1, "was": "submitted", "author": author.id, "judged": 1}
    never = (
        {**judged, "state": "accepted", "who": author.id},  # judged by the author
        {**judged, "state": "accepted", "who": judge.id, "author": judge.id},  # as if another had submitted it
        {**judged, "state": "locked", "who": judge.id},  # not accepted
        {**judged, "state": "accepted", "was": "returned", "who": judge.id},  # a state nobody reached
        {**judged, "state": "submitted", "was": "open", "number": 1, "before": None, "judged": None, "who": author.id},
        {**judged, "state": "accepted", "number": 3, "before": 2, "who": judge.id},  # after a step that is missing
    )
    for row in never:
        with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
            db.session.execute(sa.text(STEP), {"uid": make.new_uid(), "period": period.id, **row})
    for statement in (
        "UPDATE snapshots SET fingerprint = 'x'",
        "DELETE FROM snapshots",
        "UPDATE period_steps SET note = 'x'",
        "DELETE FROM period_steps",
        f"UPDATE periods SET ends_on = '2027-01-31' WHERE id = {snapshot.period_id}",
    ):
        with pytest.raises(sa.exc.DBAPIError), db.session.begin_nested():
            db.session.execute(sa.text(statement))
    db.session.execute(sa.text(STEP), {"uid": make.new_uid(), "period": period.id, **judged, "state": "accepted",
                                       "who": judge.id})  # fmt: skip


def test_what_comes_late_counts_now_and_is_said_to_be_restated(team: tuple[User, User]) -> None:
    programme = make.programme()
    people = make.indicator("people.completed", targets={"M12": 5, "M24": 20}, **PEOPLE)
    events = make.indicator(targets={"M12": 2, "M24": 10})
    event = trained(date(2026, 3, 1), women=3, men=4)
    trained(date(2027, 2, 1), women=1, men=0)
    period = make.period(programme, "M12")
    snapshot = locked(period, team)
    board = snapshots.read(snapshot)
    assert (board.on_day, board.period, board.is_provisional) == (M12_ENDS, "M12", False)
    assert board.line(people.code).value.number == 7 and board.line(people.code).due.then.number == 7
    assert str(board.method).startswith("Numbers are computed")
    assert not dashboard.compute_line(programme, people).restatements

    late = make.registration(event)
    attendance.mark(event.sessions[0], late, by=None)
    now = dashboard.compute_line(programme, people)
    assert now.value.number == 9
    (found,) = now.restatements
    assert (found.period, found.then.number, found.now.number, found.why) == ("M12", 7, 8, "")
    assert not dashboard.compute_line(programme, events).restatements
    restatements.explain(period, people, "A sheet came by post.", by=team[0])
    assert dashboard.compute_line(programme, people).restatements[0].why == "A sheet came by post."
    with pytest.raises(Refused, match="not_locked"):
        restatements.explain(make.period(programme, "M24"), people, "x", by=None)
    assert snapshots.read(snapshot).line(people.code).value.number == 7, "what was locked stays"


def test_a_donor_sees_what_was_locked_and_what_was_restated_but_not_whose(visitor: Visitor, team) -> None:
    programme = make.programme()
    statement = Texts(en="People trained")
    people = make.indicator("people.completed", targets={"M12": 5, "M24": 20}, statement=statement, **PEOPLE)
    make.indicator("test.gain", parameters={"kinds": ["workshop"]}, accumulation=Accumulation.LATEST)
    event = trained(date(2026, 3, 1), women=6, men=7)
    quizzed(date(2026, 4, 1), befores=[1] * 6, afters=[3] * 6)
    _link, token = sharing.share(programme, "Donor", Audience.DONOR, 10, None)
    assert "provisional" in visitor.get(f"/d/{token}").text("main").lower()
    locked(make.period(programme, "M12"), team)
    trained(date(2027, 3, 1), women=5, men=5)
    attendance.mark(event.sessions[0], make.registration(event, sex=Sex.FEMALE), by=None)
    quizzed(date(2026, 5, 1), befores=[0], afters=[4])
    board = publishing.for_audience(programme, Visibility.DONOR, 5)
    line, gain = board.lines
    assert line.value.number == 19 and board.period == "M12", "as it was locked, not as it is today"
    (found,) = line.restatements
    assert (found.then.number, found.now.number) == (19, 21)
    assert not found.then.cells and not found.now.cells, "who came later could be read off"
    assert not gain.restatements, "the difference would be one person's quiz"
    db.session.commit()
    page = visitor.get(f"/d/{token}")
    assert "31 December 2026" in page.text("main") and "M12" in page.text("main")
    assert "19" in page.text("table") and "21" in page.link("People trained").text("main")
    people.visibility = Visibility.INTERNAL
    assert [found.indicator.code for found in publishing.for_audience(programme, Visibility.DONOR, 5).lines] == [
        gain.indicator.code
    ]


def test_last_years_report_is_the_same_file_whenever_it_is_made(team: tuple[User, User]) -> None:
    programme = make.programme()
    make.indicator("people.completed", targets={"M12": 5, "M24": 20}, **PEOPLE)
    event = trained(date(2026, 3, 1), women=3, men=4)
    period = make.period(programme, "M12")
    locked(period, team)

    def printed(moment: datetime) -> bytes:
        db.session.expire_all()
        with clock.standing_at(moment):
            snapshot = snapshots.of_period(period)
            assert snapshot is not None
            return report.pdf_report(snapshots.read(snapshot))

    first = printed(NOON)
    attendance.mark(event.sessions[0], make.registration(event), by=None)
    trained(date(2026, 6, 1), women=3, men=4)
    programme.title = Texts(en="Another name")
    make.indicator()
    db.session.flush()
    assert printed(NOON) == first
    later = text_of(printed(NOON + timedelta(days=400)))
    assert later.replace("17 June 2028", "14 May 2027") == text_of(first), "only the day of printing differs"
    assert report.pdf_report(dashboard.compute(programme)) != first


def test_figures_changed_behind_our_back_are_not_shown(team: tuple[User, User]) -> None:
    programme = make.programme()
    make.indicator()
    held(date(2026, 3, 1))
    snapshot = locked(make.period(programme, "M12"), team)
    assert freezing.fingerprint(snapshot.content) == snapshot.fingerprint
    of_table = "" if db.engine.dialect.name == "sqlite" else " ON snapshots"
    db.session.execute(sa.text(f"DROP TRIGGER snapshots_are_append_only{of_table}"))  # undone with the transaction
    forged = snapshot.content.replace(b'"number":1.0', b'"number":9.0')
    assert forged != snapshot.content
    db.session.execute(sa.update(Snapshot).values(content=forged))
    db.session.expire(snapshot)
    with pytest.raises(Refused, match="damaged_snapshot"):
        snapshots.read(snapshot)


def test_the_pages_lead_through_the_steps_to_the_archive(manager: Visitor) -> None:
    programme = make.programme()
    statement = Texts(en="People trained")
    make.indicator("people.completed", targets={"M12": 5, "M24": 20}, statement=statement, **PEOPLE)
    event = trained(date(2026, 3, 1), women=1, men=2)
    colleague = Visitor(manager.app).sign_in(make.user("administrator"))
    db.session.commit()
    page = manager.get(f"/programmes/{programme.uid}/indicators").link("Reporting periods").link("M12").submit("Submit")
    assert "a colleague who manages" in page.text("main")
    returned = colleague.get(page.path).submit("Return")
    assert returned.status == 422 and "what has to be mended" in returned.text("main")
    assert "Returned." in returned.submit("Return", note="A sheet is missing").text("main")
    manager.get(page.path).submit("Submit")
    colleague.get(page.path).submit("Accept")
    page = manager.get(page.path).submit("Lock")
    assert "donors see them from now on" in page.text("main") and "Nothing: the register says today" in page.text()
    fingerprint = page.one("code").text_content()
    content = manager.get(f"{page.path}/snapshot.json").response.data
    assert freezing.fingerprint(content) == fingerprint
    before = manager.get(f"{page.path}/report.pdf").response.data
    attendance.mark(event.sessions[0], make.registration(event), by=None)
    db.session.commit()
    page = manager.get(page.path)
    assert "People trained" in page.text("table") and "no reason" not in page.text("table")
    page = page.submit("Save", reason="A sheet came by post")
    assert (
        "A sheet came by post" in manager.get(f"/programmes/{programme.uid}/indicators").link("People trained").text()
    )
    assert manager.get(f"{page.path}/report.pdf").response.data == before


def test_a_sex_put_right_is_said_although_the_total_is_the_same(manager: Visitor) -> None:
    programme = make.programme()
    statement = Texts(en="People trained")
    people = make.indicator("people.completed", targets={"M12": 5, "M24": 20}, statement=statement, **PEOPLE)
    event = trained(date(2026, 3, 1), women=6, men=8)
    period = make.locked_period(programme, make.user("manager", programme), make.user("manager", programme), "M12")
    (_full, full), (_totals, totals) = (
        sharing.share(programme, "Donor", Audience.DONOR, 10, None, detail=detail)
        for detail in (Detail.FULL, Detail.TOTALS)
    )
    person = next(place.participant for place in roster.of(event) if place.participant.sex == Sex.MALE)
    roster.correct(person, replace(roster.details_of(person), sex=Sex.FEMALE))
    db.session.commit()
    (found,) = dashboard.compute_line(programme, people).restatements
    assert (found.then.number, found.now.number, found.dimensions) == (14, 14, ["sex"])
    make.period(programme, "M24")
    db.session.commit()
    asked = manager.get(f"/programmes/{programme.uid}/missing")
    assert "Restated figures without a reason" in asked.text("table")
    assert asked.link("M12 · ").path == f"/periods/{period.uid}", "where a reason is given"
    for page in (manager.get(f"/indicators/{people.uid}"), manager.get(f"/periods/{period.uid}")):
        assert "Female: 6 → 7" in page.text("main") and "Male: 8 → 7" in page.text("main")
    donor = Visitor(manager.app)
    page = donor.get(f"/d/{full}")
    assert "M12 restated since: another breakdown (sex), the same total" in page.text("main")
    told = page.link("People trained").text("main")
    assert "another breakdown (sex)" in told and "→" not in told, "whose sex it was could be read off"
    assert "Female6" in told, "what was locked stays as it was locked"
    assert "restated" not in donor.get(f"/d/{totals}").text("main"), "who sees no breakdown hears of none"
    answer = donor.ask("get", "/api/v1/logframe", headers={"Authorization": f"Bearer {full}"}).get_json()
    (again,) = answer["indicators"][0]["restatements"]
    assert again["breakdowns"] == ["sex"] and not again["now"]["cells"]


def test_a_programme_founded_on_screen_gets_its_periods_there(manager: Visitor) -> None:
    programme = make.programme()
    page = manager.get(f"/programmes/{programme.uid}/periods").submit("Lay out half-years")
    assert [b.text_content() for b in page.all("tbody td b")] == ["M6", "M12", "M18", "M24"]
    found = periods.of_programme(programme)
    assert (found[0].starts_on, found[-1].ends_on) == (programme.starts_on, programme.ends_on)
    days = [(before.ends_on - after.starts_on).days for before, after in pairwise(found)]
    assert days == [-1, -1, -1], "one after the other"
    assert manager.ask("post", f"/programmes/{programme.uid}/periods/half-years", data=csrf(page)).status_code == 409
    assert "Add a period" not in page.text("main"), "every day belongs to one"
    period_plan.take_out(found.pop())
    db.session.commit()
    page = manager.get(page.path)
    assert page.one("#starts_on").get("value") == "2027-07-01", "the first free day"
    taken = page.submit("Add the period", key="M6", starts_on="2026-02-01", ends_on="2026-03-01")
    assert taken.status == 422 and "of this name" in taken.text(".notice")
    over = taken.submit("Add the period", key="Extra")
    assert over.status == 422 and "belong to M6 already" in over.text(".notice")
    outside = over.submit("Add the period", starts_on="2028-01-01", ends_on="2028-02-01")
    assert outside.status == 422 and "within the days of the programme" in outside.text(".notice")
    assert outside.submit("Add the period", ends_on="2027-12-01").status == 422
    make.indicator(targets={"M18": 5})
    assert "Take it out" not in manager.get(f"/periods/{found[2].uid}").text("main"), "a target belongs to it"
    page = manager.get(f"/periods/{found[1].uid}").submit("Take the period out")
    assert [b.text_content() for b in page.all("tbody td b")] == ["M6", "M18"]
    page = page.submit("Add the period", key="Spring", starts_on="2026-09-01", ends_on="2026-12-31")
    assert [b.text_content() for b in page.all("tbody td b")] == ["M6", "Spring", "M18"]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "keys"),
    [
        (date(2026, 1, 31), date(2027, 1, 30), ["M6", "M12"]),
        (date(2026, 3, 1), date(2027, 10, 31), ["M6", "M12", "M18", "M20"]),
        (date(2026, 1, 1), date(2026, 7, 20), ["M7"]),
        (date(2026, 1, 1), date(2026, 3, 31), ["M3"]),
    ],
)
def test_half_years_fit_a_programme_of_any_length(app: Flask, starts_on: date, ends_on: date, keys: list[str]) -> None:
    programme = make.programme(f"fits{make.new_uid()}", starts_on=starts_on, ends_on=ends_on)
    made = period_plan.lay_out(programme)
    assert [period.key for period in made] == keys
    assert (made[0].starts_on, made[-1].ends_on) == (starts_on, ends_on)


def csrf(page: Page) -> dict[str, str]:
    return {"csrf_token": page.all("input[name=csrf_token]")[0].get("value")}
