"""What may be uploaded, judged by its content, and written anew without what it says about the people who made it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from core.errors import Refused
from materials import pictures
from materials.models import FileKind

BEGINNINGS = {FileKind.JPEG: b"\xff\xd8\xff", FileKind.PNG: b"\x89PNG\r\n\x1a\n"}
PDF_BEGINS_WITHIN = 1024  # readers look this far for the mark of a PDF

# What hangs on an object of a PDF and is not its content: descriptions of the file and its makers, scripts, files.
DESCRIPTIONS = ("/Metadata", "/PieceInfo", "/LastModified", "/SpiderInfo", "/Perms")
SCRIPTS = ("/JS", "/JavaScript", "/AA", "/XFA", "/OpenAction")
ATTACHMENTS = ("/EmbeddedFiles", "/AF", "/EF", "/Collection")
QUIET_ACTIONS = ("/GoTo", "/URI", "/Named")
QUIET_ANNOTATIONS = ("/Link", "/Widget")
QUIET_SCHEMES = ("https:", "http:", "mailto:", "tel:", "#")


class FileTooLarge(Refused):
    code = "file_too_large"
    sentence = _l("This file is larger than %(megabytes)s MB. Make it smaller, for example with smaller pictures.")


class FileOfAnotherKind(Refused):
    code = "file_of_another_kind"
    sentence = _l("By its content this is neither a PDF nor a JPEG nor a PNG, whatever its name says.")


class FileBroken(Refused):
    code = "file_broken"
    sentence = _l("This file is damaged: it cannot be read to its end. Export it once more.")


class FileLocked(Refused):
    code = "file_locked"
    sentence = _l("This PDF is encrypted or has a password. Save it without protection, then upload it again.")


class Removed(StrEnum):
    """What was taken out of a file that a reader would have met."""

    SCRIPTS = "scripts"
    ATTACHMENTS = "attachments"
    COMMENTS = "comments"


@dataclass(frozen=True)
class CleanFile:
    """A file as it is kept: its kind by content, its bytes, and what they no longer hold."""

    kind: FileKind
    content: bytes
    removed: frozenset[Removed] = frozenset()


def clean(content: bytes, megabytes: int) -> CleanFile:
    """The file without what describes it, its makers or their devices, and without anything that runs.

    Refuses FileTooLarge, FileOfAnotherKind, FileBroken and FileLocked. Takes seconds for a large file: end the
    transaction before.
    """
    if len(content) > megabytes * 1024 * 1024:
        raise FileTooLarge(megabytes=megabytes)
    kind = _kind_of(content)
    if kind == FileKind.PDF:
        return _clean_pdf(content)
    try:
        return CleanFile(kind, pictures.clean(content, kind))
    except pictures.Unreadable:
        raise FileBroken from None


def _kind_of(content: bytes) -> FileKind:
    for kind, beginning in BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    if b"%PDF-" in content[:PDF_BEGINS_WITHIN]:
        return FileKind.PDF
    raise FileOfAnotherKind


def _clean_pdf(content: bytes) -> CleanFile:
    import pypdf  # a third of a second that only an upload has to wait

    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise FileLocked
        removed = _strip(reader.trailer["/Root"])
        # Only what the pages still refer to is written; what was cut off stays behind.
        writer = pypdf.PdfWriter(clone_from=reader)
        if not len(writer.pages):
            raise FileBroken
        writer.metadata = None
        writer._ID = None
        written = io.BytesIO()
        writer.write(written)
    except Refused:
        raise
    except Exception:  # a broken file is answered with errors of all kinds, a ValueError as well as a RecursionError
        raise FileBroken from None
    return CleanFile(FileKind.PDF, written.getvalue(), frozenset(removed))


def _strip(root: Any) -> set[Removed]:
    """Cut off, from every object that the root of a PDF leads to, what only describes it or what runs."""
    removed: set[Removed] = set()
    seen: dict[int, Any] = {}  # held on to: an address in memory means something only as long as its object lives
    waiting = [root]
    while waiting:
        found = waiting.pop().get_object()
        if id(found) in seen:
            continue
        seen[id(found)] = found
        if isinstance(found, list):
            waiting += found
        elif isinstance(found, dict):
            removed |= _strip_object(found)
            waiting += [found.raw_get(key) for key in found]  # type: ignore[attr-defined]
    return removed


def _strip_object(found: Any) -> set[Removed]:
    removed = set()
    for keys, what in ((DESCRIPTIONS, None), (SCRIPTS, Removed.SCRIPTS), (ATTACHMENTS, Removed.ATTACHMENTS)):
        for key in keys:
            # Where a document opens is a place as often as a script; that we drop it is not worth a word.
            if found.pop(key, None) is not None and what and key != "/OpenAction":
                removed.add(what)
    for key in ("/A", "/Next"):
        if _acts(_value(found, key)):
            del found[key]
            removed.add(Removed.SCRIPTS)
    if _value(found, "/FT") == "/Sig":
        found.pop("/V", None)  # a signature names who signed, and holds no longer
    if isinstance(_value(found, "/Annots"), list):
        removed |= _strip_annotations(found["/Annots"])
    if _value(found, "/Subtype") == "/Image":
        _strip_image(found)
    return removed


def _acts(action: Any) -> bool:
    """Whether this does more than lead to a page or an address."""
    actions = action if isinstance(action, list) else [action]
    for one in (item.get_object() for item in actions if item is not None):
        kind = _value(one, "/S")
        address = str(_value(one, "/URI") or "").lower()
        if (kind and kind not in QUIET_ACTIONS) or (kind == "/URI" and not address.startswith(QUIET_SCHEMES)):
            return True
    return False


def _strip_annotations(annotations: Any) -> set[Removed]:
    """Links and fields stay; comments name their authors, and attached files and films are no pages."""
    removed = set()
    for number in reversed(range(len(annotations))):
        annotation = annotations[number].get_object()
        subtype = _value(annotation, "/Subtype")
        if subtype not in QUIET_ANNOTATIONS:
            del annotations[number]
            removed.add(Removed.ATTACHMENTS if subtype == "/FileAttachment" else Removed.COMMENTS)
        elif subtype == "/Link":
            for key in ("/T", "/M", "/Contents"):
                annotation.pop(key, None)
    return removed


def _strip_image(image: Any) -> None:
    """A photograph in a PDF brings along what its camera wrote: where, when and with what it was taken."""
    filters = _value(image, "/Filter")
    filters = filters if isinstance(filters, list) else [filters]
    if filters[-1] == "/DCTDecode":
        if len(filters) > 1:
            _unwrap(image, filters)
        image._data = pictures.without_metadata(image._data, FileKind.JPEG)


def _unwrap(image: Any, filters: Any) -> None:
    """Leave of several encodings around a photograph only its own, the last."""
    from pypdf.generic import ArrayObject, EncodedStreamObject, NameObject

    around = EncodedStreamObject()
    around._data = image._data
    around[NameObject("/Filter")] = ArrayObject(filters[:-1])
    parameters = image.pop("/DecodeParms", None)
    parameters = parameters.get_object() if parameters is not None else None
    if isinstance(parameters, list):
        around[NameObject("/DecodeParms")] = ArrayObject(parameters[:-1])
        if isinstance(parameters[-1].get_object(), dict):
            image[NameObject("/DecodeParms")] = parameters[-1]
    image._data = around.get_data()
    image[NameObject("/Filter")] = NameObject(filters[-1])


def _value(found: Any, key: str) -> Any:
    """What stands under a key, wherever in the file it lies."""
    return found[key] if isinstance(found, dict) and key in found else None
