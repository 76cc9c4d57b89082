"""250 certificates, from the register to the PDF, against the same pages drawn by reportlab without our code.

The floor gets every word, font, line and QR symbol ready made and draws each page from the beginning, as one would.
"""

from __future__ import annotations

import io
import tempfile
import time
from pathlib import Path
from statistics import median

import qrcode
import sqlalchemy as sa
from qrcode.constants import ERROR_CORRECT_Q
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from accounts.models import User
from bench import world
from certificates import drawing, issuing, papers, rules
from certificates.papers import Paper
from certificates.rules import Rule, Signer
from core import pdf
from core.db import db
from core.i18n import Texts
from participants import roster
from trainings.models import Event

ROUNDS = 3


def main(_share: float, _database: str) -> None:
    with tempfile.TemporaryDirectory(prefix="muster-bench") as folder:
        print("Making a programme with an event of 250 people ...", flush=True)
        made = world.make(Path(folder))
        with made.app.app_context():
            event = db.session.scalars(sa.select(Event).where(Event.uid == made.small_event)).one()
            issue(event)
            ready = papers.of(event, issuing.valid_of_event(event))
            bare(ready[:10])
            ratios, ours, size = [], [], 0
            for _ in range(ROUNDS):
                begun = time.perf_counter()
                floor = len(bare(ready))
                between = time.perf_counter()
                size = len(drawing.draw(papers.of(event, issuing.valid_of_event(event))))
                ours.append(time.perf_counter() - between)
                ratios.append(ours[-1] / (between - begun))
                db.session.rollback()
            db.engine.dispose()
    print(f"{len(ready)} certificates, register to PDF: {median(ours):.2f} s = {median(ratios):.2f} × floor")
    print(f"size of the file: {size / 1024:.0f} KiB = {size / floor:.2f} × floor")


def issue(event: Event) -> None:
    signer = Signer(Texts(ru="Марина Савицкая"), Texts(ru="Руководитель программы", en="Programme manager"))
    rules.keep(event.programme, Rule(1, second_language="en", names_partners=True, signers=(signer, signer)))
    staff = db.session.scalars(sa.select(User)).first()
    assert staff is not None
    for place in roster.expected_at(event):
        issuing.issue(place, by=staff, reason="measured")
    db.session.commit()


def bare(ready: list[Paper]) -> bytes:
    """The same pages: reportlab's canvas, qrcode's matrix, and places written down by hand."""
    pdf.load_fonts()
    target = io.BytesIO()
    page = Canvas(target, pagesize=(drawing.WIDTH, drawing.HEIGHT), invariant=1, pageCompression=1)
    for paper in ready:
        for inset in (0, 1.6 * mm):
            edge = drawing.FRAME + inset
            page.rect(edge, edge, drawing.WIDTH - 2 * edge, drawing.HEIGHT - 2 * edge)
        for y, size, text in lines(paper):
            page.setFont(pdf.BOLD if size > 12 else pdf.REGULAR, size)
            page.drawCentredString(drawing.MIDDLE, y, text)
        for left, words in ((24 * mm, paper.face[0].signers[0]), (92 * mm, paper.face[0].signers[1])):
            page.line(left, 36 * mm, left + 58 * mm, 36 * mm)
            for number, text in enumerate(words):
                page.drawString(left, 31 * mm - 12 * number, text)
        for number, text in enumerate((*paper.issued, paper.code, paper.address)):
            page.drawRightString(drawing.QR_LEFT, 40 * mm - 11 * number, text)
        symbol(page, f"{paper.address}/{paper.code}")
        page.showPage()
    page.save()
    return target.getvalue()


def lines(paper: Paper) -> list[tuple[float, float, str]]:
    """(height, size, text) of what stands in the middle."""
    found, y = [(125 * mm, 22.0, paper.name or "")], 180 * mm
    for part, size in (("heading", 30.0), ("given_to", 12.0), ("confirms", 12.0), ("title", 17.0), ("details", 11.0)):
        for number, wording in enumerate(paper.face):
            found.append((y, size if not number else size * 0.75, getattr(wording, part)))
            y -= 7 * mm
    for part in ("programme", "partners"):
        for wording in paper.face:
            found.append((y, 8.0, getattr(wording, part)))
            y -= 5 * mm
    return found


def symbol(page: Canvas, text: str) -> None:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=0, mask_pattern=2)
    code.add_data(text)
    code.make(fit=True)
    module = drawing.QR_SIDE / (len(code.modules) + 8)
    path = page.beginPath()
    for row, dark in enumerate(code.modules):
        column = 0
        while column < len(dark):
            start = column
            while column < len(dark) and dark[column]:
                column += 1
            if column > start:
                x, y = drawing.QR_LEFT + start * module, drawing.QR_BOTTOM + drawing.QR_SIDE - (row + 1) * module
                path.rect(x, y, (column - start) * module, module)
            column += 1
    page.drawPath(path, stroke=0, fill=1)
