"""Our own texts made into PDFs: headings, paragraphs and lists, nothing more."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

from reportlab.platypus import ListFlowable, ListItem, PageBreak, Paragraph, Spacer

from core import pdf

_HEADINGS = {"# ": "title", "## ": "heading", "### ": "subheading"}


def pdf_of(source: str) -> bytes:
    """A PDF of a text with `#` headings, `-` lists, `**bold**`, blank lines between paragraphs, `---` a new page."""
    title = next((line[2:] for line in source.splitlines() if line.startswith("# ")), "")
    story: list[Any] = []
    for block in re.split(r"\n\s*\n", source.strip()):
        story += _block(block)
    return pdf.report(title, story, title)


def _block(block: str) -> list[Any]:
    lines = block.strip().splitlines()
    if lines == ["---"]:
        return [PageBreak()]
    for mark, style in _HEADINGS.items():
        if lines[0].startswith(mark):
            rest = [_paragraph(" ".join(lines[1:]), "body")] if lines[1:] else []
            return [_paragraph(lines[0][len(mark) :], style), *rest]
    if lines[0].startswith("- "):
        items = re.split(r"^- ", "\n".join(lines), flags=re.M)[1:]
        points = [ListItem(_paragraph(" ".join(item.split()), "list"), bulletColor=pdf.ACCENT) for item in items]
        return [ListFlowable(points, bulletType="bullet", start="•", leftIndent=12), Spacer(1, 4)]
    return [_paragraph(" ".join(lines), "body")]


def _paragraph(words: str, style: str) -> Paragraph:
    return Paragraph(re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(words)), pdf.styles()[style])
