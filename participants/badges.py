"""Badges to print: A4 with cut marks, ten a page, the name large, a QR code of the bare badge code.

At an event without names a badge shows the person's code and no more, whatever other events know.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from core import pdf
from participants import identity, roster
from participants.models import Participant
from privacy.codes import grouped
from trainings.models import Event

COLUMNS, ROWS = 2, 5
WIDTH, HEIGHT = 90 * mm, 54 * mm
LEFT, BOTTOM = (A4[0] - COLUMNS * WIDTH) / 2, (A4[1] - ROWS * HEIGHT) / 2
MARGIN = 4.5 * mm
QR_SIDE = 36 * mm
ROOM = WIDTH - QR_SIDE - 2.2 * MARGIN


def draw(event: Event) -> bytes:
    """The badges of everybody with a place at an event, by name, as a PDF. A page without people for nobody."""
    keeps_names = identity.keeps_names(event)
    return draw_sheet(roster.badges_of(event), keeps_names=keeps_names, remark=identity.level_in_words(event))


def draw_sheet(people: list[tuple[Participant, str]], *, keeps_names: bool = True, remark: str = "") -> bytes:
    """Badges of (participant, badge code), ten a page; a remark stands below, where the knife takes it off."""
    page, target = pdf.canvas("Badges")
    for (person, code), (x, y) in zip(people, spots(page, len(people), remark), strict=True):
        if keeps_names:
            _badge(page, person, code, x, y)
        else:
            _card(page, person, code, x, y)
    page.showPage()  # also for nobody: a PDF has a page
    page.save()
    return target.getvalue()


def spots(page: Canvas, number: int, remark: str = "") -> Iterator[tuple[float, float]]:
    """The lower left corners of so many badges, page after page, each page with its cut marks and the remark."""
    for count in range(number):
        place = count % (COLUMNS * ROWS)
        if place == 0:
            if count:
                page.showPage()
            _cut_marks(page)
            page.setFillColor(pdf.FAINT)
            page.setFont(pdf.REGULAR, 6.5)
            page.drawString(LEFT + MARGIN, BOTTOM - 5 * mm, remark)
        column, row = place % COLUMNS, place // COLUMNS
        yield LEFT + column * WIDTH, BOTTOM + (ROWS - 1 - row) * HEIGHT


def draw_code(page: Canvas, code: str, x: float, y: float) -> None:
    """The QR code of a badge on the right of its spot, and the same in letters under it."""
    page.setFillColor(pdf.INK)
    right = x + WIDTH - MARGIN / 2
    pdf.draw_qr(page, code, right - QR_SIDE, y + HEIGHT - QR_SIDE - MARGIN / 2, QR_SIDE)
    page.setFont(pdf.BOLD, 10.5)
    page.drawCentredString(right - QR_SIDE / 2, y + MARGIN + 2.5 * mm, grouped(code))


def _card(page: Canvas, person: Participant, code: str, x: float, y: float) -> None:
    draw_code(page, code, x, y)
    draw_lines(page, person.code, pdf.BOLD, x + MARGIN, y + HEIGHT - MARGIN, 1, 24, 12)


def _badge(page: Canvas, person: Participant, code: str, x: float, y: float) -> None:
    draw_code(page, code, x, y)
    left, top = x + MARGIN, y + HEIGHT - MARGIN
    name = person.name
    if name is None:
        draw_lines(page, person.code, pdf.BOLD, left, top, 1, 24, 12)
    else:
        top = draw_lines(page, name.family, pdf.BOLD, left, top, 2, 19, 8)
        given = f"{name.given} {name.patronymic}".strip()
        if given:
            draw_lines(page, given, pdf.REGULAR, left, top - 1 * mm, 2, 13, 7)
    if person.organisation:
        page.setFillColor(pdf.FAINT)
        draw_lines(page, person.organisation.name, pdf.REGULAR, left, y + MARGIN + 9.5 * mm, 3, 8.5, 6)


def draw_lines(
    page: Canvas, text: str, font: str, x: float, top: float, lines: int, largest: float, smallest: float
) -> float:
    """Draw a text from `top` down; returns where the next one may begin."""
    size, wrapped = pdf.fitted(text, font, ROOM, lines, largest, smallest)
    page.setFont(font, size)
    for line in wrapped:
        top -= size * 1.08
        page.drawString(x, top, line)
    return top - size * 0.2


def _cut_marks(page: Canvas) -> None:
    """Short lines outside the badges, where the knife goes."""
    page.setStrokeColor(pdf.FAINT)
    page.setLineWidth(0.3)
    length, gap = 5 * mm, 1.5 * mm
    top, right = BOTTOM + ROWS * HEIGHT, LEFT + COLUMNS * WIDTH
    for column in range(COLUMNS + 1):
        x = LEFT + column * WIDTH
        page.line(x, top + gap, x, top + gap + length)
        page.line(x, BOTTOM - gap, x, BOTTOM - gap - length)
    for row in range(ROWS + 1):
        y = BOTTOM + row * HEIGHT
        page.line(LEFT - gap, y, LEFT - gap - length, y)
        page.line(right + gap, y, right + gap + length, y)
