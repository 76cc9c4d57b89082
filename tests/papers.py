"""PDFs as somebody would look at them: text by page, pictures to decode, boxes that nothing may leave."""

from __future__ import annotations

import numpy as np
import pypdfium2 as pdfium
import zxingcpp


def pages_of(content: bytes) -> int:
    return len(pdfium.PdfDocument(content))


def text_of(content: bytes) -> str:
    """All words of a PDF, in the order they are drawn."""
    found = [page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(content)]
    return " ".join(" ".join(found).split())


def picture_of(content: bytes, page: int = 0, dots: int = 150) -> np.ndarray:
    """A page as a printer of so many dots per inch would show it, in grey."""
    return pdfium.PdfDocument(content)[page].render(scale=dots / 72, grayscale=True).to_numpy().squeeze()


def codes_in(content: bytes, dots: int = 150) -> list[str]:
    """Every QR code of a PDF, decoded from its pictures."""
    return [
        found.text
        for page in range(pages_of(content))
        for found in zxingcpp.read_barcodes(picture_of(content, page, dots), formats=zxingcpp.BarcodeFormat.QRCode)
    ]


def letters(content: bytes, page: int = 0) -> list[tuple[str, tuple[float, float, float, float]]]:
    """(character, its box in points) of a page."""
    words = pdfium.PdfDocument(content)[page].get_textpage()
    return [(words.get_text_range(i, 1), words.get_charbox(i)) for i in range(words.count_chars())]
