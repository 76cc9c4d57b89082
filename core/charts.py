"""Charts drawn once: as vectors in a PDF and as clean SVG in a page, with real text and the page's own colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

from markupsafe import Markup
from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, Rect, String

from core import pdf, svg
from core.i18n import number

INK, FAINT, RULE, ACCENT, PAPER = pdf.INK, pdf.FAINT, pdf.RULE, pdf.ACCENT, pdf.PAPER
SMALL, NORMAL = 9, 10.5


@dataclass(frozen=True)
class Chart:
    """A drawing with what it is called and what it shows, for those who hear it instead."""

    drawing: Drawing
    title: str
    description: str

    def svg(self) -> Markup:
        """Inline SVG without styles or scripts."""
        body = "".join(svg.of(shape, self.drawing.height) for shape in self.drawing.contents)
        words = f"<title>{escape(self.title)}</title><desc>{escape(self.description)}</desc>"
        size = f'viewBox="0 0 {self.drawing.width:g} {self.drawing.height:g}"'
        return Markup(f'<svg class="chart" role="img" {size} xmlns="http://www.w3.org/2000/svg">{words}{body}</svg>')


@dataclass(frozen=True)
class Bullet:
    """A measured value against a target, both from a baseline."""

    label: str
    value: float
    target: float
    shown: str


def bullets(rows: Sequence[Bullet], title: str, description: str, *, width: float = 520) -> Chart:
    """A bar for each row with a mark at its target; every bar has its own scale, the target stands at two thirds."""
    pdf.load_fonts()
    step, label_room = 26.0, 200.0
    height = step * len(rows) + 18
    drawing = Drawing(width, height)
    room = width - label_room - 84
    for index, row in enumerate(rows):
        y = height - step * (index + 1) + 4
        top = max(row.value, row.target * 1.5) or 1
        for offset, line in zip((9, -1), _two_lines(row.label, label_room - 42), strict=False):
            drawing.add(String(0, y + offset - 1, line, fontName=pdf.REGULAR, fontSize=SMALL, fillColor=INK))
        drawing.add(Rect(label_room, y, room, 13, fillColor=RULE, strokeColor=None))
        drawing.add(Rect(label_room, y + 2.5, room * max(row.value, 0) / top, 8, fillColor=ACCENT, strokeColor=None))
        mark = label_room + room * row.target / top
        drawing.add(Line(mark, y - 3, mark, y + 16, strokeColor=INK, strokeWidth=2))
        drawing.add(
            String(width, y + 2.5, row.shown, textAnchor="end", fontName=pdf.BOLD, fontSize=SMALL, fillColor=INK)
        )
    return Chart(drawing, title, description)


@dataclass(frozen=True)
class Step:
    """A value that grew, at a place along time from 0 to 1."""

    at: float
    value: float


def steps(
    actual: Sequence[Step], targets: Sequence[Step], labels: Sequence[tuple[float, str]], title: str, description: str
) -> Chart:
    """What was reached so far as a staircase, the targets as another, over the time of the programme."""
    pdf.load_fonts()
    width, height, left, bottom, right = 520.0, 200.0, 40.0, 28.0, 12.0
    drawing = Drawing(width, height)
    top = max([step.value for step in (*actual, *targets)] or [1]) * 1.1 or 1

    def x(at: float) -> float:
        return left + (width - left - right) * at

    def y(value: float) -> float:
        return bottom + (height - bottom - 14) * value / top

    for share in (0, 0.5, 1):
        value = top / 1.1 * share
        drawing.add(Line(left, y(value), width - right, y(value), strokeColor=RULE, strokeWidth=0.7))
        drawing.add(
            String(
                left - 6,
                y(value) - 3,
                number(value),
                textAnchor="end",
                fontName=pdf.REGULAR,
                fontSize=SMALL,
                fillColor=FAINT,
            )
        )
    for at, label in labels:
        drawing.add(Line(x(at), bottom, x(at), bottom - 4, strokeColor=FAINT, strokeWidth=0.7))
        drawing.add(
            String(
                x(at), bottom - 16, label, textAnchor="middle", fontName=pdf.REGULAR, fontSize=SMALL, fillColor=FAINT
            )
        )
    for line, colour, stroke, dashes in ((targets, INK, 1.2, [4, 3]), (actual, ACCENT, 2.4, None)):
        if line:
            points = [coordinate for point in _staircase(line) for coordinate in (x(point[0]), y(point[1]))]
            drawing.add(PolyLine(points, strokeColor=colour, strokeWidth=stroke, strokeDashArray=dashes))
    if actual:
        last = actual[-1]
        drawing.add(Circle(x(last.at), y(last.value), 4, fillColor=ACCENT, strokeColor=None))
        anchor = "end" if last.at > 0.5 else "start"
        offset = -8 if anchor == "end" else 8
        drawing.add(
            String(
                x(last.at) + offset,
                y(last.value) + 7,
                number(last.value),
                textAnchor=anchor,
                fontName=pdf.BOLD,
                fontSize=NORMAL,
                fillColor=INK,
            )
        )
    return Chart(drawing, title, description)


@dataclass(frozen=True)
class Change:
    """A share before and after, in percent."""

    label: str
    before: float | None
    after: float | None


def dumbbells(
    rows: Sequence[Change], title: str, description: str, *, width: float = 520, label_room: float = 200
) -> Chart:
    """A line from before (ring) to after (disc) for each row, from 0 to 100."""
    pdf.load_fonts()
    step = 26.0
    height = step * len(rows) + 26
    drawing = Drawing(width, height)
    room = width - label_room - 14
    for share in (0, 25, 50, 75, 100):
        x = label_room + room * share / 100
        drawing.add(Line(x, 18, x, height - 4, strokeColor=RULE, strokeWidth=0.7))
        drawing.add(
            String(x, 5, f"{share}", textAnchor="middle", fontName=pdf.REGULAR, fontSize=SMALL, fillColor=FAINT)
        )
    for index, row in enumerate(rows):
        y = height - step * (index + 1) + 8
        label = _one_line(row.label, max(label_room - 40, label_room / 2))
        drawing.add(String(0, y - 3, label, fontName=pdf.REGULAR, fontSize=SMALL, fillColor=INK))
        places = [label_room + room * value / 100 for value in (row.before, row.after) if value is not None]
        if len(places) == 2:
            drawing.add(Line(places[0], y, places[1], y, strokeColor=ACCENT, strokeWidth=2))
        if row.before is not None:
            drawing.add(
                Circle(label_room + room * row.before / 100, y, 4, fillColor=PAPER, strokeColor=INK, strokeWidth=1.4)
            )
        if row.after is not None:
            drawing.add(Circle(label_room + room * row.after / 100, y, 4.6, fillColor=ACCENT, strokeColor=None))
    return Chart(drawing, title, description)


@dataclass(frozen=True)
class Columns:
    """How many before and after, in one band."""

    label: str
    before: int
    after: int


def columns(bands: Sequence[Columns], title: str, description: str, *, width: float = 340) -> Chart:
    """Two bars for each band, hollow before and full after, each with its number."""
    pdf.load_fonts()
    height, bottom, gap = 170.0, 22.0, 2.0
    drawing = Drawing(width, height)
    step = width / max(len(bands), 1)
    bar = min(step * 0.34, 30)
    most = max([max(band.before, band.after) for band in bands] or [0]) or 1
    drawing.add(Line(0, bottom, width, bottom, strokeColor=INK, strokeWidth=0.7))
    for index, band in enumerate(bands):
        middle = step * (index + 0.5)
        drawing.add(
            String(middle, 6, band.label, textAnchor="middle", fontName=pdf.REGULAR, fontSize=SMALL, fillColor=FAINT)
        )
        for count, x, fill in ((band.before, middle - bar - gap, PAPER), (band.after, middle + gap, ACCENT)):
            tall = (height - bottom - 16) * count / most
            line = INK if fill is PAPER else None
            if count:
                drawing.add(Rect(x, bottom, bar, tall, fillColor=fill, strokeColor=line, strokeWidth=1.2))
            place = {"textAnchor": "middle", "fontName": pdf.BOLD, "fontSize": SMALL, "fillColor": INK}
            drawing.add(String(x + bar / 2, bottom + tall + 4, number(count), **place))
    return Chart(drawing, title, description)


@dataclass(frozen=True)
class Stack:
    """A whole in parts: how many of each, in an order that all rows of a chart share."""

    label: str
    parts: Sequence[int]


def stacks(rows: Sequence[Stack], names: Sequence[str], title: str, description: str, *, width: float = 490) -> Chart:
    """A bar of full length for each row, cut into its parts, each with its number; below, what the tones mean.

    Parts that no row has are left out.
    """
    pdf.load_fonts()
    used = [place for place in range(len(names)) if any(row.parts[place] for row in rows)]
    rows = [Stack(row.label, [row.parts[place] for place in used]) for row in rows]
    names = [names[place] for place in used]
    step, label_room, legend = 28.0, 120.0, 15.0
    lines = [list(range(start, min(start + 3, len(names)))) for start in range(0, len(names), 3)]
    height = step * len(rows) + legend * len(lines) + 8
    drawing = Drawing(width, height)
    room = width - label_room
    small = {"fontName": pdf.REGULAR, "fontSize": SMALL, "fillColor": INK}
    for index, row in enumerate(rows):
        y = height - step * (index + 1) + 6
        for offset, line in zip((11, 1), _two_lines(row.label, label_room - 10), strict=False):
            drawing.add(String(0, y + offset - 3, line, **small))
        x, whole = label_room, sum(row.parts) or 1
        for place, part in enumerate(row.parts):
            long = room * part / whole
            if part:
                drawing.add(Rect(x, y - 2, long, 17, **_tone(place)))
            if part and long > 14:
                light = place % len(TONES) < 3
                words = {"textAnchor": "middle", "fontName": pdf.BOLD, "fontSize": SMALL}
                drawing.add(String(x + long / 2, y + 3, number(part), fillColor=PAPER if light else INK, **words))
            x += long
    for index, places in enumerate(lines):
        y = legend * (len(lines) - index) - 10
        for column, place in enumerate(places):
            x = width / 3 * column
            drawing.add(Rect(x, y, 8, 8, **_tone(place)))
            drawing.add(String(x + 12, y + 0.5, _one_line(names[place], width / 3 - 16), **small))
    return Chart(drawing, title, description)


# Told apart without colour too: by lightness, and by the number in each.
TONES = (ACCENT, INK, FAINT, RULE, PAPER)


def _tone(place: int) -> dict[str, Any]:
    return {"fillColor": TONES[place % len(TONES)], "strokeColor": INK, "strokeWidth": 0.5}


def _staircase(line: Sequence[Step]) -> list[tuple[float, float]]:
    points = [(line[0].at, line[0].value)]
    for before, after in pairwise(line):
        points += [(after.at, before.value), (after.at, after.value)]
    return points


def _one_line(text: str, room: float) -> str:
    _size, lines = pdf.fitted(text, pdf.REGULAR, room, 1, SMALL, SMALL)
    return lines[0] if lines else ""


def _two_lines(text: str, room: float) -> list[str]:
    _size, lines = pdf.fitted(text, pdf.REGULAR, room, 2, SMALL, SMALL)
    return lines
