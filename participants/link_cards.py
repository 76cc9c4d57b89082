"""Cards with personal links: A4 with cut marks, ten a page, one for each person with a place, neutral if it is found.

A card says the participant's code, so that it reaches the right hands, and no name, no title and no organisation. At an
event with names a last page says whose card is whose; it is the trainer's.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from core import i18n, pdf
from participants import badges, identity, links, roster
from participants.models import Participant
from privacy.codes import grouped
from trainings.models import Event

ROW = 6.5 * mm
TOP = A4[1] - 42 * mm
COLUMN = 84 * mm
ROWS = 35


def draw(event: Event, site: str) -> bytes:
    """The link cards of everybody with a place at an event, by name, as a PDF; `site` is where people reach us.

    Each card is in its person's language. A page without cards for nobody.
    """
    people = [place.participant for place in roster.expected_at(event)]
    page, target = pdf.canvas("Cards")
    for person, (x, y) in zip(people, badges.spots(page, len(people)), strict=True):
        with i18n.speaking(person.language or event.programme.language):
            _card(page, person, site, x, y)
    page.showPage()
    if identity.keeps_names(event):
        _say_whose(page, people)
    page.save()
    return target.getvalue()


def _card(page: Canvas, person: Participant, site: str, x: float, y: float) -> None:
    left, top, side = x + badges.MARGIN, y + badges.HEIGHT - badges.MARGIN, badges.QR_SIDE
    page.setFillColor(pdf.INK)
    right = x + badges.WIDTH - badges.MARGIN / 2
    pdf.draw_qr(page, links.address_of(person, site), right - side, y + (badges.HEIGHT - side) / 2, side)
    top = badges.draw_lines(page, person.code, pdf.BOLD, left, top, 1, 13, 9)
    words = _(
        "Your own page: point your phone’s camera at the square, or open the address below and type the code. "
        "Keep this card to yourself."
    )
    badges.draw_lines(page, words, pdf.REGULAR, left, top - 1.5 * mm, 7, 8, 6)
    bottom = y + badges.MARGIN
    badges.draw_lines(page, links.typing_address(site), pdf.BOLD, left, bottom + 10 * mm, 1, 10, 5)
    badges.draw_lines(page, grouped(links.typed_code_of(person)), pdf.BOLD, left, bottom + 5 * mm, 1, 12, 9)


def _say_whose(page: Canvas, people: Sequence[Participant]) -> None:
    """Which code is whose, in two columns a page."""
    for number, person in enumerate(people):
        place = number % (2 * ROWS)
        if place == 0:
            if number:
                page.showPage()
            _head(page)
        x, y = badges.LEFT + place // ROWS * (COLUMN + 8 * mm), TOP - place % ROWS * ROW
        page.setFillColor(pdf.INK)
        page.setFont(pdf.BOLD, 10)
        page.drawString(x, y, person.code)
        size, lines = pdf.fitted(person.called, pdf.REGULAR, COLUMN - 24 * mm, 1, 10, 6)
        page.setFont(pdf.REGULAR, size)
        page.drawString(x + 24 * mm, y, lines[0])
    if people:
        page.showPage()


def _head(page: Canvas) -> None:
    page.setFillColor(pdf.INK)
    page.setFont(pdf.BOLD, 16)
    page.drawString(badges.LEFT, A4[1] - 24 * mm, _("Whose card is whose"))
    page.setFillColor(pdf.FAINT)
    page.setFont(pdf.REGULAR, 9.5)
    page.drawString(badges.LEFT, A4[1] - 31 * mm, _("For you alone. Destroy this page when the cards are handed out."))
