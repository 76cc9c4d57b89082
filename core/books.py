"""Reports as books: a cover, a table of contents with page numbers, and feet that say what was printed and when."""

from __future__ import annotations

import io
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, NextPageTemplate, PageBreak, PageTemplate, Paragraph
from reportlab.platypus.tableofcontents import TableOfContents

from core import pdf

MARGIN, FOOT, ROOM = 18 * mm, 20 * mm, 174 * mm
CHAPTERS = {"heading": 0, "subheading": 1}


def written(title: str, cover: list[Any], story: list[Any], footer: str, printed: str, contents: str) -> bytes:
    """An A4 document; `contents` is what the table of contents is called, `printed` stands in the middle of the feet.

    A paragraph in the style “heading” is a chapter. The same text is the same bytes.
    """
    pdf.load_fonts()
    target = io.BytesIO()
    book = _Book(target, title, footer, printed)
    front = [*cover, NextPageTemplate("page"), PageBreak(), pdf.text(contents, "contents"), _contents(), PageBreak()]
    book.multiBuild([*front, *story])
    return target.getvalue()


class _Book(BaseDocTemplate):
    """Pages with feet, and a cover without; notes where its chapters begin."""

    def __init__(self, target: io.BytesIO, title: str, footer: str, printed: str) -> None:
        super().__init__(target, pagesize=A4, title=title, author="", creator="", invariant=1)
        self.said, self.printed = footer, printed
        frame = Frame(MARGIN, FOOT, ROOM, A4[1] - FOOT - MARGIN, 0, 0, 0, 0, id="page")
        cover = PageTemplate("cover", [frame], onPage=self._bar)
        self.addPageTemplates([cover, PageTemplate("page", [frame], onPage=self._feet)])

    def afterFlowable(self, flowable: Any) -> None:  # noqa: N802 - the library calls it so
        """Called by the library for everything that was placed."""
        style = flowable.style.name if isinstance(flowable, Paragraph) else ""
        if style in CHAPTERS and getattr(flowable, "is_listed", False):
            words, key = flowable.getPlainText(), f"chapter-{self.seq.nextf('chapter')}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(words, key, CHAPTERS[style], closed=1)
            self.notify("TOCEntry", (CHAPTERS[style], words, self.page, key))

    def _bar(self, page: Canvas, _built: Any) -> None:
        page.saveState()
        page.setFillColor(pdf.ACCENT)
        page.rect(0, A4[1] - 9 * mm, A4[0], 9 * mm, stroke=0, fill=1)
        page.restoreState()
        self._feet(page, _built)

    def _feet(self, page: Canvas, _built: Any) -> None:
        page.saveState()
        page.setStrokeColor(pdf.RULE)
        page.line(MARGIN, 15 * mm, A4[0] - MARGIN, 15 * mm)
        page.setFont(pdf.REGULAR, 7)
        page.setFillColor(pdf.FAINT)
        page.drawString(MARGIN, 11 * mm, self.said)
        page.drawString(MARGIN, 7.5 * mm, self.printed)
        page.drawRightString(A4[0] - MARGIN, 11 * mm, str(self.page))
        page.restoreState()


def chapter(words: object, style: str = "heading") -> Paragraph:
    """The name of a chapter, or of a part of one, that the table of contents lists."""
    named = pdf.text(words, style)
    named.is_listed = True
    return named


def fitted(drawing: Any) -> Any:
    """A drawing as wide as the text."""
    factor = ROOM / drawing.width
    drawing.scale(factor, factor)
    drawing.width, drawing.height = ROOM, drawing.height * factor
    return drawing


def _contents() -> TableOfContents:
    body = pdf.styles()["body"]
    made = TableOfContents(dotsMinLevel=0)
    made.levelStyles = [
        ParagraphStyle("first", body, fontName=pdf.BOLD, spaceBefore=5, spaceAfter=1, rightIndent=12 * mm),
        ParagraphStyle(
            "second", body, fontSize=8.5, leading=11.5, leftIndent=6 * mm, spaceAfter=1, rightIndent=12 * mm
        ),
    ]
    return made
