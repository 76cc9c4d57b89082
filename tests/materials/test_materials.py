"""Copies on a shelf that never holds less than nothing, and files under neutral names."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from core.config import CHECKOUT
from core.db import db
from core.errors import Refused
from materials import ledger, typesetting
from materials.models import CopiesEntry, CopiesKind
from tests import make
from tests.pages import Visitor
from tests.papers import pages_of, text_of

DAY = date(2027, 5, 14)


def test_the_shelf_never_holds_less_than_nothing(app: Flask) -> None:
    material = make.material()
    with pytest.raises(Refused, match="not_enough_copies"):
        ledger.record(material, CopiesKind.HANDED_OUT, 1, DAY)
    ledger.record(material, CopiesKind.PRINTED, 100, DAY)
    ledger.record(material, CopiesKind.HANDED_OUT, 60, DAY)
    for kind, number in ((CopiesKind.HANDED_OUT, 41), (CopiesKind.PRINTED, -41)):
        with pytest.raises(Refused, match="not_enough_copies"):
            ledger.record(material, kind, number, DAY)
    ledger.record(material, CopiesKind.HANDED_OUT, 40, DAY)
    assert ledger.balance_of(material).left == 0


def test_a_mistake_is_corrected_by_another_line(app: Flask) -> None:
    material = make.material()
    ledger.record(material, CopiesKind.PRINTED, 150, DAY)
    ledger.record(material, CopiesKind.PRINTED, -50, DAY, note="miscounted")
    assert ledger.balance_of(material).printed == 100
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CopiesEntry)) == 2


def test_a_trainer_writes_the_ledger_in_one_form(app: Flask) -> None:
    trainer = make.user("trainer", make.programme())
    event, material = make.event(trainers=[trainer]), make.material(copies_planned=3000)
    page = Visitor(app).sign_in(trainer).get(f"/materials/{material.uid}")
    page = page.submit("Write it down", kind="printed", number="1500", on_day="2027-05-01", note="first batch")
    page = page.submit("Write it down", kind="handed_out", number="25", on_day="2027-05-14", event=event.uid)
    assert page.text(".tiles .figure") == "1,500 25 1,475"
    assert "of 3,000" in page.text(".tiles") and str(event.title) in page.text("tbody")
    page = page.submit("Write it down", kind="handed_out", number="2000", on_day="2027-05-14")
    assert page.status == 422 and "1475" in page.text(".notice")
    assert page.one("#number").get("value") == "2000"
    page = page.submit("Write it down", number="-5")
    assert "from 1" in page.text(".error")


def test_a_material_is_published_once_and_counts(manager: Visitor) -> None:
    material = make.material(kind="guide")
    page = manager.get(f"/materials/{material.uid}").submit("Publish", published_on="2027-05-14")
    assert "published on 14 May 2027" in page.text()
    assert material.published_on == DAY


def test_staff_read_a_file_under_a_name_that_says_nothing(manager: Visitor) -> None:
    material = make.material()
    page = manager.get(f"/materials/{material.uid}").link("Русский")
    assert page.response.headers["Content-Disposition"] == 'inline; filename="brochure-ru.pdf"'


@pytest.mark.parametrize(
    "path", sorted((CHECKOUT / "programmes").glob("*/*.md")), ids=lambda p: f"{p.parent.name}/{p.name}"
)
def test_our_texts_become_pdfs_with_every_word(path) -> None:
    source = path.read_text()
    content = typesetting.pdf_of(source)
    words = text_of(content).replace(" ", "").replace("\u00ad", "").replace("-", "")
    for heading in [line.lstrip("# ") for line in source.splitlines() if line.startswith("#")]:
        assert heading.replace(" ", "").replace("-", "") in words, heading
    assert 1 <= pages_of(content) <= 12
