"""Blank badges on paper: labels from a roll or A4 with cut marks, each with its code and a line for a name."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from core import pdf
from participants import badges
from privacy.codes import grouped

LABEL = (62 * mm, 100 * mm)
LABEL_QR = 54 * mm
NUMBER_SIZE = 22


class Layout(StrEnum):
    """What the printer is fed with."""

    ROLL = "roll"
    A4 = "a4"


def draw(blanks: Sequence[tuple[int, str]], layout: Layout) -> bytes:
    """Badges of (running number, badge code), one a label or ten a page. A page without badges for none."""
    page, target = pdf.canvas("Badges", LABEL) if layout == Layout.ROLL else pdf.canvas("Badges")
    if layout == Layout.ROLL:
        for position, (number, code) in enumerate(blanks):
            if position:
                page.showPage()
            _label(page, number, code)
    else:
        for (number, code), (x, y) in zip(blanks, badges.spots(page, len(blanks)), strict=True):
            _card(page, number, code, x, y)
    page.showPage()
    page.save()
    return target.getvalue()


def _label(page: Canvas, number: int, code: str) -> None:
    width, height = LABEL
    page.setFillColor(pdf.INK)
    pdf.draw_qr(page, code, (width - LABEL_QR) / 2, height - LABEL_QR - 1 * mm, LABEL_QR)
    page.setFont(pdf.BOLD, 14)
    page.drawCentredString(width / 2, height - LABEL_QR - 5 * mm, grouped(code))
    page.setFont(pdf.BOLD, NUMBER_SIZE)
    page.drawCentredString(width / 2, height - LABEL_QR - 16 * mm, str(number))
    _line_for_a_name(page, 6 * mm, 12 * mm, width - 12 * mm)


def _card(page: Canvas, number: int, code: str, x: float, y: float) -> None:
    badges.draw_code(page, code, x, y)
    left, top = x + badges.MARGIN, y + badges.HEIGHT - badges.MARGIN
    page.setFont(pdf.BOLD, NUMBER_SIZE)
    page.drawString(left, top - NUMBER_SIZE * 0.8, str(number))
    _line_for_a_name(page, left, y + badges.MARGIN + 16 * mm, badges.ROOM)
    _line_for_a_name(page, left, y + badges.MARGIN + 5 * mm, badges.ROOM)


def _line_for_a_name(page: Canvas, x: float, y: float, length: float) -> None:
    page.setStrokeColor(pdf.FAINT)
    page.setLineWidth(0.6)
    page.line(x, y, x + length, y)
