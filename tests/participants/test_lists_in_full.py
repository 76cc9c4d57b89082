"""A list from upload to taking back: the columns, what is corrected, the background, the undo."""

from __future__ import annotations

import io
from collections import Counter
from datetime import timedelta

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock
from core.db import db
from core.errors import Refused
from door import attendance
from participants import applying, failed_rows, importing, jobs, registration, roster, undoing
from participants.list_rows import Fate
from participants.models import (
    Badge,
    ImportState,
    KnownPeople,
    Organisation,
    Participant,
    Registration,
    RosterImport,
    Sector,
    Sex,
)
from tests import make
from tests.conftest import ROSTERS
from tests.pages import Visitor

pytestmark = pytest.mark.usefixtures("request_context")
POLICE = (ROSTERS / "police-brest.xlsx").read_bytes()
LAWYERS = (ROSTERS / "lawyers-cp1251.csv").read_bytes()
CSO = (ROSTERS / "cso-utf8.csv").read_bytes()
IVANOVA = ("Иванова", "Анна", "Петровна")
PETROV = ("Петров", "Пётр", "Ильич")
HEAD, LINES = "Фамилия;Имя;Отчество;Организация", ("Иванова;Анна;Петровна;РОВД", "Петров;Пётр;Ильич;РОВД")


def staged_of(event, content: bytes, known: KnownPeople = KnownPeople.FILL) -> RosterImport:
    return importing.stage(event, content, Sector.POLICE, make.user("manager", make.programme()), known)


def csv(*lines: str, end: str = "\n") -> bytes:
    return end.join(lines).encode()


def workbook(*sheets: list[list[object]], hidden: tuple[int, ...] = (), merged: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
        if number in hidden:
            sheet.sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def people_in(content: bytes) -> list[tuple[str, str, str]]:
    rows = importing.preview(staged_of(make.event(), content))
    names = [row.details.name for row in rows if row.fate == Fate.NEW]
    return [(name.family, name.given, name.patronymic) for name in names]


NAMES = [["ФИО", "Подразделение"], [" ".join(IVANOVA), "РОВД"], [" ".join(PETROV), None]]
TRAPS = {
    "a quoted cell of two lines": csv(HEAD, 'Иванова;Анна;Петровна;"РОВД\nг. Брест"', LINES[1]),
    "no heading at all": csv("Иванова Анна Петровна;+375291111111", "Петров Пётр Ильич;+375292222222"),
}


@pytest.mark.parametrize("content", TRAPS.values(), ids=TRAPS.keys())
def test_two_people_are_read_where_lines_are_broken_or_nothing_is_headed(app: Flask, content: bytes) -> None:
    assert people_in(content) == [IVANOVA, PETROV]


def test_a_cell_merged_downwards_says_the_same_in_all_its_rows(app: Flask) -> None:
    rows = importing.preview(staged_of(make.event(), workbook(NAMES, merged=("B2:B3",))))
    assert [row.details.organisation for row in rows if row.details] == ["РОВД", "РОВД"]


def test_of_several_sheets_another_can_be_chosen(manager: Visitor) -> None:
    event = make.event()
    content = workbook(NAMES, [["ФИО"], ["Сидорова Инна"]])
    page = manager.get(f"/events/{event.uid}/imports/new").submit("Look at the rows", file=(io.BytesIO(content), "x"))
    assert "Иванова" in page.text("table") and "Сидорова" not in page.text("table")
    page = page.submit("Read this sheet", sheet="1")
    assert "Сидорова" in page.text("table") and "Иванова" not in page.text("table")


def test_columns_said_on_the_screen_are_remembered_for_lists_with_these_headings(manager: Visitor) -> None:
    event = make.event()
    lines = ("ФИО;Звание;Должность;Прим.", "Иванова Анна Петровна;майор;следователь;+375291112233")
    page = manager.get(f"/events/{event.uid}/imports/new")
    page = page.submit("Look at the rows", file=(io.BytesIO(csv(*lines)), "x.csv"), sector="police")
    page = page.link("Change the columns")
    nobody = page.submit("Look at the rows", **{"column-0": ""})
    assert nobody.status == 422 and "full name or the family name" in nobody.text(".notice")
    page = page.submit("Look at the rows", **{"column-1": "position", "column-2": "position", "column-3": "phone"})
    assert "майор, следователь" in page.text("tbody") and "+375291112233" in page.text("tbody")
    again = importing.preview(staged_of(event, csv(*reversed((lines[1], lines[0])))))
    assert again[1].details.position == "майор, следователь"
    other = staged_of(event, csv("ФИО;Звание;Должность;Прим.;Этаж", f"{lines[1]};2"))
    db.session.commit()
    page = manager.get(f"/imports/{other.uid}/columns")
    assert "looks like one that was imported before" in page.text(".notice")
    page = page.link("Take its columns").submit("Look at the rows")
    assert "+375291112233" in page.text("tbody")


def test_an_error_names_its_cell_and_comes_back_as_a_workbook_to_correct(manager: Visitor) -> None:
    event = make.event()
    lines = ("Фамилия;Имя;Эл. почта;Телефон", "Иванова;Анна;anna-at-example.org;+375291111111", ";Пётр;p@example.org;")
    staged = staged_of(event, csv(*lines))
    said = {row.number: row.said() for row in importing.preview(staged)}
    assert said[2] == ["C2: “anna-at-example.org” is no e-mail address; it is left out"]
    assert said[3] == ["A3: no name"]
    importing.apply(staged, {})
    db.session.commit()
    page = manager.get(f"/imports/{staged.uid}")
    assert "2 rows" in page.text("main")
    answer = manager.ask("get", f"/imports/{staged.uid}/rows-to-correct.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:4] == ["Фамилия", "Имя", "Эл. почта", "Телефон"] and "A3: no name" in rows[2]
    sheet["A3"], sheet["C2"] = "Петров", "anna@example.org"
    corrected = io.BytesIO()
    sheet.parent.save(corrected)
    again = staged_of(event, corrected.getvalue())
    assert [row.fate for row in importing.preview(again)] == [Fate.NO_PERSON, Fate.REGISTERED, Fate.NEW]
    importing.apply(again, {})
    found = {place.participant.called: place.participant.email for place in roster.of(event)}
    assert found == {"Иванова Анна": "anna@example.org", "Петров Пётр": "p@example.org"}
    with clock.standing_at(clock.now() + timedelta(days=2)):
        importing.withdraw_abandoned()
    with pytest.raises(Refused, match="nothing_failed"):
        failed_rows.workbook(staged)


@pytest.mark.parametrize(
    ("known", "position", "email"),
    [("skip", "следователь", None), ("fill", "следователь", "a@x.org"), ("update", "майор", "a@x.org")],
)
def test_what_a_list_may_change_of_people_we_know(app: Flask, known: str, position: str, email: str | None) -> None:
    person = make.person(None, "Иванова Анна", phone="+375291111111", position="следователь", sex=Sex.FEMALE)
    event = make.event()
    line = (
        "ИВАНОВА АННА;+375 29 111-11-11;майор;a@x.org"
        if known != "update"
        else "Иванова Анна;80291111111;майор;a@x.org"
    )
    staged = staged_of(event, csv("ФИО;Телефон;Должность;E-mail", line), KnownPeople(known))
    row = importing.preview(staged)[1]
    assert row.fate == Fate.EXISTING and row.said() == ["known by name and phone"]
    importing.apply(staged, {})
    assert (person.position, person.email, person.called) == (position, email, "Иванова Анна"), "case never changes"
    assert registration.places_taken(event) == 1


def contents() -> dict[str, list]:
    """What the register holds of people, opened: what is encrypted is never the same twice."""
    db.session.flush()
    db.session.expire_all()
    return {
        "people": [
            (p.uid, p.code, roster.details_of(p), p.phone_index, p.email_index, p.link_digest, p.organisation_id)
            for p in db.session.scalars(sa.select(Participant).order_by(Participant.id))
        ],
        "places": sorted((p.uid, p.status.value) for p in db.session.scalars(sa.select(Registration))),
        "badges": sorted(db.session.scalars(sa.select(Badge.code))),
        "organisations": sorted(db.session.scalars(sa.select(Organisation.name))),
    }


@pytest.mark.parametrize("known", list(KnownPeople))
def test_an_import_taken_back_leaves_the_register_as_it_was(app: Flask, known: KnownPeople) -> None:
    manager, first, event = make.user("manager", make.programme()), make.event(), make.event()
    importing.apply(staged_of(first, POLICE), {})
    for place in importing_places(staged_of(event, POLICE), 5):
        registration.cancel(place)
    before = contents()
    for content in (POLICE, LAWYERS, CSO):
        staged = staged_of(event, content, known)
        importing.apply(staged, {row.number: "same" for row in importing.preview(staged)})
        changed = contents()
        assert changed != before
        effect = undoing.undo(staged, manager)
        assert effect.kept == [] and contents() == before
        assert staged.state == ImportState.UNDONE and staged.rows is None
    with pytest.raises(Refused, match="not_applied"):
        undoing.undo(staged, manager)


def importing_places(staged: RosterImport, number: int) -> list[Registration]:
    importing.apply(staged, {row.number: "same" for row in importing.preview(staged)})
    return registration.of_event(staged.event)[:number]


def test_what_was_used_since_is_not_taken_back_and_is_named(manager: Visitor) -> None:
    event = make.event()
    staged = staged_of(event, csv(HEAD, *LINES))
    importing.apply(staged, {})
    came = roster.of(event)[0]
    attendance.mark(event.sessions[0], came, by=None)
    db.session.commit()
    page = manager.get(f"/imports/{staged.uid}")
    assert came.participant.code in page.text(".notice.attention")
    page = page.submit("Take this import back")
    assert "1 row is taken back." in page.text(".notice") and came.participant.code in page.text(".notice")
    assert [place.participant_id for place in roster.of(event)] == [came.participant_id]
    only = staged_of(make.event(), csv(HEAD, "Новая;Инна;Львовна;РОВД"))
    importing.apply(only, {})
    attendance.mark(only.event.sessions[0], registration.of_event(only.event)[0], by=None)
    with pytest.raises(Refused, match="all_used"):
        undoing.undo(only, make.user("manager", make.programme()))


def test_a_long_list_is_read_and_written_in_the_background_and_found_again(manager: Visitor) -> None:
    event = make.event()
    lines = [f"Фамилия{n};Имя{n};;Отдел {n % 7}" for n in range(350)]
    page = manager.get(f"/events/{event.uid}/imports/new")
    page = page.submit("Look at the rows", file=(io.BytesIO(csv(HEAD, *lines)), "x.csv"))
    assert len(page.all("tbody tr")) == 200 and "Page 1 of 2" in page.text("nav.leaves")
    page = page.submit("Import these people")
    assert "being written down" in page.text("#progress")
    staged = db.session.scalars(sa.select(RosterImport)).one()
    db.session.commit()
    assert "being written down" in manager.get(f"/events/{event.uid}/imports").text("tbody")
    with pytest.raises(Refused, match="already_settled"):
        importing.ask(staged, KnownPeople.FILL)
    db.session.rollback()
    jobs.apply_list(staged.uid)
    jobs.apply_list(staged.uid)  # asked twice it is done once
    page = manager.get(f"/imports/{staged.uid}")
    assert "350 people have a place by this list." in page.text(".notice")
    assert registration.places_taken(event) == 350
    db.session.expire_all()
    assert (staged.done, staged.total) == (351, 351) and staged.plan_sealed is None


def test_somebody_who_came_into_the_register_after_the_look_is_not_doubled(app: Flask) -> None:
    event = make.event()
    line = csv("ФИО;Телефон", "Иванова Анна;+375291111111")
    first, second = staged_of(event, line), staged_of(event, line)
    assert [row.fate for row in importing.preview(second)] == [Fate.NO_PERSON, Fate.NEW]
    importing.apply(first, {})
    counts = importing.apply(second, {})
    assert counts[Fate.REGISTERED] == 1 and registration.places_taken(event) == 1
    third = staged_of(make.event(), line)
    prepared = applying.prepare(applying.gather(third))
    roster.forget(registration.of_event(event)[0].participant)
    with pytest.raises(Refused, match="changed_meanwhile"):
        applying.write(third, prepared)


def test_namesakes_with_two_patronymics_are_two_people(app: Flask) -> None:
    rows = importing.preview(
        staged_of(make.event(), csv("ФИО", "Иванов Иван Петрович", "Иванов Иван Сергеевич", "Іванов Іван Пятровіч"))
    )
    assert Counter(row.fate for row in rows) == {Fate.NO_PERSON: 1, Fate.NEW: 2, Fate.SIMILAR: 1}
    assert rows[3].matched_row == 2


def test_nothing_of_a_waiting_list_can_be_read_from_the_database_file(app: Flask) -> None:
    staged = staged_of(make.event(), workbook(NAMES, NAMES))
    db.session.commit()
    row = db.session.execute(sa.text("SELECT * FROM roster_imports")).one()
    held = b"".join(bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in row)
    assert staged.content_sealed and staged.plan_sealed
    assert "Иванова".encode() not in held and b"Sheet 0" not in held and "ФИО".encode() not in held
