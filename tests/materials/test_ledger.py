"""Copies on a shelf that never holds less than nothing, whoever writes the ledger."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade

from core.config import CHECKOUT
from core.db import db, new_uid
from core.errors import Refused
from materials import ledger
from materials.ledger import Balance
from materials.models import CopiesEntry, CopiesKind, Material, PlaceKind
from tests import make
from tests.pages import Visitor

DAY = date(2027, 5, 14)
PRINTED, HANDED_OUT = CopiesKind


def sums(entry: CopiesEntry) -> tuple[int, int, int, int]:
    return entry.line, entry.printed_after, entry.handed_out_after, entry.left_after


def test_the_shelf_never_holds_less_than_nothing(app: Flask) -> None:
    material = make.material()
    with pytest.raises(Refused, match="not_enough_copies"):
        ledger.record(material, HANDED_OUT, 1, DAY)
    batch = ledger.record(material, PRINTED, 100, DAY)
    ledger.record(material, HANDED_OUT, 60, DAY, place=PlaceKind.COURT)
    with pytest.raises(Refused, match="not_enough_copies"):
        ledger.record(material, HANDED_OUT, 41, DAY)
    with pytest.raises(Refused, match="not_enough_copies"):
        ledger.correct(batch, 41, DAY, "miscounted")
    last = ledger.record(material, HANDED_OUT, 40, DAY)
    assert sums(last) == (3, 100, 100, 0)
    assert ledger.balance_of(material) == Balance(100, 100)
    assert batch.batch == "2027-05-14" and last.place == PlaceKind.ELSEWHERE


def test_the_database_has_no_row_for_less_than_nothing(app: Flask) -> None:
    """Written past the rules, a line would still have to carry sums that follow from the line above."""
    material = make.material()
    ledger.record(material, PRINTED, 10, DAY)
    good = {
        "material_id": material.id, "kind": HANDED_OUT, "place": PlaceKind.COURT, "number": 4, "on_day": DAY,
        "line": 2, "line_above": 1, "printed_before": 10, "handed_out_before": 0, "printed_after": 10,
        "handed_out_after": 4,
    }  # fmt: skip
    for wrong in (
        {"number": 11, "handed_out_after": 11},  # more than there are
        {"printed_before": 50, "printed_after": 50},  # upon sums that nobody wrote
        {"handed_out_after": 3},  # that do not add up
        {"line": 1},  # beside another line
        {"line": 3},  # with a gap
        {"line_above": None},  # upon nothing
        {"number": -1, "handed_out_after": -1, "note": "less handed out than nothing"},
        {"place": None},  # handed out nowhere
    ):
        with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
            db.session.execute(sa.insert(CopiesEntry).values(uid=new_uid(), **good | wrong))
    db.session.execute(sa.insert(CopiesEntry).values(uid=new_uid(), **good))
    assert ledger.balance_of(material).left == 6


def test_a_mistake_is_corrected_by_a_line_with_a_reason(app: Flask) -> None:
    material, event = make.material(), make.event()
    ledger.record(material, PRINTED, 150, DAY, batch="1")
    handed = ledger.record(material, HANDED_OUT, 50, DAY, event=event)
    correction = ledger.correct(handed, 20, DAY, "counted twice")
    assert (correction.number, correction.event, correction.note) == (-20, event, "counted twice")
    with pytest.raises(Refused, match="more_than_written"):
        ledger.correct(handed, 31, DAY, "again")
    with pytest.raises(Refused, match="correction_of_correction"):
        ledger.correct(correction, 1, DAY, "back")
    ledger.correct(handed, 30, DAY, "it was another event")
    assert ledger.balance_of(material) == Balance(150, 0)


def test_a_trainer_keeps_the_ledger_and_sees_what_is_left_after_each_line(app: Flask) -> None:
    trainer = make.user("trainer", make.programme())
    event, material = make.event(trainers=[trainer]), make.material(copies_planned=3000)
    path = f"/materials/{material.uid}/copies"
    page = Visitor(app).sign_in(trainer).get(path)
    new = {"printed-number": "1500", "printed-on_day": "2027-05-01", "printed-batch": "first"}
    page = page.submit("Write down the batch", **new)
    new = {"handed-number": "25", "handed-on_day": "2027-05-14", "handed-where": event.uid}
    page = page.submit("Write down what was handed out", **new)
    assert page.text(".tiles .figure") == "1,500 25 1,475"
    assert "1,500 of 3,000 (50 %)" in page.text(".far") and "25 of 3,000 (0 %)" in page.text(".far")
    assert [row.text_content().split() for row in page.all("td[data-label=Left]")] == [["1,475"], ["1,500"]]
    assert str(event.title) in page.text("tbody") and "batch first" in page.text("tbody")
    page = page.submit("Write down what was handed out", **new | {"handed-number": "2000", "handed-where": "court"})
    assert page.status == 422 and "1475" in page.text(".notice")
    assert page.one("#handed-number").get("value") == "2000" and page.one("option[value=court]").get("selected")
    page = page.submit("Write down what was handed out", **new | {"handed-number": "-5"})
    assert "from 1" in page.text(".error")
    page = Visitor(app).sign_in(trainer).get(path).link("Correct")
    page = page.submit("Write the correction", number="5", reason="")
    assert page.status == 422
    page = page.submit("Write the correction", number="5", reason="five were left in the room")
    assert "Corrects line 2: five were left in the room" in page.text("tbody")
    assert page.text(".tiles .figure") == "1,500 20 1,480"


def test_a_ledger_written_before_gets_its_sums(app: Flask) -> None:
    brochure, guide = make.material(), make.material(kind="guide")
    batch = ledger.record(brochure, PRINTED, 100, DAY)
    ledger.record(guide, PRINTED, 7, DAY, batch="one")
    ledger.record(brochure, HANDED_OUT, 30, DAY, event=make.event())
    ledger.record(brochure, HANDED_OUT, 5, DAY, note="at the station")
    ledger.correct(batch, 10, DAY, "miscounted")
    before = _lines()
    db.session.commit()
    db.session.remove()
    folder = str(CHECKOUT / "migrations")
    downgrade(folder, "0006")
    upgrade(folder)
    assert _lines() == before
    assert ledger.balance_of(db.session.scalars(sa.select(Material).where(Material.key == "brochure")).one()).left == 55


def _lines() -> list:
    columns = (CopiesEntry.material_id, CopiesEntry.kind, CopiesEntry.number, CopiesEntry.event_id, CopiesEntry.place)
    own = (CopiesEntry.line, CopiesEntry.line_above, CopiesEntry.printed_after, CopiesEntry.handed_out_after)
    return [tuple(row) for row in db.session.execute(sa.select(*columns, *own).order_by(CopiesEntry.id))]
