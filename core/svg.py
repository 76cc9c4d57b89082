"""Drawings of the PDF as SVG for a page: real text, no styles, colours as classes of the stylesheet."""

from __future__ import annotations

from html import escape
from typing import Any

from reportlab.graphics.shapes import Circle, Group, Line, PolyLine, Rect, String
from reportlab.lib.colors import Color

from core import pdf

INK, FAINT, RULE, ACCENT, PAPER = pdf.INK, pdf.FAINT, pdf.RULE, pdf.ACCENT, pdf.PAPER
# In a page a colour is a class, so that the stylesheet turns it for the dark.
_CLASSES = {
    INK.hexval(): "ink",
    FAINT.hexval(): "faint",
    RULE.hexval(): "rule",
    ACCENT.hexval(): "accent",
    PAPER.hexval(): "paper",
}


def of(shape: Any, height: float) -> str:
    """A shape of a drawing as SVG. The page's y runs down, the drawing's up."""
    if isinstance(shape, Group):
        return "".join(of(inner, height) for inner in shape.contents)
    if isinstance(shape, Rect):
        y = height - shape.y - shape.height
        place = f'x="{shape.x:.4g}" y="{y:.4g}" width="{shape.width:.4g}" height="{shape.height:.4g}"'
        return f"<rect {place}{_paint(shape)}/>"
    if isinstance(shape, Line):
        ends = f'x1="{shape.x1:.4g}" y1="{height - shape.y1:.4g}" x2="{shape.x2:.4g}" y2="{height - shape.y2:.4g}"'
        return f"<line {ends}{_paint(shape)}/>"
    if isinstance(shape, Circle):
        return f'<circle cx="{shape.cx:.4g}" cy="{height - shape.cy:.4g}" r="{shape.r:.4g}"{_paint(shape)}/>'
    if isinstance(shape, PolyLine):
        pairs = zip(shape.points[::2], shape.points[1::2], strict=True)
        points = " ".join(f"{x:.4g},{height - y:.4g}" for x, y in pairs)
        return f'<polyline points="{points}" fill="none"{_paint(shape)}/>'
    if isinstance(shape, String):
        weight = ' font-weight="600"' if shape.fontName == pdf.BOLD else ""
        place = f'x="{shape.x:.4g}" y="{height - shape.y:.4g}" font-size="{shape.fontSize:g}"'
        place += f' text-anchor="{shape.textAnchor}"'
        return f'<text {place}{weight} class="fill-{_class(shape.fillColor)}">{escape(shape.text)}</text>'
    raise TypeError(type(shape).__name__)


def _paint(shape: Any) -> str:
    classes = []
    fill, stroke = getattr(shape, "fillColor", None), getattr(shape, "strokeColor", None)
    if fill is not None:
        classes.append(f"fill-{_class(fill)}")
    more = ""
    if stroke is not None:
        classes.append(f"stroke-{_class(stroke)}")
        more = f' stroke-width="{shape.strokeWidth:g}"'
        if getattr(shape, "strokeDashArray", None):
            more += f' stroke-dasharray="{" ".join(str(dash) for dash in shape.strokeDashArray)}"'
    return f'{more} class="{" ".join(classes)}"'


def _class(colour: Color) -> str:
    return _CLASSES[colour.hexval()]
