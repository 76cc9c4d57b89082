"""PDF pages: fonts with Cyrillic, text that never overflows, QR codes as paths, and a common report style."""

from __future__ import annotations

import io
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

import ttf_opensans
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from core import qr

REGULAR, BOLD, ITALIC = "Muster", "Muster-Bold", "Muster-Italic"
INK, FAINT, RULE, PAPER, ACCENT = (HexColor(c) for c in ("#1b1d21", "#5c6068", "#c9c5ba", "#f6f3ea", "#24478f"))


@cache
def load_fonts() -> None:
    """Make the fonts known to reportlab, once per process; a document subsets what it uses."""
    for name, font in (
        (REGULAR, ttf_opensans.OPENSANS_REGULAR),
        (BOLD, ttf_opensans.OPENSANS_SEMIBOLD),
        (ITALIC, ttf_opensans.OPENSANS_ITALIC),
    ):
        pdfmetrics.registerFont(TTFont(name, str(font.path)))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD)


def canvas(title: str, size: tuple[float, float] = A4) -> tuple[Canvas, io.BytesIO]:
    """A canvas, A4 if nothing else is said, and the bytes it writes to. Its metadata hold the title and no more."""
    load_fonts()
    target = io.BytesIO()
    page = Canvas(target, pagesize=size, invariant=1, pageCompression=1)
    page.setTitle(title)
    page.setAuthor("")
    page.setCreator("")
    return page, target


def width(text: str, font: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, font, size))


def fitted(text: str, font: str, room: float, lines: int, largest: float, smallest: float) -> tuple[float, list[str]]:
    """The largest size, in half points, at which a text fits into `lines` lines of `room` points; (size, lines).

    At the smallest size a word that is still too long is broken and what does not fit ends in an ellipsis, so
    nothing ever leaves its place.
    """
    size = largest
    while size > smallest:
        wrapped = _wrapped(text, font, size, room)
        if len(wrapped) <= lines and all(width(line, font, size) <= room for line in wrapped):
            return size, wrapped
        size -= 0.5
    wrapped = _wrapped(text, font, smallest, room, breaks_words=True)
    if len(wrapped) > lines:
        wrapped = [*wrapped[: lines - 1], _shortened(wrapped[lines - 1] + "…", font, smallest, room)]
    return smallest, wrapped


def draw_qr(page: Canvas, text: str, x: float, y: float, side: float) -> None:
    """A QR code with its quiet zone in a square of `side` points whose lower left corner is (x, y)."""
    size, dark = qr.runs(text)
    module = side / (size + 2 * qr.QUIET)
    path = page.beginPath()
    top = y + side - qr.QUIET * module
    for row, column, length in dark:
        path.rect(x + (column + qr.QUIET) * module, top - (row + 1) * module, length * module, module)
    page.drawPath(path, stroke=0, fill=1)


def _wrapped(text: str, font: str, size: float, room: float, breaks_words: bool = False) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", font, size) <= room:
            lines[-1] += f" {word}"
            continue
        while breaks_words and width(word, font, size) > room:
            cut = next(n for n in range(len(word), 0, -1) if n == 1 or width(word[:n], font, size) <= room)
            lines.append(word[:cut])
            word = word[cut:]
        lines.append(word)
    return lines


def _shortened(text: str, font: str, size: float, room: float) -> str:
    while len(text) > 1 and width(text, font, size) > room:
        text = text[:-2] + "…"
    return text


# Reports: flowing text and tables.


@cache
def styles() -> dict[str, ParagraphStyle]:
    """Paragraph styles by name: title, heading, subheading, body, small, cell, number."""
    load_fonts()
    body = ParagraphStyle(
        "body", fontName=REGULAR, fontSize=9.5, leading=13.5, textColor=INK, alignment=TA_LEFT, spaceAfter=5
    )
    return {
        "body": body,
        "title": ParagraphStyle("title", body, fontName=BOLD, fontSize=20, leading=25, spaceAfter=8),
        "heading": ParagraphStyle(
            "heading", body, fontName=BOLD, fontSize=13.5, leading=17, spaceBefore=12, spaceAfter=6, keepWithNext=1
        ),
        "subheading": ParagraphStyle(
            "subheading", body, fontName=BOLD, fontSize=10.5, leading=14, spaceBefore=8, spaceAfter=3, keepWithNext=1
        ),
        "small": ParagraphStyle("small", body, fontSize=7.5, leading=10, textColor=FAINT),
        "cell": ParagraphStyle("cell", body, fontSize=8, leading=10.5, spaceAfter=0),
        "over": ParagraphStyle("over", body, fontSize=12, leading=16, textColor=ACCENT, spaceAfter=6),
        "cover": ParagraphStyle("cover", body, fontName=BOLD, fontSize=22, leading=28, spaceAfter=8),
        "contents": ParagraphStyle("contents", body, fontName=BOLD, fontSize=13.5, leading=17, spaceAfter=8),
        "part": ParagraphStyle(
            "part", body, fontName=BOLD, fontSize=9, leading=12, spaceBefore=7, spaceAfter=3, keepWithNext=1
        ),
        "list": ParagraphStyle("list", body, spaceAfter=3),
    }


def text(words: object, style: str = "body", **more: Any) -> Paragraph:
    """A paragraph of plain text; marks of markup in it are shown, not obeyed."""
    return Paragraph(escape(str(words)), styles()[style], **more)


def table(rows: list[list[Any]], widths: list[float], head: int = 1, *, room: float = 2.5) -> Table:
    """A ruled table with a repeated head and `room` points above and below; plain texts wrap in their cells."""
    cells = [
        [
            text(cell, "cell") if isinstance(cell, (str, int, float)) or hasattr(cell, "in_language") else cell
            for cell in row
        ]
        for row in rows
    ]
    made = Table(cells, colWidths=widths, repeatRows=head, hAlign="LEFT", spaceAfter=6)
    made.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, head - 1), 0.8, INK),
                ("LINEBELOW", (0, head), (-1, -1), 0.3, RULE),
                ("BACKGROUND", (0, 0), (-1, head - 1), PAPER),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ("TOPPADDING", (0, 0), (-1, head - 1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, head - 1), 2.5),
                ("TOPPADDING", (0, head), (-1, -1), room),
                ("BOTTOMPADDING", (0, head), (-1, -1), room),
            ]
        )
    )
    return made


def report(title: str, story: list[Any], footer: str) -> bytes:
    """A paginated A4 document; each page says `footer` and its number."""
    load_fonts()
    target = io.BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=18 * mm,
        bottomMargin=20 * mm,
        title=title,
        author="",
        creator="",
        invariant=1,
    )

    def feet(page: Canvas, built: SimpleDocTemplate) -> None:
        page.saveState()
        page.setFont(REGULAR, 7.5)
        page.setFillColor(FAINT)
        page.drawString(18 * mm, 11 * mm, footer)
        page.drawRightString(A4[0] - 18 * mm, 11 * mm, str(built.page))
        page.restoreState()

    document.build(story, onFirstPage=feet, onLaterPages=feet)
    return target.getvalue()
