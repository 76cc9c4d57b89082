"""The rosters offices sent, row by row: every row has a fate, none is lost, nobody is merged by guess."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from core import clock
from core.db import db
from core.errors import Refused
from participants import importing, jobs, reading, registration, roster
from participants.list_rows import Fate
from participants.models import (
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


def stage(event, content: bytes, sector: Sector = Sector.POLICE) -> RosterImport:
    return importing.stage(event, content, sector, make.user("manager", make.programme()))


def fates(rows) -> Counter:
    return Counter(row.fate for row in rows)


def row(rows, number: int):
    return next(found for found in rows if found.number == number)


def csv(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def test_the_police_list_is_read_through_titles_totals_and_a_two_row_header(app: Flask) -> None:
    rows = importing.preview(stage(make.event(), POLICE))
    assert fates(rows) == {Fate.NEW: 25, Fate.NO_PERSON: 7}
    first = row(rows, 7)
    assert (first.details.name.family, first.details.name.given) == ("Веселов", "Фортунат")
    assert first.details.name.patronymic == "Трифонович"
    assert first.details.position == "начальник ИВС" and first.details.organisation == "ИВС Брестского ГОВД"
    assert first.details.phone == "+375256584586" and first.details.sex == Sex.MALE
    assert row(rows, 9).details.email == "user3@example.by"
    assert row(rows, 13).name == "ОСИПОВА Алевтина Богдановна", "letter case is never changed, spaces are"
    assert row(rows, 15).details.sex == Sex.NOT_RECORDED
    assert [r.number for r in rows if r.fate == Fate.NO_PERSON] == [1, 2, 3, 5, 6, 32, 34]


def test_the_lawyers_list_finds_repetitions_and_bad_addresses(app: Flask) -> None:
    rows = importing.preview(stage(make.event(), LAWYERS, Sector.LAWYER))
    assert fates(rows) == {Fate.NO_PERSON: 1, Fate.NEW: 32, Fate.REPEATED: 2}
    assert {r.number for r in rows if r.fate == Fate.REPEATED} == {11, 22}
    assert row(rows, 22).matched_row == 8, "the same person in capitals"
    broken = row(rows, 6)
    assert broken.fate == Fate.NEW and broken.details.email == ""
    assert "adv-at-example.by" in broken.said()[0]
    assert row(rows, 14).details.email == ""


def test_somebody_on_two_lists_with_nothing_but_a_name_is_asked_about(app: Flask) -> None:
    event = make.event()
    importing.apply(stage(event, POLICE), {})
    staged = stage(event, LAWYERS, Sector.LAWYER)
    similar = [r for r in importing.preview(staged) if r.fate == Fate.SIMILAR]
    assert [r.name for r in similar] == ["Котов Поликарп Эдгарович"]
    counts = importing.apply(staged, {})
    assert counts[Fate.SIMILAR] == 1
    named = [p.participant for p in roster.of(event) if "Котов" in p.participant.called]
    assert len(named) == 2, "never merged by itself"


def test_similar_can_be_answered_with_the_same_person(app: Flask) -> None:
    event = make.event()
    importing.apply(stage(event, POLICE), {})
    staged = stage(event, LAWYERS, Sector.LAWYER)
    number = next(r.number for r in importing.preview(staged) if r.fate == Fate.SIMILAR)
    importing.apply(staged, {number: "same"})
    named = [p.participant for p in roster.of(event) if "Котов" in p.participant.called]
    assert len(named) == 1
    assert named[0].phone == "+375338929049", "what was known stays"


def test_the_cso_list_keeps_scripts_letters_and_two_people_with_one_address(app: Flask) -> None:
    event = make.event(kind="cso_training")
    staged = stage(event, CSO, Sector.CSO)
    rows = importing.preview(staged)
    assert fates(rows) == {Fate.NO_PERSON: 1, Fate.NEW: 10, Fate.SIMILAR: 2}
    assert row(rows, 7).fate == Fate.SIMILAR and row(rows, 7).matched_row == 2, "Kavaliou is perhaps Кавалёў"
    assert row(rows, 8).fate == Fate.SIMILAR and row(rows, 8).matched_row == 5, "Zhdanovich is perhaps Ждановіч"
    two = row(rows, 11)
    assert two.fate == Fate.NEW and "shares a phone or an address with row 8" in two.said()[0]
    assert any("formula" in remark for remark in row(rows, 4).said())
    importing.apply(staged, {7: "same"})
    names = {place.participant.called for place in roster.of(event)}
    assert "Nguyễn Lan" in names and "Ўласава Ірына" in names and "O’Brien-Kowalska Anna Maria" in names
    assert "Kavaliou Uladzimir" not in names
    assert len(names) == 11
    assert db.session.scalars(sa.select(Participant).where(Participant.language == "be")).first()


@pytest.mark.parametrize("content", [POLICE, LAWYERS, CSO], ids=["police", "lawyers", "cso"])
def test_the_same_list_again_changes_nothing(app: Flask, content: bytes) -> None:
    event = make.event()
    importing.apply(stage(event, content), {})
    before = [
        db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in (Participant, Registration, Organisation)
    ]
    staged = stage(event, content)
    again = importing.preview(staged)
    assert not {Fate.NEW, Fate.EXISTING} & set(fates(again)), [(r.number, r.fate, r.remarks) for r in again]
    importing.apply(staged, {r.number: "same" for r in again})
    after = [
        db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in (Participant, Registration, Organisation)
    ]
    assert after == before


def test_every_filled_row_of_a_file_is_in_the_preview(app: Flask) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(POLICE)).worksheets[0]
    filled = {n for n, cells in enumerate(sheet.iter_rows(values_only=True), 1) if any(cells)}
    assert {r.number for r in importing.preview(stage(make.event(), POLICE))} == filled


def test_a_person_of_another_event_is_known_and_gets_a_place(app: Flask) -> None:
    importing.apply(stage(make.event(), POLICE), {})
    second = make.event()
    rows = importing.preview(staged := stage(second, POLICE))
    with_contacts = [r for r in rows if r.details and (r.details.phone or r.details.email)]
    assert {r.fate for r in with_contacts} == {Fate.EXISTING}
    importing.apply(staged, {r.number: "same" for r in rows})
    assert registration.places_taken(second) == 25
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Participant)) == 25


def test_gaps_are_filled_and_what_is_known_stays(app: Flask) -> None:
    event = make.event()
    importing.apply(stage(event, csv("ФИО;Телефон;Пол", "Иванова Анна Петровна;+375291111111;")), {})
    more = csv(
        "ФИО;Телефон;Пол;Эл. почта;Должность", "Иванова Анна Петровна;+375291111111;ж;anna@example.org;следователь"
    )
    importing.apply(stage(event, more), {})
    person = roster.of(event)[0].participant
    assert (person.sex, person.email, person.position) == (Sex.FEMALE, "anna@example.org", "следователь")


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("Прізвище,Ім'я,По-батькові,Стать,Телефон", "Шевченко,Тарас,Григорович,ч,+380501234567"),
        ("Surname\tGiven name\tSex\tOrganisation", "Shevchenko\tTaras\tmale\tUnion"),
        ("№|Фамилия|Имя|Отчество|Пол", "1|Шевченко|Тарас|Григорьевич|муж."),
        ("ПІБ;Посада", "Шевченко Тарас Григорович;юрист"),
    ],
)
def test_headers_in_four_languages_and_four_delimiters(app: Flask, header: str, line: str) -> None:
    rows = importing.preview(stage(make.event(), csv(header, line)))
    assert rows[1].fate == Fate.NEW
    assert rows[1].details.name.family in ("Шевченко", "Shevchenko") and rows[1].details.name.given in (
        "Тарас",
        "Taras",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "cp866"])
def test_encodings_of_offices(app: Flask, encoding: str) -> None:
    lines = ["Фамилия;Имя;Отчество;Организация"]
    lines += [f"Виноградов{n};Константин;Ермилович;Брестская областная коллегия адвокатов" for n in range(10)]
    rows = importing.preview(stage(make.event(), "\r\n".join(lines).encode(encoding)))
    assert rows[1].details.organisation == "Брестская областная коллегия адвокатов"


def test_what_staged_lists_hold_is_encrypted_and_forgotten(app: Flask) -> None:
    staged = stage(make.event(), POLICE)
    assert "Веселов".encode() not in bytes(staged.rows_sealed)
    importing.apply(staged, {})
    assert staged.rows_sealed is None
    with pytest.raises(Refused, match="already_settled"):
        importing.apply(staged, {})
    abandoned = stage(make.event(), POLICE)
    with clock.standing_at(clock.now() + timedelta(days=2)):
        assert importing.withdraw_abandoned() == 1
    assert abandoned.rows_sealed is None


BAD = [
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 4, "neither an Excel workbook"),
    (b"PK\x03\x04 this is no workbook", "neither an Excel workbook"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel"),
    (b"", "nothing in this file"),
    (b"\n;;;\n;;\n", "nothing in this file"),
    ("просто письмо без таблицы".encode(), "No column with names"),
    ("Фамилия;Имя\n".encode(), "nobody under it"),
]


@pytest.mark.parametrize(("content", "words"), BAD, ids=["png", "zip", "xls", "empty", "blank", "letter", "header"])
def test_a_file_that_is_no_list_is_refused_in_a_sentence(manager: Visitor, content: bytes, words: str) -> None:
    event = make.event()
    page = manager.get(f"/events/{event.uid}/imports/new").submit(
        "Look at the rows", file=(io.BytesIO(content), "list.xlsx"), sector="lawyer"
    )
    assert page.status == 422
    assert words in page.text(".notice")
    assert page.one("option[selected]").get("value") == "lawyer", "what was chosen stays"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RosterImport)) == 0


def test_more_people_than_allowed_are_refused_in_a_sentence_and_headings_are_no_people(
    app: Flask, manager: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(app.extensions["settings"], import_rows=4000)
    monkeypatch.setitem(app.extensions, "settings", settings)
    people = ["Фамилия;Имя"] * 4000
    exactly = csv("Список;", ";", "Фамилия;Имя", *people, "Всего: 4000;")
    assert fates(reading.read(reading.gather(stage(make.event(), exactly)), 4000).plan.rows)[Fate.NO_PERSON] == 3
    content = csv("Фамилия;Имя", *people, people[0])
    page = manager.get(f"/events/{make.event().uid}/imports/new")
    page = page.submit("Look at the rows", file=(io.BytesIO(content), "x.csv"))
    assert "being read" in page.text("#progress"), "a large file is read in the background"
    staged = db.session.scalars(sa.select(RosterImport).order_by(RosterImport.id.desc())).first()
    db.session.commit()
    jobs.read_list(staged.uid)
    page = manager.get(f"/imports/{staged.uid}")
    assert "more than 4000 people" in page.text(".notice") and "nothing was saved" in page.text(".notice")
    db.session.expire_all()
    assert staged.content_sealed is None and staged.rows_sealed is None


def test_a_file_over_the_limit_is_refused_in_a_sentence(manager: Visitor) -> None:
    huge = io.BytesIO(b"x" * (11 * 1024 * 1024))
    page = manager.get(f"/events/{make.event().uid}/imports/new").submit("Look at the rows", file=(huge, "x.csv"))
    assert page.status == 413 and "too large" in page.text("h1")


def test_a_sheet_that_declares_a_million_cells_is_read_by_what_it_holds(app: Flask) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["ФИО"])
    sheet.append(["Иванова Анна"])
    sheet.cell(row=40_000, column=1).number_format = "0"
    target = io.BytesIO()
    book.save(target)
    rows = importing.preview(stage(make.event(), target.getvalue()))
    assert fates(rows) == {Fate.NO_PERSON: 1, Fate.NEW: 1}


def test_the_manager_sees_every_row_and_says_yes(manager: Visitor) -> None:
    event = make.event(capacity=25)
    page = manager.get(f"/events/{event.uid}").link("people: import their list")
    page = page.submit("Look at the rows", file=(io.BytesIO(POLICE), "police-brest.xlsx"))
    assert len(page.all("tbody tr")) == 32
    assert "Исполнитель: отдел кадров" in page.text("tbody")
    page = page.submit("Import these people")
    assert "25 people have a place now." in page.text(".notice")
    assert len(page.all("#roster tbody tr")) == 25


def test_a_list_can_be_forgotten_instead(manager: Visitor) -> None:
    event = make.event()
    page = manager.get(f"/events/{event.uid}/imports/new")
    page = page.submit("Look at the rows", file=(io.BytesIO(POLICE), "x.xlsx")).submit("Forget this list")
    assert "nobody was added" in page.text(".notice")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Participant)) == 0
