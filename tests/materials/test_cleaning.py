"""An uploaded file is judged by what it is, and no longer says who made it, where, when or with what."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Text
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from core.errors import Refused
from materials import cleaning
from materials.cleaning import Removed
from materials.models import FileKind

SECRET = "Secret Ivanova"


def a_photograph(orientation: int = 1, **how: bool) -> bytes:
    picture = Image.new("RGB", (48, 16), "red")
    picture.paste("blue", (0, 0, 24, 16))
    facts = Image.Exif()
    facts[0x0112], facts[0x013B], facts[0x010F] = orientation, SECRET, SECRET
    target = io.BytesIO()
    picture.save(target, "JPEG", exif=facts, comment=SECRET.encode(), **how)
    return target.getvalue() + SECRET.encode()


def a_pdf() -> bytes:
    target = io.BytesIO()
    page = Canvas(target)
    page.drawImage(ImageReader(io.BytesIO(a_photograph())), 50, 50)
    page.drawString(100, 700, "What people read")
    page.linkURL("https://example.org", (0, 0, 50, 50))
    page.linkURL(f"javascript:{SECRET}", (0, 60, 50, 90))
    page.save()
    return target.getvalue()


def a_talkative_pdf() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(a_pdf())))
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(SECRET)}
    described = StreamObject()
    described._data = SECRET.encode()
    writer.root_object[NameObject("/Metadata")] = writer._add_object(described)
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(DictionaryObject(script))
    writer.add_metadata({"/Author": SECRET})
    writer.add_attachment("people.txt", SECRET.encode())
    writer.add_annotation(0, Text(rect=(10, 10, 20, 20), text=SECRET, title_bar=SECRET))
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def everything_in(content: bytes) -> bytes:
    """All objects of a PDF unpacked, so that nothing hides in a compressed one."""
    reader = PdfReader(io.BytesIO(content))
    found = [reader.get_object(number) for number in range(1, reader.trailer["/Size"])]
    return content + b"".join(repr(o).encode() + (o.get_data() if hasattr(o, "get_data") else b"") for o in found)


def test_a_pdf_keeps_its_pages_and_loses_what_it_says_beside_them() -> None:
    dirty = a_talkative_pdf()
    assert SECRET.encode() in everything_in(dirty)
    clean = cleaning.clean(dirty, 25)
    assert (clean.kind, clean.removed) == (FileKind.PDF, set(Removed))
    assert SECRET.encode() not in everything_in(clean.content)
    reader = PdfReader(io.BytesIO(clean.content))
    assert reader.pages[0].extract_text().strip() == "What people read"
    assert reader.metadata is None and reader.xmp_metadata is None and "/ID" not in reader.trailer
    assert [a["/A"]["/URI"] for a in reader.pages[0]["/Annots"] if "/A" in a] == ["https://example.org"]
    assert reader.pages[0].images[0].image.size == (48, 16)
    assert cleaning.clean(dirty, 25).content == clean.content, "the same file is the same file"


@pytest.mark.parametrize("is_progressive", [False, True])
def test_a_photograph_loses_what_the_camera_wrote_and_none_of_its_pixels(is_progressive: bool) -> None:
    dirty = a_photograph(progressive=is_progressive)
    clean = cleaning.clean(dirty, 25)
    assert clean.kind == FileKind.JPEG and SECRET.encode() in dirty and SECRET.encode() not in clean.content
    before, after = (Image.open(io.BytesIO(content)) for content in (dirty, clean.content))
    assert before.tobytes() == after.tobytes() and not after.getexif()


def test_a_photograph_on_its_side_is_turned_before_it_forgets_that_it_was() -> None:
    clean = cleaning.clean(a_photograph(orientation=6), 25)
    after = Image.open(io.BytesIO(clean.content))
    assert after.size == (16, 48) and after.getpixel((8, 4))[2] > 200, "blue was on the left and is on top"
    assert SECRET.encode() not in clean.content


def test_a_png_loses_its_texts() -> None:
    texts, target = PngInfo(), io.BytesIO()
    texts.add_text("Author", SECRET)
    texts.add_itxt("Description", SECRET)
    Image.new("RGBA", (9, 9), "#12345678").save(target, "PNG", pnginfo=texts)
    clean = cleaning.clean(target.getvalue() + SECRET.encode(), 25)
    assert clean.kind == FileKind.PNG and SECRET.encode() not in clean.content
    assert Image.open(io.BytesIO(clean.content)).getpixel((4, 4)) == (0x12, 0x34, 0x56, 0x78)


def test_what_cannot_be_kept_is_refused_with_a_reason() -> None:
    locked = PdfWriter(clone_from=PdfReader(io.BytesIO(a_pdf())))
    locked.encrypt("", "owner", algorithm="RC4-128")
    for content, code in (
        (_written(locked), "file_locked"),
        (b"MZ a program called brochure.pdf", "file_of_another_kind"),
        (b"", "file_of_another_kind"),
        (b"<html>%PDFless", "file_of_another_kind"),
        (b"%PDF-1.7 and nothing more", "file_broken"),
        (a_pdf()[:400], "file_broken"),
        (a_photograph()[:300], "file_broken"),
        (b"\x89PNG\r\n\x1a\n and nothing more", "file_broken"),
        (b"%PDF-" + bytes(1024 * 1024), "file_too_large"),
    ):
        with pytest.raises(Refused, match=code):
            cleaning.clean(content, 1)
