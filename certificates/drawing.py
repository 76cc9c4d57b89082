"""Certificates on paper: A4 across, one language or two, a QR code of the address where anybody can check them.

What is the same for everybody is drawn once and stamped on each page, so a file of 250 is quick and small.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from certificates.papers import Paper, Wording
from core import pdf
from privacy.codes import grouped

WIDTH, HEIGHT = landscape(A4)
MIDDLE = WIDTH / 2
FRAME = 9 * mm
SIDE = 24 * mm  # from the edge to what is written
ROOM = WIDTH - 2 * SIDE
TOP, BOTTOM = HEIGHT - 19 * mm, 56 * mm  # between them flows what is certified
NAME_HEIGHT, NAME_ROOM = 17 * mm, 200 * mm
QR_SIDE = 31 * mm
QR_LEFT, QR_BOTTOM = WIDTH - SIDE - QR_SIDE + 4 * mm, 17 * mm
SIGNATURE, SIGNATURE_LINE = 58 * mm, 36 * mm
WIDEST_GAP = 7 * mm
SPACE = 1.28  # from line to line, in sizes of the letters

Line = tuple[str, str, float, Color, float]  # text, font, size, colour, air between the letters


def draw(papers: Sequence[Paper], on_page: Callable[[int], None] | None = None) -> bytes:
    """A page for each paper; `on_page` is told how many are drawn. An empty page for nobody."""
    page, target = pdf.canvas("Certificates", (WIDTH, HEIGHT))
    stamps: dict[tuple[tuple[Wording, ...], str], tuple[str, float]] = {}
    for number, paper in enumerate(papers, 1):
        key = (paper.face, paper.address)
        if key not in stamps:
            stamps[key] = _stamp(page, paper, f"stamp{len(stamps)}")
        stamp, name_bottom = stamps[key]
        page.doForm(stamp)
        _person(page, paper, name_bottom)
        _code(page, paper)
        page.showPage()
        if on_page:
            on_page(number)
    if not papers:
        page.showPage()
    page.save()
    return target.getvalue()


def _stamp(page: Canvas, paper: Paper, name: str) -> tuple[str, float]:
    """Draw once what all papers of the words of this one share; (its name, where the name of a person stands)."""
    face = paper.face
    page.beginForm(name, 0, 0, WIDTH, HEIGHT)
    _frame(page)
    name_bottom = _flow(page, face)
    for place, (who, position) in enumerate(face[0].signers):
        others = [wording.signers[place][1] for wording in face[1:]]
        _signer(page, SIDE + place * (SIGNATURE + 10 * mm), who, position, others)
    _beside_code(page, paper, is_stamp=True)
    page.endForm()
    return name, name_bottom


def _frame(page: Canvas) -> None:
    page.setStrokeColor(pdf.ACCENT)
    for inset, thickness in ((0, 1.4), (1.6 * mm, 0.4)):
        page.setLineWidth(thickness)
        edge = FRAME + inset
        page.rect(edge, edge, WIDTH - 2 * edge, HEIGHT - 2 * edge)


def _flow(page: Canvas, face: tuple[Wording, ...]) -> float:
    """What is certified, spread over the room there is; returns the height at which a name stands."""
    first = face[0]
    above = [
        _block([(w.heading.upper(), pdf.BOLD, 30, 20) for w in face], second=12, air=5),
        _block([(w.given_to, pdf.REGULAR, 12, 9) for w in face], second=9.5),
    ]
    below = [
        _block([(w.confirms, pdf.REGULAR, 12, 9) for w in face], second=9.5),
        _block([(w.title, pdf.BOLD, 17, 9) for w in face], second=11, lines=2),
        _block([(w.details, pdf.REGULAR, 11, 7) for w in face], second=9),
        _block([(w.programme, pdf.REGULAR, 9.5, 6) for w in face], second=8, lines=2, faint=True),
    ]
    if first.partners:
        below.append(_block([(w.partners, pdf.REGULAR, 8.5, 6) for w in face], second=7.5, faint=True))
    used = sum(_height(block) for block in (*above, *below)) + NAME_HEIGHT
    gap = min((TOP - BOTTOM - used) / (len(above) + len(below)), WIDEST_GAP)
    y = TOP - (TOP - BOTTOM - used - gap * (len(above) + len(below))) / 2
    for block in above:
        y = _write(page, block, y) - gap
    name_bottom = y - NAME_HEIGHT
    page.setStrokeColor(pdf.RULE)
    page.setLineWidth(0.7)
    page.line(MIDDLE - NAME_ROOM / 2, name_bottom, MIDDLE + NAME_ROOM / 2, name_bottom)
    y = name_bottom - gap
    for block in below:
        y = _write(page, block, y) - gap
    return name_bottom


def _block(
    texts: list[tuple[str, str, float, float]],
    *,
    second: float,
    lines: int = 1,
    air: float = 0,
    faint: bool = False,
) -> list[Line]:
    """The lines of a text; under them, smaller and slanted, those of the second language where it says otherwise."""
    (text, font, largest, smallest), *others = texts
    size, wrapped = pdf.fitted(text, font, ROOM, lines, largest, smallest)
    colour = pdf.ACCENT if air else pdf.FAINT if faint else pdf.INK
    found: list[Line] = [(line, font, size, colour, air) for line in wrapped]
    for other, _font, _largest, _smallest in others:
        if other != text:
            size, wrapped = pdf.fitted(other, pdf.ITALIC, ROOM, lines, second, 6)
            found += [(line, pdf.ITALIC, size, pdf.FAINT, air / 3) for line in wrapped]
    return found


def _height(block: list[Line]) -> float:
    return sum(size * SPACE for _text, _font, size, _colour, _air in block)


def _write(page: Canvas, block: list[Line], y: float) -> float:
    for text, font, size, colour, air in block:
        y -= size * SPACE
        page.setFillColor(colour)
        page.setFont(font, size)
        page.drawCentredString(MIDDLE, y + size * (SPACE - 1), text, charSpace=air)
    return y


def _signer(page: Canvas, x: float, who: str, position: str, others: list[str]) -> None:
    page.setStrokeColor(pdf.FAINT)
    page.setLineWidth(0.6)
    page.line(x, SIGNATURE_LINE, x + SIGNATURE, SIGNATURE_LINE)
    y = SIGNATURE_LINE - 1.5 * mm
    for text, font, largest, colour, lines in (
        (who, pdf.BOLD, 10, pdf.INK, 1),
        (position, pdf.REGULAR, 8.5, pdf.INK, 2),
        *((other, pdf.ITALIC, 7.5, pdf.FAINT, 2) for other in others if other != position),
    ):
        size, wrapped = pdf.fitted(text, font, SIGNATURE, lines, largest, 6)
        page.setFillColor(colour)
        page.setFont(font, size)
        for line in wrapped:
            y -= size * 1.2
            page.drawString(x, y, line)


def _person(page: Canvas, paper: Paper, bottom: float) -> None:
    page.setFillColor(pdf.INK)
    if paper.name is None:
        page.setFillColor(pdf.FAINT)
        page.setFont(pdf.REGULAR, 9)
        label = paper.face[0].line_label.replace("{code}", paper.person_code)
        page.drawCentredString(MIDDLE, bottom - 4 * mm, label)
        return
    size, lines = pdf.fitted(paper.name, pdf.BOLD, NAME_ROOM, 2, 26, 12)
    while len(lines) > 1 and size > 16:  # two lines share the height of one
        size, lines = pdf.fitted(paper.name, pdf.BOLD, NAME_ROOM, 2, size - 1, 12)
    page.setFont(pdf.BOLD, size)
    y = bottom + 3.4 * mm + (len(lines) - 1) * size * 1.15
    for line in lines:
        page.drawCentredString(MIDDLE, y, line)
        y -= size * 1.15


def _code(page: Canvas, paper: Paper) -> None:
    """The QR code and the code in letters, with the day of issue."""
    page.setFillColor(pdf.INK)
    pdf.draw_qr(page, f"{paper.address}/{paper.code}", QR_LEFT, QR_BOTTOM, QR_SIDE)
    _beside_code(page, paper, is_stamp=False)


def _beside_code(page: Canvas, paper: Paper, *, is_stamp: bool) -> None:
    """What a person needs who has no phone to read the QR code with: of a stamp what is the same for everybody."""
    right = QR_LEFT - 1 * mm
    room = right - (SIDE + 2 * SIGNATURE + 14 * mm)
    y = QR_BOTTOM + QR_SIDE - 2.5 * mm
    for is_same, text, font, largest, colour in (
        *((False, issued, pdf.REGULAR, 8.5, pdf.INK) for issued in paper.issued[:1]),
        *((False, issued, pdf.ITALIC, 7, pdf.FAINT) for issued in paper.issued[1:]),
        (True, paper.face[0].code_label, pdf.REGULAR, 7, pdf.FAINT),
        (False, grouped(paper.code), pdf.BOLD, 10, pdf.INK),
        (True, paper.face[0].check_label, pdf.REGULAR, 7, pdf.FAINT),
        *((True, wording.check_label, pdf.ITALIC, 7, pdf.FAINT) for wording in paper.face[1:]),
        (True, paper.address.partition("://")[2], pdf.REGULAR, 8, pdf.INK),
    ):
        y -= largest * 1.45
        if is_same == is_stamp:
            size, lines = pdf.fitted(text, font, room, 1, largest, 5)
            page.setFillColor(colour)
            page.setFont(font, size)
            page.drawRightString(right, y, lines[0] if lines else "")
