"""Drawings and pages: text that fits, charts with real words, colours from the stylesheet."""

from __future__ import annotations

import re

import lxml.etree
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from core import charts, pdf, qr
from core.charts import Bullet, Change, Columns, Step

pdf.load_fonts()


@settings(max_examples=60, deadline=None)
@given(text=st.text(alphabet="абвгдежзWWM.,- ABC", max_size=120), room=st.floats(30, 200), lines=st.integers(1, 3))
def test_text_always_fits_its_room(text: str, room: float, lines: int) -> None:
    size, wrapped = pdf.fitted(text, pdf.BOLD, room, lines, 20, 7)
    assert 7 <= size <= 20 and len(wrapped) <= lines
    assert all(pdf.width(line, pdf.BOLD, size) <= room + 0.01 for line in wrapped)


def test_charts_are_clean_svg_with_title_and_description(app: Flask) -> None:
    with app.test_request_context():
        drawn = [
            charts.bullets(
                [Bullet("Workshops <held> & more", 7, 10, "7 / 10"), Bullet("None", 0, 5, "0 / 5")], "Reached", "words"
            ),
            charts.steps([Step(0, 0), Step(0.5, 3)], [Step(0, 0), Step(1, 10)], [(1, "M24")], "Over time", "words"),
            charts.dumbbells(
                [Change("Q1", 20, 80), Change("Q2", None, 50), Change("Q3", None, None)], "Before and after", "w"
            ),
            charts.columns([Columns("0–19", 3, 0), Columns("20–39", 0, 5)], "How many", "words"),
        ]
    for chart in drawn:
        tree = lxml.etree.fromstring(str(chart.svg()).encode())
        space = "{http://www.w3.org/2000/svg}"
        assert tree.find(f"{space}title").text and tree.find(f"{space}desc").text
        assert not re.search(r"style=|<script|#[0-9a-f]{6}|on\w+=", str(chart.svg())), "colours are classes"
        assert tree.find(f".//{space}text") is not None


def test_nothing_to_draw_is_drawn_without_a_fuss(app: Flask) -> None:
    with app.test_request_context():
        assert charts.steps([], [], [], "t", "d").svg()
        assert charts.bullets([], "t", "d").svg()
        assert charts.columns([], "t", "d").svg()
        assert charts.bullets([Bullet("x", 0, 0, "0")], "t", "d").svg()


def test_a_badge_code_makes_the_smallest_symbol_there_is() -> None:
    size, dark = qr.runs("ABCDEFGHJKLM")
    assert size == 21
    assert sum(length for _row, _column, length in dark) > 100
